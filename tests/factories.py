"""One function a thing. Each does what an editor would do, through the same actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from cityinfo import registry
from cityinfo.features import content, pages, placeholders, publishing, tenants
from cityinfo.features.content import TextDraft
from cityinfo.features.pages import Place
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Database
from cityinfo.kernel.facts import Actor

EDITOR = Actor("editor", "eva")
CONTENT_SWITCHES = ("events", "locations", "contacts", "offers")


@dataclass(frozen=True)
class City:
    """A tenant and the database it lives in."""

    slug: str
    tenant_id: int
    database: Database

    def read(self):
        """A unit of work that reads."""
        return self.database.unit_of_work(self.tenant_id)

    def write(self):
        """A unit of work that writes."""
        return self.database.unit_of_work(self.tenant_id, write=True)


def make_city(
    database: Database,
    slug: str,
    *,
    languages: Sequence[str] = ("de", "en", "ar"),
    status: str = tenants.ACTIVE,
    features: dict[str, bool] | None = None,
    tenant_id: int | None = None,
    **facts: object,
) -> City:
    """A tenant whose first language is the source of the others, and who has switched on what is no news."""
    city = City(slug, tenant_id or database.identities.next(), database)
    root, *others = languages
    tree = [tenants.LanguageChoice(slug=root), *(tenants.LanguageChoice(slug=one, source=root) for one in others)]
    features = dict.fromkeys(CONTENT_SWITCHES, True) | (features or {})
    facts = {"name": slug.capitalize(), "prefix": "Stadt", "latitude": 48.37, "longitude": 10.89, **facts}
    with city.write() as db:
        draft = tenants.TenantDraft(slug=slug, status=status, features=features, **facts)
        tenants.create(db, draft, languages=tree, actor=EDITOR)
    return city


def switch(city: City, **features: bool) -> None:
    """Switch features of a city on or off; the others stay."""
    with city.write() as db:
        tenant = tenants.find(db, city.slug)
        known = {field.name: getattr(tenant, field.name) for field in fields(tenants.TenantDraft)}
        draft = tenants.TenantDraft(**{**known, "features": {**tenant.features, **features}})
        tenants.change(db, draft, actor=EDITOR)


def ask_for_facts(city: City) -> None:
    """Let texts ask for a telephone number and for a name in every language."""
    phone = {"key": "youth_office.phone", "kind": "phone", "label": {"de": "Telefon des Jugendamts"}}
    name = {"key": "youth_office.name", "kind": "text", "label": {"de": "Name des Jugendamts", "en": "Youth office"}}
    with city.write() as db:
        asked = [placeholders.Declared(**phone, required=True), placeholders.Declared(**name, translated=True)]
        placeholders.declare(db, asked, actor=EDITOR)


def rebuild(city: City) -> None:
    """Do what a worker does after languages or features have changed."""
    do_promised(city, publishing.REBUILD, registry.JOBS)


def do_promised(city: City, name: str, known: Mapping[str, jobs.JobFunction]) -> bool:
    """Do the jobs of a name that the city has been promised, as a worker would; whether there were any."""
    with city.read() as db:
        promised = [job.id for job in jobs.open_jobs(db, name)]
    for job_id in promised:
        jobs.run_job(city.database, known, city.tenant_id, job_id)
    return bool(promised)


def plant(
    city: City,
    title: str,
    *,
    language: str = "de",
    under: int | None = None,
    after: int | Place = Place.LAST,
    slug: str | None = None,
    content: str = "<p>Guten Tag.</p>",
    public: bool = True,
    **facts: object,
) -> int:
    """A new page with its first text."""
    with city.write() as db:
        draft = TextDraft(title=title, content=content, slug=slug)
        page = pages.create(db, draft, language=language, under=under, after=after, actor=EDITOR, **facts)
        if public:
            pages.publish(db, page.id, language, revision=1, actor=EDITOR)
        return page.id


def translate(
    city: City, page_id: int, language: str, title: str, *, content: str = "<p>Hello.</p>", public: bool = True
) -> int:
    """A first text in another language, made from the source's public version."""
    return save(city, page_id, language, title=title, content=content, public=public)


def save(
    city: City,
    page_id: int,
    language: str = "de",
    *,
    title: str | None = None,
    content: str | None = None,
    slug: str | None = None,
    public: bool = True,
    **draft: object,
) -> int:
    """Another version of a text; what is not given stays. Returns the version."""
    from cityinfo.features import content as all_content

    with city.write() as db:
        text = all_content.text_of(db, page_id, language)
        now = all_content.version(db, text.current_version_id) if text else None
        words = TextDraft(
            title=title if title is not None else now.title,
            content=content if content is not None else now.content,
            slug=slug,
            revision=text.revision if text else 0,
            **draft,
        )
        version = pages.save_text(db, page_id, language, words, actor=EDITOR)
        if public:
            revision = all_content.find_text(db, page_id, language).revision
            pages.publish(db, page_id, language, revision=revision, actor=EDITOR)
        return version.id


def move(city: City, page_id: int, *, under: int | None = None, after: int | Place = Place.LAST) -> None:
    with city.write() as db:
        revision = content.find_entry(db, page_id).revision
        pages.move(db, page_id, under=under, after=after, revision=revision, actor=EDITOR)


def take_offline(city: City, page_id: int, languages: Sequence[str]) -> None:
    with city.write() as db:
        pages.take_offline(db, page_id, languages, actor=EDITOR)


def archive(city: City, page_id: int) -> None:
    with city.write() as db:
        pages.archive(db, page_id, revision=content.find_entry(db, page_id).revision, actor=EDITOR)


def restore(city: City, page_id: int) -> None:
    with city.write() as db:
        pages.restore(db, page_id, revision=content.find_entry(db, page_id).revision, actor=EDITOR)


def delete(city: City, page_id: int) -> None:
    with city.write() as db:
        pages.delete(db, page_id, revision=content.find_entry(db, page_id).revision, actor=EDITOR)


def mirror(city: City, page_id: int, *, of: int | None, first: bool = False) -> None:
    with city.write() as db:
        revision = content.find_entry(db, page_id).revision
        pages.mirror(db, page_id, of=of, first=first, revision=revision, actor=EDITOR)
