"""How one gets in oneself: password, second factors, recovery codes, and where one is logged in."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, current_app
from marshmallow import fields, validate

from cityinfo.features import accounts, logins
from cityinfo.features.accounts import Account
from cityinfo.features.logins import LoginSession, Passkey
from cityinfo.kernel.facts import Actor
from cityinfo.web.guard import signed_in
from cityinfo.web.limits import limit_logins
from cityinfo.web.request import account_work, caller_session
from cityinfo.web.visitors import visitor

from .auth import NewPassword, QuestionSchema, entrance, unstored
from .operations import Body, declared, section

blueprint = section("Getting in", "One's own password, second factors, recovery codes and logins.")
blueprint.before_request(limit_logins)
_own = partial(declared, blueprint, guard=signed_in, also=(401, 404))
_confirmed = partial(declared, blueprint, guard=signed_in, also=(401, 403, 404, 409))


class ConfirmationSchema(Body):
    """The proof that it is oneself who changes how one gets in."""

    current_password = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "Needed unless the login is younger than ten minutes.", "format": "password"},
    )


class PasswordSchema(ConfirmationSchema):
    """Another password."""

    password = NewPassword(required=True)


class SessionSchema(Body):
    """A login on one device."""

    id = fields.Integer(required=True)
    device = fields.String(required=True, metadata={"example": "Firefox · Linux"})
    network = fields.String(required=True, metadata={"example": "192.0.2.0/24"})
    created_at = fields.DateTime(required=True)
    used_at = fields.DateTime(required=True, metadata={"description": "When it was renewed last."})
    second_factor = fields.Boolean(required=True, metadata={"description": "Whether one was proven."})
    current = fields.Boolean(required=True, metadata={"description": "Whether it is the one that asks."})


class SessionsSchema(Body):
    """Where one is logged in, the login used last first."""

    items = fields.List(fields.Nested(SessionSchema), required=True)


class PasskeySchema(Body):
    """A passkey."""

    id = fields.Integer(required=True)
    name = fields.String(required=True, metadata={"example": "Telefon"})
    created_at = fields.DateTime(required=True)
    used_at = fields.DateTime(required=True, allow_none=True)


class SecondFactorsSchema(Body):
    """With what one can prove who one is."""

    totp = fields.Boolean(required=True, metadata={"description": "Whether an authenticator app counts."})
    passkeys = fields.List(fields.Nested(PasskeySchema), required=True)
    recovery_codes = fields.Integer(required=True, metadata={"description": "How many are left.", "example": 10})


class NewAppSchema(Body):
    """What an authenticator app is told. It counts once it has shown a right code."""

    secret = fields.String(required=True, metadata={"description": "Base32.", "example": "JBSWY3DPEHPK3PXP"})
    address = fields.String(required=True, metadata={"description": "`otpauth://…`, to show as a QR code."})


class CodeSchema(Body):
    """What the app shows now."""

    code = fields.String(required=True, validate=validate.Length(max=20), metadata={"example": "123456"})


class NewPasskeySchema(Body):
    """A passkey that a browser made."""

    challenge = fields.String(required=True, validate=validate.Length(max=1000))
    name = fields.String(required=True, validate=validate.Length(max=100), metadata={"example": "Telefon"})
    passkey = fields.Dict(required=True, metadata={"description": "`PublicKeyCredential.toJSON()`."})


class RecoveryCodesSchema(Body):
    """Recovery codes, told only here; those of before are worth nothing."""

    codes = fields.List(fields.String(), required=True, metadata={"example": ["k7m2q-xw9ab-tt4hc"]})


@_confirmed("/auth/me/password", method="PUT", answer=None, body=PasswordSchema)
def change_password(said: dict[str, Any]) -> Response:
    """Choose another password. All other logins end."""
    session, current = caller_session(), said["current_password"]
    entrance().change_password(session, current=current, new=said["password"], visitor=visitor())
    return _done()


@_own("/auth/me/sessions", method="GET", answer=SessionsSchema)
def list_sessions() -> Response:
    """Read where one is logged in."""
    with account_work() as (db, account, session):
        found = logins.sessions.open_sessions(db, account.id)
    return unstored({"items": [_session(one, current=one.id == session.id) for one in found]})


@_own("/auth/me/sessions", method="DELETE", answer=None)
def end_other_sessions() -> Response:
    """End all logins but this one."""
    with account_work(write=True) as (db, account, session):
        logins.sessions.end_others(db, session, actor=_myself(account))
    return _done()


@_own("/auth/me/sessions/<int:session_id>", method="DELETE", answer=None)
def end_session(session_id: int) -> Response:
    """End one login."""
    with account_work(write=True) as (db, account, _):
        logins.sessions.end_one(db, account.id, session_id, actor=_myself(account))
    return _done()


@_own("/auth/me/second-factors", method="GET", answer=SecondFactorsSchema)
def get_second_factors() -> Response:
    """Read with what one can prove who one is."""
    with account_work() as (db, account, _):
        body = {
            "totp": logins.factors.TOTP in logins.factors.methods(db, account.id),
            "passkeys": [_passkey(one) for one in logins.factors.passkeys_of(db, account.id)],
            "recovery_codes": logins.factors.recovery_codes_left(db, account.id),
        }
    return unstored(body)


@_confirmed("/auth/me/totp", method="POST", answer=NewAppSchema, body=ConfirmationSchema)
def prepare_totp(said: dict[str, Any]) -> Response:
    """Get a secret for an authenticator app."""
    _confirm(said)
    with account_work(write=True) as (db, account, _):
        app = logins.factors.prepare_app(db, entrance().site, account)
    return unstored({"secret": app.secret, "address": app.address})


@_confirmed("/auth/me/totp/confirm", method="POST", answer=None, body=CodeSchema)
def confirm_totp(said: dict[str, Any]) -> Response:
    """Let the app count, because it shows the right code."""
    with account_work(write=True) as (db, account, session):
        logins.factors.confirm_app(db, entrance().site, session, said["code"], actor=_myself(account))
    return _done()


@_confirmed("/auth/me/totp", method="DELETE", answer=None, body=ConfirmationSchema)
def remove_totp(said: dict[str, Any]) -> Response:
    """Let the authenticator app count no longer."""
    _confirm(said)
    with account_work(write=True) as (db, account, _):
        logins.factors.remove_app(db, account.id, actor=_myself(account))
    return _done()


@_confirmed("/auth/me/passkeys/question", method="POST", answer=QuestionSchema, body=ConfirmationSchema)
def ask_for_new_passkey(said: dict[str, Any]) -> Response:
    """Get the question for a new passkey."""
    _confirm(said)
    with account_work() as (db, account, _):
        options, challenge = logins.factors.ask_for_new_passkey(db, entrance().site, account)
    return unstored({"challenge": challenge, "options": options})


@_confirmed("/auth/me/passkeys", method="POST", answer=PasskeySchema, body=NewPasskeySchema)
def add_passkey(said: dict[str, Any]) -> Response:
    """Keep a passkey that a browser made."""
    with account_work(write=True) as (db, account, session):
        proof = {"token": said["challenge"], "answer": said["passkey"], "name": said["name"]}
        added = logins.factors.add_passkey(db, entrance().site, session, **proof, actor=_myself(account))
    return unstored(_passkey(added))


@_confirmed("/auth/me/passkeys/<int:passkey_id>", method="DELETE", answer=None, body=ConfirmationSchema)
def remove_passkey(said: dict[str, Any], passkey_id: int) -> Response:
    """Let a passkey prove nothing any more."""
    _confirm(said)
    with account_work(write=True) as (db, account, _):
        logins.factors.remove_passkey(db, account.id, passkey_id, actor=_myself(account))
    return _done()


@_confirmed("/auth/me/recovery-codes", method="POST", answer=RecoveryCodesSchema, body=ConfirmationSchema)
def make_recovery_codes(said: dict[str, Any]) -> Response:
    """Get ten recovery codes; those of before are worth nothing."""
    _confirm(said)
    with account_work(write=True) as (db, account, _):
        codes = logins.factors.make_recovery_codes(db, entrance().site, account.id, actor=_myself(account))
    return unstored({"codes": codes})


def _confirm(said: dict[str, Any]) -> None:
    entrance().confirm(caller_session(), said["current_password"], visitor())


def _myself(account: Account) -> Actor:
    return Actor(accounts.PERSON, str(account.id))


def _session(row: LoginSession, *, current: bool) -> dict[str, Any]:
    names = ("id", "device", "network", "created_at", "used_at")
    return {**{name: getattr(row, name) for name in names}, "second_factor": row.strong, "current": current}


def _passkey(row: Passkey) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("id", "name", "created_at", "used_at")}


def _done() -> Response:
    return current_app.response_class(status=204)
