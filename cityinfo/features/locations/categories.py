"""Categories of locations: those that every city has, and those of its own."""

from __future__ import annotations

import re
import tomllib
import unicodedata
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import func, select

from cityinfo.features import content
from cityinfo.kernel.db import EVERY_TENANT, Database, Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.facts import SYSTEM, Actor, tell
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import Run
from cityinfo.kernel.listing import portions

from .facts import CategoryChanged, CommonCategoryChanged
from .models import InCategory, OwnCategory, PlatformCategory

KIND = "location_category"
ENGLISH = "en"
CATEGORY = "category"  # as the audit log names them
OTHER = "other"  # what everything is that is nothing else
FOLLOW = "locations.follow_common"
MOST_SLUG, MOST_NAME = 40, 100  # characters
OWN_NUMBERS = 1 << 31  # numbers from here on belong to categories of cities
# What readers' apps have on their maps.
ICONS = tuple(
    "advice culture daily_routine education finance gastronomy health house leisure media medical_aid meeting_point"
    " mental_health mobility office other other_help service shelter shopping structure".split()
)
COLORS = tuple(
    "#3700D2 #2E98FB #1DC6C6 #3F8F01 #07DC03 #F2DA04 #C38E03 #FF7C32 #FF3333 #EE36DC #A258FF #585858".split()
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a location is. `number` is its identity for apps, the same for ever and in no city that of another one."""

    slug: str
    number: int
    names: Mapping[str, str]
    icon: str
    color: str
    own: bool = False
    retired: bool = False

    def name(self, language: str) -> str:
        """In this language, in what it is a form of, in English, or in any."""
        found = (self.names.get(one) for one in (language, language.partition("-")[0], ENGLISH))
        return next((name for name in found if name), next(iter(self.names.values())))

    def described(self, language: str) -> dict[str, Any]:
        """What documents and answers say of it."""
        return {
            "id": self.number,
            "slug": self.slug,
            "name": self.name(language),
            "icon": self.icon,
            "color": self.color,
        }


@cache
def registry() -> Mapping[str, Category]:
    """The categories every city has, as written in categories.toml, by slug."""
    rows = tomllib.loads(files(__package__).joinpath("categories.toml").read_text("utf-8"))["category"]
    return {row["slug"]: Category(number=_number(row["slug"]), **row) for row in rows}


def common(db: Work) -> dict[str, Category]:
    """The categories every city has, as the platform's staff call them, by slug; retired ones included."""
    rows = db.scalars(select(PlatformCategory).order_by(PlatformCategory.slug))
    return {**registry(), **{row.slug: _kept(row) for row in rows}}


def all_categories(db: Work) -> dict[str, Category]:
    """All that this city can use, its own last and in its order, by slug; retired ones included."""
    own = db.scalars(select(OwnCategory).order_by(OwnCategory.position, OwnCategory.slug))
    return {**common(db), **{row.slug: _kept(row, own=True) for row in own}}


def how_many_in(db: Work) -> dict[str, int]:
    """How many locations are in each category, mainly or also, archived ones included. One statement."""
    statement = select(InCategory.category, func.count()).group_by(InCategory.category)
    return {row[0]: int(row[1]) for row in db.execute(statement)}


def cities_with(database: Database) -> dict[str, list[int]]:
    """The cities that have locations in each category. For those who run the platform."""
    found: dict[str, list[int]] = {}
    statement = select(InCategory.category, InCategory.tenant_id).distinct().order_by(InCategory.tenant_id)
    with database.unit_of_work(EVERY_TENANT, reason="looks for the cities that use a category") as db:
        for slug, tenant_id in db.execute(statement):
            found.setdefault(slug, []).append(tenant_id)
    return found


def free_slug(db: Work, name: str) -> str:
    """A word that can name a new category of this city, made from how people call it."""
    return _free(name, all_categories(db))


def free_common_slug(db: Work, name: str) -> str:
    """The same for a category of all cities."""
    return _free(name, common(db))


def _free(name: str, taken: Collection[str]) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(_UMLAUTS)).encode("ascii", "ignore").decode()
    first = "-".join(re.findall("[a-z0-9]+", plain))[:MOST_SLUG] or CATEGORY
    slug, number = first, 2
    while slug in taken:
        slug, number = f"{first}-{number}", number + 1
    return slug


def of_locations(db: Work, location_ids: Collection[int]) -> dict[int, list[str]]:
    """The slugs of the categories these are in, the main one first."""
    found: dict[int, list[str]] = {}
    for ids in portions(location_ids):
        statement = select(InCategory).where(InCategory.location_id.in_(ids))
        for row in db.scalars(statement.order_by(InCategory.location_id, InCategory.position)):
            found.setdefault(row.location_id, []).append(row.category)
    return found


def in_category(db: Work, slug: str) -> list[int]:
    """The locations that are in it, mainly or also."""
    return list(db.scalars(select(InCategory.location_id).where(InCategory.category == slug)))


def save_category(
    db: Work, slug: str, *, names: Mapping[str, str], icon: str, color: str, retired: bool | None = None, actor: Actor
) -> Category:
    """Add a category of this city's own, or change it; whatever is in it follows, see `follow`.

    Without `retired` that stays as it is. A new one comes last.
    """
    slug, names = slug.strip(), _plain(names)
    _check(slug, names, icon, color)
    if slug in common(db):
        raise Conflict(
            "category.slug_taken", say("“{slug}” is a category of all cities; choose another word.", slug=slug)
        )
    row = db.get(OwnCategory, (db.tenant_id, slug))
    before = digest(row) if row else ""
    if row is None:
        last = db.scalar(select(func.max(OwnCategory.position)))
        row = OwnCategory(slug=slug, number=_free_number(db, slug), retired=False, position=(last or 0) + 1)
    row.names, row.icon, row.color = names, icon, color
    row.retired = row.retired if retired is None else retired
    _tell(db, row, before, actor)
    return _kept(row, own=True)


def order_categories(db: Work, slugs: Sequence[str], *, actor: Actor) -> None:
    """Show the city's own categories in this order; those that are not named come last."""
    rows = {row.slug: row for row in db.scalars(select(OwnCategory).order_by(OwnCategory.position, OwnCategory.slug))}
    wanted = dict.fromkeys([*(slug for slug in slugs if slug in rows), *rows])
    for position, slug in enumerate(wanted, start=1):
        if rows[slug].position != position:
            before = digest(rows[slug])
            rows[slug].position = position
            _tell(db, rows[slug], before, actor)


def merge_category(db: Work, slug: str, *, into: str, actor: Actor) -> int:
    """Put everything that is in one of the city's own categories into another one, and remove it; returns how much."""
    row, known = _own(db, slug), all_categories(db)
    if into == slug or into not in known or known[into].retired:
        raise Invalid("category.into", "Choose another category that is still given.")
    moved = in_category(db, slug)
    for location_id in moved:
        slugs = of_locations(db, [location_id])[location_id]
        put(db, location_id, [into if one == slug else one for one in slugs])
        said: dict[str, Any] = {"actor": actor, "before": digest(slugs), "after": digest(location_id, into)}
        tell(db, content.EntryChanged(kind="location", entry_id=location_id, widely=False, **said))
    _remove(db, row, actor, note=f"{slug} → {into}")
    return len(moved)


def save_common(
    db: Work, slug: str, *, names: Mapping[str, str], icon: str, color: str, retired: bool = False, actor: Actor
) -> Category:
    """Add a category for all cities, or call it otherwise, in work that belongs to none. Cities follow by `FOLLOW`."""
    names = _plain(names)
    _check(slug, names, icon, color)
    if retired and slug == OTHER:
        raise Invalid("category.other", "This one stays: places without another category are in it.")
    row = db.get(PlatformCategory, slug)
    before = digest(row) if row else ""
    row = row or PlatformCategory(slug=slug, number=_number(slug))
    row.names, row.icon, row.color, row.retired = names, icon, color, retired
    db.add(row)
    db.flush()
    said = {"before": before, "after": digest(row), "note": slug}
    tell(db, CommonCategoryChanged(actor=actor, kind=KIND, entry_id=row.number, **said))
    return _kept(row)


def follow_common(run: Run, category: str) -> None:
    """Let what is in a category of all cities say to readers how it is called now."""
    with run.unit_of_work(write=True) as db:
        for location_id in in_category(db, category):
            said: dict[str, Any] = {"actor": SYSTEM, "before": digest(category), "after": digest(category)}
            tell(db, content.EntryChanged(kind="location", entry_id=location_id, widely=False, **said))
        run.finish(db)


def follow(db: Work, changes: Sequence[CategoryChanged]) -> None:
    """Hears that categories are called or shown differently: locations in them say so to readers."""
    numbers = {row.number: row.slug for row in db.scalars(select(OwnCategory))}
    for change in changes:
        said: dict[str, Any] = {"actor": change.actor, "before": change.before, "after": change.after}
        for location_id in in_category(db, numbers.get(change.entry_id, "")):
            tell(db, content.EntryChanged(kind="location", entry_id=location_id, widely=False, **said))


def delete_category(db: Work, slug: str, *, actor: Actor) -> None:
    """Remove a category of this city's own that no location is in."""
    row, users = _own(db, slug), in_category(db, slug)
    if users:
        raise Invalid(
            "category.in_use",
            say("{number} locations are in “{slug}”; give them another category first.", number=len(users), slug=slug),
            entries=users,
        )
    _remove(db, row, actor)


def _own(db: Work, slug: str) -> OwnCategory:
    row = db.get(OwnCategory, (db.tenant_id, slug))
    if row is None:
        raise NotFound("category.unknown", say("This city has no category “{slug}” of its own.", slug=slug))
    return row


def _remove(db: Work, row: OwnCategory, actor: Actor, *, note: str = "") -> None:
    db.delete(row)
    db.flush()
    said = {"before": digest(row), "note": note}
    tell(db, CategoryChanged(actor=actor, kind=KIND, entry_id=row.number, **said))


def _tell(db: Work, row: OwnCategory, before: str, actor: Actor) -> None:
    db.add(row)
    db.flush()
    tell(db, CategoryChanged(actor=actor, kind=KIND, entry_id=row.number, before=before, after=digest(row)))


def put(db: Work, location_id: int, slugs: Collection[str]) -> None:
    """Put a location in exactly these, in order. Retired ones stay where they are and come nowhere else."""
    wanted = list(dict.fromkeys(slugs))
    categories = all_categories(db)
    check(wanted, categories)
    known = {row.category: row for row in db.scalars(select(InCategory).where(InCategory.location_id == location_id))}
    _check_given([categories[slug] for slug in wanted if slug not in known])
    for slug, row in known.items():
        if slug not in wanted:
            db.delete(row)
    for position, slug in enumerate(wanted):
        row = known.get(slug) or InCategory(location_id=location_id, category=slug)
        row.position = position
        db.add(row)
    db.flush()


def check(slugs: Collection[str], known: Mapping[str, Category]) -> None:
    """At least one, and each of them known: apps cannot show a place without."""
    if not slugs:
        raise Invalid("location.category", "A location needs at least one category.")
    for slug in slugs:
        if slug not in known:
            raise Invalid(
                "location.category",
                say("“{slug}” is no category; choose from: {choices}.", slug=slug, choices=", ".join(known)),
            )


def _check_given(fresh: Sequence[Category]) -> None:
    for one in fresh:
        if one.retired:
            raise Invalid("location.category", say("“{slug}” is no longer given; choose another one.", slug=one.slug))


def _plain(names: Mapping[str, str]) -> dict[str, str]:
    return {language: name.strip() for language, name in names.items() if name.strip()}


def _check(slug: str, names: Mapping[str, str], icon: str, color: str) -> None:
    if not _SLUG.fullmatch(slug):
        raise Invalid(
            "category.slug", say("“{slug}” cannot name a category: use a-z, 0-9 and single hyphens.", slug=slug[:60])
        )
    if not names:
        raise Invalid("category.name", "A category needs a name in at least one language.")
    if icon not in ICONS:
        raise Invalid(
            "category.icon", say("“{icon}” is no icon; choose from: {choices}.", icon=icon, choices=", ".join(ICONS))
        )
    if color not in COLORS:
        raise Invalid(
            "category.color",
            say(
                "“{color}” is no colour that maps have; choose from: {choices}.", color=color, choices=", ".join(COLORS)
            ),
        )


def _kept(row: OwnCategory | PlatformCategory, *, own: bool = False) -> Category:
    said = {name: getattr(row, name) for name in ("slug", "number", "names", "icon", "color", "retired")}
    return Category(own=own, **said)


def _number(slug: str) -> int:
    return zlib.crc32(slug.encode()) % OWN_NUMBERS


def _free_number(db: Work, slug: str) -> int:
    taken = set(db.scalars(select(OwnCategory.number)))
    number = OWN_NUMBERS + _number(slug)
    while number in taken:
        number += 1
    return number
