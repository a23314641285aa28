"""Some facts of several, as JSON writes them: checked against the types of a dataclass, put over what is known."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

_AT = re.compile(r"`\$([^`]*)`\Z")  # where msgspec found it

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Facts = TypeVar("Facts", bound="DataclassInstance")


def with_part(known: Facts, part: Mapping[str, Any], *, closed: Collection[str] = ()) -> Facts:
    """The facts with some of them said anew. Of facts within a fact, as of an address, a part can be said too.

    Raises `Invalid` for what is no fact or `closed`, for what has the wrong type, and for moments without an offset.
    """
    open_ = {one.name for one in fields(known)} - set(closed)
    if unknown := part.keys() - open_:
        raise Invalid(
            "facts.unknown", say("“{unknown}” cannot be changed this way; leave it out.", unknown=min(unknown)[:50])
        )
    types = get_type_hints(type(known))
    said = {name: _read(name, value, types[name], getattr(known, name)) for name, value in part.items()}
    return replace(known, **said)


def _read(name: str, value: Any, wanted: Any, known: Any) -> Any:
    if is_dataclass(known) and not isinstance(known, type) and isinstance(value, Mapping):
        return with_part(known, value)
    import msgspec  # readers' processes change no facts

    try:
        found = msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        where = _AT.search(str(error))
        path = f"{name}{where[1] if where else ''}"[:100]
        sentence = say("“{path}” has the wrong type or value; the API's description says what it takes.", path=path)
        raise Invalid("facts.type", sentence) from None
    if isinstance(found, datetime) and found.tzinfo is None:
        raise Invalid("facts.moment", "Write a moment with its offset, such as 2027-03-31T12:00:00+02:00.")
    return found
