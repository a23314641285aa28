"""Logging in, going on with a login, logging out, and asking what one may do where."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from flask import Response, current_app
from marshmallow import ValidationError, fields, validate, validates_schema

from cityinfo.api.http import json_bytes
from cityinfo.api.posting import limit_size
from cityinfo.features import accounts, logins, tenants
from cityinfo.features.accounts import Membership
from cityinfo.features.logins import Entrance, LoginSession
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.i18n import say
from cityinfo.web import identity
from cityinfo.web.guard import guarded, signed_in
from cityinfo.web.limits import limit_logins
from cityinfo.web.request import account_work
from cityinfo.web.visitors import visitor

from .operations import Body, declared, section

for_staff = guarded("platform:manage")
blueprint = section("Logging in", "Tokens for the editing API: short access tokens, and one to renew them with.")
blueprint.before_request(limit_logins)
blueprint.before_request(limit_size)


_DEVICE = fields.String(
    load_default="",
    validate=validate.Length(max=500),
    metadata={"description": "`device_token` of an earlier login here: attacks from elsewhere do not slow it down."},
)


class NewPassword(fields.String):
    """A password that someone chooses. What else is asked of it, its own sentence says."""

    def __init__(self, **options: Any) -> None:
        described = {"format": "password", "minLength": logins.passwords.LEAST}
        super().__init__(validate=validate.Length(max=logins.passwords.MOST), metadata=described, **options)


class VisitorSchema(Body):
    """Someone who wants to come in."""

    device_token = _DEVICE


class LoginSchema(VisitorSchema):
    """Who someone says to be, and the proof."""

    email = fields.String(required=True, validate=validate.Length(max=254), metadata={"example": "amal@stadt.example"})
    password = fields.String(required=True, validate=validate.Length(max=200), metadata={"format": "password"})


class SecondFactorSchema(VisitorSchema):
    """What a login asks for when its problem has the code `second_factor.required`."""

    challenge = fields.String(
        required=True, validate=validate.Length(max=1000), metadata={"description": "`data.challenge` of the problem."}
    )
    totp = fields.String(validate=validate.Length(max=20), metadata={"example": "123456"})
    recovery_code = fields.String(validate=validate.Length(max=50), metadata={"example": "k7m2q-xw9ab-tt4hc"})
    passkey = fields.Dict(
        metadata={"description": "What `navigator.credentials.get` gave for `data.passkey`, by `toJSON()`."}
    )

    rule: ClassVar = {"oneOf": [{"required": [method]} for method in logins.factors.METHODS]}

    @validates_schema
    def _one_proof(self, data: dict[str, Any], **_: object) -> None:
        if sum(name in data for name in logins.factors.METHODS) != 1:
            raise ValidationError(say("Send one of: {choices}.", choices=", ".join(logins.factors.METHODS)))


class QuestionSchema(Body):
    """What a browser is asked, within five minutes."""

    challenge = fields.String(required=True, metadata={"description": "Send it back with the answer."})
    options = fields.Dict(
        required=True,
        metadata={"description": "For `navigator.credentials`, by `PublicKeyCredential.parse…OptionsFromJSON()`."},
    )


class PasskeyLoginSchema(VisitorSchema):
    """A passkey's answer."""

    challenge = fields.String(required=True, validate=validate.Length(max=1000))
    passkey = fields.Dict(required=True, metadata={"description": "`PublicKeyCredential.toJSON()`."})


class ForgottenSchema(Body):
    """Whose password is forgotten."""

    email = fields.String(required=True, validate=validate.Length(max=254), metadata={"example": "amal@stadt.example"})


class NewPasswordSchema(VisitorSchema):
    """A new password, and the proof by letter."""

    token = fields.String(
        required=True, validate=validate.Length(max=500), metadata={"description": "The end of the letter's link."}
    )
    password = NewPassword(required=True)


class TokensSchema(Body):
    """What proves who one is with every request (`Authorization: Bearer …`)."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True, metadata={"description": "Works once; the answer brings the next."})
    token_type = fields.String(required=True, metadata={"example": "Bearer"})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds.", "example": 900})
    device_token = fields.String(
        metadata={"description": "Keep it on this device and send it with the next login. It opens nothing."}
    )


class RefreshSchema(Body):
    """The token to go on with."""

    refresh_token = fields.String(required=True, validate=validate.Length(max=4000))


class ActingSchema(Body):
    """Where someone of the platform's staff wants to act, and why."""

    city = fields.String(required=True, metadata={"example": "musterstadt"})
    reason = fields.String(required=True, validate=validate.Length(max=500))


class RoleSchema(Body):
    """A role in a city, and how far it reaches."""

    role = fields.String(required=True, validate=validate.OneOf(accounts.ROLES))
    languages = fields.List(fields.String(), required=True, metadata={"description": "Empty: all."})
    subtree = fields.List(fields.Integer(), required=True, metadata={"description": "Pages. Empty: the whole city."})
    organization = fields.Integer(required=True, allow_none=True)
    may_publish = fields.Boolean(required=True, metadata={"description": "Whether a translator may publish."})
    expires_at = fields.DateTime(required=True, allow_none=True)


class CitySchema(Body):
    """A city in which one has roles."""

    slug = fields.String(required=True, metadata={"example": "musterstadt"})
    name = fields.String(required=True)
    roles = fields.List(fields.Nested(RoleSchema), required=True)


class MeSchema(Body):
    """Who one is, and what one may do where."""

    id = fields.Integer(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    staff = fields.Boolean(required=True, metadata={"description": "One of those who run the platform."})
    cities = fields.List(fields.Nested(CitySchema), required=True)


_lets_in = partial(declared, blueprint, method="POST", answer=TokensSchema, also=(401, 403, 410))


@_lets_in("/auth/login", body=LoginSchema)
def log_in(said: dict[str, Any]) -> Response:
    """Log in with e-mail address and password.

    With a second factor the answer is a problem with the code `second_factor.required`; its `data` names the methods
    and brings a challenge.
    """
    return _tokens(entrance().log_in(said["email"], said["password"], visitor(said["device_token"])))


@_lets_in("/auth/second-factor", body=SecondFactorSchema)
def answer_second_factor(said: dict[str, Any]) -> Response:
    """Answer the challenge of a login: with a code of an app, a recovery code or a passkey."""
    method = next(name for name in logins.factors.METHODS if name in said)
    return _tokens(entrance().answer(said["challenge"], method, said[method], visitor(said["device_token"])))


@declared(blueprint, "/auth/passkey/question", method="POST", answer=QuestionSchema, also=(401,))
def ask_for_passkey() -> Response:
    """Get the question for a login with a passkey alone."""
    options, challenge = entrance().passkey_question()
    return unstored({"challenge": challenge, "options": options})


@_lets_in("/auth/passkey", body=PasskeyLoginSchema)
def log_in_with_passkey(said: dict[str, Any]) -> Response:
    """Log in with a passkey alone; it counts as a second factor, too."""
    return _tokens(entrance().log_in_with_passkey(said["challenge"], said["passkey"], visitor(said["device_token"])))


@declared(blueprint, "/auth/password/forgot", method="POST", answer=None, body=ForgottenSchema, also=(401,))
def forget_password(said: dict[str, Any]) -> Response:
    """Have a letter sent with a way to a new password.

    The answer is the same whether the address has an account or not.
    """
    entrance().forgot(said["email"], visitor())
    return current_app.response_class(status=204)


@_lets_in("/auth/password/reset", body=NewPasswordSchema)
def reset_password(said: dict[str, Any]) -> Response:
    """Choose a new password with the link of a letter. All logins of the account end, and this one begins."""
    return _tokens(entrance().reset(said["token"], said["password"], visitor(said["device_token"])))


@_lets_in("/auth/invitation/accept", body=NewPasswordSchema)
def accept_invitation(said: dict[str, Any]) -> Response:
    """Accept an invitation by choosing a password."""
    return _tokens(entrance().accept(said["token"], said["password"], visitor(said["device_token"])))


@declared(blueprint, "/auth/refresh", method="POST", body=RefreshSchema, answer=TokensSchema, also=(401,))
def refresh_login(said: dict[str, Any]) -> Response:
    """Get new tokens.

    Each refresh token works once. Using one again ends the login, because somebody must have copied it.
    """
    token = identity.renewal(said["refresh_token"])
    with _database().unit_of_work(NO_TENANT, write=True) as db:
        session = logins.sessions.renew(db, token.session_id, turn=token.turn)
    if session is None:
        raise logins.sessions.ended()
    return unstored(identity.tokens_for(session))


@declared(blueprint, "/auth/logout", method="POST", answer=None, also=(401,), guard=signed_in)
def log_out() -> Response:
    """Log out: no token of this login works any more."""
    with account_work(write=True) as (db, _, session):
        logins.sessions.end(db, session.id)
    return current_app.response_class(status=204)


@declared(blueprint, "/auth/me", method="GET", answer=MeSchema, also=(401,), guard=signed_in)
def get_me() -> Response:
    """Read who one is, and one's roles in every city."""
    with account_work() as (db, account, _):
        known = {tenant.id: tenant for tenant in tenants.directory(db)}
    cities = accounts.cities_of(_database(), account.id)
    body = {name: getattr(account, name) for name in ("id", "email", "name", "language", "staff")}
    body["cities"] = [
        {"slug": known[tenant_id].slug, "name": known[tenant_id].full_name, "roles": [_role(row) for row in rows]}
        for tenant_id, rows in cities.items()
        if tenant_id in known
    ]
    return unstored(body)


@declared(
    blueprint, "/auth/acting", method="POST", body=ActingSchema, answer=None, also=(401, 403, 404), guard=for_staff
)
def enter_city(said: dict[str, Any]) -> Response:
    """Act in a city as one of those who run the platform.

    For four hours, and in no other city meanwhile. The reason is written to the city's own log.
    """
    with account_work() as (db, account, session):
        tenant_id = tenants.find(db, said["city"]).id
    with _database().unit_of_work(tenant_id, write=True) as db:
        accounts.enter(db, account.id, reason=said["reason"])
        logins.sessions.act_in(db, session.id, tenant_id)
    return current_app.response_class(status=204)


@declared(blueprint, "/auth/acting", method="DELETE", answer=None, also=(401, 403), guard=for_staff)
def leave_city() -> Response:
    """Stop acting in the city."""
    with account_work(write=True) as (db, _, session):
        logins.sessions.act_in(db, session.id, None)
    return current_app.response_class(status=204)


def _tokens(session: LoginSession) -> Response:
    return unstored({**identity.tokens_for(session), "device_token": entrance().device_token(session)})


def _role(row: Membership) -> dict[str, Any]:
    return {
        "role": row.role,
        "languages": row.languages,
        "subtree": row.subtree,
        "organization": row.organization_id,
        "may_publish": row.may_publish,
        "expires_at": row.expires_at,
    }


def unstored(body: dict[str, Any]) -> Response:
    """For one person alone: no cache keeps it."""
    response = current_app.response_class(json_bytes(body), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def entrance() -> Entrance:
    found: Entrance = current_app.extensions["entrance"]
    return found


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database
