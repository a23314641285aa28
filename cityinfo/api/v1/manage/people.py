"""People and their roles in the city."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from marshmallow import fields, validate

from cityinfo.api.http import MOST_IDENTITY
from cityinfo.api.v1.operations import Body, Query
from cityinfo.features import accounts, content
from cityinfo.features.accounts import Account, Membership, MembershipDraft
from cityinfo.kernel.errors import NotFound

from .editing import Editing, Outcome, editing, record, section
from .entries import HERE
from .lists import whole_list
from .values import Choice, Flag, Identity, Line, Moment, Sent

blueprint = section("Editing: people", "Who works in the city, in which role and how far it reaches.")
ONE = f"{HERE}/people/<int:membership_id>"
REACH = ("role", "languages", "subtree", "may_publish", "expires_at")


class ReachSchema(Sent):
    """A role and how far it reaches."""

    role = Choice(*accounts.ROLES, required=True)
    languages = fields.List(
        fields.String(validate=validate.Length(min=1, max=20)),
        load_default=tuple,
        metadata={"description": "Empty: all.", "example": ["en"]},
    )
    subtree = fields.List(
        Identity(), load_default=tuple, metadata={"description": "Pages, with all below them; empty: all."}
    )
    organization = Identity(load_default=None, allow_none=True, metadata={"description": "Of a contributor."})
    may_publish = Flag(load_default=False, metadata={"description": "Whether a translator publishes translations."})
    expires_at = Moment(load_default=None, allow_none=True, metadata={"example": "2027-12-31T23:59:00+01:00"})


class GrantSchema(ReachSchema):
    """Who gets a role."""

    email = fields.String(
        required=True, validate=validate.Length(min=3, max=254), metadata={"example": "amal@example.org"}
    )


class MemberSchema(Body):
    """Someone with one of their roles."""

    id = fields.Integer(required=True, metadata={"description": "Of the membership."})
    account_id = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    active = fields.Boolean(required=True, metadata={"description": "Whether they can log in."})
    role = fields.String(required=True, metadata={"example": "editor"})
    languages = fields.List(fields.String(), required=True)
    subtree = fields.List(fields.Integer(), required=True)
    organization = fields.Integer(required=True, allow_none=True)
    may_publish = fields.Boolean(required=True)
    expires_at = fields.DateTime(required=True, allow_none=True)


class WhyFilter(Query):
    """What is asked about whom."""

    account_id = fields.Integer(
        required=True,
        validate=validate.Range(1, MOST_IDENTITY),
        metadata={"description": "As in the list of people."},
    )
    permission = Line(60, required=True, metadata={"enum": sorted(accounts.PERMISSIONS), "example": "page:publish"})
    entry_id = fields.Integer(
        load_default=0, validate=validate.Range(0, MOST_IDENTITY), metadata={"description": "To this entry; 0: to any."}
    )
    language = Line(20, load_default="", metadata={"description": "In this language.", "example": "de"})


class WhySchema(Body):
    """Part of an explanation."""

    code = fields.String(required=True, metadata={"example": "allowed"})
    sentence = fields.String(
        required=True, metadata={"example": "Amal may do this as editor, which includes page:publish."}
    )


class ExplanationSchema(Body):
    """Whether someone may do something, and why."""

    allowed = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(WhySchema), required=True)


@editing(blueprint, f"{HERE}/people", needs=["people:read"], answer=whole_list(MemberSchema, "MemberList"))
def list_people(editor: Editing) -> Outcome:
    """List everyone who has a role in the city, by name."""
    return Outcome({"items": [_written(one.account, one.membership) for one in accounts.people(editor.db)]})


@editing(
    blueprint,
    f"{HERE}/people",
    method="POST",
    needs=["people:manage"],
    body=GrantSchema,
    answer=MemberSchema,
    status=201,
)
def grant_role(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Give someone who has an account a role in the city."""
    wanted = dict(body)
    account = accounts.account_of(editor.db, wanted.pop("email"))
    if account is None:
        raise NotFound("account.unknown", "Nobody with this e-mail address has an account here; invite them first.")
    made = accounts.grant_membership(editor.db, account.id, MembershipDraft(**wanted), actor=editor.actor)
    location = f"/api/v1/manage/{editor.tenant}/people/{made.id}"
    return record(_written(account, made), status=201, location=location)


@editing(blueprint, ONE, needs=["people:read"], answer=MemberSchema)
def get_member(editor: Editing, membership_id: int) -> Outcome:
    """Read one role of someone."""
    return record(_now(editor, membership_id))


@editing(blueprint, ONE, method="PUT", needs=["people:manage"], body=ReachSchema, answer=MemberSchema, if_match=True)
def change_role(editor: Editing, body: Mapping[str, Any], membership_id: int) -> Outcome:
    """Let a role be another one, or reach elsewhere. It holds from the next request on."""
    editor.compare(_now(editor, membership_id), body)
    accounts.change_membership(editor.db, membership_id, MembershipDraft(**body), actor=editor.actor)
    return record(_now(editor, membership_id))


@editing(blueprint, ONE, method="DELETE", needs=["people:manage"], answer=None, status=204, if_match=True)
def revoke_role(editor: Editing, membership_id: int) -> Outcome:
    """Take a role from someone. The city's last manager keeps it."""
    editor.compare(_now(editor, membership_id))
    accounts.revoke_membership(editor.db, membership_id, actor=editor.actor)
    return Outcome()


@editing(blueprint, f"{HERE}/people/why", needs=["people:read"], answer=ExplanationSchema, query=WhyFilter)
def explain_rights(editor: Editing, query: Mapping[str, Any]) -> Outcome:
    """Say why someone may, or may not, do something. The answer comes from the rules that decide it."""
    about = {name: query[name] for name in ("entry_id", "language")}
    if query["entry_id"]:
        content.find_entry(editor.db, query["entry_id"], query["permission"].partition(":")[0])
    places = current_app.extensions["places"]
    told = accounts.explain(editor.db, query["account_id"], query["permission"], **about, places=places)
    reasons = [{"code": one.code, "sentence": one.sentence} for one in told.reasons]
    return Outcome({"allowed": told.allowed, "reasons": reasons})


def _now(editor: Editing, membership_id: int) -> dict[str, Any]:
    row = accounts.membership(editor.db, membership_id)
    return _written(accounts.account(editor.db, row.account_id), row)


def _written(account: Account, row: Membership) -> dict[str, Any]:
    return {
        "id": row.id,
        "account_id": account.id,
        **{name: getattr(account, name) for name in ("name", "email", "active")},
        **{name: getattr(row, name) for name in REACH},
        "organization": row.organization_id,
    }
