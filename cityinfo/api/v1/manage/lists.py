"""Lists whose newest items come first, and the fields they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from marshmallow import Schema, fields, validate

from cityinfo.api.v1.operations import Body, Paged, limit

from .editing import Outcome

T = TypeVar("T")
MOST = 200


class NewestFirst(Paged):
    """How much of a list."""

    cursor = fields.String(
        validate=validate.Regexp("^[0-9]{1,16}$"),
        metadata={"description": "Go on after this place: `cursor` of the answer before."},
    )
    limit = limit(MOST, default=50)


def whole_list(item: type[Schema], name: str) -> type[Schema]:
    """A list that is short enough to come as a whole."""
    members = {"items": fields.List(fields.Nested(item), required=True), "__doc__": "All of them."}
    return type(name, (Body,), members)


def portion(
    read: Callable[[int | None, int], Sequence[T]],
    write: Callable[[T], Mapping[str, Any]],
    query: Mapping[str, Any],
) -> Outcome:
    """A portion of what `read` finds before a place, so many at most; what it finds has an `id`."""
    before = int(query["cursor"]) if query.get("cursor") else None
    found = read(before, query["limit"] + 1)
    shown = [write(one) for one in found[: query["limit"]]]
    more = len(found) > query["limit"]
    cursor = str(shown[-1]["id"]) if more else None
    return Outcome({"items": shown, "cursor": cursor, "more": more})
