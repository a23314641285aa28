"""Changes to tenants. Each checks what it is given, then tells a fact."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from importlib.resources import files
from typing import Any

from sqlalchemy import delete, func, select, update

from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid, Problem
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import rules
from .facts import LanguagesChanged, PlaceChanged, RegistryChanged, TenantChanged
from .models import ACTIVE, ARCHIVED, HIDDEN, Directory, Language, Tenant, TenantLanguage
from .queries import OWN, TREE, own
from .rules import LanguageFacts, Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChoice:
    """A language as a tenant uses it."""

    slug: str
    source: str | None = None
    visible: bool = True
    active: bool = True


def language_choices(tree: Mapping[str, TenantLanguage], new: Sequence[str] = ()) -> list[LanguageChoice]:
    """A tree as it is, and further languages, translated from its root; without a tree, from the first of them."""
    known = [
        LanguageChoice(slug=row.language, source=row.source, visible=row.visible, active=row.active)
        for row in tree.values()
    ]
    root = next((one.slug for one in known if one.source is None), new[0] if new else "")
    unknown = [one for one in new if one not in tree]
    return known + [LanguageChoice(slug=one, source=None if one == root else root) for one in unknown]


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantDraft:
    """The public facts of a tenant."""

    slug: str
    name: str
    prefix: str = ""
    official_key: str = ""
    status: str = ACTIVE
    time_zone: str = "Europe/Berlin"
    latitude: float | None = None
    longitude: float | None = None
    bounding_box: list[list[float]] | None = None
    postal_codes: Sequence[str] = ()
    aliases: dict[str, Any] = field(default_factory=dict)
    features: dict[str, bool] = field(default_factory=dict)
    app_url: str = ""


def create(db: Work, draft: TenantDraft, *, languages: Sequence[LanguageChoice], actor: Actor) -> Tenant:
    """Open the space of a new tenant. The unit of work already carries the new tenant's identity."""
    facts = _checked(draft)
    _check_free(db, draft.slug)
    tenant = Tenant(id=db.tenant_id, languages=[], active_languages=[], theme={}, **facts)
    db.add(tenant)
    db.flush()
    set_languages(db, languages, actor=actor)
    return tenant


def faults(db: Work, draft: TenantDraft) -> Iterator[Problem]:
    """Everything for which `create` would refuse these facts, one after the other. Writes nothing."""
    checks = (
        partial(_checked_name, draft.name),
        partial(rules.check_slug, draft.slug),
        partial(_check_free, db, draft.slug),
        partial(rules.check_official_key, draft.official_key),
        partial(rules.check_postal_codes, draft.postal_codes),
        partial(rules.check_point, draft.latitude, draft.longitude),
    )
    for check in checks:
        try:
            check()
        except (Conflict, Invalid) as problem:
            yield problem


def change(db: Work, draft: TenantDraft, *, actor: Actor) -> Tenant:
    """Give a tenant other public facts."""
    tenant = own(db)
    facts = _checked(draft)
    taken = db.scalar(select(Tenant.id).where(Tenant.slug == draft.slug, Tenant.id != tenant.id))
    if taken:
        raise Conflict("tenant.slug_taken", say("The address “{slug}” belongs to another city.", slug=draft.slug))
    before, place, features = digest(tenant), (tenant.status, tenant.slug), tenant.features
    for name, value in facts.items():
        setattr(tenant, name, value)
    if digest(tenant) != before:
        fact = TenantChanged if (tenant.status, tenant.slug) == place else PlaceChanged
        switched = tuple(one for one in rules.FEATURES if features.get(one, False) != tenant.features[one])
        _announce(db, tenant, fact, actor=actor, before=before, switched=switched)
    return tenant


def facts_of(db: Work) -> TenantDraft:
    """The public facts of the tenant now, to be changed and put back."""
    tenant = own(db)
    return TenantDraft(**{one.name: getattr(tenant, one.name) for one in fields(TenantDraft)})


def set_status(db: Work, status: str, *, fact: type[PlaceChanged] = PlaceChanged, actor: Actor) -> None:
    """Show the tenant in lists, hide it there, or take it away altogether. `fact` is what is told of it."""
    tenant = own(db)
    before = digest(tenant)
    tenant.status = _known_status(status)
    if digest(tenant) != before:
        _announce(db, tenant, fact, actor=actor, before=before)


def remove(db: Work) -> None:
    """Take the tenant's own row away, after everything else of it; its address is free then."""
    db.info.pop(OWN, None)
    db.execute(delete(Tenant).where(Tenant.id == db.tenant_id), execution_options={"synchronize_session": False})
    db.execute(update(Directory).values(seq=Directory.seq + 1), execution_options={"synchronize_session": False})


def set_theme(db: Work, theme: Theme, *, actor: Actor) -> None:
    """Let readers' apps look so in this city. `Invalid` for colours that could not be read."""
    rules.check_theme(theme)
    tenant = own(db)
    before = digest(tenant)
    tenant.theme = {name: value for name, value in asdict(theme).items() if value}
    if digest(tenant) != before:
        _announce(db, tenant, TenantChanged, actor=actor, before=before)


def set_languages(db: Work, choices: Sequence[LanguageChoice], *, actor: Actor) -> None:
    """Replace the language tree. A language that is left out is switched off, never deleted: its texts stay."""
    tenant = own(db)
    rows = {row.language: row for row in db.scalars(select(TenantLanguage))}
    before = _tree_digest(rows)
    _check_languages(db, choices)
    for position, choice in enumerate(choices):
        row = rows.setdefault(choice.slug, TenantLanguage(language=choice.slug))
        row.source, row.position = choice.source, position
        row.visible, row.active = choice.visible and choice.active, choice.active
        db.add(row)
    for row in rows.values():
        if row.language not in {choice.slug for choice in choices}:
            row.visible = row.active = False
    db.info.pop(TREE, None)
    after = _tree_digest(rows)
    if after != before:
        tenant.languages = [choice.slug for choice in choices if choice.visible and choice.active]
        tenant.active_languages = [choice.slug for choice in choices if choice.active]
        _announce(db, tenant, LanguagesChanged, actor=actor, before=before, after=after)


def register_languages(db: Work) -> None:
    """Bring the registry of languages up to what this release knows. Safe to repeat."""
    known = {row.slug: row for row in db.scalars(select(Language))}
    for facts in registry():
        row = known.get(facts["slug"])
        if row is None:
            db.add(Language(**facts))
        elif not row.kept:
            for name, value in facts.items():
                setattr(row, name, value)
    if db.get(Directory, 1) is None:
        db.add(Directory(id=1, seq=db.new_id()))  # never a number that an earlier database had


def save_language(db: Work, facts: LanguageFacts, *, new: bool, actor: Actor) -> Language:
    """Add a language to the registry, or call it otherwise, in work that belongs to no tenant.

    Its address never changes: pages were published under it. Releases leave it as it is from now on.
    """
    facts = rules.checked_language(facts)
    row = db.get(Language, facts.slug)
    if (row is not None) == new:
        raise Conflict("language.slug_taken", say("“{slug}” is in the registry already.", slug=facts.slug))
    before = digest(row) if row else ""
    taken = select(Language.slug).where(func.lower(Language.bcp47) == facts.bcp47.lower(), Language.slug != facts.slug)
    if db.scalar(taken):
        raise Conflict("language.bcp47_taken", say("The tag “{tag}” belongs to another language.", tag=facts.bcp47))
    row = row or Language(slug=facts.slug)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    row.kept = True
    db.add(row)
    db.flush()
    db.execute(update(Directory).values(seq=Directory.seq + 1), execution_options={"synchronize_session": False})
    said = {"before": before, "after": digest(row), "language": row.slug, "note": row.slug}
    tell(db, RegistryChanged(actor=actor, kind="language", entry_id=0, **said))
    return row


def registry() -> list[dict[str, str]]:
    """The languages this release knows, as written in languages.toml."""
    text = files(__package__).joinpath("languages.toml").read_text("utf-8")
    languages: list[dict[str, str]] = tomllib.loads(text)["language"]
    return languages


def _checked(draft: TenantDraft) -> dict[str, Any]:
    name = _checked_name(draft.name)
    rules.check_slug(draft.slug)
    rules.check_official_key(draft.official_key)
    rules.check_time_zone(draft.time_zone)
    rules.check_point(draft.latitude, draft.longitude)
    rules.check_postal_codes(draft.postal_codes)
    box = draft.bounding_box or rules.box_around(draft.latitude, draft.longitude)
    rules.check_box(box)
    rules.check_aliases(draft.aliases)
    return {
        "slug": draft.slug,
        "name": name,
        "prefix": draft.prefix.strip(),
        "official_key": draft.official_key,
        "status": _known_status(draft.status),
        "time_zone": draft.time_zone,
        "latitude": draft.latitude,
        "longitude": draft.longitude,
        "bounding_box": box,
        "postal_codes": list(draft.postal_codes),
        "aliases": draft.aliases,
        "features": {name: bool(draft.features.get(name, False)) for name in rules.FEATURES},
        "app_url": draft.app_url.rstrip("/"),
    }


def _checked_name(name: str) -> str:
    if not name.strip():
        raise Invalid("tenant.name", "A city needs a name.")
    return name.strip()


def _check_free(db: Work, slug: str) -> None:
    if db.scalar(select(Tenant.id).where(Tenant.slug == slug)):
        raise Conflict("tenant.slug_taken", say("The address “{slug}” belongs to another city.", slug=slug))


def _known_status(status: str) -> str:
    if status not in (ACTIVE, HIDDEN, ARCHIVED):
        raise Invalid(
            "tenant.status", say("“{status}” is no status; choose active, hidden or archived.", status=status)
        )
    return status


def _check_languages(db: Work, choices: Sequence[LanguageChoice]) -> None:
    known = set(db.scalars(select(Language.slug)))
    rules.check_no_repetition([choice.slug for choice in choices])
    for choice in choices:
        if choice.slug not in known:
            raise Invalid(
                "tenant.language_unknown", say("“{slug}” is not in the registry of languages.", slug=choice.slug)
            )
    rules.check_tree({choice.slug: choice.source for choice in choices})


def _announce(
    db: Work,
    tenant: Tenant,
    fact: type[TenantChanged],
    *,
    actor: Actor,
    before: str,
    after: str | None = None,
    switched: tuple[str, ...] = (),
) -> None:
    db.flush()
    db.execute(update(Directory).values(seq=Directory.seq + 1), execution_options={"synchronize_session": False})
    after = digest(tenant) if after is None else after
    about = fact(actor=actor, kind="tenant", entry_id=tenant.id, before=before, after=after, switched=switched)
    tell(db, about)


def _tree_digest(rows: dict[str, TenantLanguage]) -> str:
    tree = [
        (row.language, row.source, row.visible, row.active)
        for row in sorted(rows.values(), key=lambda row: row.position)
    ]
    return digest(tree)
