"""The inbox of proposals, one of them as a difference, and the decision about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.entries.words import as_html, as_text
from cityinfo.cms.layout import Form, blueprint, city_zone, go, notice, render, screen
from cityinfo.cms.words import author_name, kind_names
from cityinfo.features import content, proposals, tenants
from cityinfo.features.content import Entry
from cityinfo.features.proposals import ACCEPTED, PROPOSED, RETURNED, WITHDRAWN, Draft, Listed, Proposal
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, Outdated, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded
from cityinfo.web.problems import status_of
from cityinfo.web.request import rights_of

from .authors import is_city, names
from .differences import Compared, compare, facts_now, flat, nested, typed_facts
from .fields import fields_of
from .rows import rows
from .words import signs, states

SHOWN = 50  # proposals on one sheet
OPEN, DECIDED = "open", "decided"
DECIDED_STATES = (ACCEPTED, RETURNED, WITHDRAWN)
EVERY_STATE = (PROPOSED, *DECIDED_STATES)
HERE = "/<tenant>/proposals/<int:proposal_id>"
PROPOSE = tuple(f"{kind}:propose" for kind in proposals.KINDS)
FIELDS = {"text.title": "title", "proposal.answer": "answer", "proposal.message": "answer"}


@blueprint.get("/<tenant>/proposals")
@guarded("proposal:read")
def list_proposals(tenant: str) -> AnyResponse:
    """What waits for a decision, the longest first; or what was decided (`show`), the newest first."""
    show = DECIDED if request.args.get("show") == DECIDED else OPEN
    with screen() as (db, _actor):
        found = _found(db, show, beyond=request.args.get("after", 0, type=int))
        number = proposals.count(db)
        counts = {OPEN: number.get(PROPOSED, 0), DECIDED: sum(number.get(one, 0) for one in DECIDED_STATES)}
        return _list(db, found, show=show, counts=counts, names={OPEN: _("Open"), DECIDED: _("Decided")})


@blueprint.get("/<tenant>/proposals/mine")
@guarded(*PROPOSE)
def list_my_proposals(tenant: str) -> AnyResponse:
    """What the person at the screen has proposed and what became of it, the newest first."""
    with screen() as (db, actor):
        beyond = request.args.get("after", 0, type=int)
        found = proposals.listed(db, states=EVERY_STATE, author=str(actor), beyond=beyond, most=SHOWN + 1)
        return _list(db, found, show="", counts={}, names={})


@blueprint.get(HERE)
@guarded("proposal:read", *PROPOSE)
def show_proposal(tenant: str, proposal_id: int) -> AnyResponse:
    """One proposal beside what it is about: for those who decide, and for its author."""
    with screen() as (db, actor):
        return _show(db, proposal_id, actor=actor)


@blueprint.post(f"{HERE}/accept")
@guarded("proposal:manage")
def accept_proposal(tenant: str, proposal_id: int) -> AnyResponse:
    """Let the record say it, as it was proposed or as an editor put it (`edited`); words can be published at once."""
    publish = "publish" in request.form
    try:
        with screen(write=True) as (db, actor):
            proposal = proposals.find(db, proposal_id)
            has_words, appliers = bool(proposal.language), current_app.extensions["apply_facts"]
            wanted = _instead(db, proposal)
            proposals.accept(db, proposal_id, publish=publish, instead=wanted, appliers=appliers, actor=actor)
    except (Conflict, Invalid) as problem:
        return _again(proposal_id, problem)
    notice(_("Accepted."), _("Readers do not see the words yet.") if has_words and not publish else "")
    return _go_on(tenant)


@blueprint.post(f"{HERE}/return")
@guarded("proposal:manage")
def return_proposal(tenant: str, proposal_id: int) -> AnyResponse:
    """Give it back to its author with a sentence on what to change."""
    try:
        with screen(write=True) as (db, actor):
            answer, author = request.form.get("answer", ""), proposals.find(db, proposal_id).author
            proposals.return_to_author(db, proposal_id, answer=answer, actor=actor)
    except (Conflict, Invalid) as problem:
        return _again(proposal_id, problem)
    read = _("The author reads your answer beside the proposal and gets a letter.")
    notice(_("Returned."), _("The other city reads your answer.") if is_city(author) else read)
    return _go_on(tenant)


@blueprint.post(f"{HERE}/withdraw")
@guarded(*PROPOSE)
def withdraw_proposal(tenant: str, proposal_id: int) -> AnyResponse:
    """The author takes it back."""
    try:
        with screen(write=True) as (db, actor):
            proposals.withdraw(db, proposal_id, actor=actor)
    except Conflict as problem:
        notice(sentences.said(problem), kind="warning")
    else:
        notice(_("Taken back."))
    return go("list_my_proposals", tenant=tenant)


def _found(db: Work, show: str, *, beyond: int = 0) -> list[Listed]:
    """A sheet of the inbox, and one more when there are further ones."""
    wanted = (PROPOSED,) if show == OPEN else DECIDED_STATES
    return proposals.listed(db, states=wanted, newest=show == DECIDED, beyond=beyond, most=SHOWN + 1)


def _list(
    db: Work, found: Sequence[Listed], *, show: str, counts: Mapping[str, int], names: Mapping[str, str]
) -> AnyResponse:
    return render(
        "proposals/list.html",
        rows=rows(db, found[:SHOWN]),
        following=found[SHOWN - 1].proposal.id if len(found) > SHOWN else None,
        show=show,
        counts=counts,
        sheets=names,
        **_around(db),
    )


def _show(
    db: Work, proposal_id: int, *, actor: Actor, form: Form | None = None, status: int = 200, problem: str = ""
) -> AnyResponse:
    proposal = proposals.find(db, proposal_id)
    is_mine = proposal.author == str(actor)
    if not is_mine:
        rights_of(actor).check("read", "proposal", entry_id=proposal.entry_id, language="")
    found = compare(db, proposal)
    beside, called = _beside(db, is_mine=is_mine, actor=actor), names(db, [proposal.author])
    return render(
        "proposals/show.html",
        status=status,
        one=found,
        proposal=proposal,
        rows=rows(db, beside),
        form=_form(found, form),
        is_edited=bool(form and "edited" in form.values),
        problem=problem,
        is_mine=is_mine,
        may_decide=actor.may("manage", "proposal", entry_id=proposal.entry_id, language=proposal.language),
        may_publish=actor.may("publish", found.entry.kind, entry_id=proposal.entry_id, language=proposal.language),
        author=author_name(proposal.author, called),
        decided_by=author_name(proposal.decided_by, called),
        is_of_city=is_city(proposal.author),
        **_around(db),
    )


def _beside(db: Work, *, is_mine: bool, actor: Actor) -> list[Listed]:
    """The list that stands beside one proposal: for its author all of their own, else what waits."""
    if is_mine:
        return proposals.listed(db, states=EVERY_STATE, author=str(actor), most=SHOWN)
    return _found(db, OPEN)[:SHOWN]


def _form(found: Compared, form: Form | None) -> Form:
    """What can be edited before accepting: as it was proposed, or as it was typed."""
    proposed = {"title": found.proposal.title, "content": as_text(found.proposal.content), **found.values}
    return replace(form, values={**proposed, **form.values}) if form else Form(proposed)


def _again(proposal_id: int, problem: Problem) -> AnyResponse:
    """The same screen with what was typed and why it was refused; after another save, with the differences as they
    are now."""
    form = Form(request.form.to_dict()).refuse(problem, FIELDS)
    if isinstance(problem, Outdated):
        form.problem = _("Not accepted yet: someone changed the record meanwhile. Look at the differences again.")
    with screen() as (db, actor):
        return _show(db, proposal_id, actor=actor, form=form, status=status_of(problem))


def _instead(db: Work, proposal: Proposal) -> Draft:
    """What is accepted: with the revisions that were on the screen, and the words and facts that were typed there."""
    typed = request.form
    draft = replace(
        proposals.draft_of(proposal),
        message=typed.get("comment", ""),
        text_revision=typed.get("text_revision", 0, type=int),
        entry_revision=typed.get("entry_revision", 0, type=int),
    )
    if "edited" not in typed:
        return draft
    facts = _facts_typed(db, content.find_entry(db, proposal.entry_id), proposal)
    return replace(draft, title=typed.get("title", ""), content=as_html(typed.get("content", "")), facts=facts)


def _facts_typed(db: Work, entry: Entry, proposal: Proposal) -> dict[str, Any]:
    """What was proposed of facts that cannot be typed, and what was typed of all others."""
    wanted = flat(proposal.facts)
    fields = [one for one in fields_of(entry.kind) if one.name in wanted and one.can_be_typed]
    typed = typed_facts(fields, facts_now(db, entry), request.form, city_zone())
    known = {one.name for one in fields}
    return nested({**{name: value for name, value in wanted.items() if name not in known}, **typed})


def _go_on(tenant: str) -> AnyResponse:
    """To what has waited longest, or to the list when nothing waits any more."""
    with screen() as (db, _actor):
        rest = proposals.listed(db, states=(PROPOSED,), newest=False, most=1)
        following = rest[0].proposal.id if rest else None
    if following is None:
        return go("list_proposals", tenant=tenant)
    return go("show_proposal", tenant=tenant, proposal_id=following)


def _around(db: Work) -> dict[str, Any]:
    return {"kinds": kind_names(), "states": states(), "signs": signs(), "languages": tenants.languages(db)}
