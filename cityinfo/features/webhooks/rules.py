"""Decisions about webhooks, and how messages are signed. Pure: no session, no clock.

Names and signatures are those of Standard Webhooks (https://www.standardwebhooks.com/).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

TYPE = "content.changed"
MOST_WEBHOOKS = 20  # of a city
MOST_ADDRESS = 2_000  # characters
MOST_ITEMS = 500  # of a message
OVERLAP = timedelta(days=1)
LONGEST_OVERLAP = timedelta(days=30)
PATIENCE = timedelta(days=5)  # of failures without a success
DELIVERIES_STAY = timedelta(days=30)
_PREFIX = "whsec_"
_SECRET_BYTES = 32


def check_address(address: str) -> None:
    """https to a host outside; http only to an internal address by number, which the operator must have opened."""
    try:
        parts = urlsplit(address)
        host, named, _ = parts.hostname or "", parts.username is not None, parts.port
    except ValueError:
        host, named, parts = "", False, urlsplit("")
    usable = parts.scheme == "https" or (parts.scheme == "http" and _is_internal(host))
    if not host or not usable or len(address) > MOST_ADDRESS or any(not one.isprintable() for one in address):
        raise Invalid("webhook.address", "A webhook's address begins with https:// and names a server.")
    if named or parts.fragment:
        raise Invalid("webhook.address", "A webhook's address holds no user name and no fragment; leave these out.")


def check_kinds(chosen: Collection[str], known: Collection[str]) -> None:
    """Each of these is a kind of content there is."""
    for one in chosen:
        if one not in known:
            choices = ", ".join(sorted(known))
            sentence = say("“{one}” is no kind of content; choose from: {choices}.", one=one[:50], choices=choices)
            raise Invalid("webhook.filter", sentence)


def check_languages(chosen: Collection[str], spoken: Collection[str]) -> None:
    """Each of these is one in which the city speaks."""
    for one in chosen:
        if one not in spoken:
            choices = ", ".join(sorted(spoken))
            sentence = say(
                "“{one}” is no language of this city; choose from: {choices}.", one=one[:50], choices=choices
            )
            raise Invalid("webhook.filter", sentence)


def check_overlap(overlap: timedelta) -> None:
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Invalid(
            "webhook.overlap", say("A former secret stays for at most {days} days.", days=LONGEST_OVERLAP.days)
        )


def new_secret() -> str:
    """A secret as receivers are given it: ``whsec_`` and base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(signing: Iterable[str], *, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature for each secret: HMAC-SHA256 over ``id.timestamp.body``, as ``v1,`` and base64."""
    said = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_mac(secret, said)}" for secret in signing)


def is_over(failing_since: datetime, now: datetime) -> bool:
    """Whether it has failed for so long that nobody will take messages any more."""
    return now - failing_since >= PATIENCE


def matches(kinds: Sequence[str], languages: Sequence[str], kind: str, language: str) -> bool:
    """Whether a subscription wants to hear of a part. Outlines belong to no language."""
    return (not kinds or kind in kinds) and (not languages or not language or language in languages)


def _mac(secret: str, said: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()


def _is_internal(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
