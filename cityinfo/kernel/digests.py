"""Fingerprints of what a thing says, for records that must not repeat people's words."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from .db import Base

_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def digest(*parts: object) -> str:
    """SHA-256, in hexadecimal, of values and rows written as JSON with sorted keys.

    A row counts with all its columns; sets count without order; whatever JSON does not know counts as `str` has it.
    """
    return hashlib.sha256(orjson.dumps(parts, default=_plain, option=_CANONICAL)).hexdigest()


def _plain(value: object) -> Any:
    if isinstance(value, Base):
        return {column.key: getattr(value, column.key) for column in type(value).__mapper__.column_attrs}
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    return str(value)
