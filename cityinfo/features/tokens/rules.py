"""What a token can be. Pure."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from cityinfo.features.accounts import FOR_TOKENS, check_permission
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

PREFIX = "ci_"  # so that people and scanners recognise one that lies around
LONGEST = timedelta(days=400)  # a year, and time to change it
MOST_PER_MINUTE = 6000
MINUTE = timedelta(minutes=1)
_BYTES = 32


def new_secret() -> str:
    """256 random bits: nothing that could be guessed, so one quick digest protects it as well as a slow one."""
    return PREFIX + secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def is_secret(text: str) -> bool:
    return text.startswith(PREFIX)


def check_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= 100:
        raise Invalid("token.name", "Give the token a name of at most 100 letters that says who uses it.")
    return name


def check_scopes(scopes: Collection[str], kinds: Collection[str]) -> None:
    """Permissions that a token can have at all, and kinds among those it has permissions for."""
    for scope in scopes:
        check_permission(scope)
        if scope not in FOR_TOKENS:
            raise Invalid("token.scope", say("A token cannot be given {scope}; a person has to do that.", scope=scope))
    if not scopes:
        raise Invalid("token.scope", "Name at least one permission, such as page:read.")
    unknown = set(kinds) - {scope.partition(":")[0] for scope in scopes}
    if unknown:
        raise Invalid(
            "token.kind",
            say("The token has no permission for the kind “{unknown}”; leave it out.", unknown=min(unknown)[:50]),
        )


def check_time(expires_at: datetime, now: datetime) -> None:
    if not now < expires_at <= now + LONGEST:
        raise Invalid(
            "token.expiry", say("Let the token end within {days} days; it can be replaced by then.", days=LONGEST.days)
        )


def check_rate(per_minute: int) -> None:
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        raise Invalid("token.rate", say("Allow 1 to {most} requests a minute.", most=MOST_PER_MINUTE))
