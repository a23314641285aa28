"""Objects of JSON that others wrote: what is not as it should be counts as not said. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import unquote

import orjson

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

MOST_ID = 2**53  # JavaScript keeps smaller integers exact


@dataclass(frozen=True, slots=True)
class Object:
    """One object. Getters give an empty value for what is missing or of another type."""

    values: Mapping[str, Any]

    def text(self, key: str) -> str:
        """Words on which both databases agree."""
        value = self.values.get(key)
        return value.replace("\0", "") if isinstance(value, str) else ""

    def title(self, key: str = "title") -> str:
        """Words of which apps undo the entities."""
        return " ".join(unescape(self.text(key)).split())

    def identity(self, key: str = "id") -> int | None:
        """A number that names something."""
        value = self.values.get(key)
        return value if type(value) is int and 0 < value < MOST_ID else None

    def number(self, key: str) -> float | None:
        value = self.values.get(key)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def flag(self, key: str) -> bool:
        return self.values.get(key) is True

    def moment(self, key: str) -> datetime | None:
        """With an offset; without one nobody knows when it was."""
        try:
            moment = datetime.fromisoformat(self.text(key))
        except ValueError:
            return None
        return moment if moment.tzinfo else None

    def object(self, key: str) -> Object:
        value = self.values.get(key)
        return Object(value if isinstance(value, dict) else {})

    def objects(self, key: str) -> list[Object]:
        return list(_objects(self.values.get(key)))

    @property
    def path(self) -> str:
        """Where it stands, in the form in which paths are compared."""
        return normal(self.text("path"))

    @property
    def others(self) -> dict[str, Object]:
        """What it is in other languages."""
        known = self.object("available_languages")
        return {language: known.object(language) for language in known.values}

    def __bool__(self) -> bool:
        return bool(self.values)


def normal(path: str) -> str:
    """The form in which paths are compared, the same as in readers' apps."""
    return "/".join(["", *(part for part in unquote(path).lower().split("/") if part)])


def read_list(raw: bytes, name: str) -> list[Object]:
    """The objects of a list; `Invalid` when it is none."""
    found = _parsed(raw, name)
    if not isinstance(found, list):
        raise Invalid("moving.answer", say("{name}: this is no list.", name=name))
    return list(_objects(found))


def read_object(raw: bytes, name: str) -> Object:
    """One object, empty for anything else; `Invalid` when it is no JSON."""
    found = _parsed(raw, name)
    return Object(found if isinstance(found, dict) else {})


def _parsed(raw: bytes, name: str) -> Any:
    try:
        return orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise Invalid("moving.answer", say("{name}: this is no complete JSON.", name=name)) from None


def _objects(value: object) -> Iterator[Object]:
    if isinstance(value, list):
        yield from (Object(one) for one in value if isinstance(one, dict))
