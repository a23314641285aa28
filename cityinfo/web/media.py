"""Bytes of media files. What stands under an address never changes, so whoever has it once need not ask again."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, redirect, request
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.features import media
from cityinfo.features.media import ObjectStore
from cityinfo.kernel.errors import NotFound, Unavailable

from .guard import public

FOREVER = "public, max-age=31536000, immutable"
SIGNED_FOR = 3_600  # seconds
_REDIRECT = f"public, max-age={SIGNED_FOR // 2}"
# A drawing opened by itself is a document of our own origin: nothing in it may run, load or reach our cookies.
_DRAWING = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
_DOCUMENT = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def make_media(store: ObjectStore, *, sends_on: bool) -> Blueprint:
    """`/media/<key>`; with `sends_on` readers are sent to the store when it has signed addresses of its own."""
    blueprint = Blueprint("media", __name__)

    @blueprint.get("/media/<path:key>")
    @public
    def show(key: str) -> AnyResponse:
        file_type = media.type_of_key(key)
        if file_type is None:
            return _failed(404, "There is nothing under this address.")
        try:
            return (_sent_on(store, key) if sends_on else None) or _sent(store, key, file_type)
        except NotFound:
            return _failed(404, "There is nothing under this address.")
        except Unavailable as trouble:
            return _failed(503, trouble.message)

    return blueprint


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
    headers = _headers(file_type, tag)
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


def _headers(file_type: media.FileType, tag: str) -> Headers:
    headers = Headers(
        {
            "Content-Type": file_type.mime,
            "Cache-Control": FOREVER,
            "ETag": f'"{tag}"',
            "Accept-Ranges": "bytes",
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        }
    )
    if file_type.mime == "image/svg+xml":
        headers["Content-Security-Policy"] = _DRAWING
    if file_type.mime == "application/pdf":
        headers["Content-Security-Policy"] = _DOCUMENT
        headers["Content-Disposition"] = f'inline; filename="{tag[:8]}.pdf"'
    return headers


def _failed(status: int, sentence: str) -> Response:
    headers = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
    headers |= {"Retry-After": "5"} if status == 503 else {}
    return Response(f"{sentence}\n", status=status, headers=headers, content_type="text/plain; charset=utf-8")
