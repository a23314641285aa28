"""Decisions about content. Pure: no session, no clock."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import Sentence, say

MOST_TITLE = 1_000  # characters
MOST_CONTENT = 2_000_000  # characters of HTML in one text
MOST_SLUG = 200
MOST_MESSAGE = 2_000
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f/\\&#?%+<>\"'`^|{}\[\];,:=@$!*()~]+")
# Nouns of ours cannot stand in a sentence as data: in other languages they change it.
_NO_ENTRY = say("There is no entry {entry_id}.")
_NO_SUCH = {
    "page": say("There is no page {entry_id}."),
    "event": say("There is no event {entry_id}."),
    "occurrence": say("There is no single date {entry_id}."),
    "location": say("There is no location {entry_id}."),
    "contact": say("There is no contact {entry_id}."),
    "offer": say("There is no offer {entry_id}."),
    "organization": say("There is no organization {entry_id}."),
    "news": say("There is no message {entry_id}."),
    "imprint": say("There is no imprint {entry_id}."),
    "media": say("There is no file {entry_id}."),
}
_LEADS_NOWHERE = say("This leads to entry {entry_id}, which does not exist here.")
_LEADS_TO_NO_SUCH = {
    "page": say("This leads to page {entry_id}, which does not exist here."),
    "event": say("This leads to event {entry_id}, which does not exist here."),
    "occurrence": say("This leads to the single date {entry_id}, which does not exist here."),
    "location": say("This leads to location {entry_id}, which does not exist here."),
    "contact": say("This leads to contact {entry_id}, which does not exist here."),
    "offer": say("This leads to offer {entry_id}, which does not exist here."),
    "organization": say("This leads to organization {entry_id}, which does not exist here."),
    "news": say("This leads to message {entry_id}, which does not exist here."),
    "imprint": say("This leads to imprint {entry_id}, which does not exist here."),
    "media": say("This leads to file {entry_id}, which does not exist here."),
}


class State(enum.StrEnum):
    """Where a translation stands against its source."""

    MISSING = "missing"
    IN_TRANSLATION = "in_translation"
    UP_TO_DATE = "up_to_date"
    OUTDATED = "outdated"
    MACHINE_MADE = "machine_made"
    FALLBACK = "fallback"


class Stage(enum.StrEnum):
    """How far a text is on its way to readers."""

    DRAFT = "draft"
    CHANGED = "changed"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """What freshness needs to know of one version of the source."""

    number: int
    digest: str


def is_outdated(shown: SourceVersion | None, newest_public: SourceVersion | None, *, last_major: int) -> bool:
    """Whether a translation no longer says what its source says in public.

    `shown` is the source version the translator worked from, `last_major` the number of the newest source version that
    was not marked minor, up to the newest public one. Changed and changed back outdates nothing; a source that is not
    public outdates nothing.
    """
    if newest_public is None:
        return False
    if shown is None:
        return True
    if newest_public.number <= shown.number or newest_public.digest == shown.digest:
        return False
    return last_major > shown.number


def state(
    *, exists: bool, is_root: bool, in_translation: bool, outdated: bool, machine_made: bool, falls_back: bool
) -> State:
    """The one state to show; what asks for work comes before what is fine."""
    if not exists:
        return State.FALLBACK if falls_back else State.MISSING
    if is_root:
        return State.UP_TO_DATE
    if in_translation:
        return State.IN_TRANSLATION
    if outdated:
        return State.OUTDATED
    return State.MACHINE_MADE if machine_made else State.UP_TO_DATE


def stage(current: int | None, public: int | None) -> Stage:
    """By the versions that editors and readers see."""
    if public is None:
        return Stage.DRAFT
    return Stage.PUBLIC if public == current else Stage.CHANGED


def check_title(title: str) -> str:
    title = " ".join(title.replace("\0", "").split())  # PostgreSQL keeps no NUL
    if not title:
        raise Invalid("text.title", "A text needs a title.")
    if len(title) > MOST_TITLE:
        raise Invalid(
            "text.title",
            say("The title has {number} characters; {most} is the most.", number=len(title), most=MOST_TITLE),
        )
    return title


def check_content(content: str) -> str:
    if len(content) > MOST_CONTENT:
        raise Invalid(
            "text.too_long",
            say("The text has {number} characters; {most} is the most.", number=len(content), most=MOST_CONTENT),
        )
    return content


def check_message(message: str) -> str:
    """What colleagues tell each other about a text."""
    if len(message) > MOST_MESSAGE or "\0" in message:
        raise Invalid("text.message", say("Write at most {most} characters to a colleague.", most=MOST_MESSAGE))
    return message.strip()


def name(titles: Mapping[str, str], *languages: str) -> tuple[str, str]:
    """What an entry is called, and in which language: the first of these it has a title in, else any it has.

    Both are empty for an entry without words.
    """
    language = next((one for one in (*languages, *titles) if titles.get(one)), "")
    return titles.get(language, ""), language


def slug_from(title: str) -> str:
    """An address made of a title: lower-case, letters of any script, hyphens between words."""
    text = unicodedata.normalize("NFC", title).lower()
    words = "".join(character if _may_stand_in_slug(character) else " " for character in text).split()
    return "-".join("-".join(words).split("-"))[:MOST_SLUG].strip("-") or "page"


def check_slug(slug: str) -> str:
    """A slug as it may stand in an address: lower-case and without characters that break a request."""
    slug = unicodedata.normalize("NFC", slug.strip().strip("/")).lower()
    if not slug or len(slug) > MOST_SLUG or _UNSAFE.search(slug) or slug in (".", ".."):
        raise Invalid(
            "text.slug", say("“{slug}” cannot stand in an address: use letters, digits and hyphens.", slug=slug[:60])
        )
    return slug


def free_slug(slug: str, is_taken: Callable[[str], bool]) -> str:
    """The slug itself, or with the smallest number behind it that nobody has."""
    if not is_taken(slug):
        return slug
    number = 2
    while is_taken(f"{slug}-{number}"):
        number += 1
    return f"{slug}-{number}"


def _may_stand_in_slug(character: str) -> bool:
    return character.isalnum() or character == "-" or unicodedata.category(character) in ("Mn", "Mc")


def no_such(kind: str | None, entry_id: int) -> Sentence:
    """That no entry of this kind has this identity."""
    return _NO_SUCH.get(kind or "", _NO_ENTRY).with_values(entry_id=entry_id)


def leads_nowhere(kind: str, entry_id: int) -> Sentence:
    """That what leads to this entry leads to nothing; an empty kind means any."""
    return _LEADS_TO_NO_SUCH.get(kind, _LEADS_NOWHERE).with_values(entry_id=entry_id)
