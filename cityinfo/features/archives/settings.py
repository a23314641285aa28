"""What a city decided beside its public facts and its content: how each part is written, and put in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from cityinfo.features import events, locations, logins, media, news, offers, placeholders, quality, search, tenants
from cityinfo.features.events import CalendarDraft
from cityinfo.features.news import FeedEntry
from cityinfo.features.placeholders import Declared
from cityinfo.features.quality import Flaw, Gates
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from .parts import IdOf, NameOf, Part, rows
from .plain import from_plain, moment, to_plain
from .requested import REQUESTED

PLACEHOLDERS = "placeholders"  # in a file of its own


def collect(db: Work, name_of: NameOf, requested: Collection[str] = ()) -> dict[str, Any]:
    """Every part that the city decided anything in, and those that are there only if someone asks for them."""
    wanted = {**PARTS, **{name: part for name, part in REQUESTED.items() if name in requested}}
    found = {name: part.collect(db, name_of) for name, part in wanted.items()}
    return {name: value for name, value in found.items() if value}


def apply(db: Work, wanted: Mapping[str, Any], id_of: IdOf, *, early: bool, actor: Actor) -> None:
    """Put the parts in force that are named; the others stay."""
    for name in wanted:
        if name not in PARTS and name not in REQUESTED:
            raise Invalid("archive.key", say("“{key}” is not known here; check the spelling.", key=name))
    for name, part in {**PARTS, **REQUESTED}.items():
        if name in wanted:
            part.apply_in(db, wanted[name], id_of, actor, early=early)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Theme:
    light: str = ""
    dark: str = ""
    logo: int | None = None


def _collect_theme(db: Work, name_of: NameOf) -> dict[str, Any]:
    theme = tenants.theme(db)
    said = {name: value for name, value in theme.colours().items() if value}
    return said | ({"logo": name_of(theme.logo["id"])} if theme.logo else {})


def _apply_theme(db: Work, value: Any, id_of: IdOf, actor: Actor) -> None:
    said = from_plain(_Theme, value, {"logo": partial(id_of, media.KIND)})
    logo = None if said.logo is None else media.logo(db, said.logo)
    tenants.set_theme(db, tenants.Theme(light=said.light, dark=said.dark, logo=logo), actor=actor)


def _apply_letters(db: Work, value: Any, _id_of: IdOf, actor: Actor) -> None:
    logins.style.set_style(db, from_plain(logins.style.Style, value, {}), actor=actor)


def _collect_letters(db: Work, _name_of: NameOf) -> dict[str, Any]:
    return {name: value for name, value in asdict(logins.style.style(db)).items() if value}


def _collect_gates(db: Work, _name_of: NameOf) -> dict[str, Any]:
    gates = quality.gates(db)
    return {"flaws": sorted(gates.flaws), "most_year": gates.most_year} if gates.flaws else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gates:
    flaws: Sequence[Flaw] = ()
    most_year: int = Gates().most_year


def _apply_gates(db: Work, value: Any, _id_of: IdOf, actor: Actor) -> None:
    said = from_plain(_Gates, value, {})
    quality.set_gates(db, Gates(flaws=frozenset(said.flaws), most_year=said.most_year), actor=actor)


@dataclass(frozen=True, slots=True)
class _Category:
    slug: str
    names: Mapping[str, str]
    icon: str
    color: str
    retired: bool = False


def _collect_categories(db: Work, _name_of: NameOf) -> list[dict[str, Any]]:
    """In their order."""
    own = (one for one in locations.all_categories(db).values() if one.own)
    said = (_Category(one.slug, dict(one.names), one.icon, one.color, one.retired) for one in own)
    return [to_plain(one, {}) for one in said]


def _apply_categories(db: Work, value: Any, _id_of: IdOf, actor: Actor) -> None:
    """Those that are retired are not yet, where they are new: places come into them first."""
    known = {one["slug"]: one for one in _collect_categories(db, str)}
    for row in rows(value, "categories"):
        said = from_plain(_Category, row, {})
        if said.slug not in known or {**known[said.slug], "retired": said.retired} != {**row, "retired": said.retired}:
            locations.save_category(db, said.slug, names=said.names, icon=said.icon, color=said.color, actor=actor)
    locations.order_categories(db, [str(row.get("slug")) for row in value], actor=actor)


def _retire_categories(db: Work, value: Any, _id_of: IdOf, actor: Actor) -> None:
    known = locations.all_categories(db)
    for row in value:
        said = from_plain(_Category, row, {})
        if known[said.slug].retired != said.retired:
            look = {"names": said.names, "icon": said.icon, "color": said.color}
            locations.save_category(db, said.slug, **look, retired=said.retired, actor=actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Synonyms:
    language: str
    words: Sequence[str]


def _collect_synonyms(db: Work, _name_of: NameOf) -> list[dict[str, Any]]:
    groups = ({"language": one.language, "words": list(one.words)} for one in search.synonym_groups(db))
    return sorted(groups, key=lambda one: (one["language"], one["words"]))


def _apply_synonyms(db: Work, value: Any, _id_of: IdOf, actor: Actor) -> None:
    known = _collect_synonyms(db, str)
    for row in rows(value, "synonyms"):
        said = from_plain(_Synonyms, row, {})
        if row not in known:
            search.add_synonyms(db, said.language, said.words, actor=actor)


def _collect_external(db: Work, _name_of: NameOf) -> dict[str, str]:
    return {one.alias: one.address for one in offers.external(db)}


def _apply_external(db: Work, value: Any, _id_of: IdOf, actor: Actor) -> None:
    offers.set_external(db, _table_of_text(value, "external_offers"), actor=actor)


def _table_of_text(value: Any, key: str) -> dict[str, str]:
    if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
        return value
    raise Invalid("archive.type", say("“{key}” has the wrong type.", key=key))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feed:
    address: str
    source: str
    language: str
    active: bool = True
    items: Sequence[Mapping[str, Any]] = ()


def _collect_feeds(db: Work, _name_of: NameOf) -> list[dict[str, Any]]:
    rows = news.feeds(db)
    return [
        {"address": one.address, "source": one.source, "language": one.language, "active": one.active} for one in rows
    ]


def _apply_feeds(db: Work, value: Any, _id_of: IdOf, actor: Actor) -> None:
    """What a feed would say today may stand beside it, for an example that asks no other server."""
    known = {(one.address, one.language): one for one in news.feeds(db)}
    for row in rows(value, "feeds"):
        said = from_plain(_Feed, row, {})
        feed = known.get((said.address, said.language))
        if feed is None:
            feed = news.add_feed(db, said.address, source=said.source, language=said.language, actor=actor)
            news.merge_feed(db, feed.id, [_entry(item) for item in said.items])
        if feed.active != said.active:
            news.set_feed_active(db, feed.id, said.active, actor=actor)


def _entry(item: Mapping[str, Any]) -> FeedEntry:
    published: datetime = moment(item["published_at"])
    return FeedEntry(**{**item, "published_at": published})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Roles:
    roles: Sequence[str] = ()


def _collect_factors(db: Work, _name_of: NameOf) -> dict[str, Any]:
    roles = sorted(logins.roles_with_second_factor(db))
    return {"roles": roles} if roles else {}


def _apply_factors(db: Work, value: Any, _id_of: IdOf, actor: Actor) -> None:
    wanted = set(from_plain(_Roles, value, {}).roles)
    if wanted != set(logins.roles_with_second_factor(db)):
        logins.require_second_factor(db, wanted, actor=actor)


def _collect_calendars(db: Work, name_of: NameOf) -> list[dict[str, Any]]:
    found = []
    for one in events.all_calendars(db):
        said: dict[str, Any] = {"name": one.name, "address": one.address, "language": one.language}
        said |= {"category": one.category} if one.category else {}
        said |= {"paused": True} if one.paused else {}
        found.append(said | ({"location": name_of(one.location_id)} if one.location_id else {}))
    return found


def _apply_calendars(db: Work, value: Any, id_of: IdOf, actor: Actor) -> None:
    known: dict[tuple[str, str], list[events.ExternalCalendar]] = {}
    for one in events.all_calendars(db):
        known.setdefault((one.address, one.language), []).append(one)
    for row in rows(value, "calendars"):
        said = from_plain(CalendarDraft, row, {"location": partial(id_of, locations.KIND)})
        here = known.get((said.address, said.language))
        if not here:
            events.add_calendar(db, said, actor=actor)
        elif said != _draft_of(one := here.pop(0)):
            events.change_calendar(db, one.id, said, revision=one.revision, actor=actor)


def _draft_of(one: events.ExternalCalendar) -> CalendarDraft:
    return CalendarDraft(
        name=one.name,
        address=one.address,
        language=one.language,
        category=one.category,
        location=one.location_id,
        paused=one.paused,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placeholders:
    facts: Sequence[Declared] = ()
    values: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)


def _collect_placeholders(db: Work, _name_of: NameOf) -> dict[str, Any]:
    found = placeholders.asked(db)
    facts = [
        {
            "key": one.placeholder.key,
            "kind": one.placeholder.kind,
            "translated": one.placeholder.translated,
            "required": one.placeholder.required,
            "label": one.placeholder.labels,
            "help": one.placeholder.helps,
        }
        for one in found
    ]
    values = {
        one.placeholder.key: one.values.get(placeholders.EVERY) or dict(one.values) for one in found if one.values
    }
    return ({"facts": facts} if facts else {}) | ({"values": values} if values else {})


def _apply_placeholders(db: Work, value: Any, _id_of: IdOf, actor: Actor) -> None:
    said = from_plain(_Placeholders, value, {})
    placeholders.declare(db, said.facts, actor=actor)
    by_language = {key: {placeholders.EVERY: one} if isinstance(one, str) else one for key, one in said.values.items()}
    wanted = {(key, language): text for key, one in by_language.items() for language, text in one.items()}
    placeholders.fill(db, wanted, actor=actor)


PARTS: Mapping[str, Part] = {
    PLACEHOLDERS: Part(collect=_collect_placeholders, apply=_apply_placeholders),
    "categories": Part(collect=_collect_categories, apply=_apply_categories, after=_retire_categories),
    "external_offers": Part(collect=_collect_external, apply=_apply_external),
    "synonyms": Part(collect=_collect_synonyms, apply=_apply_synonyms),
    "gates": Part(collect=_collect_gates, apply=_apply_gates),
    "letters": Part(collect=_collect_letters, apply=_apply_letters),
    "second_factor": Part(collect=_collect_factors, apply=_apply_factors),
    "feeds": Part(collect=_collect_feeds, apply=_apply_feeds),
    "calendars": Part(collect=_collect_calendars, apply=_apply_calendars, early=False),
    "theme": Part(collect=_collect_theme, apply=_apply_theme, early=False),
}
