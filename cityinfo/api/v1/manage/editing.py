"""How an operation that editors use is declared, and what all of them share.

Each is declared in one place with its permission, what it takes, what it answers and whether it needs `If-Match`. Its
view is given the unit of work it belongs to; what it answers, a retry's answer included, is made here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, request
from flask_smorest import Blueprint
from marshmallow import Schema
from werkzeug.exceptions import BadRequest, PreconditionRequired

from cityinfo.api.findings import unknown_field
from cityinfo.api.http import Failure, json_in_words, problem_of
from cityinfo.api.v1.operations import BEARER, camel, path_parameters
from cityinfo.api.v1.operations import section as plain_section
from cityinfo.api.v1.parsing import check_keepable
from cityinfo.features import idempotency
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, NotFound, Outdated
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say
from cityinfo.web.guard import guarded
from cityinfo.web.request import request_work, rights_of

from . import tags
from .tags import Seen, digest_of, seen
from .values import Sent

REPLAYED = "Idempotency-Replayed"
MOST_BYTES = 10_000_000  # of what is sent, files aside
READING, CHANGING = (401, 403, 404, 422, 429, 503), (400, 401, 403, 404, 409, 413, 422, 429, 503)
CONDITIONAL = (412, 428)

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": tags.WRITTEN},
    "description": "The `ETag` of what you have seen. When it was changed since, the answer is 412 with both versions.",
    "example": '"4;de=3;en=1"',
}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "description": "Made up by you, new for every change. A retry under the same key is given the same answer (24 h).",
    "example": "6f0c1c9e-8a4e-4c3c-9b1a-2f6f5f1f7a55",
}
_ETAG = {"ETag": {"description": "Send it back as `If-Match`.", "schema": {"type": "string"}}}
_REPLAY = {REPLAYED: {"description": "`true` when a retry is given its answer again.", "schema": {"type": "string"}}}

Rejected = Callable[["Editing"], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation answers: a body, the tag of what it shows, and where what was made stands."""

    body: object = None
    tag: str = ""
    status: int = 200
    location: str = ""
    content_type: str = "application/json"


@dataclass(slots=True)
class Editing:
    """One request of an editor: its unit of work, who asks, and what they have seen.

    `rejected` says, when what was seen is outdated, what both sides have: it is asked in a unit of work of its own,
    where it may keep the rejected words. `tenant` is the city's address.
    """

    db: Work
    actor: Actor
    tenant: str
    seen: Seen = field(default_factory=Seen)
    rejected: Rejected | None = None

    @property
    def entry(self) -> dict[str, Any]:
        """The revision of the entry that was seen and who asks, as actions take them."""
        return {"revision": self.seen.entry, "actor": self.actor}

    def text(self, language: str) -> dict[str, Any]:
        """The same for a text."""
        return {"revision": self.seen.text(language), "actor": self.actor}

    @property
    def publishes(self) -> str:
        """The right that publishing takes; who is reviewed only asks for it, as authors do."""
        return "write" if self.actor.reviewed else "publish"

    def compare(self, now: Mapping[str, Any], yours: Mapping[str, Any] | None = None) -> None:
        """`Outdated`, with both sides, unless this is what they have seen; for what has no revisions."""
        if self.seen.tag != digest_of(now):
            sides = {"yours": yours or {}, "theirs": dict(now)}
            raise Outdated("record.conflict", "Someone else changed this in between; look at it again.", **sides)

    def check(self, verb: str, kind: str, *, entry_id: int = 0, language: str = "") -> None:
        """`Forbidden` unless the caller may; for what is read, and before anything is told of what cannot be."""
        rights_of(self.actor).check(verb, kind, entry_id=entry_id, language=language)


View = Callable[..., Outcome]
Around = Callable[..., AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the declaration of an operation says."""

    name: str
    method: str
    needs: Sequence[str]
    answer: type[Schema] | str | None
    status: int
    query: type[Schema] | None
    body: type[Sent] | Sent | None
    files: type[Schema] | None
    around: Around | None
    if_match: bool
    apart: bool
    keyed: bool
    also: Sequence[int]

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def repeats(self) -> bool:
        return self.method == "POST" and self.keyed


def section(name: str, description: str) -> Blueprint:
    """A group of operations for editors, under one heading of the documentation."""
    blueprint = plain_section(name, description)
    blueprint.before_request(_limit_size)
    return blueprint


def editing(
    blueprint: Blueprint, rule: str, *, needs: Sequence[str], answer: type[Schema] | str | None, **more: Any
) -> Callable[[View], View]:
    """Declare a view for who has one of the permissions that it `needs`.

    `answer` is a schema, the media type of what is no JSON, or None. `more` may say

    - `method` and `status` (GET, 200), `name` when the view's own is none for an operation, `also` further statuses;
    - `query`, and `body` or `files`: schemas of what it takes;
    - `if_match`, for every change of something that is there. Every POST may be repeated under a key, unless `keyed` is
      false: an answer that holds a secret is not kept;
    - `around`: does what must not be done within a unit of work, and hands its result to the view;
    - `apart`: the view is given the city's address alone and opens units of work of its own.
    """

    def declare(view: View) -> View:
        given = {**_UNSAID, "name": camel(view.__name__), **more}
        _declare(blueprint, rule, view, Declared(needs=needs, answer=answer, **given))
        return view

    return declare


_UNSAID: Mapping[str, Any] = {
    "method": "GET",
    "status": 200,
    "if_match": False,
    "apart": False,
    "keyed": True,
    "also": (),
    "query": None,
    "body": None,
    "files": None,
    "around": None,
}


def _declare(blueprint: Blueprint, rule: str, view: View, declared: Declared) -> None:
    served = _served_apart(view, declared) if declared.apart else _served(view, declared)
    served.__name__, served.__doc__ = declared.name, view.__doc__
    for status in _problems(declared):
        served = blueprint.alt_response(status, HTTPStatus(status).name)(served)
    served = blueprint.response(declared.status, **_described(declared))(served)
    for schema, location in ((declared.files, "files"), (declared.body, "json"), (declared.query, "query")):
        if schema is not None:
            served = blueprint.arguments(schema, location=location)(served)
    served = _with_headers(guarded(*declared.needs)(served), declared)
    served = blueprint.doc(operationId=declared.name, security=[{BEARER: []}])(served)
    where = {"methods": [declared.method], "endpoint": declared.name, "strict_slashes": False}
    blueprint.route(rule, parameters=path_parameters(rule), **where)(served)


def _served(view: View, declared: Declared) -> Callable[..., Response]:
    def serve(*args: Any, **path: Any) -> Response:
        _check_path(path)
        tenant = path.pop("tenant")
        _check_sent(declared, args)
        named = _named_revision(declared)
        waiting: list[Rejected] = []
        try:
            with _prepared(declared, tenant, path, args) as given, request_work(write=declared.writes) as (db, actor):
                editor = Editing(db, actor, tenant, named)
                try:
                    return _answered(editor, view, declared, given, path)
                finally:
                    waiting += [editor.rejected] if editor.rejected else []
        except Outdated as outdated:
            return _outdated(outdated, tenant, waiting[0] if waiting else None)

    return serve


def _served_apart(view: View, declared: Declared) -> Callable[..., Response]:
    def serve(*args: Any, **path: Any) -> Response:
        _check_path(path)
        _check_sent(declared, args)
        return response_of(view(path.pop("tenant"), *args, **path))

    return serve


@contextmanager
def _prepared(declared: Declared, tenant: str, path: Mapping[str, Any], args: Sequence[Any]) -> Iterator[Sequence[Any]]:
    if declared.around is None:
        yield args
        return
    with declared.around(tenant, path, *args) as prepared:
        yield [prepared, *args]


def _answered(
    editor: Editing, view: View, declared: Declared, args: Sequence[Any], path: Mapping[str, Any]
) -> Response:
    key = idempotency_key() if declared.repeats else ""
    asked = _digest_of_request() if key else ""
    kept = idempotency.find(editor.db, key, asked, actor=editor.actor) if key else None
    if kept is not None:
        return Response(kept.body, status=kept.status, headers={**kept.headers, REPLAYED: "true"})
    response = response_of(view(editor, *args, **path))
    if key:
        headers = {
            name: response.headers[name] for name in ("Content-Type", "ETag", "Location") if name in response.headers
        }
        said: dict[str, Any] = {
            "status": response.status_code,
            "headers": headers,
            "body": response.get_data(as_text=True),
        }
        idempotency.keep(editor.db, key, asked, actor=editor.actor, **said)
    return response


def record(body: Mapping[str, Any], *, status: int = 200, location: str = "") -> Outcome:
    """Something without revisions, under a digest of what is said of it."""
    return Outcome(body, digest_of(body), status, location)


def response_of(outcome: Outcome) -> Response:
    """For one editor alone: no cache keeps it."""
    if outcome.body is None:
        response = Response(status=204)
        del response.headers["Content-Type"]
    else:
        text = outcome.body if isinstance(outcome.body, str) else json_in_words(outcome.body)
        response = Response(text, status=outcome.status, content_type=outcome.content_type)
    response.headers["Cache-Control"] = "no-store"
    if outcome.tag:
        response.set_etag(outcome.tag)
    if outcome.location:
        response.headers["Location"] = outcome.location
    return response


def _outdated(outdated: Outdated, tenant: str, rejected: Rejected | None) -> Response:
    """412 with what both sides have; what was rejected is kept for its author."""
    data = dict(outdated.data)
    if rejected is not None:
        with request_work(write=True) as (db, actor):
            data = dict(rejected(Editing(db, actor, tenant)))
    return problem_of(Failure(412, outdated.code, outdated.message, data=data))


def _named_revision(declared: Declared) -> Seen:
    if not declared.if_match:
        return Seen()
    if not re.match(tags.WRITTEN, request.headers.get("If-Match", "")):
        raise PreconditionRequired(say("Send the ETag of what you have seen as If-Match."))
    return seen(request.if_match)


def idempotency_key() -> str:
    """The key of this request, empty when it names none."""
    key = request.headers.get("Idempotency-Key")
    return "" if key is None else idempotency.check_key(key)


def _digest_of_request() -> str:
    files = [one.stream for one in request.files.values()]
    sent = [request.get_data(cache=True), *(str(item).encode() for item in sorted(request.form.items()))]
    for stream in files:
        stream.seek(0)  # it was read already where it was kept
        sent.append(stream.read())
        stream.seek(0)
    return idempotency.digest(request.method.encode(), request.full_path.encode(), *sent)


def _check_path(path: Mapping[str, Any]) -> None:
    for part in path.values():
        if not str(part).isprintable():
            raise NotFound("http.not_found", "There is nothing under this address.")


def _check_sent(declared: Declared, args: Sequence[Any]) -> None:
    if declared.body is not None and not (request.is_json and request.get_data(cache=True)):
        raise BadRequest(say("Send a body, with Content-Type: application/json."))
    unknown = {*request.form} | (request.files.keys() - declared.files().fields.keys()) if declared.files else ()
    if unknown:
        raise Invalid("request.unknown_field", unknown_field(min(unknown)))
    for one in args:
        check_keepable(one)


def _problems(declared: Declared) -> list[int]:
    known = {*(CHANGING if declared.writes else READING), *declared.also}
    return sorted(known | set(CONDITIONAL if declared.if_match else ()))


def _with_headers(served: Callable[..., Response], declared: Declared) -> Callable[..., Response]:
    """Describe the headers where flask-smorest describes what it parses; it would answer 422 for them, not 428."""
    described = deepcopy(getattr(served, "_apidoc", {}))
    headers = [*([IF_MATCH] if declared.if_match else []), *([IDEMPOTENCY_KEY] if declared.repeats else [])]
    described.setdefault("arguments", {}).setdefault("parameters", []).extend(headers)
    served._apidoc = described  # type: ignore[attr-defined]
    return served


def _described(declared: Declared) -> dict[str, Any]:
    answer = declared.answer
    said: dict[str, Any] = {"headers": {**_ETAG, **(_REPLAY if declared.repeats else {})}}
    if isinstance(answer, str):
        said |= {"schema": {"type": "string"}, "content_type": answer}
    elif answer is not None:
        said |= {"schema": answer}
    return said


def _limit_size() -> None:
    """Refuse what is larger than anything that could be meant, before it is read."""
    settings = current_app.config["SETTINGS"]
    request.max_content_length = MOST_BYTES + settings.media_file_mb * 1_000_000
