"""What an archive has besides entries, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

NameOf = Callable[[int], str]
IdOf = Callable[[str, str], int]  # by kind and name
Apply = Callable[[Work, Any, IdOf, Actor], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`early` ones are in force before entries are written, which may need them; `after` is what is left to do then."""

    collect: Callable[[Work, NameOf], Any]
    apply: Apply
    early: bool = True
    after: Apply | None = None

    def apply_in(self, db: Work, value: Any, id_of: IdOf, actor: Actor, *, early: bool) -> None:
        """Do what belongs to this phase."""
        if self.early == early:
            self.apply(db, value, id_of, actor)
        elif not early and self.after is not None:
            self.after(db, value, id_of, actor)


def rows(value: Any, key: str) -> Sequence[Mapping[str, Any]]:
    """The tables of an array; `Invalid` when it is none."""
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    raise Invalid("archive.type", say("“{key}” has the wrong type.", key=key))
