"""How often one may ask: counted by address or by token, said in headers, refused with `Limited`.

Answers that the layer in front of Flask has at hand (`web/bodies.py`) are not counted: they cost less than counting
would. Counts are kept in the memory of each worker, or by all of them together in Redis.
"""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import TypeVar, cast

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import RateLimiter, SlidingWindowCounterRateLimiter

from cityinfo.kernel import clock
from cityinfo.kernel.errors import Invalid, Limited
from cityinfo.kernel.i18n import say
from cityinfo.settings import Settings

from .visitors import client_address

View = TypeVar("View", bound=Callable[..., object])
Key = Callable[[], str]

OFF = "off"
MEMORY = "memory://"
_COUNTED = "/api/"
_log = logging.getLogger(__name__)


def address() -> str:
    """One address is one caller."""
    return f"address {client_address()}"


def token() -> str:
    """One token is one caller, wherever it asks from; who has none is known by address."""
    said = request.headers.get("Authorization", "")
    return f"token {said}" if said else address()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands with a limit: `most` requests in `window` seconds, `left` of them, all again in `reset`."""

    most: int
    window: int
    left: int
    reset: int

    def headers(self) -> dict[str, str]:
        """As the IETF's draft on RateLimit header fields has them, before it made one of three."""
        return {
            "RateLimit-Limit": str(self.most),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.reset),
            "RateLimit-Policy": f"{self.most};w={self.window}",
        }


@dataclass(slots=True)
class Limits:
    """Counts of all callers. When Redis is away, each worker counts for itself until it is back."""

    settings: Settings
    _shared: RateLimiter = field(init=False)
    _own: RateLimiter = field(init=False)

    def __post_init__(self) -> None:
        self._own = SlidingWindowCounterRateLimiter(storage_from_string(MEMORY))
        url = self.settings.redis_url
        self._shared = SlidingWindowCounterRateLimiter(storage_from_string(url)) if url else self._own

    def count(self, limit: RateLimitItem, *names: str) -> tuple[bool, Standing]:
        """Count one request under these names; whether it is within the limit, and how the caller stands now."""
        hidden = self._hidden("\n".join(names))
        try:
            return _counted(self._shared, limit, hidden)
        except Exception:  # whatever the storage raises: readers are not turned away because of it
            _log.warning("The counts of requests cannot be reached; this worker counts for itself.", exc_info=True)
            return _counted(self._own, limit, hidden)

    def _hidden(self, text: str) -> str:
        """Addresses and tokens stand in no storage."""
        key = hashlib.sha256(self.settings.signing_key.encode()).digest()
        return hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()

    def over(self, app: Flask) -> None:
        """Count what reaches the APIs, and say in every answer how its caller stands."""
        login_limit(self.settings)  # written wrongly, it keeps the service from starting
        everyone = read_limit(self.settings)
        if everyone is not None:
            app.before_request(lambda: _check_everyone(everyone))
        app.after_request(_say)


def read_limit(settings: Settings) -> RateLimitItem | None:
    """What one address may ask of the APIs; None when nothing is counted. `Invalid` when it is written otherwise."""
    return _written("read_limit", settings.read_limit)


def login_limit(settings: Settings) -> RateLimitItem | None:
    """The same for what it may send about logging in."""
    return _written("login_limit", settings.login_limit)


def limit_logins() -> None:
    """Count a request that sends something about logging in, before anything else is done with it.

    All of them together: failures cost whoever fails (`logins/throttle.py`), this is for whoever asks in great numbers.
    """
    limit = login_limit(current_app.config["SETTINGS"])
    if limit is not None and request.method not in ("GET", "HEAD"):
        _check(limit, "login", address())


def limited(limit: str, *, by: Key) -> Callable[[View], View]:
    """Let a caller, told apart `by` address or token, use this view so often: ``10/minute``, ``100/hour``.

    Stands below the declaration of the view; raises `Limited`. Views have counts of their own.
    """
    allowed = parse(limit)

    def protect(view: View) -> View:
        @wraps(view)
        def counted(*args: object, **values: object) -> object:
            _check(allowed, f"{view.__module__}.{view.__qualname__}", by())
            return view(*args, **values)

        return cast("View", counted)

    return protect


@cache
def _written(name: str, text: str) -> RateLimitItem | None:
    variable = f"CITYINFO_{name.upper()}"
    if text == OFF:
        return None
    try:
        return parse(text)
    except ValueError:
        sentence = say("{name} is {text}; write such as 6000/minute, or off.", name=variable, text=repr(text))
        raise Invalid(f"settings.{name}", sentence) from None


def _check_everyone(limit: RateLimitItem) -> None:
    # A request without a view has no error handlers of a face either; answering it costs nothing.
    if request.endpoint is not None and request.path.startswith(_COUNTED) and request.method in ("GET", "HEAD"):
        _check(limit, "read", address())


def _check(limit: RateLimitItem, *names: str) -> None:
    counts: Limits = current_app.extensions["limits"]
    allowed, standing = counts.count(limit, *names)
    known: Standing | None = g.get("standing")
    if known is None or not allowed or standing.left < known.left:
        g.standing = standing
    if not allowed:
        raise Limited(
            "limit.reached",
            say("You ask too often; try again in {reset} seconds.", reset=standing.reset),
            limit=standing.most,
            window=standing.window,
            retry_after=standing.reset,
        )


def _counted(counts: RateLimiter, limit: RateLimitItem, name: str) -> tuple[bool, Standing]:
    allowed = counts.hit(limit, name)
    stats = counts.get_window_stats(limit, name)
    reset = max(1, math.ceil(stats.reset_time - clock.now().timestamp()))
    left = stats.remaining if allowed else 0
    return allowed, Standing(limit.amount, limit.get_expiry(), left, min(reset, limit.get_expiry()))


def _say(response: Response) -> Response:
    standing: Standing | None = g.get("standing")
    if standing is not None:
        for name, value in standing.headers().items():
            response.headers.setdefault(name, value)
    return response
