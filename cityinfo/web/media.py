"""Bytes of media files. What stands under an address never changes, so whoever has it once need not ask again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.features import media
from cityinfo.features.media import ObjectStore
from cityinfo.kernel import i18n
from cityinfo.kernel.errors import NotFound, Problem, Unavailable
from cityinfo.kernel.i18n import say

from .bodies import StartResponse, Wsgi
from .guard import public
from .problems import wanted_language
from .watch import Watch

FOREVER = "public, max-age=31536000, immutable"
PREFIX = "/media/"
AT_ONCE = 1 << 20  # bytes that are sent in one piece
_ICON_KEPT = "public, max-age=86400"  # drawn anew under the same address, at most
SIGNED_FOR = 3_600  # seconds
_REDIRECT = f"public, max-age={SIGNED_FOR // 2}"
# A drawing opened by itself is a document of our own origin: nothing in it may run, load or reach our cookies.
_DRAWING = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
_DOCUMENT = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"

_NOTHING = say("There is nothing under this address.")
_Found = tuple[str, list[tuple[str, str]], Iterable[bytes]]  # status, headers, body


def make_media(store: ObjectStore, *, sends_on: bool) -> Blueprint:
    """`/media/<key>`; with `sends_on` readers are sent to the store when it has signed addresses of its own."""
    blueprint = Blueprint("media", __name__)

    @blueprint.get("/media/icons/<name>.svg")
    @public
    def show_icon(name: str) -> AnyResponse:
        drawing = media.drawing(name)
        if drawing is None:
            return _failed(404, _NOTHING)
        headers = {"Cache-Control": _ICON_KEPT, "Content-Security-Policy": _DRAWING, "Access-Control-Allow-Origin": "*"}
        return Response(drawing, content_type="image/svg+xml", headers=headers)

    @blueprint.get("/media/<path:key>")
    @public
    def show(key: str) -> AnyResponse:
        file_type = media.type_of_key(key)
        if file_type is None:
            return _failed(404, _NOTHING)
        try:
            return (_sent_on(store, key) if sends_on else None) or _sent(store, key, file_type)
        except NotFound:
            return _failed(404, _NOTHING)
        except Unavailable as trouble:
            return _failed(503, trouble.message)

    return blueprint


def wrap(app: Wsgi, store: ObjectStore, watch: Watch) -> Wsgi:
    """The WSGI application with a short way for whole files: Flask takes four times as long as reading one does.

    Whatever is not a plain success (a part, nothing there, a store that is away) goes the long way.
    """

    def layered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if not path.startswith(PREFIX) or method not in ("GET", "HEAD") or "HTTP_RANGE" in environ:
            return app(environ, start_response)
        started = time.perf_counter()
        try:
            found = _whole(store, path[len(PREFIX) :], environ)
        except Problem:
            found = None
        if found is None:
            return app(environ, start_response)
        status, headers, body = found
        start_response(status, headers)
        if watch.on:
            seconds = time.perf_counter() - started
            watch.note(method=method, path=path, status=int(status[:3]), seconds=seconds, source="media")
        return body

    return layered


def _whole(store: ObjectStore, key: str, environ: Mapping[str, str]) -> _Found | None:
    file_type = media.type_of_key(key)
    if file_type is None:
        return None
    tag = media.tag_of_key(key)
    headers = _headers(file_type, tag)
    if environ.get("HTTP_IF_NONE_MATCH") == f'"{tag}"':
        return "304 NOT MODIFIED", headers, ()
    size = store.size(key)
    if size is None:
        return None
    headers.append(("Content-Length", str(size)))
    if environ["REQUEST_METHOD"] == "HEAD":
        return "200 OK", headers, ()
    stream = store.stream(key, 0, size)
    return "200 OK", headers, (b"".join(stream),) if size < AT_ONCE else stream


def _sent_on(store: ObjectStore, key: str) -> AnyResponse | None:
    address = store.signed_address(key, seconds=SIGNED_FOR)
    if address is None:
        return None
    response = redirect(address)
    response.headers["Cache-Control"] = _REDIRECT
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _sent(store: ObjectStore, key: str, file_type: media.FileType) -> Response:
    tag = media.tag_of_key(key)
    if request.if_none_match.contains_weak(tag):
        return Response(status=304, headers=_headers(file_type, tag))
    size = store.size(key)
    if size is None:
        raise NotFound("media.no_object", "Nothing is kept under this key.")
    headers = Headers(_headers(file_type, tag))
    start, end, status = _asked_for(size, tag)
    if status == 416:
        headers["Content-Range"] = f"bytes */{size}"
        return Response(status=416, headers=headers)
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    body: Iterable[bytes] = () if request.method == "HEAD" else store.stream(key, start, end - start)
    return Response(body, status=status, headers=headers, direct_passthrough=True)


def _asked_for(size: int, tag: str) -> tuple[int, int, int]:
    """Which bytes, from and to, and with what status. A range of another state of the file asks for all of it."""
    wanted, condition = request.range, request.if_range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1 or condition.etag not in (None, tag):
        return 0, size, 200
    if condition.date is not None:  # we give no dates, so it is another's
        return 0, size, 200
    found = wanted.range_for_length(size)
    return (0, 0, 416) if found is None else (*found, 206)


def _headers(file_type: media.FileType, tag: str) -> list[tuple[str, str]]:
    return [*_of_type(file_type), ("ETag", f'"{tag}"')]


@cache
def _of_type(file_type: media.FileType) -> tuple[tuple[str, str], ...]:
    headers = {
        "Content-Type": file_type.mime,
        "Cache-Control": FOREVER,
        "Accept-Ranges": "bytes",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if file_type.mime == "image/svg+xml":
        headers["Content-Security-Policy"] = _DRAWING
    if file_type.mime == "application/pdf":
        headers |= {"Content-Security-Policy": _DOCUMENT, "Content-Disposition": "inline"}
    return tuple(headers.items())


def _failed(status: int, sentence: str) -> Response:
    language = wanted_language()
    headers = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*", "Content-Language": language}
    headers |= {"Vary": "Accept-Language"} | ({"Retry-After": "5"} if status == 503 else {})
    with i18n.speaking(language):
        words = f"{i18n.said(sentence)}\n"
    return Response(words, status=status, headers=headers, content_type="text/plain; charset=utf-8")
