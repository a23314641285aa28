"""What the worker does: it carries a correction to its owner, and the answer back; nothing holds both cities."""

from __future__ import annotations

from dataclasses import dataclass

from cityinfo.features import content, onboarding, proposals, tenants, upstream
from cityinfo.features.content import Wording
from cityinfo.features.proposals import Draft, Proposal
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.jobs import Run

from .actions import CITY
from .models import ACCEPTED, LOST, PROPOSED, RETURNED, SENT, Correction

_STATES = {proposals.ACCEPTED: ACCEPTED, proposals.RETURNED: RETURNED}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Carried:
    """A correction in the numbers of its owner: what the owner's text said, and what it should say."""

    source_id: int
    entry_id: int
    language: str
    base: Wording
    words: Wording
    message: str
    author: Actor


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of a correction."""

    state: str
    proposal_id: int | None = None
    answer: str = ""


def carry(run: Run, *, correction: int) -> None:
    """Let the owner have it as a proposal. Carrying it again finds the one that is there."""
    with run.unit_of_work() as db:
        row = db.get(Correction, (db.tenant_id, correction))
        carried = _carried(db, row) if row is not None and row.state == SENT else None
    if carried is not None:
        fate = _propose(run.database, carried)
        with run.unit_of_work(write=True, numbered=False) as db:
            _note(db.get(Correction, (db.tenant_id, correction)), fate)
    with run.unit_of_work(write=True, numbered=False) as db:
        run.finish(db)


def answer(run: Run, *, proposal: int) -> None:
    """Tell the city that proposed something what became of it."""
    with run.unit_of_work() as db:
        row = proposals.find(db, proposal)
        sender, fate = int(row.author.partition(":")[2]), _fate(row)
    if _is_there(run.database, sender):
        with run.database.unit_of_work(sender, write=True, numbered=False) as db:
            _note(db.query(Correction).filter(Correction.proposal_id == proposal).one_or_none(), fate)
    with run.unit_of_work(write=True, numbered=False) as db:
        run.finish(db)


def _carried(db: Work, row: Correction) -> _Carried | None:
    theirs = upstream.taken_words(db, row.entry_id, row.language)
    if theirs is None:
        return None
    there = upstream.names_there(db, row.source_id)

    def as_there(words: Wording) -> Wording:
        return Wording(words.title, onboarding.rewritten(words.content, there, [row.language]))

    return _Carried(
        source_id=row.source_id,
        entry_id=row.source_entry_id,
        language=row.language,
        base=as_there(theirs),
        words=as_there(Wording(row.title, row.content)),
        message=row.message,
        author=Actor(CITY, str(db.tenant_id)),
    )


def _propose(database: Database, carried: _Carried) -> _Fate:
    if not _is_there(database, carried.source_id):
        return _Fate(LOST)
    try:
        with database.unit_of_work(carried.source_id, write=True) as db:
            known = _known(db, carried)
            return _fate(known) if known else _proposed(db, carried)
    except Problem:  # the page is gone, or its language: nothing that trying again would change
        return _Fate(LOST)


def _is_there(database: Database, tenant_id: int) -> bool:
    with database.unit_of_work(NO_TENANT) as db:
        return tenants.by_id(db, tenant_id) is not None


def _proposed(db: Work, carried: _Carried) -> _Fate:
    """What they have changed meanwhile stays where both fit; where they do not, an editor sees the difference."""
    text = content.find_text(db, carried.entry_id, carried.language)
    newest = content.version(db, text.current_version_id)
    ours = Wording(newest.title, newest.content) if newest else carried.base
    merging = content.merge(carried.base, ours, carried.words)
    wanted = carried.words if merging.open else merging.result({})
    if wanted.digest == ours.digest:
        return _Fate(ACCEPTED)  # they have found it themselves
    draft = Draft(
        language=carried.language,
        title=wanted.title,
        content=wanted.content,
        text_revision=text.revision,
        message=carried.message,
    )
    who = carried.author
    return _fate(proposals.propose(db, carried.entry_id, draft, appliers={}, from_elsewhere=True, actor=who))


def _known(db: Work, carried: _Carried) -> Proposal | None:
    """The same proposal, carried here before: the way back was interrupted."""
    for one in proposals.of_author(db, carried.author):
        about = (one.entry_id, one.language, one.message)
        if about == (carried.entry_id, carried.language, carried.message):
            return one
    return None


def _fate(proposal: Proposal) -> _Fate:
    return _Fate(_STATES.get(proposal.state, PROPOSED), proposal.id, proposal.answer)


def _note(row: Correction | None, fate: _Fate) -> None:
    if row is None:
        return
    row.state, row.proposal_id, row.answer = fate.state, fate.proposal_id, fate.answer
    row.answered_at = clock.now() if fate.state not in (SENT, PROPOSED) else None
