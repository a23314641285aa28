"""Reading proposals."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from cityinfo.features import content, organizations
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from .models import PROPOSED, Proposal


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


def may_propose(db: Work, entry: content.Entry, actor: Actor) -> bool:
    """Whether the entry is, or belongs to, an organization of which the actor is a member."""
    if entry.kind == organizations.KIND:
        responsible = [entry.id]
    else:
        responsible = content.related(db, [entry.id], organizations.BELONGS_TO).get(entry.id, [])
    return any(organizations.is_member(db, one, str(actor)) for one in responsible)
