"""Decisions about news. Pure: no session, no clock."""

from __future__ import annotations

import base64
import binascii
import enum
import ipaddress
import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

MOST_TITLE, MOST_TEXT = 250, 500  # characters; a phone shows no more
MOST_ENDPOINT = 1_000
MOST_SUBSCRIPTIONS = 30  # from one address: behind some of them is a whole shelter
WITHIN = timedelta(minutes=10)
STAYS = timedelta(days=28)
WORTH_TELLING = timedelta(days=1)
LOCAL = "local"
SOURCE = "[a-z][a-z0-9]{1,29}"  # how the name of a source is written
_POINT_BYTES, _SECRET_BYTES = 65, 16  # an uncompressed P-256 point, and what RFC 8291 shares


class State(enum.StrEnum):
    """Where a message stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    VISIBLE = "visible"
    EXPIRED = "expired"


def state(*, approved: bool, visible_from: datetime | None, visible_until: datetime | None, now: datetime) -> State:
    """Draft until someone approves it, then approved until someone chooses its moment; the rest follows the clock."""
    if not approved:
        return State.DRAFT
    if visible_from is None:
        return State.APPROVED
    if now < visible_from:
        return State.SCHEDULED
    return State.VISIBLE if now < end(visible_from, visible_until) else State.EXPIRED


def end(visible_from: datetime, visible_until: datetime | None) -> datetime:
    """When a message leaves: at its own end, at last after four weeks."""
    last = visible_from + STAYS
    return min(visible_until, last) if visible_until else last


def check_window(visible_from: datetime | None, visible_until: datetime | None) -> None:
    if visible_from and visible_until and visible_until <= visible_from:
        raise Invalid("news.window", "The message would be gone before it is visible; choose a later end.")


def check_words(title: str, text: str) -> None:
    """`text` without markup: phones show title and text as they are."""
    if len(title) > MOST_TITLE:
        raise Invalid(
            "news.title",
            say(
                "The title has {number} characters; {most} is the most for a message.",
                number=len(title),
                most=MOST_TITLE,
            ),
        )
    if len(text) > MOST_TEXT:
        raise Invalid(
            "news.text",
            say(
                "The text has {number} characters; {most} is the most for a message.", number=len(text), most=MOST_TEXT
            ),
        )


def check_source(source: str) -> None:
    if source == LOCAL or not re.fullmatch(SOURCE, source):
        raise Invalid(
            "feed.source",
            say(
                "“{source}” is no name for a source: use a-z and 0-9, and not “{local}”.",
                source=source[:30],
                local=LOCAL,
            ),
        )


def check_feed_address(address: str) -> None:
    parts = _parts(address)
    if parts is None or parts[0] not in ("http", "https") or _is_inside(parts[1]):
        raise Invalid(
            "feed.address", say("“{address}” is no public web address; write it with https://.", address=address[:100])
        )


def check_subscription(endpoint: str, p256dh: str, auth: str) -> None:
    """A browser's own words are not trusted: we will send requests to this address."""
    parts = _parts(endpoint)
    usable = parts is not None and parts[0] == "https" and not _is_inside(parts[1])
    if not usable or len(endpoint) > MOST_ENDPOINT:
        raise Invalid("push.endpoint", "The endpoint must be a public https address of at most 1,000 characters.")
    if _size(p256dh) != _POINT_BYTES or _size(auth) != _SECRET_BYTES:
        raise Invalid("push.keys", "The keys must be those of the browser's subscription, in base64url.")


def _parts(address: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        plain = parts.username is None and parts.port in (None, 80, 443)
    except ValueError:
        return None
    usable = plain and ("." in host.strip(".") or ":" in host)
    return (parts.scheme, host) if usable and not re.search(r"[\s\x00-\x1f]", address) else None


def _is_inside(host: str) -> bool:
    """What can be told of a host without asking for its address; that is asked before every request."""
    if host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host.rpartition(".")[2].isdigit()  # a number that is written like no address is one to some libraries


def _size(text: str) -> int:
    try:
        return len(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return -1
