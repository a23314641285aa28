"""Codes a person types: from an authenticator app (TOTP, RFC 6238), or from a sheet for when the phone is lost."""

from __future__ import annotations

import secrets

import pyotp
from pyotp.exceptions import OTPVerificationError

from cityinfo.kernel import clock

DRIFT = 1  # steps of thirty seconds that a phone's clock may be off, before and after
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # nothing that looks like something else
_GROUPS, _LETTERS = 3, 5  # 73 bits: nobody guesses them, so a plain digest keeps them


def new_secret() -> str:
    """What the app and we share, base32."""
    return pyotp.random_base32()


def address_for_app(secret: str, *, name: str, issuer: str) -> str:
    """The ``otpauth://`` address that apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, code: str) -> int | None:
    """The step of time for which this code is right; None when it is wrong or too old."""
    code = code.replace(" ", "")
    if not (code.isascii() and code.isdigit()):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=clock.now(), valid_window=DRIFT)
    except OTPVerificationError:
        return None


def new_recovery_codes() -> list[str]:
    """A sheet of codes, each good once."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def as_typed(code: str) -> str:
    """A recovery code, however someone copied it."""
    return "".join(one for one in code.lower() if one.isalnum())


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))
