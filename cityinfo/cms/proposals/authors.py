"""Whoever proposes something, by name: people of this city, and other cities that have a page of it."""

from __future__ import annotations

from collections.abc import Iterable

from cityinfo.features import accounts, corrections, tenants
from cityinfo.kernel.db import Work

_CITY = f"{corrections.CITY}:"


def names(db: Work, authors: Iterable[str]) -> dict[str, str]:
    """The names of everyone here and of the cities among these authors. Two statements at most."""
    cities = {int(one.removeprefix(_CITY)) for one in authors if one.startswith(_CITY)}
    called = tenants.full_names(db, cities) if cities else {}
    return {**accounts.names(db), **{f"{_CITY}{identity}": name for identity, name in called.items()}}


def is_city(author: str) -> bool:
    """Whether another city proposed it."""
    return author.startswith(_CITY)
