"""Where an entry is named: what leads to it, shows it or belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import g

from cityinfo.cms.kinds import KINDS
from cityinfo.cms.layout import address
from cityinfo.cms.words import kind_names
from cityinfo.features import content, tenants
from cityinfo.kernel.db import Work

MOST = 50


@dataclass(frozen=True, slots=True)
class Use:
    """An entry that names another one; `address` is its screen, empty where it has none or it may not be opened."""

    title: str
    kind: str
    address: str


def used_in(db: Work, entry_id: int | None) -> tuple[Sequence[Use], int]:
    """The first entries that name this one, and how many there are; none name what is not there yet.

    Three statements.
    """
    if entry_id is None:
        return (), 0
    found = list(dict.fromkeys((kind, user) for kind, user, _ in content.uses(db, entry_id)))
    return list(_told(db, found[:MOST])), len(found)


def _told(db: Work, found: Sequence[tuple[str, int]]) -> Iterator[Use]:
    titles, root, names = content.titles_of(db, [user for _, user in found]), tenants.root_language(db), kind_names()
    for kind, user in found:
        title, language = content.name(titles.get(user, {}), root)
        yield Use(title, names.get(kind, kind), _address(kind, user, language or root))


def _address(kind: str, entry_id: int, language: str) -> str:
    known = KINDS.get(kind)
    if known is None or not g.me.may(f"{kind}:read"):
        return ""
    if known.back.startswith("edit_"):
        return known.address(g.city.slug, entry_id)
    return address("edit_text", tenant=g.city.slug, entry_id=entry_id, language=language)
