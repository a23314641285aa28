"""Which document holds which token how often, and what a document is worth for a query (BM25). Never changes."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint32]
    Sizes = NDArray[np.float64]

# Late saturation: pieces of words are frequent in every text, and one that repeats what is asked is about it.
SATURATION = 6.0
LENGTH = 0.75  # how far long documents are held back


class Scores(NamedTuple):
    """By slot: the score, and which part of the query's weight the document holds, from 0 to 1."""

    score: Sizes
    share: Sizes


class Postings:
    """Tokens of documents, each in a slot of its own, as flat arrays: two megabytes for a thousand pages' words.

    `terms` are the distinct tokens in order; those of a term stand in `slots` and `counts` from `starts` on.
    """

    def __init__(self, terms: Numbers, starts: Numbers, slots: Numbers, counts: Numbers, lengths: Sizes) -> None:
        self.terms = terms
        self.starts = starts
        self.slots = slots
        self.counts = counts
        self._held_back = _held_back(lengths)
        self.lengths = lengths
        self.documents = int((lengths > 0).sum())

    @classmethod
    def empty(cls) -> Postings:
        import numpy as np  # loaded with the first search: most processes never search

        none = np.zeros(0, np.uint32)
        return cls(none, np.zeros(1, np.uint32), none, none, np.zeros(0))

    def with_documents(self, gone: Collection[int], new: Mapping[int, Sequence[int]]) -> Postings:
        """Without what stood in these slots, with these tokens in theirs; a token counts as often as it is there."""
        import numpy as np

        staying = ~np.isin(self.slots, np.fromiter({*gone, *new}, np.uint32))
        spread = np.repeat(self.terms, np.diff(self.starts))
        kept = (spread[staying], self.slots[staying], self.counts[staying])
        added = [_counted(slot, tokens) for slot, tokens in new.items()]
        tokens, slots, counts = (np.concatenate(part) for part in zip(kept, *added, strict=True))
        order = np.lexsort((slots, tokens))
        terms, first = np.unique(tokens[order], return_index=True)
        lengths = _lengths(self.lengths, gone, new)
        starts = np.append(first, len(order)).astype(np.uint32)
        return Postings(terms, starts, slots[order], counts[order], lengths)

    def frequency(self, token: int) -> int:
        """In how many documents a token stands."""
        place = self._place(token)
        return 0 if place is None else int(self.starts[place + 1] - self.starts[place])

    def scores(self, weights: Mapping[int, float]) -> Scores:
        """What every slot is worth for tokens that weigh so much."""
        import numpy as np

        score, share, whole = np.zeros(len(self.lengths)), np.zeros(len(self.lengths)), 0.0
        for token, weight in weights.items():
            place = self._place(token)
            start, end = (0, 0) if place is None else (int(self.starts[place]), int(self.starts[place + 1]))
            worth = weight * self._rarity(max(end - start, 1))
            whole += worth
            slots, counts = self.slots[start:end], self.counts[start:end]
            score[slots] += worth * (SATURATION + 1) * counts / (counts + self._held_back[slots])
            share[slots] += worth
        return Scores(score, share / whole if whole else share)

    def _place(self, token: int) -> int | None:
        place = int(self.terms.searchsorted(token))
        return place if place < len(self.terms) and self.terms[place] == token else None

    def _rarity(self, frequency: int) -> float:
        return math.log(1 + (self.documents - frequency + 0.5) / (frequency + 0.5))


def _held_back(lengths: Sizes) -> Sizes:
    mean = lengths.sum() / max((lengths > 0).sum(), 1) or 1.0
    held_back: Sizes = SATURATION * (1 - LENGTH + LENGTH * lengths / mean)
    return held_back


def _counted(slot: int, tokens: Sequence[int]) -> tuple[Numbers, Numbers, Numbers]:
    import numpy as np

    distinct, counts = np.unique(np.asarray(tokens, np.uint32), return_counts=True)
    return distinct, np.full(len(distinct), slot, np.uint32), counts.astype(np.uint32)


def _lengths(before: Sizes, gone: Collection[int], new: Mapping[int, Sequence[int]]) -> Sizes:
    import numpy as np

    after = np.zeros(max([len(before), *(slot + 1 for slot in new)]))
    after[: len(before)] = before
    after[list(gone)] = 0
    for slot, tokens in new.items():
        after[slot] = len(tokens)
    return after
