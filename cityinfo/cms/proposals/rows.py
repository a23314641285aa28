"""Proposals as lists show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cityinfo.cms.words import author_name
from cityinfo.features import content, tenants
from cityinfo.features.proposals import Listed, Proposal
from cityinfo.kernel.db import Work

from .authors import names


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal in a list: about what it is, and who wants it."""

    proposal: Proposal
    kind: str
    title: str
    author: str


def rows(db: Work, found: Sequence[Listed]) -> list[Row]:
    """The proposals of a sheet; titles and names are read once for all of it."""
    titles, root = content.titles_of(db, {one.proposal.entry_id for one in found}), tenants.root_language(db)
    called = names(db, [one.proposal.author for one in found])
    return [
        Row(
            one.proposal,
            one.kind,
            content.name(titles.get(one.proposal.entry_id, {}), root)[0],
            author_name(one.proposal.author, called),
        )
        for one in found
    ]
