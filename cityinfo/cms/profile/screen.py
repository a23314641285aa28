"""What the screens of the profile show, and how someone proves before a change that it is they."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, announce
from cityinfo.cms.login.entering import entrance, refused, who
from cityinfo.features import accounts, logins
from cityinfo.features.accounts import Account
from cityinfo.features.logins import LoginSession, Passkey
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.facts import Actor
from cityinfo.web.request import account_work, caller_session

SHOWN = "profile/show.html"


@dataclass(frozen=True, slots=True)
class Profile:
    """Someone as they see themselves. `fresh` says that no password need prove it again."""

    account: Account
    session: LoginSession
    fresh: bool
    has_app: bool
    passkeys: Sequence[Passkey]
    codes_left: int
    sessions: Sequence[LoginSession]


def profile() -> Profile:
    """Whoever asks."""
    with account_work() as (db, account, session):
        announce(db, account.id)
        return Profile(
            account=account,
            session=session,
            fresh=logins.sessions.is_fresh(session),
            has_app=logins.factors.TOTP in logins.factors.methods(db, account.id),
            passkeys=logins.factors.passkeys_of(db, account.id),
            codes_left=logins.factors.recovery_codes_left(db, account.id),
            sessions=logins.sessions.open_sessions(db, account.id),
        )


def again(problem: Problem, form: Form, *, field: str = "") -> AnyResponse:
    """The profile once more, with what could not be done and why."""
    return refused(problem, SHOWN, form, field=field, **values())


def values() -> dict[str, Any]:
    """What the template of the profile is filled with."""
    return {"profile": profile(), "now_at": request.endpoint}


def confirm() -> None:
    """Before someone changes how they get in: `Forbidden` unless they prove again that they are here."""
    entrance().confirm(caller_session(), request.form.get("current_password", ""), who())


def myself(account: Account) -> Actor:
    return Actor(accounts.PERSON, str(account.id))
