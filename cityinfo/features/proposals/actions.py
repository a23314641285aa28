"""Proposing changes, and deciding about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from cityinfo.features import accounts, content
from cityinfo.features.content import Entry, TextDraft
from cityinfo.kernel import clock, html
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Forbidden, Invalid
from cityinfo.kernel.facts import SYSTEM, Actor, Change, tell
from cityinfo.kernel.jobs import enqueue

from . import facts, queries, rules
from .models import ACCEPTED, PROPOSED, RETURNED, WITHDRAWN, Proposal
from .rules import ApplyFacts

DECISION = "proposals.decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an entry should say. Without a `language` no words are proposed; `facts` name only what should differ.

    `text_revision` and `entry_revision` are those of the text and the entry the author was shown; a first text in a
    language starts from 0. `message` is for the editors.
    """

    language: str = ""
    title: str = ""
    content: str = ""
    text_revision: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    entry_revision: int = 0
    message: str = ""


def propose(
    db: Work,
    entry_id: int,
    draft: Draft,
    *,
    appliers: Mapping[str, ApplyFacts],
    from_elsewhere: bool = False,
    actor: Actor,
) -> Proposal:
    """Put a change before the editors. Only members of the organization the entry belongs to may; else `Forbidden`.
    `from_elsewhere` says that it comes from another city, which has a page that began with these words.

    Words can be proposed in every language of the city, facts for the kinds in `appliers`. What could not be accepted
    as it is, is refused here already.
    """
    entry = content.find_entry(db, entry_id)
    if not from_elsewhere and actor.rights is None and not queries.may_propose(db, entry, actor):
        raise Forbidden("proposal.not_a_member", "Only members of its organization can propose changes to this.")
    _check(entry, draft, appliers)
    proposal = _put(db, entry, draft, actor)
    db.add(proposal)
    _tell(db, facts.ChangeProposed, proposal, entry, actor)  # rights are asked before anything else is found out
    _try(db, proposal, entry, appliers)
    return proposal


def accept(
    db: Work,
    proposal_id: int,
    *,
    publish: bool = False,
    instead: Draft | None = None,
    appliers: Mapping[str, ApplyFacts],
    actor: Actor,
) -> None:
    """Let the entry say it: words as a new version, which `publish` shows to readers at once, facts at once.

    `Outdated` when the text or the entry was changed since the author saw it. `instead` is what an editor makes of it,
    with the revisions the editor was shown and a `message` for the author; its language is that of the proposal.
    """
    proposal = _waiting(db, proposal_id)
    entry = content.find_entry(db, proposal.entry_id)
    wanted = replace(instead, language=proposal.language) if instead else draft_of(proposal)
    _carry_out(db, entry, wanted, appliers, publish=publish, actor=actor)
    _decide(db, proposal, ACCEPTED, rules.check_message(instead.message) if instead else "", actor)
    _tell(db, facts.ProposalAccepted, proposal, entry, actor)
    _write_to_author(db, proposal, actor, is_edited=_words_and_facts(wanted) != _words_and_facts(draft_of(proposal)))


def return_to_author(db: Work, proposal_id: int, *, answer: str, actor: Actor) -> None:
    """Say why it cannot be taken over as it is."""
    proposal = _waiting(db, proposal_id)
    answer = rules.check_message(answer)
    if not answer:
        raise Invalid("proposal.answer", "Tell the author what to change.")
    _decide(db, proposal, RETURNED, answer, actor)
    _tell(db, facts.ProposalReturned, proposal, content.find_entry(db, proposal.entry_id), actor)
    _write_to_author(db, proposal, actor)


def withdraw(db: Work, proposal_id: int, *, actor: Actor) -> None:
    """The author takes it back; nobody else can."""
    proposal = _waiting(db, proposal_id)
    if proposal.author != str(actor):
        raise Forbidden("proposal.not_the_author", "Only its author can withdraw a proposal.")
    _decide(db, proposal, WITHDRAWN, "", actor)
    _tell(db, facts.ProposalWithdrawn, proposal, content.find_entry(db, proposal.entry_id), actor)


def draft_of(proposal: Proposal) -> Draft:
    """What the author wants the entry to say."""
    return Draft(**{one.name: getattr(proposal, one.name) for one in fields(Draft)})


def _put(db: Work, entry: Entry, draft: Draft, actor: Actor) -> Proposal:
    return Proposal(
        id=db.new_id(),
        entry_id=entry.id,
        language=draft.language,
        title=content.check_title(draft.title) if draft.language else "",
        content=html.sanitise(draft.content),
        text_revision=draft.text_revision,
        facts=dict(draft.facts),
        entry_revision=draft.entry_revision,
        message=rules.check_message(draft.message),
        author=str(actor),
        created_at=clock.now(),
        state=PROPOSED,
        answer="",
        decided_by="",
    )


def _check(entry: Entry, draft: Draft, appliers: Mapping[str, ApplyFacts]) -> None:
    rules.check_says_something(words=bool(draft.language), facts=draft.facts)
    if draft.facts and entry.kind not in appliers:
        raise Invalid("proposal.facts", "Of such an entry only words can be proposed; say the rest in your message.")


def _try(db: Work, proposal: Proposal, entry: Entry, appliers: Mapping[str, ApplyFacts]) -> None:
    """Carry it out and take it back: whatever its kind refuses is refused now, in the words of that kind."""
    told = list(db.told)
    tried = db.begin_nested()
    try:
        _carry_out(db, entry, draft_of(proposal), appliers, publish=False, actor=SYSTEM)
    finally:
        tried.rollback()
        db.told = told


def _carry_out(
    db: Work, entry: Entry, wanted: Draft, appliers: Mapping[str, ApplyFacts], *, publish: bool, actor: Actor
) -> None:
    if wanted.language:
        _save_words(db, entry.id, wanted, publish=publish, actor=actor)
    if wanted.facts:
        appliers[entry.kind](db, entry.id, wanted.facts, revision=wanted.entry_revision, actor=actor)


def _save_words(db: Work, entry_id: int, wanted: Draft, *, publish: bool, actor: Actor) -> None:
    draft = TextDraft(title=wanted.title, content=wanted.content, revision=wanted.text_revision)
    content.save_text(db, entry_id, wanted.language, draft, actor=actor)
    if publish:
        text = content.find_text(db, entry_id, wanted.language)
        content.publish_text(db, entry_id, wanted.language, revision=text.revision, actor=actor)


def _waiting(db: Work, proposal_id: int) -> Proposal:
    proposal = queries.find(db, proposal_id)
    rules.check_waiting(proposal)
    return proposal


def _decide(db: Work, proposal: Proposal, state: str, answer: str, actor: Actor) -> None:
    proposal.state, proposal.answer = state, answer
    proposal.decided_by, proposal.decided_at = str(actor), clock.now()
    db.flush()


def _write_to_author(db: Work, proposal: Proposal, actor: Actor, *, is_edited: bool = False) -> None:
    """Promise a letter to the person who proposed it, unless they have decided it themselves."""
    if proposal.author != str(actor) and proposal.author.startswith(f"{accounts.PERSON}:"):
        enqueue(db, DECISION, proposal=proposal.id, edited=int(is_edited))


def _words_and_facts(draft: Draft) -> tuple[object, ...]:
    words = (content.check_title(draft.title), html.sanitise(draft.content)) if draft.language else ()
    return *words, dict(draft.facts)


def _tell(db: Work, fact: Callable[..., Change], proposal: Proposal, entry: Entry, actor: Actor) -> None:
    """A decision is the only change a proposal sees, so what it was before is what it is now without one."""
    db.flush()
    decided = (proposal.state, proposal.answer, proposal.decided_by, proposal.decided_at)
    undecided = (PROPOSED, "", "", None)
    said = (proposal.id, proposal.title, proposal.content, proposal.facts, proposal.message)
    before = digest(*said, *undecided) if decided != undecided else ""
    about = {"kind": entry.kind, "entry_id": entry.id, "language": proposal.language, "proposal_id": proposal.id}
    tell(db, fact(actor=actor, before=before, after=digest(*said, *decided), **about))
