"""Which document holds which token how often, and what a document is worth for a query (BM25). Never changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint32]
    Sizes = NDArray[np.float64]


class Tuning(NamedTuple):
    """The two numbers of BM25: how late what is repeated stops to count, and how far long documents are held back."""

    saturation: float
    length: float


# Late saturation: pieces of words are frequent in every text, and one that repeats what is asked is about it.
DOCUMENTS = Tuning(saturation=6.0, length=0.75)


class Scores(NamedTuple):
    """By slot: the score, and which part of the query's weight the document holds, from 0 to 1."""

    score: Sizes
    share: Sizes

    def best_of(self, size: int, runs: int) -> Sizes:
        """The best score in each of so many runs of slots, each of that size."""
        import numpy as np

        padded = np.zeros(size * runs)
        padded[: len(self.score)] = self.score
        best: Sizes = padded.reshape(runs, size).max(axis=1)
        return best


class Postings:
    """Tokens of documents, each in a slot of its own, as flat arrays: a megabyte for 240 pages.

    `terms` are the distinct tokens in order; those of a term stand in `slots` and `counts` from `starts` on.
    """

    def __init__(
        self, terms: Numbers, starts: Numbers, slots: Numbers, counts: Numbers, *, lengths: Sizes, tuning: Tuning
    ) -> None:
        self.terms = terms
        self.starts = starts
        self.slots = slots
        self.counts = counts
        self._held_back = _held_back(lengths, tuning)
        self._tuning = tuning
        self.lengths = lengths
        self.documents = int((lengths > 0).sum())

    @classmethod
    def empty(cls, tuning: Tuning = DOCUMENTS) -> Postings:
        import numpy as np  # loaded with the first search: most processes never search

        none = np.zeros(0, np.uint32)
        return cls(none, np.zeros(1, np.uint32), none, none, lengths=np.zeros(0), tuning=tuning)

    def with_documents(self, gone: Collection[int], new: Iterable[tuple[int, Sequence[int]]]) -> Postings:
        """Without what stood in these slots, with new slots and tokens; each counts as often as it is there."""
        import numpy as np

        staying = ~np.isin(self.slots, np.fromiter(gone, np.uint32))
        spread = np.repeat(self.terms, np.diff(self.starts))
        kept = (spread[staying], self.slots[staying], self.counts[staying])
        added = [_counted(slot, tokens) for slot, tokens in new]
        tokens, slots, counts = (np.concatenate(part) for part in zip(kept, *added, strict=True))
        order = np.lexsort((slots, tokens))
        terms, first = np.unique(tokens[order], return_index=True)
        starts = np.append(first, len(order)).astype(np.uint32)
        lengths = np.bincount(slots, counts).astype(np.float64)
        return Postings(terms, starts, slots[order], counts[order], lengths=lengths, tuning=self._tuning)

    def frequency(self, token: int) -> int:
        """In how many documents a token stands."""
        start, end = self._spans([token])
        return int(end[0] - start[0])

    def scores(self, weights: Mapping[int, float], asked: Collection[int]) -> Scores:
        """What every slot is worth for tokens that weigh so much.

        `asked` are those that were typed: the others may stand in for them, but ask for no more.
        """
        import numpy as np

        starts, ends = self._spans(weights)
        sizes = ends - starts
        rare = np.log(1 + (self.documents - np.maximum(sizes, 1) + 0.5) / (np.maximum(sizes, 1) + 0.5))
        worth = np.fromiter(weights.values(), np.float64, len(weights)) * rare
        total = sum(one for token, one in zip(weights, worth.tolist(), strict=True) if token in asked)
        before = np.cumsum(sizes) - sizes
        places = np.arange(sizes.sum()) + np.repeat(starts - before, sizes)
        slots, counts, each = self.slots[places], self.counts[places], np.repeat(worth, sizes)
        saturated = (self._tuning.saturation + 1) * counts / (counts + self._held_back[slots])
        score = np.bincount(slots, each * saturated, len(self.lengths)).astype(np.float64)
        share = np.bincount(slots, each / (total or 1.0), len(self.lengths)).astype(np.float64)
        return Scores(score, np.minimum(share, 1.0))

    def _spans(self, tokens: Collection[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the documents of tokens begin and end; nowhere for tokens that no document has."""
        import numpy as np

        wanted = np.fromiter(tokens, np.uint32, len(tokens))  # of the same type, or the terms would be copied
        first, last = self.terms.searchsorted(wanted), self.terms.searchsorted(wanted, "right")
        return self.starts[first].astype(np.int64), self.starts[last].astype(np.int64)


def _held_back(lengths: Sizes, tuning: Tuning) -> Sizes:
    mean = lengths.sum() / max((lengths > 0).sum(), 1) or 1.0
    held_back: Sizes = tuning.saturation * (1 - tuning.length + tuning.length * lengths / mean)
    return held_back


def _counted(slot: int, tokens: Sequence[int]) -> tuple[Numbers, Numbers, Numbers]:
    import numpy as np

    distinct, counts = np.unique(np.asarray(tokens, np.uint32), return_counts=True)
    return distinct, np.full(len(distinct), slot, np.uint32), counts.astype(np.uint32)
