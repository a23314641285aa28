"""Categories of locations: those that every city has, and those of its own."""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from cityinfo.features import content
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from .facts import CategoryChanged
from .models import InCategory, OwnCategory

KIND = "location_category"
ENGLISH = "en"
CATEGORY = "category"  # as the audit log names them
OTHER = "other"  # what everything is that is nothing else
OWN_NUMBERS = 1 << 31  # numbers from here on belong to categories of cities
# What readers' apps have on their maps.
ICONS = tuple(
    "advice culture daily_routine education finance gastronomy health house leisure media medical_aid meeting_point"
    " mental_health mobility office other other_help service shelter shopping structure".split()
)
COLORS = tuple(
    "#3700D2 #2E98FB #1DC6C6 #3F8F01 #07DC03 #F2DA04 #C38E03 #FF7C32 #FF3333 #EE36DC #A258FF #585858".split()
)
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


def all_categories(db: Work) -> dict[str, Category]:
    """All that this city can use, its own last, by slug."""
    own = db.scalars(select(OwnCategory).order_by(OwnCategory.slug))
    return {**registry(), **{row.slug: _of_city(row) for row in own}}


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


def save_category(db: Work, slug: str, *, names: Mapping[str, str], icon: str, color: str, actor: Actor) -> Category:
    """Add a category of this city's own, or change it; whatever is in it follows, see `follow`."""
    slug, names = slug.strip(), {language: name.strip() for language, name in names.items() if name.strip()}
    _check(slug, names, icon, color)
    row = db.get(OwnCategory, (db.tenant_id, slug))
    before = digest(row) if row else ""
    if row is None:
        row = OwnCategory(slug=slug, number=_free_number(db, slug))
    row.names, row.icon, row.color = names, icon, color
    db.add(row)
    db.flush()
    tell(db, CategoryChanged(actor=actor, kind=KIND, entry_id=row.number, before=before, after=digest(row)))
    return _of_city(row)


def follow(db: Work, changes: Sequence[CategoryChanged]) -> None:
    """Hears that categories are called or shown differently: locations in them say so to readers."""
    numbers = {row.number: row.slug for row in db.scalars(select(OwnCategory))}
    for change in changes:
        said: dict[str, Any] = {"actor": change.actor, "before": change.before, "after": change.after}
        for location_id in in_category(db, numbers.get(change.entry_id, "")):
            tell(db, content.EntryChanged(kind="location", entry_id=location_id, widely=False, **said))


def delete_category(db: Work, slug: str, *, actor: Actor) -> None:
    """Remove a category of this city's own that no location is in."""
    row = db.get(OwnCategory, (db.tenant_id, slug))
    if row is None:
        raise NotFound("category.unknown", say("This city has no category “{slug}” of its own.", slug=slug))
    users = in_category(db, slug)
    if users:
        raise Invalid(
            "category.in_use",
            say("{number} locations are in “{slug}”; give them another category first.", number=len(users), slug=slug),
            entries=users,
        )
    db.delete(row)
    db.flush()
    tell(db, CategoryChanged(actor=actor, kind=KIND, entry_id=row.number, before=digest(row)))


def put(db: Work, location_id: int, slugs: Collection[str]) -> None:
    """Put a location in exactly these, in order."""
    wanted = list(dict.fromkeys(slugs))
    check(wanted, all_categories(db))
    known = {row.category: row for row in db.scalars(select(InCategory).where(InCategory.location_id == location_id))}
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


def _check(slug: str, names: Mapping[str, str], icon: str, color: str) -> None:
    if not _SLUG.fullmatch(slug):
        raise Invalid(
            "category.slug", say("“{slug}” cannot name a category: use a-z, 0-9 and single hyphens.", slug=slug[:60])
        )
    if slug in registry():
        raise Conflict(
            "category.slug_taken", say("“{slug}” is a category of all cities; choose another word.", slug=slug)
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


def _of_city(row: OwnCategory) -> Category:
    return Category(slug=row.slug, number=row.number, names=row.names, icon=row.icon, color=row.color, own=True)


def _number(slug: str) -> int:
    return zlib.crc32(slug.encode()) % OWN_NUMBERS


def _free_number(db: Work, slug: str) -> int:
    taken = set(db.scalars(select(OwnCategory.number)))
    number = OWN_NUMBERS + _number(slug)
    while number in taken:
        number += 1
    return number
