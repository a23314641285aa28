"""Logging in, going on with a login, logging out, and asking what one may do where."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from marshmallow import fields, validate

from cityinfo.api.http import json_bytes
from cityinfo.api.posting import limit_size
from cityinfo.features import accounts, logins, tenants
from cityinfo.features.accounts import Membership
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.web import identity
from cityinfo.web.guard import guarded, signed_in
from cityinfo.web.request import account_work

from .operations import Body, declared, section

for_staff = guarded("platform:manage")
blueprint = section("Logging in", "Tokens for the editing API: short access tokens, and one to renew them with.")
blueprint.before_request(limit_size)


class LoginSchema(Body):
    """Who someone says to be, and the proof."""

    email = fields.String(required=True, validate=validate.Length(max=254))
    password = fields.String(required=True, validate=validate.Length(max=200), metadata={"format": "password"})


class TokensSchema(Body):
    """What proves who one is with every request (`Authorization: Bearer …`)."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True, metadata={"description": "Works once; the answer brings the next."})
    token_type = fields.String(required=True, metadata={"example": "Bearer"})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds.", "example": 900})


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


@declared(blueprint, "/auth/login", method="POST", body=LoginSchema, answer=TokensSchema, also=(401,))
def log_in(said: dict[str, Any]) -> Response:
    """Log in with e-mail address and password."""
    database = _database()
    account_id = logins.passwords.check(database, said["email"], said["password"])
    with database.unit_of_work(NO_TENANT, write=True) as db:
        session = logins.sessions.begin(db, account_id)
    return _unstored(identity.tokens_for(session))


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
    return _unstored(identity.tokens_for(session))


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
    return _unstored(body)


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


def _role(row: Membership) -> dict[str, Any]:
    return {
        "role": row.role,
        "languages": row.languages,
        "subtree": row.subtree,
        "organization": row.organization_id,
        "may_publish": row.may_publish,
        "expires_at": row.expires_at,
    }


def _unstored(body: dict[str, Any]) -> Response:
    """For one person alone: no cache keeps it."""
    response = current_app.response_class(json_bytes(body), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database
