"""What readers do who search, and an encoder that knows a few words."""

from __future__ import annotations

import numpy as np

from cityinfo import registry
from cityinfo.features import search, tenants
from cityinfo.kernel.jobs import JobStopped
from tests.factories import City

MEANT = {"strand": 0, "möwe": 0, "miete": 1, "wohnung": 1, "arzt": 2, "husten": 2}


class Dictionary:
    """An encoder of a few words. It keeps what it was given to read, and what it was asked."""

    def __init__(self, name: str = "dictionary", stops_after: int = 1_000) -> None:
        self.name, self.read, self.asked, self._stops_after = name, [], [], stops_after

    def query(self, text):
        self.asked.append(text)
        return self._vector(text)

    def passages(self, texts):
        if len(self.read) >= self._stops_after:
            raise JobStopped
        self.read += texts
        return np.stack([self._vector(text) for text in texts])

    @staticmethod
    def _vector(text):
        vector = np.full(4, 0.01, np.float32)
        for word, place in MEANT.items():
            vector[place] += text.casefold().count(word)
        return vector / np.linalg.norm(vector)


def make_search(city: City, **options: object) -> search.Search:
    """A worker's search, with nothing open yet."""
    return search.Search(search.Indexes(registry.SEARCHED, **options), search.Misses(city.database, every=3600))


def find(searching: search.Search, city: City, query: str, *, language: str = "de", limit: int = 10) -> search.Found:
    with city.read() as db:
        languages = tenants.active_languages(db)
        question = search.Question(text=query, language=language, languages=languages, limit=limit)
        return searching.find(db, question)


def titles(searching: search.Search, city: City, query: str, **options: object) -> list[str]:
    return [hit.title for hit in find(searching, city, query, **options).hits]
