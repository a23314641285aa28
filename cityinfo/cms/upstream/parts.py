"""One entry's updates as somebody decides about them: its place, and every language block by block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from cityinfo.cms.writing.merging import readable, shown
from cityinfo.features import content, pages, tenants, upstream
from cityinfo.features.content import BOTH, OURS, THEIRS, Merging, Place, State
from cityinfo.features.tenants import Language
from cityinfo.features.upstream import PLACE, Received, Standing
from cityinfo.kernel.blocks import Whose
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.facts import Actor

_CURRENT = (State.UP_TO_DATE, State.MACHINE_MADE)
CHOICES = (OURS, THEIRS, BOTH)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text: what the template changed, what only we changed, what both did, or what stays the same.

    `name` is that of the form's field for a choice; it is made of what the place says, so that a choice never speaks
    of words that nobody has seen.
    """

    whose: Whose
    place: Place
    name: str
    shown: Markup

    @property
    def is_open(self) -> bool:
        return self.place.is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What waits in a language, or for the place of the entry, where `language` is None.

    `outdated` are the translations that are behind once this is taken; `seen` is the digest of our words.
    """

    row: Received
    language: Language | None
    title: str = ""
    words: Markup | None = None
    merging: Merging | None = None
    passages: Sequence[Passage] = ()
    outdated: Sequence[Language] = ()
    seen: str = ""
    may_write: bool
    may_publish: bool

    @property
    def standing(self) -> Standing:
        return Standing(self.row.state)

    @property
    def open(self) -> list[Passage]:
        return [one for one in self.passages if one.is_open]

    def choices(self, sent: Mapping[str, str]) -> dict[str, str]:
        """What was chosen, by the name of the place."""
        return {one.place.name: sent[one.name] for one in self.open if sent.get(one.name) in CHOICES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry with all its parts. `above` is the page it will hang under, `stands` the one it hangs under now."""

    source_id: int
    source: str
    source_entry_id: int
    entry_id: int | None
    kind: str
    title: str
    parts: Sequence[Part]
    above: str
    missing: tuple[int, str] | None  # a new page above it that has to be taken first
    stands: str

    @property
    def is_new(self) -> bool:
        return self.entry_id is None

    @property
    def takable(self) -> list[Part]:
        """What one button takes; what is withdrawn is decided about by itself."""
        return [one for one in self.parts if one.standing is not Standing.REMOVED and one.may_write]


def entry(db: Work, rows: Sequence[Received], *, actor: Actor) -> Entry:
    """Everything that waits of an entry, its place first, languages in the order of the city."""
    known = [PLACE, *tenants.tree(db)]
    order = [*known, *sorted({row.language for row in rows} - set(known))]  # a language may have left the city since
    rows = sorted(rows, key=lambda row: order.index(row.language))
    named, place = rows[0], next((row for row in rows if row.language == PLACE), None)
    above, above_id, missing = _above(db, place)
    titles = content.titles(db, named.entry_id) if named.entry_id else {one.language: one.title for one in rows}
    return Entry(
        source_id=named.source_id,
        source=named.source,
        source_entry_id=named.source_entry_id,
        entry_id=named.entry_id,
        kind=named.kind,
        title=content.name({one: said for one, said in titles.items() if said}, *order)[0],
        parts=[part(db, row, rows, beside=above_id, actor=actor) for row in rows],
        above=above,
        missing=missing,
        stands=_stands(db, place),
    )


def part(db: Work, row: Received, rows: Sequence[Received], *, beside: int | None, actor: Actor) -> Part:
    """What waits in one language. A new page's rights are those of the page it will hang under."""
    about: dict[str, Any] = {"entry_id": row.entry_id or beside or 0, "language": row.language}
    verb = "create" if row.language == PLACE and row.entry_id is None else "write"
    rights: dict[str, Any] = {
        "may_write": actor.may(verb, row.kind, **about),
        "may_publish": row.language != PLACE and actor.may("publish", row.kind, **about),
    }
    language = tenants.languages(db).get(row.language)
    if row.language == PLACE or not row.digest:
        return Part(row=row, language=language, title=row.title, **rights)
    both = upstream.show(db, row)
    if both.ours is None:
        return Part(row=row, language=language, title=row.title, words=readable(both.theirs.content), **rights)
    return Part(
        row=row,
        language=language,
        title=both.ours.title,
        merging=both.merging,
        passages=_passages(row, both.merging),
        outdated=_outdated(db, row, rows),
        seen=both.ours.digest,
        **rights,
    )


def may(actor: Actor, verb: str, row: Received) -> bool:
    """Whether somebody may take this part, or show it to readers."""
    wanted = "create" if verb == "write" and row.language == PLACE and row.entry_id is None else verb
    return actor.may(wanted, row.kind, entry_id=row.entry_id or 0, language=row.language)


def _passages(row: Received, merging: Merging) -> list[Passage]:
    """The places that people look at; those that stay the same follow each other as one."""
    found: list[Passage] = []
    seen: Counter[str] = Counter()
    for place in (merging.title, *merging.places):
        if place.edge or (place.is_title and not (place.is_change or place.is_open)):
            continue
        said = digest(place.base, place.ours, place.theirs)[:16]
        seen[said] += 1
        whose = Whose.NOBODY if place.whose is Whose.BOTH else place.whose
        words = shown(place, THEIRS if whose is Whose.THEIRS else OURS)
        if whose is Whose.NOBODY and found and found[-1].whose is Whose.NOBODY:
            before = found.pop()
            found.append(Passage(whose, place, "", before.shown + words))
        else:
            found.append(Passage(whose, place, f"choice-{row.id}-{said}-{seen[said]}", words))
    return found


def _outdated(db: Work, row: Received, rows: Sequence[Received]) -> list[Language]:
    """Translations of ours that would be behind, unless the template brings them along."""
    if row.minor or row.entry_id is None:
        return []
    states, spoken = content.states(db, [row.entry_id]), tenants.languages(db)
    brought = {one.language for one in rows if one.made_from == row.digest}
    return [
        spoken[language]
        for language, node in tenants.tree(db).items()
        if node.source == row.language and language not in brought and states.get((row.entry_id, language)) in _CURRENT
    ]


def _above(db: Work, place: Received | None) -> tuple[str, int | None, tuple[int, str] | None]:
    """The page it will hang under: what it is called and its number here; what is to be taken before, if it is new."""
    if place is None or place.source_parent_id is None:
        return "", None, None
    here = upstream.origins(db, place.source, [place.source_parent_id]).get(place.source_parent_id)
    if here is not None:
        return _title(db, here), here, None
    waiting = upstream.received_of(db, place.source_id, place.source_parent_id)
    title = next((row.title for row in waiting if row.title), "")
    return title, None, (place.source_parent_id, title)


def _stands(db: Work, place: Received | None) -> str:
    """What a page hangs under now."""
    if place is None or place.entry_id is None or place.state != Standing.MOVED:
        return ""
    parent, _before = pages.place_of(db, place.entry_id)
    return _title(db, parent) if parent is not None else ""


def _title(db: Work, entry_id: int) -> str:
    return content.name(content.titles(db, entry_id), *tenants.tree(db))[0]
