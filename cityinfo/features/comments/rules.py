"""What a comment may say, whom it names, and where the passage is that it is about. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cityinfo.kernel.errors import Forbidden, Invalid
from cityinfo.kernel.i18n import say

MOST_WORDS = 2_000
MOST_QUOTE = 500
MOST_CONTEXT = 40  # characters on either side of a passage
MOST_ON_A_TEXT = 1_000  # comments
# Words shorter than this may well stand in a text twice: they are the passage only beside some of its old neighbours.
TELLING, LEAST_CONTEXT = 24, 6
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a text with what stands right before and after them, white space collapsed.

    As `TextQuoteSelector` of the W3C's Web Annotation Data Model: it needs no marks in the text, so it outlives every
    version in which the words stay.
    """

    quote: str = ""
    before: str = ""
    after: str = ""


def check_words(words: str) -> str:
    """The words without what cannot be kept; lines stay."""
    words = _UNWRITABLE.sub("", words.replace("\r\n", "\n")).strip()
    if not words:
        raise Invalid("comment.empty", "Write what you want to say.")
    if len(words) > MOST_WORDS:
        raise Invalid("comment.long", say("A comment has at most {most} characters.", most=MOST_WORDS))
    return words


def check_passage(passage: Passage) -> Passage:
    """The passage on one line, without more of its neighbours than are needed."""
    quote, before, after = (one_line(one) for one in (passage.quote, passage.before, passage.after))
    if len(quote) > MOST_QUOTE:
        raise Invalid("comment.quote", say("Quote a passage of at most {most} characters.", most=MOST_QUOTE))
    return Passage(quote, before[-MOST_CONTEXT:], after[:MOST_CONTEXT]) if quote else Passage()


def check_room(number: int) -> None:
    if number >= MOST_ON_A_TEXT:
        raise Invalid(
            "comment.many",
            say("There are {most} comments on this text already; delete some that are done with.", most=MOST_ON_A_TEXT),
        )


def check_own(author: str, actor: str) -> None:
    if author != actor:
        raise Forbidden("comment.not_yours", "Only its author can change or delete a comment; write an answer.")


def one_line(text: str) -> str:
    return " ".join(_UNWRITABLE.sub("", text.replace("\n", " ")).split())


def place(passage: Passage, text: str) -> int | None:
    """Where the passage stands in a text on one line: the place most like the old one. None when it has gone.

    The screen finds it by the same rule (frontend/src/cms/comments/places.js).
    """
    quote = passage.quote
    found = [(-_alike(passage, text, at), at) for at in _places(quote, text)]
    if not quote or not found:
        return None
    least = min(LEAST_CONTEXT, len(passage.before) + len(passage.after)) if len(quote) < TELLING else 0
    alike, at = min(found)
    return at if -alike >= least else None


def mentioned(words: str, people: Mapping[str, str]) -> set[str]:
    """Those of `people` (name by identity) who are called by their whole name after an @."""
    names = sorted({name for name in people.values() if name}, key=len, reverse=True)
    if not names:
        return set()
    called = re.compile(rf"(?<!\w)@({'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    found = {name.casefold() for name in called.findall(words)}
    return {person for person, name in people.items() if name.casefold() in found}


def _places(quote: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(f"(?={re.escape(quote)})", text)] if quote else []


def _alike(passage: Passage, text: str, at: int) -> int:
    """How many of the characters beside it are still there."""
    behind = text[at + len(passage.quote) :].lstrip()
    ahead = text[:at].rstrip()
    return _shared(passage.before[::-1], ahead[::-1]) + _shared(passage.after, behind)


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
