"""What is worth saying about a text. Pure: it reads markup that `html.sanitise` has returned."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from html.parser import HTMLParser

from cityinfo.kernel import html
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say, say_number

from .readability import Readability

MOST_YEAR = 12  # above it a text is very hard to read, whatever a city says
YEARS = range(4, 16)  # what a city can choose from
Reference = tuple[int, str]  # an entry, and the language that a link insists on, if any
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_ENTRY = re.compile(r"entry:(\d+)(?:/([a-z0-9-]+))?")
_MOST_NAMED = 4  # flaws that a refusal names; more are counted


class Flaw(StrEnum):
    """What can be better."""

    VAGUE_LINK = "vague_link"
    EMPTY_LINK = "empty_link"
    UNDESCRIBED_PICTURE = "undescribed_picture"
    SKIPPED_HEADING = "skipped_heading"
    EMPTY_HEADING = "empty_heading"
    LINK_TO_NOWHERE = "link_to_nowhere"
    HARD_TEXT = "hard_text"
    HARD_SENTENCE = "hard_sentence"


# What a city can make a gate. A single sentence is hard by a rule of thumb; nobody is held up by that.
CAN_BE_GATES = tuple(flaw for flaw in Flaw if flaw is not Flaw.HARD_SENTENCE)


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


@dataclass(frozen=True, slots=True)
class Gates:
    """What a city wants mended before a text is published, and the school year that no text may lie above then."""

    flaws: frozenset[Flaw] = frozenset()
    most_year: int = MOST_YEAR


@dataclass(frozen=True, slots=True)
class Findings:
    """What is worth saying about a text; `gates` are those of it that the city insists on."""

    advice: Sequence[Advice]
    readability: Readability | None
    gates: Sequence[Advice] = ()


def advice(
    content: str, language: str, *, described: Collection[int] = (), dead: Collection[Reference] = ()
) -> list[Advice]:
    """Every flaw in the order of the text.

    `described` are the files whose words in the library are public, `dead` the references of the text, as
    `html.references` returns them, that lead to nothing that readers see.
    """
    vague = VAGUE.get(language.partition("-")[0], set()) | VAGUE["en"]
    reader = _Reader(vague, described, dead)
    reader.feed(content)
    reader.close()
    return reader.found


def findings(flaws: Iterable[Advice], readability: Readability | None, gates: Gates) -> Findings:
    """The whole of it: flaws of the markup, then what makes the words hard to read."""
    found = list(flaws)
    if readability is not None:
        if readability.year > gates.most_year:
            found.append(Advice(Flaw.HARD_TEXT, str(readability.year)))
        found += [Advice(Flaw.HARD_SENTENCE, sentence) for sentence in readability.hardest]
    return Findings(found, readability, [one for one in found if one.flaw in gates.flaws])


def check_gates(gates: Gates) -> Gates:
    """What a city chose, from what can be a gate. The school year counts together with hard texts alone."""
    if not gates.flaws <= set(CAN_BE_GATES):
        raise Invalid("gate.unknown", say("Choose from these: {choices}.", choices=", ".join(CAN_BE_GATES)))
    if gates.most_year not in YEARS:
        raise Invalid("gate.year", say("Choose a school year from {first} to {last}.", first=YEARS[0], last=YEARS[-1]))
    return gates if Flaw.HARD_TEXT in gates.flaws else Gates(gates.flaws)


def check_passes(found: Findings) -> None:
    """Refuse what stops at a gate, in one sentence that names what is to be mended."""
    if not found.gates:
        return
    named: list[str] = list(dict.fromkeys(_demand(one) for one in found.gates))
    if len(named) > _MOST_NAMED:
        more = say_number("one more thing", "{number} more things", len(named) - _MOST_NAMED)
        named = [*named[:_MOST_NAMED], more]
    stopped = [{"flaw": str(one.flaw), "words": one.words} for one in found.gates]
    things = reduce(lambda first, rest: say("{first}; {rest}", first=first, rest=rest), named)
    raise Invalid("text.gate", say("Not published yet: {things}.", things=things), flaws=stopped)


def _demand(one: Advice) -> str:
    words = html.excerpt(one.words, most=60)
    return {
        Flaw.VAGUE_LINK: say("the link text “{words}” must say where it leads", words=words),
        Flaw.EMPTY_LINK: say("every link needs words"),
        Flaw.LINK_TO_NOWHERE: say("the link “{words}” must lead to something that readers see", words=words),
        Flaw.UNDESCRIBED_PICTURE: say("every picture needs an alternative text"),
        Flaw.SKIPPED_HEADING: say("the heading “{words}” must not skip a level", words=words),
        Flaw.EMPTY_HEADING: say("every heading needs words"),
        Flaw.HARD_TEXT: say("the text must be easier to read (school year {words} now)", words=words),
    }[one.flaw]


class _Reader(HTMLParser):
    def __init__(self, vague: Collection[str], described: Collection[int], dead: Collection[Reference]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Advice] = []
        self._vague, self._described, self._dead = vague, described, dead
        self._leads_nowhere = False
        self._said: dict[str, list[str]] = {}  # what stands in the link or heading that is open
        self._level = 1  # the page's title

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img":
            self._look_at_picture(given)
        elif tag == "a" or tag in _HEADINGS:
            self._said[tag] = [given.get("aria-label") or ""]
        if tag == "a":
            self._leads_nowhere = self._is_dead(given.get("href") or "")

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
        if words and self._leads_nowhere:
            self.found.append(Advice(Flaw.LINK_TO_NOWHERE, words))

    def _is_dead(self, address: str) -> bool:
        entry = _ENTRY.fullmatch(address)
        return (int(entry[1]), entry[2] or "") in self._dead if entry else address in ("", "#")

    def _look_at_heading(self, level: int, words: str) -> None:
        if not words:
            self.found.append(Advice(Flaw.EMPTY_HEADING, ""))
        elif level > self._level + 1:
            self.found.append(Advice(Flaw.SKIPPED_HEADING, words))
        self._level = level

    def _look_at_picture(self, given: dict[str, str | None]) -> None:
        alt, source = given.get("alt") or "", given.get("src") or ""
        media = re.fullmatch(r"media:(\d+)", source)
        described = media is not None and int(media[1]) in self._described
        decorative = html.decorates(given)
        for said in self._said.values():
            said.append(alt or ("·" if described and not decorative else ""))
        if not (alt or described or decorative):
            self.found.append(Advice(Flaw.UNDESCRIBED_PICTURE, source))
