"""Decisions about feedback. Pure: no session, no clock."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

# About what, and the kind of the one entry it may name; "" where it names none.
TOPICS = {
    "tenant": "",
    "page": "page",
    "events": "",
    "event": "event",
    "map": "",
    "location": "location",
    "offers": "",
    "offer": "offer",
    "imprint": "imprint",
    "search": "",
    "news": "news",
}
RATINGS = ("", "up", "down")
MOST_COMMENT = 10_000  # characters
MOST_QUERY = 500
MOST_CONTACT = 200
MOST_REPLY = 10_000
MOST_SENT = 10  # by one address
WITHIN = timedelta(minutes=10)
SPAM = 50  # from this score on it is taken for spam
_CONTACT = re.compile(r"\s*Kontaktadresse:(?P<contact>[^\n]*)\s*\Z")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # no database keeps them all
_NO_CONTACT = "Keine Angabe"
_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
_BAIT = re.compile(
    r"\b(?:viagra|cialis|casino|crypto|bitcoin|backlinks?|seo|porn|payday|forex|escort|lottery)\b", re.IGNORECASE
)
_REPEATED = re.compile(r"(.)\1{9,}", re.DOTALL)


def check_topic(topic: str) -> None:
    if topic not in TOPICS:
        raise Invalid(
            "feedback.topic",
            say("“{topic}” is no topic; choose one of: {choices}.", topic=topic[:50], choices=", ".join(TOPICS)),
        )


def check_said(*, rating: str, comment: str, query: str) -> None:
    """Something was said, and not too much."""
    if rating not in RATINGS:
        raise Invalid("feedback.rating", say("“{rating}” is no rating; send up, down or none.", rating=rating[:50]))
    if len(comment) > MOST_COMMENT or len(query) > MOST_QUERY:
        raise Invalid("feedback.too_long", say("Write at most {most} characters.", most=MOST_COMMENT))
    if not (rating or comment or query):
        raise Invalid("feedback.empty", "Choose a rating or write something.")


def check_contact(contact: str) -> None:
    if len(contact) > MOST_CONTACT:
        raise Invalid(
            "feedback.contact", say("An address to answer to has at most {most} characters.", most=MOST_CONTACT)
        )


def check_reply(reply: str) -> str:
    words = reply.strip()
    if not words or len(words) > MOST_REPLY:
        raise Invalid("feedback.reply", say("Write a reply of at most {most} characters.", most=MOST_REPLY))
    return words


def cleaned(text: str) -> str:
    """The text without what cannot be kept."""
    return _UNWRITABLE.sub("", text).strip()


def split_contact(comment: str) -> tuple[str, str]:
    """A comment as apps send it, and the address to answer to that they put behind it, empty when there is none."""
    found = _CONTACT.search(comment)
    if found is None:
        return comment.strip(), ""
    contact = found["contact"].strip()
    return comment[: found.start()].strip(), "" if contact == _NO_CONTACT else contact


def spam_score(comment: str) -> int:
    """From 0 to 100: links, what advertisers write, shouting and repetition."""
    letters = [one for one in comment if one.isalpha()]
    shouted = len(letters) > 20 and sum(one.isupper() for one in letters) > 0.7 * len(letters)
    words = comment.lower().split()
    repeated = bool(_REPEATED.search(comment)) or (len(words) > 10 and len(set(words)) < len(words) / 4)
    score = 25 * len(_LINK.findall(comment)) + 30 * len(_BAIT.findall(comment)) + 20 * shouted + 30 * repeated
    return min(score, 100)


def digest_of_ticket(ticket: str) -> str:
    """Tickets are random and long: a plain digest cannot be guessed back."""
    return hashlib.sha256(ticket.encode()).hexdigest()
