"""Many locations at once: checked row by row, brought in together, and taken back by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from sqlalchemy import func, select

from cityinfo.features import content, tenants
from cityinfo.features.content import Entry, Text, TextDraft, Version
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.kernel.facts import Actor

from . import actions, categories, queries, rules
from .categories import Category
from .models import Imported, Location, LocationImport
from .rules import Address, LocationFacts
from .sheets import Row, Sheet

_YES, _NO, _PARTLY = (
    ("yes", "ja", "true", "1", "wahr"),
    ("no", "nein", "false", "0", "falsch"),
    ("limited", "teilweise"),
)
Place = tuple[str, str, str]  # what tells two locations of a file apart: title, street, postal code


@dataclass(frozen=True, slots=True)
class Checked:
    """A row that can be brought in."""

    number: int
    title: str
    description: str
    facts: LocationFacts

    @property
    def place(self) -> Place:
        return _place(self.title, self.facts.address.street, self.facts.address.postal_code)


@dataclass(slots=True)
class Plan:
    """What an import would do: rows that are good, known already, or bad with the reason."""

    name: str
    good: list[Checked] = field(default_factory=list)
    known: list[Checked] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back did: titles removed, and titles left because someone has worked on them since."""

    removed: Sequence[str]
    left: Sequence[str]


def plan(db: Work, sheet: Sheet, *, category: str = "") -> Plan:
    """Check every row; nothing is written. `category` is for rows that name none."""
    made, known = Plan(sheet.name), categories.all_categories(db)
    places = set(_places(db))
    for row in sheet.rows:
        try:
            checked = _checked(row, known, category)
        except Invalid as problem:
            made.bad.append((row.number, problem.message))
            continue
        (made.known if checked.place in places else made.good).append(checked)
        places.add(checked.place)
    return made


def bring_in(db: Work, made: Plan, *, draft: bool = False, actor: Actor) -> int:
    """Create what the plan calls good, and publish it unless it is a `draft`; returns the number to undo it with."""
    language = next((row.language for row in tenants.tree(db).values() if row.source is None), None)
    if language is None:
        raise Invalid("import.language", "This city has no language to write in yet.")
    number = (db.scalar(select(func.max(LocationImport.number))) or 0) + 1
    db.add(LocationImport(number=number, name=made.name, actor=str(actor), created_at=clock.now()))
    db.flush()
    for row in made.good:
        _bring_in(db, row, number, language, draft=draft, actor=actor)
    return number


def undo(db: Work, number: int, *, actor: Actor) -> Undone:
    """Delete what an import has made and nobody has touched, translated or used since; the rest stays."""
    record = db.get(LocationImport, (db.tenant_id, number))
    if record is None or record.undone_at is not None:
        raise NotFound("import.unknown", f"There is no import {number} that could be undone.")
    record.undone_at = clock.now()
    rows = db.scalars(select(Imported).where(Imported.number == number)).all()
    titles = {row.location_id: _title(db, row.location_id) for row in rows}
    removable = [row.location_id for row in rows if _is_untouched(db, row)]
    for location_id in removable:
        actions.archive(db, location_id, revision=content.find_entry(db, location_id).revision, actor=actor)
        actions.delete_for_good(db, location_id, revision=content.find_entry(db, location_id).revision, actor=actor)
    removed = [titles[one] for one in removable]
    return Undone(removed, [title for one, title in titles.items() if one not in removable])


def _bring_in(db: Work, row: Checked, number: int, language: str, *, draft: bool, actor: Actor) -> None:
    location = actions.create(db, row.facts, actor=actor)
    words = TextDraft(title=row.title, content=row.description, origin=content.IMPORTED)
    content.save_text(db, location.id, language, words, actor=actor)
    text = content.find_text(db, location.id, language)
    if not draft:
        content.publish_text(db, location.id, language, revision=text.revision, actor=actor)
    entry = content.find_entry(db, location.id)
    kept = Imported(location_id=location.id, number=number, revision=entry.revision, text_revision=text.revision)
    db.add(kept)
    db.flush()


def _checked(row: Row, known: Mapping[str, Category], category: str) -> Checked:
    cells = row.cells
    latitude, longitude = _number(cells, "latitude"), _number(cells, "longitude")
    barrier_free, accessibility = _barriers(cells.get("barrier_free", ""))
    facts = LocationFacts(
        categories=_categories(cells.get("categories", ""), known) or ([category] if category else []),
        address=_address(cells),
        latitude=latitude,
        longitude=longitude,
        on_map=latitude is not None and longitude is not None,
        hours=cells.get("hours", ""),
        appointment_url=cells.get("appointment_url", ""),
        barrier_free=barrier_free,
        accessibility=accessibility,
    )
    title = content.check_title(cells.get("title", ""))
    rules.check(facts)
    categories.check(facts.categories, known)
    return Checked(row.number, title, _paragraphs(cells.get("description", "")), facts)


def _address(cells: Mapping[str, str]) -> Address:
    return Address(
        street=f"{cells.get('street', '')} {cells.get('house_number', '')}".strip(),
        addition=cells.get("addition", ""),
        postal_code=cells.get("postal_code", ""),
        town=cells.get("town", ""),
        country=cells.get("country", "DE").upper(),
    )


def _number(cells: Mapping[str, str], name: str) -> float | None:
    text = cells.get(name)
    if text is None:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Invalid("import.number", f"“{text[:60]}” is no {name}; write a number such as 48.37.") from None


def _categories(text: str, known: Mapping[str, Category]) -> list[str]:
    """By slug, or by name in any language."""
    named = {name.casefold(): slug for slug, one in known.items() for name in (slug, *one.names.values())}
    wanted = [part.strip() for part in text.replace("|", ",").replace(";", ",").split(",") if part.strip()]
    return [named.get(one.casefold(), one) for one in wanted]


def _barriers(text: str) -> tuple[bool | None, dict[str, str]]:
    word = text.casefold()
    if word in _PARTLY:
        return None, {"step_free_entrance": "partly"}
    return (True if word in _YES else False if word in _NO else None), {}


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def _place(*parts: str) -> Place:
    title, street, postal_code = (" ".join(part.casefold().split()) for part in parts)
    return title, street, postal_code


def _places(db: Work) -> list[Place]:
    statement = (
        select(Version.title, Location.street, Location.postal_code)
        .join(Text, Text.current_version_id == Version.id)
        .join(Location, Location.id == Text.entry_id)
        .join(Entry, Entry.id == Location.id)
        .where(Entry.archived_at.is_(None))
    )
    return [_place(*row) for row in db.execute(statement)]


def _is_untouched(db: Work, row: Imported) -> bool:
    entry = content.find_entry(db, row.location_id, queries.KIND)
    texts = db.scalars(select(Text).where(Text.entry_id == entry.id)).all()
    same = entry.revision == row.revision and [text.revision for text in texts] == [row.text_revision]
    return same and entry.archived_at is None and not content.referring(db, entry.id)


def _title(db: Work, location_id: int) -> str:
    statement = select(Version.title).join(Text, Text.current_version_id == Version.id)
    return db.scalar(statement.where(Text.entry_id == location_id).order_by(Text.id)) or str(location_id)
