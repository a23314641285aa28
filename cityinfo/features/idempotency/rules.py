"""Decisions about keys and how long they count. Pure: no session, no clock."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

KEPT_FOR = timedelta(hours=24)
MOST_KEY = 200  # characters
_KEY = re.compile(rf"[\x21-\x7e]{{1,{MOST_KEY}}}")


def check_key(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise Invalid(
            "idempotency.key", say("An Idempotency-Key has 1 to {most} letters, digits or signs.", most=MOST_KEY)
        )
    return key


def digest(*parts: bytes) -> str:
    """SHA-256 over what was asked; where one part ends counts."""
    known = hashlib.sha256()
    for part in parts:
        known.update(len(part).to_bytes(8, "big") + part)
    return known.hexdigest()
