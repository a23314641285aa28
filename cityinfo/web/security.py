"""What every page for people says to the browser: nothing from elsewhere, nothing inline, nobody frames it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Response, request

from cityinfo.kernel.errors import Forbidden

_SOURCES: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'none'",
}
# What everyone may read, from pages of other origins too; of other headers their scripts would see nothing.
FROM_EVERYWHERE = (
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "ETag, Link, Location, Idempotency-Replayed, Deprecation, Sunset, Retry-After, "
        "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy",
    ),
)
_POLICY = "Content-Security-Policy"


def _policy(instead: Mapping[str, str] | None = None) -> str:
    return "; ".join(f"{name} {value}" for name, value in {**_SOURCES, **(instead or {})}.items())


HEADERS: Mapping[str, str] = {
    _POLICY: _policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


def protect(response: Response, *, pictures: str = "", files: str = "") -> Response:
    """The response with all of them. What people see after login is kept by no cache.

    `pictures` is an origin elsewhere from which this page alone may show some, such as tiles of a map; `files` is
    where our own pictures and recordings lie when browsers are sent there for them.
    """
    more = {"img-src": f"{pictures} {files}".split(), "media-src": files.split()}
    if any(more.values()):
        response.headers[_POLICY] = _policy({name: " ".join([_SOURCES[name], *also]) for name, also in more.items()})
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def check_origin() -> None:
    """Refuse what a page of another origin lets a browser send. Forms before login have no other protection."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", "null")
    if site not in ("same-origin", "none") or (origin != "null" and urlsplit(origin).netloc != request.host):
        raise Forbidden("request.origin", "This form was sent from another site; open it here and send it again.")
