"""Where what was received stands against what is here, kept with every row so that lists and counts read no texts.

It changes when either side does: whatever saves a text here, or brings an entry that others lead to, weighs again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from cityinfo.features import onboarding
from cityinfo.features.content import ContentChanged, Key, Text, TextSaved, Version, Wording
from cityinfo.features.onboarding import TextOrigin
from cityinfo.features.pages import Page
from cityinfo.kernel.db import Work
from cityinfo.kernel.listing import portions

from . import names, rules
from .models import PLACE, Following, Received, TakenPlace, TakenText
from .names import Names
from .rules import Standing


@dataclass(frozen=True, slots=True)
class Sides:
    """A text as it was when it was last decided about, as it is here and as the other city has it now."""

    base: Wording | None
    ours: Wording | None
    theirs: Wording


def weigh(db: Work, known: Names, rows: Collection[Received]) -> None:
    """Note where these rows of one followed city stand. What needs no decision is settled and let go of."""
    texts = [row for row in rows if row.language != PLACE and row.digest]
    both = sides(db, known, texts)
    for row in texts:
        row.state = _text(row, both[row.id])
    places = {one.entry_id: one for one in _taken_places(db, rows)}
    pages = {one.id: one for one in _pages(db, places)}
    for row in rows:
        if not row.digest:
            row.state = Standing.REMOVED
        elif row.language == PLACE:
            taken, page = places.get(row.entry_id or 0), pages.get(row.entry_id or 0)
            row.state = _place(row, taken, page)
    db.flush()
    for row in rows:
        if row.state == Standing.SAME:
            settle(db, known, row, both.get(row.id))


def settle(db: Work, known: Names, row: Received, both: Sides | None) -> None:
    """Take what was received for decided: the next change is compared with it. What leads to nothing here yet waits."""
    if row.language == PLACE:
        _settle_place(db, row)
        db.delete(row)
    elif both is not None:
        note_taken(db, row, both.theirs)
        if known.is_complete(row.content):
            db.delete(row)
        else:
            row.state = Standing.WAITING
    db.flush()


def note_taken(db: Work, row: Received, theirs: Wording) -> TakenText:
    """Remember what the other city's text said when it was decided about."""
    key = {"tenant_id": db.tenant_id, "entry_id": row.entry_id, "language": row.language}
    taken = db.get(TakenText, key) or TakenText(**key)
    taken.title, taken.content = theirs.title, theirs.content
    taken.source_digest, taken.source_version_id, taken.made_from = row.digest, row.source_version_id, row.made_from
    db.add(taken)
    db.flush()
    return taken


def sides(db: Work, known: Names, rows: Sequence[Received]) -> dict[int, Sides]:
    """The three sides of texts that were received, by row.

    A draft that came along is no change of ours, and a text that came as nothing but a draft is as good as none.
    """
    entries = {row.entry_id for row in rows if row.entry_id is not None}
    before, ours = bases(db, entries), _ours(db, entries)
    found = {}
    for row in rows:
        key = (row.entry_id or 0, row.language)
        base, as_it_came = before.get(key, (None, False))
        own, author, is_public = ours.get(key, (None, "", False))
        if as_it_came and author == onboarding.AUTHOR:
            own = base if is_public else None
        found[row.id] = Sides(base, own, known.words(row.title, row.content))
    return found


def follow_own(db: Work, told: Sequence[ContentChanged]) -> None:
    """Somebody here saved texts: what waits for them may fit now, or no longer."""
    saved = {fact.entry_id for fact in told if isinstance(fact, TextSaved)}
    for ids in portions(saved):
        _weigh_where(db, Received.entry_id.in_(ids), Received.language != PLACE)


def weigh_again(db: Work, source_id: int, source_entry_ids: Iterable[int]) -> None:
    """These entries of the other city are here now: what leads to them can be written whole."""
    named = [Received.content.contains(f'"{scheme}:{one}', autoescape=True)
             for one in source_entry_ids for scheme in ("entry", "media")]  # fmt: skip
    cards = [Received.content.contains(f'entry="{one}"', autoescape=True) for one in source_entry_ids]
    for some in portions([*named, *cards], 50):
        _weigh_where(db, Received.source_id == source_id, Received.language != PLACE, or_(*some))


def weigh_these(db: Work, rows: Sequence[Received]) -> None:
    """Weigh rows that were put back."""
    for ids in portions({row.id for row in rows}):
        _weigh_where(db, Received.id.in_(ids))


def _weigh_where(db: Work, *which: ColumnElement[bool]) -> None:
    rows = db.scalars(select(Received).where(*which, Received.state != Standing.REMOVED)).all()
    for source_id in {row.source_id for row in rows}:
        following = db.get(Following, (db.tenant_id, source_id))
        if following is not None:
            weigh(db, names.names(db, following), [row for row in rows if row.source_id == source_id])


def _text(row: Received, both: Sides) -> Standing:
    if row.entry_id is None:
        return Standing.NEW
    return rules.weigh_text(both.base, both.ours, both.theirs)


def _place(row: Received, taken: TakenPlace | None, page: Page | None) -> Standing:
    if row.entry_id is None:
        return Standing.NEW
    if taken is None or page is None:
        return Standing.SAME
    return rules.weigh_place(
        (taken.source_parent_id, taken.source_position),
        (page.parent_id, page.position),
        there=(row.source_parent_id, row.source_position),
        here=(taken.parent_id, taken.position),
    )


def _settle_place(db: Work, row: Received) -> None:
    taken = db.get(TakenPlace, (db.tenant_id, row.entry_id))
    if taken is not None:
        taken.source_parent_id, taken.source_position = row.source_parent_id, row.source_position


def bases(db: Work, entry_ids: Collection[int]) -> Mapping[Key, tuple[Wording, bool]]:
    """What was last decided about; until then, what came, and that it is so."""
    found: dict[Key, tuple[Wording, bool]] = {}
    for ids in portions(entry_ids):
        came = (
            select(TextOrigin.entry_id, TextOrigin.language, Version.title, Version.content)
            .join(Version, Version.id == TextOrigin.version_id)
            .where(TextOrigin.entry_id.in_(ids))
        )
        columns = (TakenText.entry_id, TakenText.language, TakenText.title, TakenText.content)
        taken = select(*columns).where(TakenText.entry_id.in_(ids))
        for statement in (came, taken):
            for entry_id, language, title, words in db.execute(statement):
                found[entry_id, language] = (Wording(title, words), statement is came)
    return found


def _ours(db: Work, entry_ids: Collection[int]) -> Mapping[Key, tuple[Wording, str, bool]]:
    """Our newest words, who wrote them, and whether readers see any."""
    found: dict[Key, tuple[Wording, str, bool]] = {}
    for ids in portions(entry_ids):
        statement = (
            select(Text.entry_id, Text.language, Version.title, Version.content, Version.author, Text.public_version_id)
            .join(Version, Version.id == Text.current_version_id)
            .where(Text.entry_id.in_(ids))
        )
        for entry_id, language, title, words, author, public in db.execute(statement):
            found[entry_id, language] = (Wording(title, words), author, public is not None)
    return found


def _taken_places(db: Work, rows: Iterable[Received]) -> Iterable[TakenPlace]:
    for ids in portions({row.entry_id for row in rows if row.language == PLACE and row.entry_id is not None}):
        yield from db.scalars(select(TakenPlace).where(TakenPlace.entry_id.in_(ids)))


def _pages(db: Work, page_ids: Collection[int]) -> Iterable[Page]:
    for ids in portions(page_ids):
        yield from db.scalars(select(Page).where(Page.id.in_(ids)))
