"""Bringing a plan into a tenant: all of it or nothing, and nothing at all where everything stands already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from cityinfo.features import content, pages, publishing, tenants
from cityinfo.features.content import NO_VERSION, TextDraft
from cityinfo.features.tenants import LanguageChoice, Tenant, TenantDraft
from cityinfo.kernel import html
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Conflict, Invalid, naming
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import queries
from .ports import Watch, unwatched
from .queries import Stamp, Standing
from .types import Note, Plan, Planned, Report, Words

IMPORTER = Actor("import", "integreat")
_FACTS = [field.name for field in fields(TenantDraft)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFacts:
    """What is said about a city beside its pages; what is empty stays as it is, or as it is by default."""

    slug: str
    name: str = ""
    official_key: str = ""
    postal_codes: Sequence[str] = ()
    time_zone: str = ""


class _NothingChanged(Exception):
    """Ends a unit of work without a trace: not even the tenant's clock moves."""


def import_pages(
    database: Database, plan: Plan, city: CityFacts, *, actor: Actor = IMPORTER, watch: Watch = unwatched
) -> Report:
    """Make the tenant say what the plan says; it is created if there is none. Raises a `Problem` and changes nothing
    when the plan does not fit what stands here.
    """
    with database.unit_of_work(NO_TENANT) as db:
        known = tenants.at(db, city.slug)
        tenant_id = known.id if known else database.identities.next()
    report = Report(tenant=city.slug, new_tenant=known is None, findings=plan.findings)
    try:
        with database.unit_of_work(tenant_id, write=True) as db:
            tenant = tenants.at(db, city.slug)
            draft = _draft(city, tenant, app_url=plan.app_url)
            _settle(
                db, tenant, draft, tenants.language_choices(tenants.tree(db) if tenant else {}, plan.languages), actor
            )
            report.tenant_changed = bool(db.told)
            _Bringing(db, plan, report, actor).bring(watch)
            if not db.told:
                raise _NothingChanged
            db.deliver()
            report.documents = publishing.written(db, pages.KIND)
    except _NothingChanged:
        report.nothing_changed = True
    return report


# The tenant


def _draft(city: CityFacts, tenant: Tenant | None, *, app_url: str) -> TenantDraft:
    if tenant is None and not city.name.strip():
        raise Invalid("import.name", say("“{slug}” is a new city; give its name.", slug=city.slug))
    kept = {name: getattr(tenant, name) for name in _FACTS} if tenant else {"app_url": app_url}
    given = {
        "official_key": city.official_key,
        "postal_codes": list(city.postal_codes),
        "time_zone": city.time_zone,
    }
    said: dict[str, Any] = {key: value for key, value in given.items() if value}
    if city.name.strip():
        said["prefix"], said["name"] = tenants.split_name(city.name)
    return TenantDraft(**{"slug": city.slug, **kept, **said})


def _settle(
    db: Work, tenant: Tenant | None, draft: TenantDraft, languages: Sequence[LanguageChoice], actor: Actor
) -> None:
    if tenant is None:
        tenants.create(db, draft, languages=languages, actor=actor)
        return
    if tenant.status == tenants.ARCHIVED:
        raise Conflict(
            "import.archived", say("“{slug}” is archived; bring it back before importing into it.", slug=tenant.slug)
        )
    tenants.change(db, draft, actor=actor)
    tenants.set_languages(db, languages, actor=actor)


# Its pages


class _Bringing:
    """One pass over a plan: first the tree, since texts link to each other; then texts, sources before translations."""

    def __init__(self, db: Work, plan: Plan, report: Report, actor: Actor) -> None:
        self._db = db
        self._plan = plan
        self._report = report
        self._actor = actor
        self._sources = {slug: row.source for slug, row in tenants.tree(db).items()}
        self._known = queries.inventory(db)
        self._ids = queries.found_again(plan, self._known)
        self._touched: set[int] = set()
        self._planted: list[tuple[pages.Page, content.Entry]] = []  # a session asks again for what nobody holds

    def bring(self, watch: Watch) -> None:
        created = len(self._plan.pages) - len(self._ids)
        self._place_all(watch)
        for planned in self._plan.pages:
            self._dress(planned)
        texts = [
            (planned, language)
            for language in sorted(self._plan.languages, key=self._depth)
            for planned in self._plan.pages
            if language in planned.texts
        ]
        for planned, language in watch("Writing texts", texts):
            words = planned.texts[language]
            with naming(words.where):
                self._write(self._ids[planned.key], language, words)
        counts = self._report.pages
        counts.created, counts.changed = created, len(self._touched)
        counts.unchanged = len(self._plan.pages) - created - len(self._touched)
        self._report.missing = self._missing()

    def _depth(self, language: str) -> int:
        source = self._sources[language]
        return 0 if source is None else 1 + self._depth(source)

    # The tree

    def _place_all(self, watch: Watch) -> None:
        siblings: dict[int | None, list[Planned]] = {}
        for planned in self._plan.pages:
            siblings.setdefault(planned.parent, []).append(planned)
        for parent in watch("Planting pages", list(siblings)):
            self._place(siblings[parent], None if parent is None else self._ids[parent])

    def _place(self, children: Sequence[Planned], under: int | None) -> None:
        """Put pages under their parent, one after the other; those that stand in the right order are not moved."""
        for planned in children:
            if planned.key not in self._ids:
                with naming(planned.where):
                    self._ids[planned.key] = self._plant(planned, under)
        ids = [self._ids[planned.key] for planned in children]
        moved = pages.arrange(self._db, under, ids, actor=self._actor)
        self._touched |= moved & self._known.nodes.keys()

    def _plant(self, planned: Planned, under: int | None) -> int:
        self._check_v3_id(planned.v3_id, None)
        thumbnail, v3_id = planned.thumbnail or "", planned.v3_id
        page = pages.plant(self._db, under=under, thumbnail=thumbnail, v3_id=v3_id, actor=self._actor)
        self._planted.append((page, content.find_entry(self._db, page.id)))
        return page.id

    # What a page has beside its texts

    def _dress(self, planned: Planned) -> None:
        page_id = self._ids[planned.key]
        if page_id not in self._known.nodes:
            return
        with naming(planned.where):
            if planned.thumbnail not in (None, self._known.thumbnails[page_id]):
                revision = content.find_entry(self._db, page_id).revision
                pages.set_thumbnail(self._db, page_id, planned.thumbnail or "", revision=revision, actor=self._actor)
                self._touched.add(page_id)
            if planned.v3_id and self._known.entry_v3_ids.get(planned.v3_id) != page_id:
                self._identify(page_id, planned.v3_id)

    def _identify(self, page_id: int, v3_id: int) -> None:
        self._check_v3_id(v3_id, page_id)
        entry = content.find_entry(self._db, page_id)
        before = content.state(self._db, entry)
        entry.v3_id = v3_id
        content.touch(self._db, entry)
        said = {"before": before, "after": content.state(self._db, entry)}
        tell(
            self._db,
            content.EntryChanged(actor=self._actor, kind=pages.KIND, entry_id=page_id, widely=False, **said),
        )
        self._touched.add(page_id)

    def _check_v3_id(self, v3_id: int | None, page_id: int | None) -> None:
        owner = self._known.entry_v3_ids.get(v3_id or 0, page_id)
        if owner != page_id:
            raise Conflict("import.id_taken", say("the page id {v3_id} belongs to another page here.", v3_id=v3_id))

    # Texts

    def _write(self, page_id: int, language: str, words: Words) -> None:
        standing = self._known.texts.get((page_id, language))
        words = self._with_references(words)
        draft = self._draft_of(page_id, language, words, standing)
        if standing and _says_all(standing, words) and draft.based_on in (None, standing.based_on):
            self._report.texts.unchanged += 1
        elif standing and standing.origin != content.IMPORTED and not self._is_news(standing, words):
            self._report.texts.unchanged += 1
            self._note(words, language, "edited here; the file has nothing newer, so it stays")
        else:
            self._save(page_id, draft, words, language, standing)

    def _save(self, page_id: int, draft: TextDraft, words: Words, language: str, standing: Standing | None) -> None:
        version = pages.save_text(self._db, page_id, language, draft, actor=self._actor)
        if standing and standing.origin != content.IMPORTED:
            self._note(words, language, "edited here and changed in the file; the edited version is in the history")
        if standing is None or standing.is_public:
            revision = draft.revision + 1
            pages.publish(self._db, page_id, language, revision=revision, actor=self._actor)
        else:
            self._note(words, language, "not public here, so the new version is not either")
        self._known.stamps[page_id, language] = Stamp(version.id, version.changed_at)
        self._count(words, standing)

    def _count(self, words: Words, standing: Standing | None) -> None:
        """A translation that is only based on a newer version of its source has not changed."""
        counts = self._report.texts
        if standing is None:
            counts.created += 1
        elif _says_all(standing, words):
            counts.unchanged += 1
        else:
            counts.changed += 1

    def _with_references(self, words: Words) -> Words:
        if not words.targets:
            return words

        def write(address: str) -> str:
            target = words.targets.get(address)
            if target is None:
                return address
            return f"entry:{self._ids[target.page]}" + (f"/{target.language}" if target.language else "")

        return replace(words, content=html.sanitise(html.replace_links(words.content, write)))

    def _draft_of(self, page_id: int, language: str, words: Words, standing: Standing | None) -> TextDraft:
        return TextDraft(
            title=words.title,
            content=words.content,
            revision=standing.revision if standing else 0,
            slug=words.slug,
            based_on=self._based_on(page_id, language, words, standing),
            origin=content.IMPORTED,
            changed_at=words.changed_at,
            v3_id=words.v3_id,
        )

    def _based_on(self, page_id: int, language: str, words: Words, standing: Standing | None) -> int | None:
        """A translation that is not older than its source was made from it; an older one from a version before."""
        source = self._known.stamps.get((page_id, self._sources[language] or ""))
        if source is None:
            return None
        if words.changed_at >= source.changed_at:
            return source.version_id
        return None if standing else NO_VERSION

    def _is_news(self, standing: Standing, words: Words) -> bool:
        """Whether the file says something else than when it was last imported."""
        version = queries.newest_import(self._db, standing.entry_id, standing.language)
        if version is None:
            return True
        before = replace(standing, title=version.title, content=version.content, changed_at=version.changed_at)
        return not _says_all(before, words)

    def _note(self, words: Words, language: str, what: str) -> None:
        self._report.notes.append(Note(where=words.where, language=language, what=what))

    # What is no longer there

    def _missing(self) -> list[str]:
        wanted = {(self._ids[planned.key], language) for planned in self._plan.pages for language in planned.texts}
        paths = queries.paths(self._known, self._report.tenant)
        return sorted(
            paths[key] for key, text in self._known.texts.items() if key not in wanted and self._was_imported(text)
        )

    def _was_imported(self, text: Standing) -> bool:
        if text.language not in self._plan.languages or self._known.nodes[text.entry_id].archived:
            return False
        return text.is_public and (text.v3_id is not None or text.origin == content.IMPORTED)


def _says_all(standing: Standing, words: Words) -> bool:
    """Whether a text says what the file says, its address, its time and its foreign id included."""
    return (
        (standing.title, standing.content, standing.slug) == (words.title, words.content, words.slug)
        and words.changed_at == standing.changed_at
        and words.v3_id in (None, standing.v3_id)
    )
