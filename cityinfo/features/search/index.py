"""The index of one city in one language: its published documents, as the feed tells them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from cityinfo.features.publishing import Change
from cityinfo.kernel import html

from .embeddings import Embeddings, Key
from .excerpts import Passages
from .postings import Postings, Scores, Tuning
from .words import stretches, tokens

if TYPE_CHECKING:
    from .ports import Vectors

TITLE = 3  # times a title counts, and what editors say readers call an entry
# A document is worth what it says as a whole, and what its best stretch says: words that answer stand together.
STRETCH, MOST_STRETCHES = 100, 32  # words, and stretches of a document
STRETCH_WEIGHT = 0.6
MEANING_WEIGHT = 0.7  # of what the best document is worth for its words
STRETCHES = Tuning(saturation=2.0, length=0.3)  # alike in length, and too short for much to be repeated
# What documents of any kind say beside words and readers may know of: names, numbers, places.
_FACTS = frozenset("name phone mobile email website title street postal_code postcode town".split())
_INSIDE = frozenset("organization location address categories".split())


@dataclass(frozen=True, slots=True)
class Listing:
    """A published document as the index knows it. `language` is that of its words, `source` who said it, for news."""

    kind: str
    id: int
    title: str
    language: str
    parent: int | None
    source: str
    keywords: str
    passages: Passages

    @property
    def key(self) -> Key:
        return self.kind, self.id


class Ranked(NamedTuple):
    """A document, what it is worth for a query, and which part of the query it holds, from 0 to 1."""

    listing: Listing
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that can be found in a city and language. Never changes: what is published makes another one."""

    postings: Postings = field(default_factory=Postings.empty)
    stretches: Postings = field(default_factory=lambda: Postings.empty(STRETCHES))
    embeddings: Embeddings = field(default_factory=Embeddings)
    _slots: Mapping[Key, int] = field(default_factory=dict)
    _listings: Mapping[int, Listing] = field(default_factory=dict)

    def with_changes(self, changes: Iterable[Change], kinds: Collection[str]) -> Index:
        """What can be found after a piece of the feed, of which only these kinds count."""
        told = {(one.kind, one.entry_id): one.payload for one in changes if one.kind in kinds}
        if not told:
            return self
        new = [listing_of(payload) for payload in told.values() if payload is not None]
        before = {slot for key in told if (slot := self._slots.get(key)) is not None}
        listings = {slot: one for slot, one in self._listings.items() if slot not in before}
        free = (slot for slot in count() if slot not in listings)
        listings |= dict(zip(free, new, strict=False))
        slots = {one.key: slot for slot, one in listings.items()}
        after = replace(self, _slots=slots, _listings=listings)
        again = after._with_all_below(set(told))
        cut = ((slot, after._tokens(listings[slot])) for slot in again)  # one after the other: together they are large
        changed = before | {slots[one.kind, one.id] for one in new}
        return replace(
            after,
            postings=self.postings.with_documents(before | again, cut),
            stretches=self.stretches.with_documents(*_stretches(changed, listings)),
        )

    def with_embeddings(self, embeddings: Embeddings) -> Index:
        """The same, and what its documents mean."""
        return replace(self, embeddings=embeddings)

    @property
    def keys(self) -> Collection[Key]:
        """Every document in it."""
        return self._slots.keys()

    def listing(self, kind: str, entry_id: int) -> Listing | None:
        slot = self._slots.get((kind, entry_id))
        return None if slot is None else self._listings[slot]

    def scores(self, weights: Mapping[int, float], asked: Collection[int]) -> Scores:
        """What every document is worth for tokens that weigh so much, and which part of those asked for it holds."""
        documents = self.postings.scores(weights, asked)
        best = self.stretches.scores(weights, asked).best_of(MOST_STRETCHES, len(documents.score))
        return Scores(documents.score + STRETCH_WEIGHT * best, documents.share)

    def by_meaning(self, scores: Scores, query: Vectors) -> Scores:
        """What documents are worth when it counts too how near they come to what a query means."""
        near = self.embeddings.nearest(query, self._slots, len(scores.score))
        return Scores(scores.score + MEANING_WEIGHT * scores.score.max() * near, scores.share)

    def ranked(self, scores: Scores, *, least: float) -> Iterator[Ranked]:
        """Documents that hold at least so much of a query, best first."""
        found = [slot for slot in (scores.share >= least).nonzero()[0].tolist() if slot in self._listings]
        found.sort(key=lambda slot: (-round(float(scores.score[slot]), 6), self._listings[slot].key))
        return (Ranked(self._listings[slot], float(scores.score[slot]), float(scores.share[slot])) for slot in found)

    def __len__(self) -> int:
        return len(self._listings)

    def _with_all_below(self, keys: set[Key]) -> set[int]:
        """Where these documents stand and all below them, which are found by their titles too."""
        return {
            slot for slot, one in self._listings.items() if one.key in keys or keys & set(_above(one, self.listing))
        }

    def _tokens(self, listing: Listing) -> list[int]:
        """What a document is found by, each as often as it counts."""
        titles = titles_above(listing, self.listing)
        return [
            *(TITLE * tokens(f"{listing.title}\n{listing.keywords}", listing.language)),
            *(token for title in titles for token in tokens(title, listing.language)),
            *tokens(listing.passages.text, listing.language),
        ]


def _above(listing: Listing, find: Callable[[str, int], Listing | None]) -> Iterator[Key]:
    """What a document stands below, the nearest first."""
    seen: set[int] = set()
    one: Listing | None = listing
    while one is not None and one.parent is not None and one.parent not in seen:
        seen.add(one.parent)
        yield one.kind, one.parent
        one = find(one.kind, one.parent)


def titles_above(listing: Listing, find: Callable[[str, int], Listing | None]) -> list[str]:
    """The titles of what a document stands below, the nearest first."""
    return [one.title for key in _above(listing, find) if (one := find(*key))]


def _stretches(
    changed: Collection[int], listings: Mapping[int, Listing]
) -> tuple[Collection[int], Iterator[tuple[int, Sequence[int]]]]:
    """Where the stretches of changed documents stood, and those that they have now; each has a slot of its own."""
    gone = [slot * MOST_STRETCHES + number for slot in changed for number in range(MOST_STRETCHES)]
    return gone, (
        (slot * MOST_STRETCHES + number, cut)
        for slot in changed
        if (one := listings.get(slot))
        for number, cut in enumerate(stretches(one.passages.text, one.language, size=STRETCH, most=MOST_STRETCHES))
    )


def listing_of(payload: bytes) -> Listing:
    """A published document as the index knows it."""
    document = orjson.loads(payload)
    facts = list(dict.fromkeys(_facts(document)))
    text = "\n".join(one for one in (html.plain_text(document.get("content", "")), " · ".join(facts)) if one)
    return Listing(
        kind=document["kind"],
        id=document["id"],
        title=document["title"],
        language=document.get("delivered_language") or document["language"],
        parent=document.get("parent"),
        source=document.get("source", ""),
        keywords="\n".join(document.get("keywords", ())),
        passages=Passages(text),
    )


def _facts(document: Mapping[str, Any], *, inside: bool = False) -> Iterator[str]:
    for name, value in document.items():
        if isinstance(value, str) and value and name in _FACTS and (inside or name != "title"):
            yield value
        elif isinstance(value, dict | list) and name in _INSIDE:
            for one in value if isinstance(value, list) else [value]:
                yield from _facts(one, inside=True)
