"""Values as editors' programs send them: exactly what the description says, nothing that only looks like it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from cityinfo.api.http import MOST_IDENTITY

MOST_LINE = 1_000  # characters
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})")
_DAY = r"((0[1-9]|1[0-2])-(0[1-9]|1\d|2\d)|(0[13-9]|1[0-2])-30|(0[13578]|1[02])-31)"  # that some year has
_YEAR = r"(158[3-9]|159\d|1[6-9]\d{2}|[2-9]\d{3})"  # of the calendar we have
_WALL = re.compile(rf"{_YEAR}-{_DAY}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")


class Sent(Schema):
    """Something an editor sends. A field that is not described is refused: a slip must not be lost silently."""


class Flag(fields.Boolean):
    """True or false, and no word or number for it."""

    def _deserialize(self, value: Any, *_args: Any, **_options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Whole(fields.Integer):
    """A whole number within bounds that every database keeps."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(min=least, max=most), **options)

    def _validated(self, value: Any) -> Any:
        """1.0 is a whole number too, says JSON Schema."""
        whole = isinstance(value, float) and value.is_integer()
        return super()._validated(int(value) if whole else value)


class Identity(Whole):
    """The `id` of something."""

    def __init__(self, **options: Any) -> None:
        super().__init__(1, MOST_IDENTITY, **options)


class Real(fields.Float):
    """A number, not written as a text."""

    def _validated(self, value: Any) -> Any:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Line(fields.String):
    """A text; no longer than `most` characters."""

    def __init__(self, most: int = MOST_LINE, **options: Any) -> None:
        super().__init__(validate=validate.Length(max=most), **options)


class Part(fields.Nested):
    """Something within something else: always sent as a whole, also where the rest may be left out."""

    def _load(self, value: Any, partial: Any = None) -> Any:  # noqa: ARG002 - marshmallow hands the outer one's on
        return super()._load(value, partial=False)


class Choice(fields.String):
    """One of a few words."""

    def __init__(self, *words: str, **options: Any) -> None:
        super().__init__(validate=validate.OneOf(words), **options)


class Moment(fields.AwareDateTime):
    """A moment as RFC 3339 writes it, with its offset."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise ValidationError("Write a moment with its offset, such as 2027-03-31T12:00:00+02:00.")
        return super()._deserialize(value, *args, **options)


class WallTime(fields.String):
    """What the clock on the wall shows, without offset."""

    def __init__(self, **options: Any) -> None:
        described = {"pattern": f"^{_WALL.pattern}$", "example": "2027-05-01T18:00:00", **options.pop("metadata", {})}
        super().__init__(metadata=described, **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        text = super()._deserialize(value, *args, **options)
        try:
            if _WALL.fullmatch(text):
                return datetime.fromisoformat(text)
        except ValueError:
            pass
        raise ValidationError("Write a time without offset, such as 2027-05-01T18:00:00.")
