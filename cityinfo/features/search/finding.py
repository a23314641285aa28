"""Finding what answers a query, in the reader's language where there is something, else by another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from cityinfo.kernel.db import Work

from .index import Index, Listing, Ranked
from .indexes import Indexes, Searchable
from .languages import is_written_in, script
from .misses import Misses
from .postings import Scores
from .rules import LEAST_SHARE, LOW_SHARE, Wanted, wanted

SURE = 0.6  # of a query in one document: it is in the reader's language, no other needs to be tried
CLEAR = 0.15  # of its score by which words alone put a document first: what the query means is not asked then
BETTER_BY = 0.15  # of a query that another language must hold more, to be taken for the query's own
_MEANINGS = 256  # queries whose meaning is kept: one is tried in several languages, and page by page
MOST_OTHERS = 3  # languages that one query may open beside the reader's


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a reader types, in which language they read, and what the city speaks, its own language first.

    `shown` says which documents may be found. One that looks into a part of them only is not `counted` if it fails.
    """

    text: str
    language: str
    languages: Sequence[str]
    limit: int
    shown: Callable[[Listing], bool] = lambda _: True
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers. `language` is that of its words, `excerpt` is HTML with nothing in it but `mark`."""

    kind: str
    id: int
    title: str
    excerpt: str
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The answer, best first, and the language in which the query was understood."""

    hits: list[Hit]
    language: str


@dataclass(frozen=True, slots=True)
class _Try:
    """What a query finds in one language."""

    searched: Searchable
    wanted: Wanted
    ranked: list[Ranked]

    @property
    def share(self) -> float:
        """The largest part of the query that one document holds, of those that rank first."""
        return max((one.share for one in self.ranked), default=0.0)


class Search:
    """What answers queries in a worker: open indexes, and the counting of what they did not find."""

    def __init__(self, indexes: Indexes, misses: Misses) -> None:
        self.indexes = indexes
        self.misses = misses
        self._meaning = lru_cache(maxsize=_MEANINGS)(indexes.encoder.query) if indexes.encoder else None

    def find(self, db: Work, question: Question) -> Found:
        """What is published and answers a question, at most `limit`."""
        own = self._try(db, question, question.language)
        best = own if own.share >= SURE else self._best(db, question, own)
        if question.counted and best.share < LOW_SHARE:
            self.misses.note(db.tenant_id, question.language, question.text)
        return Found([_hit(one, best, own.searched) for one in best.ranked], best.searched.language)

    def _best(self, db: Work, question: Question, own: _Try) -> _Try:
        best = own
        for language in _others(question):
            tried = self._try(db, question, language)
            if tried.share > own.share + BETTER_BY and tried.share > best.share:
                best = tried
        return best

    def _try(self, db: Work, question: Question, language: str) -> _Try:
        searched = self.indexes.current(db, language)
        postings = searched.index.postings
        looked_for = wanted(question.text, searched.lexicon, postings)
        scores = searched.index.scores(looked_for.weights, looked_for.asked)
        ranked = _shown(searched.index, scores, question)
        if self._meaning and searched.index.embeddings.keys and _is_open(ranked):
            scores = searched.index.by_meaning(scores, self._meaning(question.text))
            ranked = _shown(searched.index, scores, question)
        return _Try(searched, looked_for, ranked[: question.limit])


def _shown(index: Index, scores: Scores, question: Question) -> list[Ranked]:
    """Those that are asked for, best first, and so many more that one can tell how far the best is ahead."""
    ranked = index.ranked(scores, least=LEAST_SHARE)
    return list(islice((one for one in ranked if question.shown(one.listing)), max(question.limit, 2)))


def _is_open(ranked: Sequence[Ranked]) -> bool:
    """Whether words leave open which document comes first."""
    return len(ranked) > 1 and ranked[1].score > (1 - CLEAR) * ranked[0].score


def _others(question: Question) -> list[str]:
    """Languages that a query may be in, beside the reader's: those in its letters; for a number, the city's own."""
    letters = script(question.text)
    others = [one for one in question.languages if one != question.language]
    if not letters:
        return [one for one in others if one == question.languages[0]]
    return [one for one in others if is_written_in(one, letters)][:MOST_OTHERS]


def _hit(ranked: Ranked, tried: _Try, own: Searchable) -> Hit:
    """A document as the reader's language shows it, or as it is where it has no such words."""
    found = ranked.listing
    shown = own.index.listing(found.kind, found.id) or found
    needles = tried.wanted.needles if shown is found else []
    return Hit(found.kind, found.id, shown.title, shown.passages.best(needles), shown.language, round(ranked.score, 3))
