"""Proposals: members of organizations say what their records should say, editors decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from marshmallow import fields, validate

from cityinfo.api.v1.operations import Body
from cityinfo.features import content, proposals
from cityinfo.features.proposals import Draft, Proposal

from .editing import Editing, Outcome, editing, record, section
from .entries import HERE
from .lists import whole_list
from .values import Flag, Identity, Line, Sent, Whole

blueprint = section("Editing: proposals", "What members of organizations would like their records to say.")
ONE = f"{HERE}/proposals/<int:proposal_id>"
PROPOSABLE = [f"{kind}:propose" for kind in ("event", "offer", "location", "contact", "organization")]
FACTS = (
    *("id", "entry_id", "language", "title", "content", "text_revision", "facts", "entry_revision", "message"),
    *("author", "created_at", "state", "answer", "decided_by", "decided_at"),
)


class ProposalDraftSchema(Sent):
    """What a record should say: words in a language, facts that should differ, or both."""

    entry_id = Identity(required=True)
    language = Line(20, load_default="", metadata={"description": "Empty when no words are proposed.", "example": "de"})
    title = Line(content.MOST_TITLE, load_default="")
    content = Line(content.MOST_CONTENT, load_default="")
    text_revision = Whole(0, 2**31, load_default=0, metadata={"description": "Of the text you were shown."})
    facts = fields.Dict(keys=fields.String(), load_default=dict, metadata={"example": {"link": "https://example.org"}})
    entry_revision = Whole(0, 2**31, load_default=0, metadata={"description": "Of the record you were shown."})
    message = Line(2_000, load_default="", metadata={"description": "For the editors."})


class AcceptanceSchema(Sent):
    """How a proposal is taken over."""

    publish = Flag(load_default=False, metadata={"description": "Show the words to readers at once."})


class RefusalSchema(Sent):
    """Why a proposal cannot be taken over as it is."""

    answer = fields.String(required=True, validate=validate.Length(min=1, max=2_000), metadata={"example": "Zu lang."})


class ProposalSchema(Body):
    """A proposal and what became of it."""

    id = fields.Integer(required=True)
    entry_id = fields.Integer(required=True)
    language = fields.String(required=True)
    title = fields.String(required=True)
    content = fields.String(required=True)
    text_revision = fields.Integer(required=True)
    facts = fields.Dict(required=True)
    entry_revision = fields.Integer(required=True)
    message = fields.String(required=True)
    author = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    state = fields.String(required=True, metadata={"description": "`proposed`, `accepted`, `returned` or `withdrawn`."})
    answer = fields.String(required=True)
    decided_by = fields.String(required=True)
    decided_at = fields.DateTime(required=True, allow_none=True)


ProposalList = whole_list(ProposalSchema, "ProposalList")


@editing(blueprint, f"{HERE}/proposals", needs=["proposal:read"], answer=ProposalList)
def list_proposals(editor: Editing) -> Outcome:
    """List what nobody has decided yet, oldest first."""
    return Outcome({"items": [_written(one) for one in proposals.waiting(editor.db)]})


@editing(blueprint, f"{HERE}/proposals/mine", needs=PROPOSABLE, answer=ProposalList)
def list_my_proposals(editor: Editing) -> Outcome:
    """List what you have proposed, newest first."""
    return Outcome({"items": [_written(one) for one in proposals.of_author(editor.db, editor.actor)]})


@editing(
    blueprint,
    f"{HERE}/proposals",
    method="POST",
    needs=PROPOSABLE,
    body=ProposalDraftSchema,
    answer=ProposalSchema,
    status=201,
)
def propose_change(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Propose what a record of your organization should say."""
    wanted = dict(body)
    entry_id = wanted.pop("entry_id")
    made = proposals.propose(editor.db, entry_id, Draft(**wanted), appliers=_appliers(), actor=editor.actor)
    location = f"/api/v1/manage/{editor.tenant}/proposals/{made.id}"
    return record(_written(made), status=201, location=location)


@editing(blueprint, ONE, needs=["proposal:read", *PROPOSABLE], answer=ProposalSchema)
def get_proposal(editor: Editing, proposal_id: int) -> Outcome:
    """Read a proposal: one of your own, or any for those who decide."""
    found = proposals.find(editor.db, proposal_id)
    if found.author != str(editor.actor):
        editor.check("read", "proposal", entry_id=proposal_id)
    return record(_written(found))


def _step(needs: list[str], rule: str, *, name: str, body: type[Sent] | None = None) -> Any:
    return editing(
        blueprint,
        f"{ONE}/{rule}",
        method="POST",
        needs=needs,
        body=body,
        answer=ProposalSchema,
        if_match=True,
        name=name,
    )


@_step(["proposal:manage"], "accept", name="acceptProposal", body=AcceptanceSchema)
def accept(editor: Editing, body: Mapping[str, Any], proposal_id: int) -> Outcome:
    """Let the record say it."""
    _compare(editor, proposal_id)
    proposals.accept(editor.db, proposal_id, publish=body["publish"], appliers=_appliers(), actor=editor.actor)
    return record(_written(proposals.find(editor.db, proposal_id)))


@_step(["proposal:manage"], "return", name="returnProposal", body=RefusalSchema)
def return_to_author(editor: Editing, body: Mapping[str, Any], proposal_id: int) -> Outcome:
    """Say why it cannot be taken over as it is."""
    _compare(editor, proposal_id)
    proposals.return_to_author(editor.db, proposal_id, answer=body["answer"], actor=editor.actor)
    return record(_written(proposals.find(editor.db, proposal_id)))


@_step(PROPOSABLE, "withdraw", name="withdrawProposal")
def withdraw(editor: Editing, proposal_id: int) -> Outcome:
    """Take your own proposal back."""
    if proposals.find(editor.db, proposal_id).author == str(editor.actor):
        _compare(editor, proposal_id)
    proposals.withdraw(editor.db, proposal_id, actor=editor.actor)
    return record(_written(proposals.find(editor.db, proposal_id)))


def _compare(editor: Editing, proposal_id: int) -> None:
    editor.compare(_written(proposals.find(editor.db, proposal_id)))


def _appliers() -> Mapping[str, proposals.ApplyFacts]:
    appliers: Mapping[str, proposals.ApplyFacts] = current_app.extensions["apply_facts"]
    return appliers


def _written(row: Proposal) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS}
