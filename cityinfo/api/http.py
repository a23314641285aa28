"""What the JSON faces share: bytes, how problems are said over HTTP, and published pages in the order of their tree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map, RequestRedirect

from cityinfo.features import pages
from cityinfo.features.publishing import Outline
from cityinfo.kernel import i18n
from cityinfo.kernel.errors import Limited, NotFound, Problem
from cityinfo.kernel.i18n import Sentence, say, with_texts
from cityinfo.web.bodies import Reading
from cityinfo.web.limits import Standing
from cityinfo.web.problems import status_of, wanted_language
from cityinfo.web.security import FROM_EVERYWHERE

from .findings import in_our_words, writable

PROBLEM = "application/problem+json"
MOST_IDENTITY = 2**53 - 1  # what JSON's numbers keep exactly
RETRY_AFTER = {  # seconds
    503: "5",  # about as long as it takes until the database is tried again
    429: "600",  # for limits that do not say it themselves
}
# Programs of others may edit with a token that they hold. Cookies never count here, so nothing is said of credentials.
_PREFLIGHT = (
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    (
        "Access-Control-Allow-Headers",
        "authorization, content-type, idempotency-key, if-match, if-none-match, x-integreat-development",
    ),
    ("Access-Control-Max-Age", "86400"),
)
_OF_THE_BODY = {"content-type", "content-length"}
_DETAILS = {  # better than what Flask says, which speaks to someone who typed an address
    404: say("There is nothing under this address."),
    405: say("This address does not take this method."),
    413: say("This is more than can be taken at once; send less."),
    500: say("Something went wrong on our side; it has been logged."),
}


class IdentityConverter(IntegerConverter):
    """An `id` in an address: what is longer than any of ours is no address, and never reaches a database."""

    regex = r"\d{1,16}"

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": 10**16 - 1, **options})


def json_bytes(value: object) -> bytes:
    """The value as JSON, in UTF-8. An `orjson.Fragment` goes in as it is."""
    return orjson.dumps(value)


def json_in_words(value: object) -> bytes:
    """The same, with every sentence of ours in the language that the caller wants."""
    with i18n.speaking(wanted_language()):
        return orjson.dumps(value, default=_plain, option=orjson.OPT_PASSTHROUGH_SUBCLASS)


def _plain(value: object) -> Any:
    if isinstance(value, str):
        return str.__str__(i18n.said(value))
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list):
        return list(value)
    raise TypeError(f"{type(value).__name__} is nothing that JSON writes")


def json_piece(value: object) -> orjson.Fragment:
    """The value as JSON that others are written around: a long list of such never is in memory as objects."""
    return orjson.Fragment(orjson.dumps(value))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request gets no answer, in terms of HTTP.

    `errors` names unusable parameters by their place, `data` is what the problem says beside its sentence.
    """

    status: int
    code: str
    detail: str
    errors: Any = None
    data: Mapping[str, Any] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase


def failure_of(error: Problem | HTTPException) -> Failure:
    """What to tell a client about a problem of the product, or about one that Flask found."""
    return _of_problem(error) if isinstance(error, Problem) else _of_http(error)


def problem_response(error: Problem | HTTPException) -> Response:
    """The failure as RFC 9457 writes it, with our `code` beside it."""
    return problem_of(failure_of(error))


def problem_of(failure: Failure) -> Response:
    """The same for a failure that a face knows best itself, in the language that the caller wants."""
    body = {
        "type": "about:blank",
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
        "code": failure.code,
    }
    body |= {"errors": failure.errors} if failure.errors else {}
    body |= {"data": dict(failure.data)} if failure.data else {}
    written = orjson.dumps(in_words(body), default=str, option=orjson.OPT_NON_STR_KEYS)
    response = failure_response(failure, written, content_type=PROBLEM)
    response.content_language.add(wanted_language())
    response.vary.add("Accept-Language")
    return response


def in_words(value: Any) -> Any:
    """What is about to be written as JSON, with every sentence in it in the language that the caller wants."""
    with i18n.speaking(wanted_language()):
        return with_texts(value, lambda text: writable(i18n.said(text)))


def failure_response(failure: Failure, body: bytes, *, content_type: str) -> Response:
    """A response for a failure. Nobody keeps it: what fails now may succeed at the next request."""
    response = Response(body, status=failure.status, content_type=content_type)
    response.headers.extend(failure.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def address_failure(prefix: str) -> HTTPException | None:
    """What is wrong with the address or the method of this request, if it belongs to the face under `prefix`.

    Flask finds no blueprint for such a request, so a face's own error handlers never see it; a face asks before every
    request of the application instead.
    """
    error = request.routing_exception
    own = request.path == prefix or request.path.startswith(f"{prefix}/")
    return error if own and not isinstance(error, RequestRedirect) else None


def is_under(prefix: str) -> bool:
    """Whether this request belongs to the face under a prefix, whether it has a view or not."""
    return f"/{request.path.lstrip('/')}/".startswith(f"{prefix}/")


def limit_headers(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What tells a caller who asked too often when to ask again, as far as the problem says it."""
    retry_after = data.get("retry_after", RETRY_AFTER[429])
    known = {"limit", "window"} <= data.keys()
    said = Standing(data["limit"], data["window"], 0, int(retry_after)).headers() if known else {}
    return ("Retry-After", str(retry_after)), *said.items()


def let_every_origin_read(response: Response) -> Response:
    """Readers' apps are served from other origins than this API; without the header they see a broken connection."""
    response.headers.update(FROM_EVERYWHERE)
    return response


def preflight_response() -> Response:
    """What a browser asks before a request that is not a simple one."""
    response = Response(status=204, headers=list(_PREFLIGHT))
    del response.headers["Content-Type"]
    return response


def _of_problem(problem: Problem) -> Failure:
    status = status_of(problem)
    return Failure(status, problem.code, problem.message, data=problem.data, headers=_headers(problem, status))


def _headers(problem: Problem, status: int) -> tuple[tuple[str, str], ...]:
    if status == HTTPStatus.UNAUTHORIZED:
        return (("WWW-Authenticate", "Bearer"),)
    if isinstance(problem, Limited):
        return limit_headers(problem.data)
    return (("Retry-After", RETRY_AFTER[status]),) if status in RETRY_AFTER else ()


def _of_http(error: HTTPException) -> Failure:
    status = error.code or 500
    headers = tuple((name, value) for name, value in error.get_headers() if name.lower() not in _OF_THE_BODY)
    errors = getattr(error, "data", {}).get("messages")  # where webargs puts what it found
    if errors:
        sentence = say("A parameter cannot be used; `errors` says which and why.")
        return Failure(status, "request.invalid", sentence, in_our_words(errors))
    ours = error.description if isinstance(error.description, Sentence) else _DETAILS.get(status)
    detail = ours or error.description or HTTPStatus(status).phrase
    return Failure(status, f"http.{_word(status)}", detail, headers=headers)


def _word(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")


def local_time(moment: datetime, zone: tzinfo) -> str:
    """RFC 3339 with the offset that was in force; milliseconds only if there are any."""
    return moment.astimezone(zone).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def absolute_media(reading: Reading, address: str) -> str:
    """The address of a file as a client elsewhere needs it."""
    return reading.settings.public_url + address if address.startswith("/") else address


def with_media(reading: Reading, content: str) -> str:
    """The content with such addresses for all files it shows."""
    return content.replace('="/media/', f'="{reading.settings.public_url}/media/')


Page = dict[str, Any]  # a published document


class PageTree:
    """Published pages of one language, in the order of their tree.

    `around` limits what is loaded to these pages with their parents and siblings: enough to write them and to say
    their rank. A page that has no path is left out, and with it all that hang below it.
    """

    def __init__(self, reading: Reading, *, around: Collection[int] | None = None) -> None:
        outline, language = reading.outline(pages.KIND), reading.language
        self._known: dict[int, Page] = {}
        self._below: dict[int | None, list[Page]] = {}
        self.paths: dict[int, str] = {}
        for page in _documents(reading, around):
            path = outline.path(page["id"], language)
            if path is not None:
                self.paths[page["id"]] = path
                self._known[page["id"]] = page
                self._below.setdefault(page["parent"], []).append(page)
        for siblings in self._below.values():
            siblings.sort(key=lambda page: (page["position"], page["id"]))
        self.ranks = {page["id"]: rank for siblings in self._below.values() for rank, page in enumerate(siblings)}

    def page(self, page_id: int) -> Page:
        """The page; `NotFound` when it is not public in this language."""
        page = self._known.get(page_id)
        if page is None:
            raise NotFound("page.unknown", say("There is no page {page_id} in this language.", page_id=page_id))
        return page

    def get(self, page_id: int | None) -> Page | None:
        return None if page_id is None else self._known.get(page_id)

    def below(self, page_id: int | None, *, depth: int | None = None) -> Iterator[Page]:
        """All below a page, or below the root, at most `depth` levels down: parents first, siblings in order."""
        waiting = [(page, 1) for page in reversed(self._below.get(page_id, ()))]
        while waiting:
            page, level = waiting.pop()
            if depth is not None and level > depth:
                continue
            yield page
            waiting.extend((child, level + 1) for child in reversed(self._below.get(page["id"], ())))

    def __iter__(self) -> Iterator[Page]:
        return iter(self._known.values())


def ids_below(outline: Outline, language: str, page_id: int | None, *, depth: int | None) -> set[int]:
    """Which pages hang below a page, or below the root, at most `depth` levels down. Reads no document."""
    below = _branches(outline, language)
    found: set[int] = set()
    level: list[int | None] = [page_id]
    reached = 0
    while level and reached != depth:
        level = [child for one in level for child in below.get(one, ())]
        found.update(one for one in level if one is not None)
        reached += 1
    return found


def _documents(reading: Reading, around: Collection[int] | None) -> list[Page]:
    if around is None:
        return reading.documents(pages.KIND)
    return reading.documents_of(pages.KIND, _family(reading.outline(pages.KIND), reading.language, around))


def _family(outline: Outline, language: str, page_ids: Collection[int]) -> list[int]:
    """These pages, their parents and their siblings."""
    parents = {node.parent for page_id in page_ids if (node := outline.node(page_id))}
    below = _branches(outline, language)
    siblings = {child for parent in parents for child in below.get(parent, ())}
    return [*siblings.union(parent for parent in parents if parent is not None)]


def _branches(outline: Outline, language: str) -> dict[int | None, list[int]]:
    below: dict[int | None, list[int]] = {}
    for node in outline:
        if node.kind == pages.KIND and language in node.texts:
            below.setdefault(node.parent, []).append(node.id)
    return below
