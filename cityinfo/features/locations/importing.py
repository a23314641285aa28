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
from cityinfo.kernel.i18n import say

from . import actions, categories, queries, rules
from .categories import Category
from .models import Imported, Location, LocationImport
from .ports import Companion
from .rules import Address, LocationFacts
from .sheets import WORDS, Row, Sheet

_NO_NUMBER = {
    "latitude": say("“{text}” is no latitude; write a number such as 48.37."),
    "longitude": say("“{text}” is no longitude; write a number such as 10.89."),
}
_YES, _NO, _PARTLY = (
    ("yes", "ja", "true", "1", "wahr"),
    ("no", "nein", "false", "0", "falsch"),
    ("limited", "teilweise"),
)
_REACHABLE = ("phone", "email", "website")
Place = tuple[str, str, str]  # what tells two locations of a file apart: title, street, postal code


@dataclass(frozen=True, slots=True)
class Words:
    """What a row says in one language; the description is HTML."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A row that can be brought in. `words` are by language, the city's own first; `reachable` is for companions."""

    number: int
    words: Mapping[str, Words]
    facts: LocationFacts
    reachable: Mapping[str, str]

    @property
    def title(self) -> str:
        return next(iter(self.words.values())).title

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


def plan(db: Work, sheet: Sheet, *, companion: Companion, category: str = "") -> Plan:
    """Check every row; nothing is written. `category` is for rows that name none."""
    made, known = Plan(sheet.name), categories.all_categories(db)
    places, languages = set(_places(db)), _languages(db)
    for row in sheet.rows:
        try:
            checked = _checked(row, known, category, languages)
            companion.check(checked.reachable)
        except Invalid as problem:
            made.bad.append((row.number, problem.message))
            continue
        (made.known if checked.place in places else made.good).append(checked)
        places.add(checked.place)
    return made


def bring_in(db: Work, made: Plan, *, companion: Companion, draft: bool = False, actor: Actor) -> int:
    """Create what the plan calls good, and publish it unless it is a `draft`; returns the number to undo it with."""
    number = new_import(db, made.name, actor).number
    bring_in_rows(db, made.good, number, companion=companion, draft=draft, actor=actor)
    return number


def new_import(db: Work, name: str, actor: Actor) -> LocationImport:
    """The record of a file that is about to be brought in, under the next number."""
    number = (db.scalar(select(func.max(LocationImport.number))) or 0) + 1
    record = LocationImport(number=number, name=name, actor=str(actor), created_at=clock.now())
    db.add(record)
    db.flush()
    return record


def bring_in_rows(
    db: Work, rows: Sequence[Checked], number: int, *, companion: Companion, draft: bool, actor: Actor
) -> None:
    """The same for some rows of an import that has begun."""
    for row in rows:
        _bring_in(db, row, number, companion, draft=draft, actor=actor)


def undo(db: Work, number: int, *, companion: Companion, actor: Actor) -> Undone:
    """Delete what an import has made and nobody has touched, translated or used since; the rest stays."""
    close(db, number)
    return undo_some(db, imported(db, number), companion=companion, actor=actor)


def close(db: Work, number: int) -> LocationImport:
    """Note that an import is taken back; `NotFound` when it was already."""
    record = still_there(db, number)
    record.undone_at, record.text = clock.now(), None
    return record


def still_there(db: Work, number: int) -> LocationImport:
    """An import that can be taken back; `NotFound` when there is none such."""
    record = db.get(LocationImport, (db.tenant_id, number))
    if record is None or record.undone_at is not None:
        raise NotFound("import.unknown", say("There is no import {number} that could be undone.", number=number))
    return record


def imported(db: Work, number: int) -> Sequence[int]:
    """The places of an import that are there."""
    statement = select(Imported.location_id).where(Imported.number == number)
    return db.scalars(statement.order_by(Imported.location_id)).all()


def undo_some(db: Work, location_ids: Sequence[int], *, companion: Companion, actor: Actor) -> Undone:
    """Take some places back. Of many a portion at a time: deleting looks at all that its unit of work holds."""
    rows = db.scalars(select(Imported).where(Imported.location_id.in_(location_ids))).all()
    titles = {row.location_id: _title(db, row.location_id) for row in rows}
    removable = {row.location_id: row.companion_id for row in rows if _is_untouched(db, row)}
    for location_id, companion_id in removable.items():
        if companion_id is not None:
            companion.remove(db, companion_id, actor=actor)
        actions.archive(db, location_id, revision=content.find_entry(db, location_id).revision, actor=actor)
        actions.delete_for_good(db, location_id, revision=content.find_entry(db, location_id).revision, actor=actor)
    removed = [titles[one] for one in removable]
    return Undone(removed, [title for one, title in titles.items() if one not in removable])


def imports(db: Work, *, most: int) -> Sequence[LocationImport]:
    """The newest imports, those that were taken back among them."""
    return db.scalars(select(LocationImport).order_by(LocationImport.number.desc()).limit(most)).all()


def _bring_in(db: Work, row: Checked, number: int, companion: Companion, *, draft: bool, actor: Actor) -> None:
    location = actions.create(db, row.facts, actor=actor)
    for language, words in row.words.items():
        text = TextDraft(title=words.title, content=words.description, origin=content.IMPORTED)
        content.save_text(db, location.id, language, text, actor=actor)
        if not draft:
            revision = content.find_text(db, location.id, language).revision
            content.publish_text(db, location.id, language, revision=revision, actor=actor)
    companion_id = companion.create(db, location.id, row, draft=draft, actor=actor)
    kept = Imported(location_id=location.id, number=number, companion_id=companion_id, text_count=len(row.words))
    kept.revision = content.find_entry(db, location.id).revision
    kept.text_revision = content.find_text(db, location.id, next(iter(row.words))).revision
    db.add(kept)
    db.flush()


def _languages(db: Work) -> list[str]:
    """All in which the city writes, its own first."""
    tree = tenants.tree(db)
    found = sorted((one for one in tree if tree[one].active), key=lambda one: tree[one].source is not None)
    if not found:
        raise Invalid("import.language", "This city has no language to write in yet.")
    return found


def _checked(row: Row, known: Mapping[str, Category], category: str, languages: Sequence[str]) -> Checked:
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
    words = _words(cells, languages)
    rules.check(facts)
    categories.check(facts.categories, known)
    return Checked(row.number, words, facts, {name: cells[name] for name in _REACHABLE if name in cells})


def _words(cells: Mapping[str, str], languages: Sequence[str]) -> dict[str, Words]:
    """In the city's own language there have to be some; columns without a language are in that."""
    said: dict[str, Words] = {}
    for number, language in enumerate(languages):
        title, description = (
            cells.get(f"{field}.{language}") or (cells.get(field, "") if number == 0 else "") for field in WORDS
        )
        if number == 0 or title or description:
            said[language] = Words(content.check_title(title), _paragraphs(description))
    return said


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
        raise Invalid("import.number", _NO_NUMBER[name].with_values(text=text[:60])) from None


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
    """Neither the location nor what came along with it was changed, translated, archived or used since."""
    entry = content.find_entry(db, row.location_id, queries.KIND)
    along = [] if row.companion_id is None else [row.companion_id]
    if set(content.referring(db, entry.id)) - set(along):
        return False
    return all(_is_as_imported(db, one, row) for one in (entry.id, *along))


def _is_as_imported(db: Work, entry_id: int, row: Imported) -> bool:
    entry = db.get(Entry, (db.tenant_id, entry_id))
    if entry is None or entry.archived_at is not None or entry.revision != row.revision:
        return False
    texts = db.scalars(select(Text.revision).where(Text.entry_id == entry_id)).all()
    is_used = entry_id != row.location_id and bool(content.referring(db, entry_id))
    return list(texts) == [row.text_revision] * (row.text_count or 1) and not is_used


def _title(db: Work, location_id: int) -> str:
    statement = select(Version.title).join(Text, Text.current_version_id == Version.id)
    return db.scalar(statement.where(Text.entry_id == location_id).order_by(Text.id)) or str(location_id)
