"""The kinds of content an editor works on: each is one row with its facts, and shares everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from marshmallow import Schema

from cityinfo.features import content
from cityinfo.features.content import ContentType, TextDraft
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from .values import Sent

Facts = Mapping[str, Any]


class Change(Protocol):
    """Archives, restores or deletes an entry."""

    def __call__(self, db: Work, entry_id: int, /, *, revision: int, actor: Actor) -> None: ...


class ChangeFacts(Protocol):
    """Says something else of an entry; what `facts` does not name stays."""

    def __call__(self, db: Work, entry_id: int, facts: Facts, /, *, revision: int, actor: Actor) -> None: ...


class SaveText(Protocol):
    """Keeps a new version of an entry's text."""

    def __call__(
        self, db: Work, entry_id: int, language: str, draft: TextDraft, /, *, actor: Actor
    ) -> content.Version: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a kind is called in addresses, what stands beside its words, and the actions that are its own.

    `noun` is what one entry is called in names of operations. `create` makes an entry of facts and returns its
    identity; None where entries are made in another way. `facts` are those that can be changed, None where there are
    none; what can be said only when an entry is made stands in `created`, what is only shown in `shown`.
    """

    content_type: ContentType
    plural: str
    noun: str
    facts: type[Sent] | None
    read: Callable[[Work, int], Any]
    create: Callable[[Work, Facts, Actor], int] | None
    change: ChangeFacts | None
    archive: Change
    restore: Change
    delete: Change
    example: Facts
    save_text: SaveText = content.save_text
    created: type[Sent] | None = None
    shown: type[Schema] | None = None

    @property
    def name(self) -> str:
        return self.content_type.kind


KINDS: dict[str, Kind] = {}  # by plural; each module of a kind adds its own


def add(kind: Kind) -> Kind:
    KINDS[kind.plural] = kind
    return kind


def kind_at(plural: str) -> Kind:
    """The kind an address names; `NotFound` when there is none such."""
    if plural not in KINDS:
        raise NotFound(
            "kind.unknown",
            say("There is no kind “{plural}”; choose from: {choices}.", plural=plural[:30], choices=", ".join(KINDS)),
        )
    return KINDS[plural]


def delete_entry(db: Work, entry_id: int, *, revision: int, actor: Actor) -> None:
    """For kinds that have nothing to check beside what all check."""
    content.delete_entry(db, content.find_entry(db, entry_id), revision=revision, actor=actor)
