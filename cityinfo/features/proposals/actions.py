"""Proposing changes, and deciding about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cityinfo.features import content
from cityinfo.features.content import Entry, TextDraft
from cityinfo.kernel import clock, html
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Forbidden, Invalid, Outdated
from cityinfo.kernel.facts import Actor, Change, tell

from . import facts, queries, rules
from .models import ACCEPTED, PROPOSED, RETURNED, WITHDRAWN, Proposal
from .rules import ApplyFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an entry should say. Without a `language` no words are proposed; `facts` name only what should differ.

    `text_revision` and `entry_revision` are those of the text and the entry the author was shown. `message` is for the
    editors.
    """

    language: str = ""
    title: str = ""
    content: str = ""
    text_revision: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    entry_revision: int = 0
    message: str = ""


def propose(db: Work, entry_id: int, draft: Draft, *, appliers: Mapping[str, ApplyFacts], actor: Actor) -> Proposal:
    """Put a change before the editors. Only members of the organization the entry belongs to may; else `Forbidden`.

    Words can be proposed for every text there is, facts for the kinds in `appliers`.
    """
    entry = content.find_entry(db, entry_id)
    if actor.rights is None and not queries.may_propose(db, entry, actor):  # rights are asked when it is told
        raise Forbidden("proposal.not_a_member", "Only members of its organization can propose changes to this.")
    _check(db, entry, draft, appliers)
    proposal = Proposal(
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
    db.add(proposal)
    _tell(db, facts.ChangeProposed, proposal, entry, actor)
    return proposal


def accept(
    db: Work, proposal_id: int, *, publish: bool = False, appliers: Mapping[str, ApplyFacts], actor: Actor
) -> None:
    """Let the entry say it: words as a new version, which `publish` shows to readers at once, facts at once.

    `Outdated` when the text or the entry was changed since the author saw it.
    """
    proposal = _waiting(db, proposal_id)
    entry = content.find_entry(db, proposal.entry_id)
    if proposal.language:
        _save_words(db, proposal, publish=publish, actor=actor)
    if proposal.facts:
        appliers[entry.kind](db, entry.id, proposal.facts, revision=proposal.entry_revision, actor=actor)
    _decide(db, proposal, ACCEPTED, "", actor)
    _tell(db, facts.ProposalAccepted, proposal, entry, actor)


def return_to_author(db: Work, proposal_id: int, *, answer: str, actor: Actor) -> None:
    """Say why it cannot be taken over as it is."""
    proposal = _waiting(db, proposal_id)
    answer = rules.check_message(answer)
    if not answer:
        raise Invalid("proposal.answer", "Tell the author what to change.")
    _decide(db, proposal, RETURNED, answer, actor)
    _tell(db, facts.ProposalReturned, proposal, content.find_entry(db, proposal.entry_id), actor, after=answer)


def withdraw(db: Work, proposal_id: int, *, actor: Actor) -> None:
    """The author takes it back; nobody else can."""
    proposal = _waiting(db, proposal_id)
    if proposal.author != str(actor):
        raise Forbidden("proposal.not_the_author", "Only its author can withdraw a proposal.")
    _decide(db, proposal, WITHDRAWN, "", actor)
    _tell(db, facts.ProposalWithdrawn, proposal, content.find_entry(db, proposal.entry_id), actor)


def _check(db: Work, entry: Entry, draft: Draft, appliers: Mapping[str, ApplyFacts]) -> None:
    rules.check_says_something(words=bool(draft.language), facts=draft.facts)
    if draft.language and content.find_text(db, entry.id, draft.language).revision != draft.text_revision:
        raise Outdated("text.conflict", "Someone else saved this text in between; look at it again.")
    if not draft.facts:
        return
    if entry.kind not in appliers:
        raise Invalid("proposal.facts", f"For this kind ({entry.kind}) only words can be proposed; write a message.")
    content.check_entry_revision(entry, draft.entry_revision)


def _save_words(db: Work, proposal: Proposal, *, publish: bool, actor: Actor) -> None:
    draft = TextDraft(title=proposal.title, content=proposal.content, revision=proposal.text_revision)
    content.save_text(db, proposal.entry_id, proposal.language, draft, actor=actor)
    if publish:
        text = content.find_text(db, proposal.entry_id, proposal.language)
        content.publish_text(db, proposal.entry_id, proposal.language, revision=text.revision, actor=actor)


def _waiting(db: Work, proposal_id: int) -> Proposal:
    proposal = queries.find(db, proposal_id)
    rules.check_waiting(proposal)
    return proposal


def _decide(db: Work, proposal: Proposal, state: str, answer: str, actor: Actor) -> None:
    proposal.state, proposal.answer = state, answer
    proposal.decided_by, proposal.decided_at = str(actor), clock.now()
    db.flush()


def _tell(
    db: Work, fact: Callable[..., Change], proposal: Proposal, entry: Entry, actor: Actor, *, after: str = ""
) -> None:
    db.flush()
    tell(db, fact(actor=actor, kind=entry.kind, entry_id=entry.id, language=proposal.language, after=after))
