"""What of a city's translations asks for work, and what comes first. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property

from cityinfo.features.content import REQUESTED, Condition, Stage, State


class Standing(StrEnum):
    """Where a text stands, in one word."""

    CURRENT = "current"
    OUTDATED = "outdated"
    DRAFT = "draft"
    REVIEW = "review"
    MISSING = "missing"
    MACHINE = "machine"


class Urgency(IntEnum):
    """Why a text asks for work; what helps readers most comes first."""

    MISLEADING = 0  # readers see what the source no longer says
    AWAITED = 1  # missing, and readers would find it: the source and all above it are public
    UNCHECKED = 2  # readers see what only a machine has written
    BEGUN = 3  # not public yet, or returned by a reviewer
    LATER = 4  # missing, and nobody would find it yet


@dataclass(frozen=True, slots=True)
class Need:
    """A text that asks for work."""

    entry_id: int
    language: str
    urgency: Urgency


_OF_STATE = {
    State.MISSING: Standing.MISSING,
    State.FALLBACK: Standing.MISSING,
    State.OUTDATED: Standing.OUTDATED,
    State.IN_TRANSLATION: Standing.DRAFT,
    State.MACHINE_MADE: Standing.MACHINE,
    State.UP_TO_DATE: Standing.CURRENT,
}


def standing(condition: Condition | None) -> Standing:
    """What asks for someone comes before what is fine."""
    if condition is None:
        return Standing.MISSING
    if condition.review == REQUESTED:
        return Standing.REVIEW
    return _OF_STATE[condition.state] if condition.stage is Stage.PUBLIC else Standing.DRAFT


def standings(counts: Mapping[Condition | None, int]) -> Counter[Standing]:
    """The same of many."""
    found = Counter[Standing]()
    for condition, number in counts.items():
        found[standing(condition)] += number
    return found


def asks(condition: Condition | None) -> bool:
    """Whether a text that stands so asks for work, or nobody has written it yet."""
    return condition is None or _urgency(condition) is not None


def _urgency(condition: Condition) -> Urgency | None:
    if condition.review == REQUESTED or condition.state is State.IN_TRANSLATION:
        return None
    if condition.stage is not Stage.DRAFT and condition.state is State.OUTDATED:
        return Urgency.MISLEADING
    if condition.stage is not Stage.PUBLIC:
        return Urgency.BEGUN
    return Urgency.UNCHECKED if condition.state is State.MACHINE_MADE else None


Chapter = int | str  # the entry at the top of a branch of the tree, or a kind beside it


@dataclass(frozen=True)
class Survey:
    """Where the texts of a kind stand, and of some entries beside it. `sources` are the languages that are looked at in
    the city's order, each with its source; `parents` as for `queries.survey`; `own` and `others` are the entries, with
    their kinds.
    """

    conditions: Mapping[tuple[int, str], Condition]
    sources: Mapping[str, str | None]
    parents: Mapping[int, int | None]
    own: Mapping[int, str]
    others: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def chapters(self) -> dict[int, Chapter]:
        """What stands at the top above every entry, in the order in which people see them, or its kind."""
        tops: dict[int, Chapter] = {}
        for entry in self.parents or self.own:  # parents come before their children
            parent = self.parents.get(entry)
            if entry in self.own and (parent is None or parent in tops):
                tops[entry] = entry if parent is None else tops[parent]
        return tops | dict(sorted(self.others.items(), key=lambda other: other[1]))

    @property
    def translated(self) -> list[str]:
        """The languages that are translated into."""
        return [language for language, source in self.sources.items() if source is not None]

    def of(self, entry: int, language: str) -> Standing:
        return standing(self.conditions.get((entry, language)))

    def can_be_translated(self, entry: int, language: str) -> bool:
        """Whether there are words to translate, or a translation already."""
        source = self.sources.get(language) or ""
        return any(self.conditions.get((entry, one)) is not None for one in (source, language))

    def figures(self, language: str) -> dict[Chapter, Counter[Standing]]:
        """How many texts of every chapter stand where."""
        found: dict[Chapter, Counter[Standing]] = {}
        for entry in self._translatable(language):
            found.setdefault(self.chapters[entry], Counter())[self.of(entry, language)] += 1
        return found

    def texts(self, language: str, *, standing: Standing | None = None, chapter: Chapter | None = None) -> list[int]:
        """Entries to translate, or translated, into a language: what asks for work first."""
        found = [
            entry
            for entry in self._translatable(language)
            if standing in (None, self.of(entry, language)) and chapter in (None, self.chapters[entry])
        ]
        return sorted(found, key=lambda entry: self._rank(entry, language))

    def needs(
        self, languages: Collection[str], *, allowed: Callable[[int, str], bool] = lambda *_: True
    ) -> Iterator[Need]:
        """What asks for work in these languages and is `allowed`, the most urgent first."""
        wanted = [one for one in self.translated if one in languages]
        found = [
            Need(entry, language, urgency)
            for language in wanted
            for entry in self.chapters
            if (urgency := self.urgency(entry, language)) is not None
        ]
        return (one for one in sorted(found, key=lambda need: need.urgency) if allowed(one.entry_id, one.language))

    def urgency(self, entry: int, language: str) -> Urgency | None:
        """Why this text asks for work; None when it does not, or someone has it in hand."""
        condition = self.conditions.get((entry, language))
        if self.sources.get(language) is None or not self.can_be_translated(entry, language):
            return None
        if condition is None:
            return Urgency.AWAITED if self._would_be_found(entry, language) else Urgency.LATER
        return _urgency(condition)

    def _rank(self, entry: int, language: str) -> int:
        urgency = self.urgency(entry, language)
        return len(Urgency) if urgency is None else urgency

    def _translatable(self, language: str) -> list[int]:
        return [entry for entry in self.chapters if self.can_be_translated(entry, language)]

    def _would_be_found(self, entry: int, language: str) -> bool:
        if not self._is_public(entry, self.sources[language] or ""):
            return False
        parent = self.parents.get(entry)
        while parent is not None:
            if not self._is_public(parent, language):
                return False
            parent = self.parents.get(parent)
        return True

    def _is_public(self, entry: int, language: str) -> bool:
        condition = self.conditions.get((entry, language))
        return condition is not None and condition.stage is not Stage.DRAFT


def total(figures: Mapping[Chapter, Counter[Standing]]) -> Counter[Standing]:
    """How many texts stand where, of all chapters together."""
    return sum(figures.values(), Counter[Standing]())


def following(needs: Sequence[Need], entry: int) -> Need | None:
    """What to do after a text in its language: the one behind it, or the first; never itself.

    Someone who leaves a text undone is not led back to it before they have seen the others.
    """
    here = next((number for number, one in enumerate(needs) if one.entry_id == entry), -1)
    return next(iter([*needs[here + 1 :], *needs[: max(here, 0)]]), None)
