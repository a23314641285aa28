"""API tokens: machines that work in the city."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.v1.operations import Body
from cityinfo.features import accounts, tokens
from cityinfo.features.tokens import ApiToken, TokenDraft

from .editing import Editing, Outcome, editing, record, section
from .entries import HERE
from .lists import whole_list
from .values import Flag, Identity, Line, Moment, Sent, Whole

blueprint = section("Editing: tokens", "Machines that work in the city, each with no more rights than it was given.")
ONE = f"{HERE}/tokens/<int:token_id>"
FACTS = (
    *("id", "name", "scopes", "kinds", "subtree", "reviewed", "per_minute", "created_by", "created_at", "expires_at"),
    "revoked_at",
)


class TokenDraftSchema(Sent):
    """What a token shall be."""

    name = fields.String(
        required=True, validate=validate.Length(min=1, max=100), metadata={"example": "Veranstaltungen"}
    )
    scopes = fields.List(
        Line(60, metadata={"enum": sorted(accounts.FOR_TOKENS)}),
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "Permissions; none that you have not yourself.", "example": ["event:read"]},
    )
    expires_at = Moment(required=True, metadata={"example": "2027-03-31T12:00:00+02:00"})
    kinds = fields.List(Line(30), load_default=tuple, metadata={"description": "Only entries of these; empty: all."})
    subtree = fields.List(Identity(), load_default=tuple, metadata={"description": "Only these pages and those below."})
    reviewed = Flag(load_default=False, metadata={"description": "What it publishes goes to review."})
    per_minute = Whole(1, tokens.MOST_PER_MINUTE, load_default=120, metadata={"description": "Requests, at most."})


class TokenSchema(Body):
    """A token, without its secret."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    kinds = fields.List(fields.String(), required=True)
    subtree = fields.List(fields.Integer(), required=True)
    reviewed = fields.Boolean(required=True)
    per_minute = fields.Integer(required=True)
    created_by = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True)
    revoked_at = fields.DateTime(required=True, allow_none=True)


class NewTokenSchema(TokenSchema):
    """A new token, with what proves it."""

    secret = fields.String(required=True, metadata={"description": "Keep it: it is told only once."})


@editing(blueprint, f"{HERE}/tokens", needs=["tokens:read"], answer=whole_list(TokenSchema, "TokenList"))
def list_tokens(editor: Editing) -> Outcome:
    """List the city's tokens, ended ones included."""
    return Outcome({"items": [_written(one) for one in tokens.tokens(editor.db)]})


@editing(
    blueprint,
    f"{HERE}/tokens",
    method="POST",
    needs=["tokens:manage"],
    body=TokenDraftSchema,
    answer=NewTokenSchema,
    status=201,
    keyed=False,
)
def create_token(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Give a machine a token. Its secret is told only here, so no answer is kept: a retry makes another one."""
    token, secret = tokens.create(editor.db, TokenDraft(**body), actor=editor.actor)
    location = f"/api/v1/manage/{editor.tenant}/tokens/{token.id}"
    outcome = record(_written(token), status=201, location=location)
    return Outcome({**_written(token), "secret": secret}, outcome.tag, 201, location)


@editing(blueprint, ONE, needs=["tokens:read"], answer=TokenSchema)
def get_token(editor: Editing, token_id: int) -> Outcome:
    """Read what a token may do."""
    return record(_written(tokens.find(editor.db, token_id)))


@editing(blueprint, ONE, method="DELETE", needs=["tokens:manage"], answer=None, status=204, if_match=True)
def revoke_token(editor: Editing, token_id: int) -> Outcome:
    """Let a token be worth nothing from now on."""
    editor.compare(_written(tokens.find(editor.db, token_id)))
    tokens.revoke(editor.db, token_id, actor=editor.actor)
    return Outcome()


def _written(token: ApiToken) -> dict[str, Any]:
    return {name: getattr(token, name) for name in FACTS}
