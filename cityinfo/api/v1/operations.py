"""How an operation of version 1 is declared: its address, what it takes, what it answers, which problems it knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Response
from flask_smorest import Blueprint
from marshmallow import EXCLUDE, Schema, fields, validate
from werkzeug.exceptions import HTTPException

from cityinfo.api.http import json_bytes, problem_response
from cityinfo.kernel.errors import Gone, Problem
from cityinfo.web.bodies import Answer, Reading
from cityinfo.web.guard import public

from .deprecation import Deprecation, announced, goes
from .parsing import Section, keepable

PREFIX = "/api/v1"
BEARER = "bearer"  # the scheme by which whoever is no reader says who they are
MOST_CURSOR = 120  # characters
EVERYWHERE = (304, 404, 422, 429, 503)  # what any operation that reads may answer
SENDING = (400, 404, 413, 422, 429, 503)  # and one that takes something
T = TypeVar("T")
View = Callable[..., Response]

_PARAMETERS: dict[str, dict[str, Any]] = {
    "tenant": {"description": "Address of the city, as `slug` in the list of tenants.", "example": "musterstadt"},
    "language": {"description": "One of the city's languages, by its `slug`.", "example": "de"},
    "page_id": {"description": "Identity of the page, as `id` in a list of pages.", "example": 52776558133248},
    "entry_id": {"description": "Identity, as `id` in a list.", "example": 52776558133248},
    "session_id": {"description": "Identity of a login, as `id` in the list of them.", "example": 52776558133248},
    "passkey_id": {"description": "Identity of a passkey, as `id` in the list of them.", "example": 52776558133248},
    "kind": {
        "description": "The kind of entry, as the addresses of lists name it.",
        "schema": {
            "type": "string",
            "enum": "pages events locations contacts offers organizations media news imprint".split(),
        },
        "example": "pages",
    },
    "feedback_id": {"description": "Identity, as `id` in the list.", "example": 52776558133248},
    "comment_id": {"description": "Identity, as `id` in the list.", "example": 52776558133248},
    "proposal_id": {"description": "Identity, as `id` in the list.", "example": 52776558133248},
    "calendar_id": {"description": "Identity, as `id` in the list.", "example": 52776558133248},
    "feed_id": {"description": "Identity, as `id` in the list.", "example": 52776558133248},
    "job_id": {"description": "Identity, as `id` in the list.", "example": 52776558133248},
    "token_id": {"description": "Identity, as `id` in the list.", "example": 52776558133248},
    "webhook_id": {"description": "Identity, as `id` in the list.", "example": 52776558133248},
    "group_id": {"description": "Identity, as `id` in the list of synonyms.", "example": 52776558133248},
    "membership_id": {"description": "Identity, as `id` in the list of people.", "example": 52776558133248},
    "slug": {
        "description": "A word that names the category.",
        "schema": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "example": "eulen",
    },
    "version_id": {"description": "Identity of a version of the text.", "example": 52776558133248},
    "ticket": {"description": "As it was told when the feedback was sent.", "example": "q3Jg0c1rXn2mJt0W4y5Zbw"},
    "path": {"description": "Slugs from the first level down, joined by slashes.", "example": "arbeit/arbeitsuche"},
}
_ETAG = {"ETag": {"description": "Send it back as `If-None-Match`.", "schema": {"type": "string"}}}
_LANGUAGE = {
    "Content-Language": {
        "description": "Language of the texts (BCP 47).",
        "schema": {"type": "string"},
        "example": "de",
    }
}


class Body(Schema):
    """Something in an answer. Other fields may come with a later release."""

    class Meta:
        unknown = EXCLUDE


class ProblemSchema(Body):
    """What went wrong, as RFC 9457 writes it (`application/problem+json`)."""

    type = fields.String(required=True, metadata={"description": "Always `about:blank`; `code` says what it is."})
    title = fields.String(required=True, metadata={"description": "Name of the status.", "example": "Not Found"})
    status = fields.Integer(required=True, metadata={"example": 404})
    detail = fields.String(
        required=True,
        metadata={"description": "One sentence for a person.", "example": "There is no city under the address “x”."},
    )
    code = fields.String(
        required=True, metadata={"description": "For machines; never changes.", "example": "tenant.unknown"}
    )
    errors = fields.Dict(
        metadata={
            "description": "Which parameters cannot be used, and why.",
            "example": {"query": {"depth": ["Not a valid integer."]}},
        }
    )
    data = fields.Dict(metadata={"description": "What else helps to understand the problem."})


def sparse(schema: type[Schema]) -> Schema:
    """The same where readers choose the fields: any may be missing but the identity."""
    members = {"__doc__": f"{(schema.__doc__ or '').splitlines()[0]} With `fields`, only what was asked for."}
    listed: type[Schema] = type(f"Listed{schema.__name__}", (schema,), members)
    return listed(partial=[name for name in listed().fields if name != "id"])


class Query(Schema):
    """Parameters behind the question mark. Unknown ones are ignored, so that links with additions keep working."""

    class Meta:
        unknown = EXCLUDE

    @staticmethod
    def canonical(query: dict[str, Any]) -> dict[str, str]:
        """The parameters as one answer is kept under."""
        return {name: str(value) for name, value in query.items() if value is not None}


class Paged(Query):
    """A list that can be read in portions."""

    cursor = fields.String(
        validate=validate.Length(min=1, max=MOST_CURSOR),
        metadata={"description": "Go on after this place: `cursor` of the answer before."},
    )


class PagedAnswer(Body):
    """What every list that can be read in portions says beside its items."""

    cursor = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Where to go on; null at the end.", "example": "musterstadt"},
    )
    more = fields.Boolean(required=True, metadata={"description": "Whether anything follows."})


def limit(most: int, *, default: int | None) -> fields.Integer:
    """How many items an answer holds at most; without a default all of them."""
    return fields.Integer(
        load_default=default,
        validate=validate.Range(min=1, max=most),
        metadata={"description": f"Items in one answer, at most {most}{'' if default else '; without it all'}."},
    )


def section(name: str, description: str) -> Blueprint:
    """A group of operations, under one heading of the documentation."""
    blueprint = Section(name, __name__, url_prefix=PREFIX, description=description)
    blueprint.register_error_handler(Problem, problem_response)
    blueprint.register_error_handler(HTTPException, problem_response)
    return blueprint


def operation(
    blueprint: Blueprint,
    rule: str,
    *,
    answer: type[Body] | str,
    query: type[Query] | None = None,
    body: type[Body] | None = None,
    also: Sequence[int] = (),
    deprecated: Deprecation | None = None,
) -> Callable[[View], View]:
    """Declare a view as an operation, open to everyone, with every answer it can give.

    `answer` is a schema, or the media type of something that is no JSON. `also` are the statuses it knows beside those
    that every operation knows. One with a `body` takes it as JSON, by POST, and answers 201. `deprecated` says it goes.
    """

    def declare(view: View) -> View:
        name = camel(view.__name__)
        view = _with_answers(blueprint, public(view), rule, answer, taking=body is not None, also=also)
        if body is not None:
            view = blueprint.arguments(body)(view)
        if query is not None:
            view = blueprint.arguments(query, location="query")(view)
        view = announced(blueprint.doc(operationId=name, **goes(view, deprecated))(view), deprecated)
        methods = ["POST"] if body else ["GET"]
        blueprint.route(rule, parameters=path_parameters(rule), strict_slashes=False, methods=methods)(view)
        return view

    return declare


def _with_answers(
    blueprint: Blueprint, view: View, rule: str, answer: type[Body] | str, *, taking: bool, also: Sequence[int]
) -> View:
    for status in (*(SENDING if taking else EVERYWHERE), *also):
        view = blueprint.alt_response(status, HTTPStatus(status).name)(view)
    headers = {} if taking else _headers(rule)
    described: View = blueprint.response(201 if taking else 200, headers=headers, **_described(answer))(view)
    return described


def reception(
    blueprint: Blueprint, rule: str, *, method: str, body: type[Schema], answers: Sequence[int] = ()
) -> Callable[[View], View]:
    """Declare a view that takes something from everyone and says nothing but that it did (204)."""

    def declare(view: View) -> View:
        name = camel(view.__name__)
        view = public(view)
        for status in (404, 422, 429, 503, *answers):
            view = blueprint.alt_response(status, HTTPStatus(status).name)(view)
        view = blueprint.response(204)(view)
        view = blueprint.arguments(body, location="json")(keepable(view))
        view = blueprint.doc(operationId=name)(view)
        blueprint.route(rule, methods=[method], parameters=path_parameters(rule), strict_slashes=False)(view)
        return view

    return declare


def declared(
    blueprint: Blueprint,
    rule: str,
    *,
    method: str,
    answer: type[Body] | None,
    body: type[Schema] | None = None,
    also: Sequence[int] = (),
    guard: Callable[[View], View] = public,
) -> Callable[[View], View]:
    """Declare a view that is no reading of published documents: its answers are for one person and are never kept.

    `guard` says who may come and stands before everything else. Without an `answer` it says nothing but that it did.
    """

    def declare(view: View) -> View:
        name = camel(view.__name__)
        for status in (429, 503, *((400, 413, 422) if body else ()), *also):
            view = blueprint.alt_response(status, HTTPStatus(status).name)(view)
        view = blueprint.response(200, answer)(view) if answer else blueprint.response(204)(view)
        if body is not None:
            needed = any(field.required for field in body().fields.values())
            view = blueprint.arguments(body, required=needed)(keepable(view))
        security: dict[str, Any] = {} if guard is public else {"security": [{BEARER: []}]}
        view = blueprint.doc(operationId=name, **security)(guard(view))
        blueprint.route(rule, methods=[method], parameters=path_parameters(rule), strict_slashes=False)(view)
        return view

    return declare


def answer(value: object, reading: Reading | None = None) -> Answer:
    """A body; with a reading that has a language, in that language."""
    language = reading.registry().get(reading.language) if reading and reading.language else None
    return Answer(json_bytes(value), language=language.bcp47 if language else None)


def portion(
    items: Sequence[T], key: Callable[[T], object], *, limit: int | None, cursor: str | None
) -> tuple[list[T], str | None]:
    """The items after the cursor, at most `limit` (None: all), and the cursor to go on with; None at the end.

    A cursor is the key of the last item that was delivered: what is added or removed elsewhere disturbs nothing. Raises
    `Gone` when that item itself is no longer there.
    """
    start = 0
    if cursor is not None:
        places = (place for place, item in enumerate(items) if str(key(item)) == cursor)
        found = next(places, None)
        if found is None:
            raise Gone("list.gone", "This list cannot be continued; start again without a cursor.")
        start = found + 1
    end = len(items) if limit is None else start + limit
    chosen = list(items[start:end])
    return chosen, str(key(chosen[-1])) if end < len(items) else None


def _described(answer: type[Body] | str) -> dict[str, Any]:
    if isinstance(answer, str):
        return {"schema": {"type": "string"}, "content_type": answer}
    return {"schema": answer}


def camel(name: str) -> str:
    """The name of an operation, as programs write it."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _headers(rule: str) -> dict[str, Any]:
    return {**_ETAG, **_LANGUAGE} if "<language>" in rule else _ETAG


def path_parameters(rule: str) -> list[dict[str, Any]]:
    """What stands in an address, described."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", rule)
    return [{"in": "path", "name": name, "required": True, **_PARAMETERS[name]} for name in names]
