"""What can go wrong, in the product's words. A face turns a problem into a status, a page or an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cityinfo.kernel.i18n import Sentence, say


class Problem(Exception):
    """Something a person can understand and act on.

    `code` is for machines and never changes, `message` is one sentence that says what to do, `data` holds what a face
    may show beside it. The sentence is a literal, or one that `i18n.say` has put values into: faces say it in the
    language of whoever reads it.
    """

    def __init__(self, code: str, message: str, **data: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message if isinstance(message, Sentence) else Sentence(message)
        self.data = data


class NotFound(Problem):
    """There is no such thing, or it is not for this reader."""


class Invalid(Problem):
    """The input cannot be used as it is."""


class Conflict(Problem):
    """Someone else changed the same thing in between."""


class Outdated(Conflict):
    """The change started from a revision that is no longer the newest."""


class Unauthenticated(Problem):
    """Nobody knows who the caller is."""


class Forbidden(Problem):
    """The actor may not do this."""


class Gone(Problem):
    """It was there, and what the caller knows of it can no longer be continued."""


class Limited(Problem):
    """The caller asks too often; the same request may succeed later.

    `data` may say how often is allowed: `limit` requests in `window` seconds, and again in `retry_after` seconds.
    """


class Unavailable(Problem):
    """A part of the system does not answer; the same request may succeed later."""


class Leak(RuntimeError):
    """A statement would have reached past the tenant it belongs to. Always a programming error, never shown."""


@contextmanager
def naming(where: str) -> Iterator[None]:
    """Put a place, such as a file, before the sentence of whatever goes wrong inside; an empty one is none."""
    try:
        yield
    except Problem as problem:
        if not where:
            raise
        sentence = say("{where}: {message}", where=where, message=problem.message)
        raise type(problem)(problem.code, sentence, **problem.data) from problem
