"""Who comes into a city's office: invitations, and what the city asks of those who work there."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate

from cityinfo.features import accounts, logins
from cityinfo.features.accounts import MembershipDraft
from cityinfo.kernel import i18n
from cityinfo.web.guard import guarded
from cityinfo.web.request import request_work

from .auth import unstored
from .manage.values import Flag, Identity
from .operations import Body, declared, section

blueprint = section("Admission", "Invite people, and say which roles need a second factor.")
REFUSALS = (401, 403, 404)


class InvitationSchema(Body):
    """Whom to invite, and what they will be able to do."""

    email = fields.String(required=True, validate=validate.Length(max=254), metadata={"format": "email"})
    name = fields.String(required=True, metadata={"example": "Nour Haddad"})
    language = fields.String(
        load_default=i18n.DEFAULT,
        validate=validate.OneOf(i18n.LANGUAGES),
        metadata={"description": "Of the letter and of the interface."},
    )
    role = fields.String(required=True, validate=validate.OneOf(accounts.ROLES))
    languages = fields.List(fields.String(), load_default=list, metadata={"description": "Empty: all."})
    subtree = fields.List(Identity(), load_default=list, metadata={"description": "Pages. Empty: everything."})
    organization = Identity(load_default=None, allow_none=True)
    may_publish = Flag(load_default=False, metadata={"description": "Whether a translator may publish."})
    expires_at = fields.AwareDateTime(load_default=None, allow_none=True)


class InvitedSchema(Body):
    """Who was invited."""

    account = fields.Integer(required=True, metadata={"description": "Identity of the person."})


class RolesSchema(Body):
    """Roles that need a second factor."""

    roles = fields.List(
        fields.String(validate=validate.OneOf(accounts.ROLES)), required=True, metadata={"example": ["manager"]}
    )


@declared(
    blueprint,
    "/manage/<tenant>/invitations",
    method="POST",
    answer=InvitedSchema,
    body=InvitationSchema,
    guard=guarded("people:manage"),
    also=(*REFUSALS, 409),
)
def invite_person(said: dict[str, Any], tenant: str) -> Response:  # noqa: ARG001 - part of the address
    """Give someone a role and send them a letter.

    The answer is the same whether they are known to other cities or not. Whoever never came gets another letter.
    """
    person = {name: said.pop(name) for name in ("email", "name", "language")}
    email = person.pop("email")
    with request_work(write=True) as (db, actor):
        account = logins.invite(db, email, **person, membership=MembershipDraft(**said), actor=actor)
    return unstored({"account": account.id})


@declared(
    blueprint,
    "/manage/<tenant>/second-factor",
    method="GET",
    answer=RolesSchema,
    guard=guarded("settings:read"),
    also=REFUSALS,
)
def get_second_factor_roles(tenant: str) -> Response:  # noqa: ARG001 - part of the address
    """Read which roles need a second factor in this city."""
    with request_work() as (db, _):
        return unstored({"roles": logins.roles_with_second_factor(db)})


@declared(
    blueprint,
    "/manage/<tenant>/second-factor",
    method="PUT",
    answer=RolesSchema,
    body=RolesSchema,
    guard=guarded("settings:manage"),
    also=REFUSALS,
)
def set_second_factor_roles(said: dict[str, Any], tenant: str) -> Response:  # noqa: ARG001 - part of the address
    """Let exactly these roles work in this city only with a second factor."""
    with request_work(write=True) as (db, actor):
        logins.require_second_factor(db, said["roles"], actor=actor)
        return unstored({"roles": logins.roles_with_second_factor(db)})
