"""Reading proposals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from cityinfo.features import content, organizations
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from .models import PROPOSED, Proposal

# What belongs to organizations, so that their members propose what it should say.
KINDS = (organizations.KIND, "location", "contact", "offer", "event", "page")


@dataclass(frozen=True, slots=True)
class Listed:
    """A proposal and what kind of entry it is about."""

    proposal: Proposal
    kind: str


@dataclass(frozen=True, slots=True)
class Record:
    """An entry of an organization, and how many changes to it nobody has decided yet."""

    entry: content.Entry
    waiting: int


def find(db: Work, proposal_id: int) -> Proposal:
    """The proposal; `NotFound` when there is none."""
    proposal = db.get(Proposal, (db.tenant_id, proposal_id))
    if proposal is None:
        raise NotFound("proposal.unknown", say("There is no proposal {proposal_id}.", proposal_id=proposal_id))
    return proposal


def waiting(db: Work) -> Sequence[Proposal]:
    """What nobody has decided yet, oldest first."""
    statement = select(Proposal).where(Proposal.state == PROPOSED)
    return db.scalars(statement.order_by(Proposal.created_at, Proposal.id)).all()


def of_author(db: Work, author: Actor) -> Sequence[Proposal]:
    """Everything someone proposed, newest first."""
    statement = select(Proposal).where(Proposal.author == str(author))
    return db.scalars(statement.order_by(Proposal.created_at.desc(), Proposal.id.desc())).all()


def listed(
    db: Work, *, states: Collection[str], author: str = "", newest: bool = True, beyond: int = 0, most: int
) -> list[Listed]:
    """A portion of the proposals in these states, of one author or of all; `beyond` is the identity to go on after."""
    statement = select(Proposal, content.Entry.kind).join(content.Entry, content.Entry.id == Proposal.entry_id)
    statement = statement.where(Proposal.state.in_(states))
    if author:
        statement = statement.where(Proposal.author == author)
    if beyond:
        statement = statement.where(Proposal.id < beyond if newest else Proposal.id > beyond)
    ordered = statement.order_by(Proposal.id.desc() if newest else Proposal.id.asc()).limit(most)
    return [Listed(proposal, kind) for proposal, kind in db.execute(ordered)]


def count(db: Work, author: str = "") -> dict[str, int]:
    """How many proposals there are by state, of one author or of all."""
    statement = select(Proposal.state, func.count().label("number")).group_by(Proposal.state)
    if author:
        statement = statement.where(Proposal.author == author)
    return {row.state: row.number for row in db.execute(statement)}


def of_entry(db: Work, entry_id: int) -> Sequence[Proposal]:
    """What nobody has decided yet about an entry, oldest first."""
    statement = select(Proposal).where(Proposal.entry_id == entry_id, Proposal.state == PROPOSED)
    return db.scalars(statement.order_by(Proposal.id)).all()


def records(db: Work, organization_ids: Collection[int]) -> list[Record]:
    """What members of these organizations can propose changes to: all that is theirs and not archived."""
    found: list[Record] = []
    for ids in portions(organizations.with_belongings(db, organization_ids)):
        waits = select(Proposal.entry_id).where(Proposal.entry_id.in_(ids), Proposal.state == PROPOSED)
        waiting = Counter(db.scalars(waits))
        entries = select(content.Entry).where(content.Entry.id.in_(ids), content.Entry.kind.in_(KINDS))
        rows = db.scalars(entries.where(content.Entry.archived_at.is_(None)))
        found += [Record(entry, waiting[entry.id]) for entry in rows]
    return found


def may_propose(db: Work, entry: content.Entry, actor: Actor) -> bool:
    """Whether the entry is, or belongs to, an organization of which the actor is a member."""
    if entry.kind == organizations.KIND:
        responsible = [entry.id]
    else:
        responsible = content.related(db, [entry.id], organizations.BELONGS_TO).get(entry.id, [])
    return any(organizations.is_member(db, one, str(actor)) for one in responsible)
