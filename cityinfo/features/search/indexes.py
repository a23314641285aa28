"""The indexes a worker has open: few, made when they are first asked for, kept as published."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from cityinfo.features import publishing
from cityinfo.features.publishing import Cursor
from cityinfo.kernel.db import Work

from . import queries
from .index import Index
from .ports import Encoder
from .synonyms import Lexicon

MOST_OPEN = 16
_EVERYTHING = 10_000_000  # more rows than a city and language can have


@dataclass(frozen=True, slots=True)
class Searchable:
    """A city in a language, as of a number of its clock: what is published, and what means the same there."""

    language: str
    epoch: int
    seq: int
    index: Index
    lexicon: Lexicon


@dataclass(slots=True)
class _Place:
    """Where one is kept. Whoever brings it up to date holds the lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    open: Searchable | None = None


class Indexes:
    """At most `most` open indexes; the one that nobody has asked for longest is closed first.

    `with_shared` says whether the synonyms count that every city shares; with an `encoder` what texts mean
    counts too, as far as it was read (`encode`).
    """

    def __init__(
        self, kinds: Collection[str], *, most: int = MOST_OPEN, with_shared: bool = True, encoder: Encoder | None = None
    ) -> None:
        self.encoder = encoder
        self._kinds = frozenset(kinds)
        self._most = most
        self._with_shared = with_shared
        self._lock = threading.Lock()
        self._places: OrderedDict[tuple[int, str], _Place] = OrderedDict()

    def __len__(self) -> int:
        return len(self._places)

    def current(self, db: Work, language: str) -> Searchable:
        """The index of this unit of work's city, at least as new as what it sees.

        What was published since it was last asked for is read from the feed, nothing else.
        """
        epoch, seq = publishing.newest(db)
        place = self._place(db.tenant_id, language)
        with place.lock:
            known = place.open
            if known is None or known.epoch != epoch:
                known = Searchable(language, epoch, -1, Index(), Lexicon.of(language))
            if known.seq < seq:
                known = self._followed(db, known, seq)
            if self.encoder:
                known = _read(db, known, self.encoder.name)
            place.open = known
        return known

    def _place(self, tenant_id: int, language: str) -> _Place:
        with self._lock:
            place = self._places.pop((tenant_id, language), None) or _Place()
            self._places[tenant_id, language] = place
            while len(self._places) > self._most:
                self._places.popitem(last=False)
        return place

    def _followed(self, db: Work, known: Searchable, seq: int) -> Searchable:
        since = str(Cursor(known.epoch, known.seq)) if known.seq >= 0 else None
        changes = publishing.changes(db, known.language, since=since, most=_EVERYTHING)
        groups = [group.words for group in queries.synonym_groups(db, known.language)]
        lexicon = Lexicon.of(known.language, groups, with_shared=self._with_shared)
        index = known.index.with_changes(changes.items, self._kinds)
        return Searchable(known.language, known.epoch, seq, index, lexicon)


def _read(db: Work, known: Searchable, encoder: str) -> Searchable:
    """With what the worker has read of these texts since it was last looked at."""
    embeddings = queries.embeddings(db, known.language, encoder, known.index.embeddings, known.index.keys)
    return known if embeddings is None else replace(known, index=known.index.with_embeddings(embeddings))
