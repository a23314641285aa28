"""Search: what answers a query, in whatever language and spelling it was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, current_app
from marshmallow import fields, pre_load, validate

from cityinfo.features import contacts, events, imprint, locations, news, offers, organizations, pages, search
from cityinfo.features.search import Hit, Listing
from cityinfo.web.bodies import Answer, Reading, serve_once

from .entries import Names
from .operations import Body, Query, answer, limit, operation, section
from .pages import EXAMPLE

blueprint = section("Search", "Find what answers a question, a word, a number or a place.")
KINDS = (
    *(pages.KIND, events.KIND, locations.KIND, contacts.KIND),
    *(offers.KIND, organizations.KIND, news.KIND, imprint.KIND),
)


class HitSchema(Body):
    """Something that answers."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS), metadata={"example": "page"})
    id = fields.Integer(required=True, metadata={"description": "Identity within its kind.", "example": EXAMPLE})
    path = fields.String(
        required=True, metadata={"description": "Below city and `address_language`.", "example": "arbeit/arbeitsuche"}
    )
    address_language = fields.String(
        required=True, metadata={"description": "Language of the address, as a `slug`.", "example": "de"}
    )
    title = fields.String(required=True, metadata={"description": "Plain text.", "example": "Arbeit suchen"})
    excerpt = fields.String(
        required=True,
        metadata={
            "description": "The passage that answers best, as HTML: everything is escaped, and the only element is"
            " `mark`, around what was found. Of a query in another language, the beginning of the text.",
            "example": "Hilfe bei der <mark>Arbeitssuche</mark> gibt die Agentur …",
        },
    )
    language = fields.String(required=True, metadata={"description": "Language of these words.", "example": "de"})
    fallback = fields.Boolean(
        required=True, metadata={"description": "True: not in the language asked for, because it is not there in it."}
    )
    score = fields.Float(
        required=True, metadata={"description": "To compare within one answer, never between two.", "example": 41.7}
    )


class SearchSchema(Body):
    """What was found, best first."""

    items = fields.List(fields.Nested(HitSchema), required=True)
    query_language = fields.String(
        required=True,
        metadata={"description": "The language in which the query was understood, as a `slug`.", "example": "de"},
    )


class SearchQuery(Query):
    """What is looked for."""

    q = fields.String(
        required=True,
        validate=validate.Length(min=1, max=search.MOST_QUERY),
        metadata={
            "description": "Words, the beginning of a word, a question, a telephone number or a postal code.",
            "example": "Wo finde ich Arbeit?",
        },
    )
    kind = Names(*KINDS, description="Only these, separated by commas.")
    limit = limit(50, default=10)

    @pre_load
    def _trim(self, data: Any, **_: Any) -> Any:
        return {**data, "q": data["q"].strip()} if isinstance(data.get("q"), str) else data


@operation(blueprint, "/tenants/<tenant>/<language>/search", answer=SearchSchema, query=SearchQuery)
def search_city(query: dict[str, Any], tenant: str, language: str) -> Response:
    """Search a city.

    Typing errors, endings, compounds and missing accents do not matter. A query in another of the city's languages
    finds the same content in the language asked for. What was published a moment ago is found, what was taken offline
    is not.
    """
    # Hardly anyone types the same again before something is published: keeping answers would only push out others.
    return serve_once(tenant=tenant, language=language.lower(), build=lambda reading: _answer(reading, query))


def _answer(reading: Reading, query: dict[str, Any]) -> Answer:
    question = search.Question(
        text=query["q"],
        language=reading.language,
        languages=reading.tenant.active_languages,
        limit=query["limit"],
        counted="kind" not in query,
        shown=_shown(reading, set(query.get("kind") or KINDS)),
    )
    searching: search.Search = current_app.extensions["search"]
    found = searching.find(reading.db, question)
    items = [item for hit in found.hits if (item := _item(reading, hit))]
    return answer({"items": items, "query_language": found.language}, reading)


def _shown(reading: Reading, kinds: set[str]) -> Callable[[Listing], bool]:
    """Of news those alone that the city's list of news shows."""
    flags = reading.tenant.features
    on = {True: flags.get(news.LOCAL_FLAG), False: flags.get(news.EXTERNAL_FLAG)}

    def shown(one: Listing) -> bool:
        return one.kind in kinds and (one.kind != news.KIND or bool(on[one.source == news.LOCAL]))

    return shown


def _item(reading: Reading, hit: Hit) -> dict[str, Any] | None:
    paths = reading.paths(hit.kind, hit.id)
    place = reading.language if reading.language in paths else hit.language
    if place not in paths:
        return None
    return {
        "kind": hit.kind,
        "id": hit.id,
        "path": paths[place],
        "address_language": place,
        "title": hit.title,
        "excerpt": hit.excerpt,
        "language": hit.language,
        "fallback": hit.language != reading.language,
        "score": hit.score,
    }
