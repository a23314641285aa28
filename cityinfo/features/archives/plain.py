"""Facts of entries as TOML has them, and back: what is as always is left out, entries stand by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import msgspec

from cityinfo.kernel import clock
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

_FROM_TODAY = re.compile(r"today([+-]\d{1,4})(?: (\d\d:\d\d))?(Z)?")
_WRONG_TYPE = re.compile(r"Expected `([^`]*)`, got `([^`]*)`(?: - at `\$\.?([^`]*)`)?")


def to_plain(facts: Any, names: Mapping[str, Callable[[int], str]]) -> dict[str, Any]:
    """The fields that are not as always; those in `names` hold entries, which are written by name."""
    found = {}
    for one in fields(facts):
        value = getattr(facts, one.name)
        if _is_default(one, value):
            continue
        found[one.name] = _named(value, names[one.name]) if one.name in names else _written(value)
    return found


def from_plain(cls: type[Any], plain: Mapping[str, Any], ids: Mapping[str, Callable[[str], int]]) -> Any:
    """The facts that a table of TOML says; `Invalid` names the key that is unknown or of the wrong type."""
    known = {one.name for one in fields(cls)}
    for key in plain:
        if key not in known:
            raise Invalid("archive.key", say("“{key}” is not known here; check the spelling.", key=key))
    resolved = {
        key: _identified(key, value, ids[key]) if key in ids else _moments(value) for key, value in plain.items()
    }
    try:
        return msgspec.convert(resolved, cls)
    except msgspec.ValidationError as error:
        raise _refused(str(error)) from None


def is_relative(value: Any) -> bool:
    """Whether this is a moment that counts from the day on which it is read."""
    return isinstance(value, str) and _FROM_TODAY.fullmatch(value) is not None


def _is_default(one: Field[Any], value: Any) -> bool:
    if one.default is not MISSING:
        return bool(value == one.default) or (isinstance(value, list) and not value and one.default == ())
    return one.default_factory is not MISSING and bool(value == one.default_factory())


def _written(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return to_plain(value, {})
    if isinstance(value, Mapping):
        return {key: _written(one) for key, one in value.items() if one is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_written(one) for one in value]
    return value


def _named(value: Any, name: Callable[[int], str]) -> Any:
    return name(value) if isinstance(value, int) else [name(one) for one in value]


def _identified(key: str, value: Any, identity: Callable[[str], int]) -> Any:
    if isinstance(value, str):
        return identity(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return [identity(one) for one in value]
    raise Invalid("archive.type", say("“{key}” has the wrong type; write the name of an entry.", key=key))


def moment(value: Any) -> Any:
    """A moment written as ``today+9 14:00`` or, with a zone, ``today-1 09:00Z`` is one of that day.

    So an example always has something to come. Anything else comes back as it is.
    """
    found = _FROM_TODAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    at = time.fromisoformat(found[2]) if found[2] else time()
    return datetime.combine(clock.now().date() + timedelta(days=int(found[1])), at, tzinfo=UTC if found[3] else None)


def _moments(value: Any) -> Any:
    return [moment(one) for one in value] if isinstance(value, list) else moment(value)


def _refused(sentence: str) -> Invalid:
    found = _WRONG_TYPE.search(sentence)
    if found is None:
        missing = re.search(r"missing required field `([^`]*)`", sentence)
        key = missing[1] if missing else sentence
        return Invalid("archive.missing", say("“{key}” is missing.", key=key))
    return Invalid("archive.type", say("“{key}” has the wrong type.", key=found[3] or found[1]))
