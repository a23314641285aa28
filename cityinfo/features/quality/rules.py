"""What is worth saying about a text. Pure: it reads markup that `html.sanitise` has returned."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser


class Flaw(StrEnum):
    """What can be better."""

    VAGUE_LINK = "vague_link"
    EMPTY_LINK = "empty_link"
    UNDESCRIBED_PICTURE = "undescribed_picture"
    SKIPPED_HEADING = "skipped_heading"
    EMPTY_HEADING = "empty_heading"


# Words that say nothing of where a link leads when they are read alone, as screen readers list them (WCAG 2.4.4).
VAGUE = {
    "de": {"hier", "klicken sie hier", "hier klicken", "mehr", "weiter", "link", "dieser link", "weiterlesen"},
    "en": {"here", "click here", "more", "read more", "link", "this link", "continue"},
}


@dataclass(frozen=True, slots=True)
class Advice:
    """One flaw and the words it is about."""

    flaw: Flaw
    words: str


def advice(content: str, language: str, *, described: Collection[int] = ()) -> list[Advice]:
    """Every flaw in the order of the text. `described` are the files whose words in the library are public."""
    reader = _Reader(VAGUE.get(language.partition("-")[0], set()) | VAGUE["en"], described)
    reader.feed(content)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, vague: Collection[str], described: Collection[int]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Advice] = []
        self._vague, self._described = vague, described
        self._said: dict[str, list[str]] = {}  # what stands in the link or heading that is open
        self._level = 1  # the page's title

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img":
            self._look_at_picture(given)
        elif tag == "a" or re.fullmatch("h[2-6]", tag):
            self._said[tag] = [given.get("aria-label") or ""]

    def handle_data(self, data: str) -> None:
        for said in self._said.values():
            said.append(data)

    def handle_endtag(self, tag: str) -> None:
        said = self._said.pop(tag, None)
        if said is None:
            return
        words = " ".join("".join(said).split())
        if tag == "a":
            self._look_at_link(words)
        else:
            self._look_at_heading(int(tag[1]), words)

    def _look_at_link(self, words: str) -> None:
        if not words:
            self.found.append(Advice(Flaw.EMPTY_LINK, ""))
        elif words.casefold().strip(" .:!…>»→") in self._vague:
            self.found.append(Advice(Flaw.VAGUE_LINK, words))

    def _look_at_heading(self, level: int, words: str) -> None:
        if not words:
            self.found.append(Advice(Flaw.EMPTY_HEADING, ""))
        elif level > self._level + 1:
            self.found.append(Advice(Flaw.SKIPPED_HEADING, words))
        self._level = level

    def _look_at_picture(self, given: dict[str, str | None]) -> None:
        alt, source = given.get("alt") or "", given.get("src") or ""
        media = re.fullmatch(r"media:(\d+)", source)
        for said in self._said.values():
            said.append(alt or ("·" if media and int(media[1]) in self._described else ""))
        if not alt and not (media and int(media[1]) in self._described):
            self.found.append(Advice(Flaw.UNDESCRIBED_PICTURE, source))
