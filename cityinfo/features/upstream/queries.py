"""Reading what waits for a decision, what was decided, and who is followed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, select

from cityinfo.features import content, tenants
from cityinfo.features.content import Merging, Wording, merge
from cityinfo.features.onboarding import Origin
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound

from . import names, weighing
from .models import Decision, Detached, Following, Received, Subscription
from .rules import CLEAN, OPEN, Standing


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with everything of it that waits: in which languages, and where each stands."""

    source_id: int
    source: str
    source_entry_id: int
    entry_id: int | None
    kind: str
    title: str
    language: str  # of the title
    at: datetime  # when the newest of it came
    standings: dict[str, Standing]


@dataclass(frozen=True, slots=True)
class Tie:
    """Where an entry came from, whether it still follows, and under which names something of it waits."""

    source: str
    is_detached: bool
    waits: tuple[int, int] | None  # the other city, and its entry


@dataclass(frozen=True, slots=True)
class Owner:
    """The other city that an entry came from, and its identity there."""

    source_id: int
    source: str
    source_entry_id: int


@dataclass(frozen=True, slots=True)
class Had:
    """What an entry of another city is here, once it is, and whether what is new of it still comes."""

    entry_id: int | None
    still_comes: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Something received, beside what is here."""

    row: Received
    base: Wording | None
    ours: Wording | None
    theirs: Wording
    merging: Merging


def followings(db: Work) -> Sequence[Following]:
    """Whom this city follows, longest first."""
    return db.scalars(select(Following).order_by(Following.since, Following.source)).all()


def find_following(db: Work, source_id: int) -> Following:
    """How this city follows another one; `NotFound` when it does not."""
    found = db.get(Following, (db.tenant_id, source_id))
    if found is None:
        raise NotFound("following.unknown", "This city does not follow that one.")
    return found


def subscriptions(db: Work, *, most: int | None = None, skip: int = 0) -> Sequence[Subscription]:
    """The single pages of other cities that this one wants to have, newest first."""
    newest = select(Subscription).order_by(Subscription.asked_at.desc(), Subscription.source_entry_id)
    return db.scalars(newest.limit(most).offset(skip)).all()


def had(db: Work, source_entry_ids: Collection[int]) -> dict[int, Had]:
    """Those of these entries of other cities that came here or are on their way. Identities are never given out twice,
    so nobody needs to say whose they are. Two statements."""
    came = (
        select(Origin.source_entry_id, Origin.entry_id, Following.whole)
        .outerjoin(Following, Following.source == Origin.source)
        .where(Origin.source_entry_id.in_(source_entry_ids))
    )
    found = {there: Had(here, bool(whole)) for there, here, whole in db.execute(came)}
    asked = select(Subscription.source_entry_id, Subscription.entry_id)
    for there, here in db.execute(asked.where(Subscription.source_entry_id.in_(source_entry_ids))):
        found[there] = Had(here, True)
    return found


def open_entries(db: Work, source_entry_ids: Collection[int]) -> set[int]:
    """Those of these entries of other cities of which something waits for a decision."""
    which = (Received.source_entry_id.in_(source_entry_ids), Received.state.in_(OPEN))
    return set(db.scalars(select(Received.source_entry_id).where(*which).distinct()))


def subscribed(db: Work, source_id: int) -> dict[int, Subscription]:
    """Those of one city, by entry there."""
    rows = db.scalars(select(Subscription).where(Subscription.source_id == source_id))
    return {row.source_entry_id: row for row in rows}


def received_at(db: Work, source_id: int, source_entry_id: int, language: str) -> Received | None:
    """What was received of a text, or with an empty language of a place."""
    return db.scalar(
        select(Received).where(
            Received.source_id == source_id,
            Received.source_entry_id == source_entry_id,
            Received.language == language,
        )
    )


def received_of(db: Work, source_id: int, source_entry_id: int) -> Sequence[Received]:
    """All that waits of an entry, its place first."""
    same = (Received.source_id == source_id, Received.source_entry_id == source_entry_id)
    return db.scalars(select(Received).where(*same, Received.state.in_(OPEN)).order_by(Received.language)).all()


def counts(db: Work, *, source_id: int | None = None) -> dict[Standing, int]:
    """How many entries have something that stands where, of all cities that are followed or of one."""
    key = Received.source_id, Received.source_entry_id
    which = [Received.source_id == source_id] if source_id is not None else []
    found = select(Received.state, *key).where(Received.state.in_(OPEN), *which).distinct().subquery()
    rows = db.execute(select(found.c.state, func.count()).group_by(found.c.state))
    return {Standing(state): number for state, number in rows}


def waiting(db: Work) -> int:
    """How many entries wait for a decision."""
    found = _entries().subquery()
    return db.scalar(select(func.count()).select_from(found)) or 0


def inbox(db: Work) -> int | None:
    """How many entries wait for a decision; None for a city that follows nobody and has nothing left to decide."""
    found = _entries().subquery()
    waiting = select(func.count()).select_from(found).scalar_subquery()
    followed = select(func.count()).select_from(Following).scalar_subquery()
    row = db.execute(select(waiting, followed)).one()
    return row[0] if any(row) else None


def clean(
    db: Work, *, standing: Standing | None = None, source_id: int | None = None, most: int | None = None
) -> list[tuple[int, int]]:
    """Entries that can be taken without a choice, by city and entry there. New pages are none of them unless asked for:
    somebody is to look at what begins to be here."""
    easy = [one for one in CLEAN if one != Standing.NEW or standing == Standing.NEW]
    hard = func.sum(case((Received.state.in_(easy), 0), else_=1)) == 0
    which = [Received.source_id == source_id] if source_id is not None else []
    statement = _entries(*which).having(hard).order_by(func.min(Received.received_at), Received.source_entry_id)
    if standing is not None:
        statement = statement.having(func.sum(case((Received.state == standing, 1), else_=0)) > 0)
    return [(source, entry) for source, entry in db.execute(statement.limit(most))]


def tie(db: Work, entry_id: int) -> Tie | None:
    """Where an entry came from; None for one of our own. One statement."""
    statement = (
        select(Origin.source, Detached.entry_id, Received.source_id, Received.source_entry_id)
        .outerjoin(Detached, Detached.entry_id == Origin.entry_id)
        .outerjoin(Received, (Received.entry_id == Origin.entry_id) & Received.state.in_(OPEN))
        .where(Origin.entry_id == entry_id)
    )
    found = db.execute(statement.limit(1)).first()
    if found is None:
        return None
    source, detached, source_id, source_entry_id = found
    return Tie(source, detached is not None, (source_id, source_entry_id) if source_id else None)


def owner(db: Work, entry_id: int) -> Owner | None:
    """The city that an entry came from, if it is followed, and what the entry is there."""
    statement = (
        select(Following.source_id, Following.source, Origin.source_entry_id)
        .join(Following, Following.source == Origin.source)
        .where(Origin.entry_id == entry_id)
    )
    found = db.execute(statement).first()
    return Owner(*found) if found else None


def taken_words(db: Work, entry_id: int, language: str) -> Wording | None:
    """What the other city said of an entry when that was last decided about here, as it is written here."""
    found = weighing.bases(db, [entry_id]).get((entry_id, language))
    return found[0] if found else None


def names_there(db: Work, source_id: int) -> dict[int, int]:
    """What entries here are called in a city that is followed: identities there by identities here."""
    return {here: there for there, here in names.names(db, find_following(db, source_id)).here.items()}


def origins(db: Work, source: str, source_entry_ids: Collection[int]) -> dict[int, int]:
    """The entries here that came from these of a city, by their identities there."""
    which = (Origin.source == source, Origin.source_entry_id.in_(source_entry_ids))
    return dict(db.execute(select(Origin.source_entry_id, Origin.entry_id).where(*which)).all())


def items(
    db: Work, *, standing: Standing | None = None, source_id: int | None = None, most: int = 50, skip: int = 0
) -> list[Item]:
    """Entries that wait, those that came first before others. A fixed number of statements."""
    which: list[ColumnElement[bool]] = []
    if standing is not None:
        which.append(Received.state == standing)
    if source_id is not None:
        which.append(Received.source_id == source_id)
    keys = _entries(*which).order_by(func.min(Received.received_at), Received.source_entry_id).limit(most).offset(skip)
    found = [(source, entry) for source, entry in db.execute(keys)]
    rows = db.scalars(
        select(Received).where(Received.source_entry_id.in_([entry for _, entry in found]), Received.state.in_(OPEN))
    ).all()
    titles = content.titles_of(db, {row.entry_id for row in rows if row.entry_id is not None})
    order = list(tenants.tree(db))
    return [_item([row for row in rows if (row.source_id, row.source_entry_id) == key], titles, order) for key in found]


def show(db: Work, row: Received) -> Shown:
    """What was received with what is here, and how both fit."""
    known = names.names(db, find_following(db, row.source_id))
    both = weighing.sides(db, known, [row])[row.id]
    ours = both.ours or both.theirs if row.state == Standing.NEW else both.ours or Wording("", "")
    return Shown(row, both.base, both.ours, both.theirs, merge(both.base, ours, both.theirs))


def decisions(db: Work, *, most: int = 50, before: int | None = None) -> Sequence[Decision]:
    """What was decided, newest first."""
    statement = select(Decision).order_by(Decision.id.desc()).limit(most)
    return db.scalars(statement.where(Decision.id < before) if before is not None else statement).all()


def _entries(*which: ColumnElement[bool]) -> Select[int, int]:
    key = Received.source_id, Received.source_entry_id
    return select(*key).where(Received.state.in_(OPEN), *which).group_by(*key)


def _item(rows: Sequence[Received], titles: Mapping[int, Mapping[str, str]], order: Sequence[str]) -> Item:
    named = rows[0]
    known = titles.get(named.entry_id or 0) or {row.language: row.title for row in rows if row.title}
    title, language = content.name(known, *order)
    return Item(
        source_id=named.source_id,
        source=named.source,
        source_entry_id=named.source_entry_id,
        entry_id=named.entry_id,
        kind=named.kind,
        title=title,
        language=language,
        at=max(row.received_at for row in rows),
        standings={row.language: Standing(row.state) for row in rows},
    )
