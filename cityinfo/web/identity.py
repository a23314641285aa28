"""Who is calling, and what they are handed to prove it with the next request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Response, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    decode_token,
    get_jwt,
    set_access_cookies,
    unset_jwt_cookies,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt.exceptions import PyJWTError
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.features import tokens
from cityinfo.features.logins import LoginSession, sessions
from cityinfo.kernel.errors import Unauthenticated
from cityinfo.settings import Settings

ACCESS_LASTS = timedelta(minutes=15)
COOKIE_LASTS = timedelta(hours=12)  # a working day; the session behind it is looked up with every request
API = "/api/"


@dataclass(frozen=True, slots=True)
class Caller:
    """A person in one of their sessions."""

    account_id: int
    session_id: int


@dataclass(frozen=True, slots=True)
class Machine:
    """Whoever holds the secret of a token."""

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a refresh token says."""

    session_id: int
    turn: int


def prepare(app: Flask, settings: Settings) -> None:
    """Let this application sign tokens, and read them from headers (API) or cookies with their CSRF value (CMS)."""
    app.config.update(
        JWT_SECRET_KEY=settings.key_for("logins"),
        JWT_ACCESS_TOKEN_EXPIRES=ACCESS_LASTS,
        JWT_REFRESH_TOKEN_EXPIRES=sessions.SESSION_LASTS,
        JWT_ENCODE_ISSUER="cityinfo",
        JWT_DECODE_ISSUER="cityinfo",
        JWT_COOKIE_SECURE=settings.public_url.startswith("https:"),
        JWT_COOKIE_SAMESITE="Lax",
        JWT_COOKIE_CSRF_PROTECT=True,
        JWT_CSRF_CHECK_FORM=True,
        JWT_ACCESS_COOKIE_PATH="/cms",
        JWT_ACCESS_CSRF_COOKIE_PATH="/cms",
    )
    JWTManager(app)


def caller() -> Caller | Machine:
    """Whoever signed this request; `Unauthenticated` for nobody. Asks no database: sessions and tokens come later."""
    is_api = request.path.startswith(API)
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if is_api and scheme.lower() == "bearer" and tokens.is_secret(secret):
        return Machine(secret)
    claims = _claims(["headers"] if is_api else ["cookies"])
    return Caller(int(claims["sub"]), int(claims["session"]))


def tokens_for(session: LoginSession) -> dict[str, Any]:
    """What a person is handed after a login or a renewal, as RFC 6749 (5.1) names it."""
    claims = {"session": str(session.id)}
    who = str(session.account_id)
    return {
        "access_token": create_access_token(who, additional_claims=claims),
        "refresh_token": create_refresh_token(who, additional_claims={**claims, "turn": session.turn}),
        "token_type": "Bearer",
        "expires_in": int(ACCESS_LASTS.total_seconds()),
    }


def sign_in(response: AnyResponse, session: LoginSession) -> None:
    """Let this browser go on with the session: a cookie that scripts cannot read, and a value that forms repeat."""
    claims = {"session": str(session.id)}
    token = create_access_token(str(session.account_id), additional_claims=claims, expires_delta=COOKIE_LASTS)
    lasts = int(COOKIE_LASTS.total_seconds())
    set_access_cookies(cast("Response", response), token, max_age=lasts)


def sign_out(response: AnyResponse) -> None:
    """Take both from this browser."""
    unset_jwt_cookies(cast("Response", response))


def renewal(token: str) -> Renewal:
    """What a refresh token says; `Unauthenticated` when it is none of ours or too old."""
    try:
        claims = decode_token(token)
    except (PyJWTError, JWTExtendedException) as error:
        raise sessions.ended() from error
    if claims["type"] != "refresh":
        raise Unauthenticated("login.token", "This is no refresh token; send the one that came with the login.")
    return Renewal(int(claims["session"]), int(claims["turn"]))


def _claims(locations: Sequence[str]) -> dict[str, Any]:
    try:
        verify_jwt_in_request(locations=locations)
    except (PyJWTError, JWTExtendedException) as error:
        raise Unauthenticated(
            "login.needed", "Log in first, or renew your login: this request proves nothing."
        ) from error
    claims: dict[str, Any] = get_jwt()
    return claims
