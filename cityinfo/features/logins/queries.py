"""Reading what a city asks of those who work in it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from cityinfo.features import accounts
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Forbidden

from .models import LoginSession, SecondFactorRule


def roles_with_second_factor(db: Work) -> list[str]:
    """Roles that this city lets work only with a second factor, in the order of the house."""
    wanted = set(db.scalars(select(SecondFactorRule.role)))
    return [role for role in accounts.ROLES if role in wanted]


def check_second_factor(db: Work, session: LoginSession, roles: Collection[str]) -> None:
    """`Forbidden` for whoever acts here in a role that needs a second factor, and logged in without one.

    Until they have set one up, they can do that and nothing else. The platform's staff needs one wherever anyone does.
    """
    if session.strong:
        return
    wanted = roles_with_second_factor(db)
    if accounts.STAFF in roles and wanted:
        check_staff(session)
    if set(roles) & set(wanted):
        raise Forbidden(
            "second_factor.needed",
            "This city asks for a second factor; set one up, or log in with the one you have, and come back.",
            roles=wanted,
        )


def check_staff(session: LoginSession) -> None:
    """`Forbidden` for someone of the platform's staff who logged in without a second factor: every city is at stake."""
    if not session.strong:
        raise Forbidden(
            "second_factor.needed",
            "Staff of the platform need a second factor; set one up, or log in with the one you have, and come back.",
            roles=[accounts.STAFF],
        )
