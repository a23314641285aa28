"""What readers do who search."""

from __future__ import annotations

from cityinfo import registry
from cityinfo.features import search, tenants
from tests.factories import City


def make_search(city: City, *, encoder: search.Encoder | None = None, **options: object) -> search.Search:
    """A worker's search, with nothing open yet."""
    indexes = search.Indexes(registry.SEARCHED, with_meaning=encoder is not None, **options)
    return search.Search(indexes, search.Misses(city.database, every=3600), encoder)


def find(searching: search.Search, city: City, query: str, *, language: str = "de", limit: int = 10) -> search.Found:
    with city.read() as db:
        languages = tenants.active_languages(db)
        question = search.Question(text=query, language=language, languages=languages, limit=limit)
        return searching.find(db, question)


def titles(searching: search.Search, city: City, query: str, **options: object) -> list[str]:
    return [hit.title for hit in find(searching, city, query, **options).hits]
