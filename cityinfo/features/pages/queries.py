"""Reading the page tree as editors have it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from cityinfo.features import offers
from cityinfo.features.content import Entry, Text, Version
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from .models import EmbeddedOffer, Page

KIND = "page"


@dataclass(frozen=True, slots=True)
class Node:
    """A page in the tree, without its words."""

    id: int
    parent_id: int | None
    position: str
    revision: int
    archived: bool
    mirrors_id: int | None


def find(db: Work, page_id: int) -> Page:
    """The page; `NotFound` when there is none."""
    page = db.get(Page, (db.tenant_id, page_id))
    if page is None:
        raise NotFound("page.unknown", say("There is no page {page_id}.", page_id=page_id))
    return page


def tree(db: Work) -> list[Node]:
    """Every page, archived ones included, parents before children and siblings in order. One statement."""
    rows = db.execute(
        select(Page.id, Page.parent_id, Page.position, Entry.revision, Entry.archived_at, Page.mirrors_id)
        .join(Entry, Entry.id == Page.id)
        .order_by(Page.position, Page.id)
    )
    below: dict[int | None, list[Node]] = {}
    for page_id, parent_id, position, revision, archived_at, mirrors_id in rows:
        node = Node(page_id, parent_id, position, revision, archived_at is not None, mirrors_id)
        below.setdefault(parent_id, []).append(node)
    ordered: list[Node] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        node = waiting.pop()
        ordered.append(node)
        waiting.extend(reversed(below.get(node.id, [])))
    return ordered


@dataclass(frozen=True, slots=True)
class Branch:
    """A page where someone looks at the tree: how deep it stands, and whether what hangs below it is shown too."""

    node: Node
    level: int
    children: int
    is_open: bool


def branches(db: Work, opened: Collection[int]) -> list[Branch]:
    """The first level and what hangs below the pages that are `opened`, as it stands in the tree; no archived page.

    Two statements, whatever the size of the tree.
    """
    below: dict[int | None, list[Node]] = {}
    for node in _nodes(db, Page.parent_id.is_(None) | Page.parent_id.in_(opened)):
        below.setdefault(node.parent_id, []).append(node)
    counts = _children(db, [node.id for nodes in below.values() for node in nodes])
    found: list[Branch] = []
    waiting = [(node, 1) for node in reversed(below.get(None, []))]
    while waiting:
        node, level = waiting.pop()
        inside = below.get(node.id, [])
        found.append(Branch(node, level, counts.get(node.id, 0), bool(inside)))
        waiting.extend((child, level + 1) for child in reversed(inside))
    return found


def children(db: Work, parent_id: int | None) -> list[Node]:
    """What hangs directly below a page, or on the first level, in order; no archived page."""
    return _nodes(db, Page.parent_id.is_(None) if parent_id is None else Page.parent_id == parent_id)


def _nodes(db: Work, condition: ColumnElement[bool]) -> list[Node]:
    rows = db.execute(
        select(Page.id, Page.parent_id, Page.position, Entry.revision, Page.mirrors_id)
        .join(Entry, Entry.id == Page.id)
        .where(condition, Entry.archived_at.is_(None))
        .order_by(Page.position, Page.id)
    )
    return [
        Node(page_id, parent, position, revision, False, mirrors)
        for page_id, parent, position, revision, mirrors in rows
    ]


def _children(db: Work, page_ids: Collection[int]) -> dict[int, int]:
    statement = (
        select(Page.parent_id, func.count())
        .join(Entry, Entry.id == Page.id)
        .where(Page.parent_id.in_(page_ids), Entry.archived_at.is_(None))
        .group_by(Page.parent_id)
    )
    return {parent: count for parent, count in db.execute(statement) if parent is not None}


def siblings(db: Work, parent_id: int | None, *, without: int | None = None) -> list[tuple[int, str]]:
    """Identities and positions of the pages under a parent, in order."""
    statement = select(Page.id, Page.position).order_by(Page.position, Page.id)
    above = Page.parent_id.is_(None) if parent_id is None else Page.parent_id == parent_id
    return [(page_id, position) for page_id, position in db.execute(statement.where(above)) if page_id != without]


def place_of(db: Work, page_id: int) -> tuple[int | None, int | None]:
    """Where a page hangs: its parent, and the page it stands behind; None when it is the first one there."""
    page = find(db, page_id)
    before = [
        sibling for sibling, position in siblings(db, page.parent_id) if (position, sibling) < (page.position, page.id)
    ]
    return page.parent_id, before[-1] if before else None


def with_ancestors(db: Work, page_ids: Collection[int]) -> dict[int, tuple[Page, bool]]:
    """These pages and all above them, each with whether it is archived itself. One statement a level."""
    found: dict[int, tuple[Page, bool]] = {}
    wanted = set(page_ids)
    while wanted:
        for ids in portions(wanted):
            rows = db.execute(select(Page, Entry.archived_at).join(Entry, Entry.id == Page.id).where(Page.id.in_(ids)))
            found.update({page.id: (page, archived_at is not None) for page, archived_at in rows})
        wanted = {page.parent_id for page, _ in found.values() if page.parent_id is not None} - set(found)
    return found


def path_upwards(db: Work, page_id: int | None) -> list[int]:
    """A page and its ancestors, the page first."""
    path: list[int] = []
    while page_id is not None and page_id not in path:
        path.append(page_id)
        page_id = db.scalar(select(Page.parent_id).where(Page.id == page_id))
    return path


def below(db: Work, page_ids: Collection[int]) -> set[int]:
    """These pages and everything that hangs under them. One statement a level."""
    found, level = set(page_ids), set(page_ids)
    while level:
        under: set[int] = set()
        for ids in portions(level):
            under.update(db.scalars(select(Page.id).where(Page.parent_id.in_(ids))))
        level = under - found
        found |= under
    return found


def ids_below(page_ids: Collection[int]) -> Select[int]:
    """The same within another statement."""
    return _ids_below(select(Page.id).where(Page.id.in_(page_ids)))


def archived_ids() -> Select[int]:
    """Within another statement: pages that are archived or hang under one that is."""
    return _ids_below(select(Entry.id).where(Entry.kind == KIND, Entry.archived_at.is_not(None)))


def _ids_below(tops: Select[int]) -> Select[int]:
    known = tops.cte(recursive=True)
    # In this order: without statistics SQLite would read every page for every one that is known.
    under = select(Page.id).select_from(known).join(Page, Page.parent_id == known.c.id)
    return select(known.union(under).c.id)


def parents(db: Work) -> dict[int, int | None]:
    """What every page hangs under. One statement."""
    return dict(db.execute(select(Page.id, Page.parent_id)).all())


def count(db: Work) -> int:
    """How many pages there are, without archived ones."""
    statement = select(func.count()).select_from(Page).join(Entry, Entry.id == Page.id)
    return db.scalar(statement.where(Entry.archived_at.is_(None))) or 0


def mirroring(db: Work, page_ids: Collection[int]) -> set[int]:
    """Pages that show the text of one of these."""
    found: set[int] = set()
    for ids in portions(page_ids):
        found.update(db.scalars(select(Page.id).where(Page.mirrors_id.in_(ids))))
    return found


def all_ids(db: Work) -> Sequence[int]:
    return db.scalars(select(Page.id).order_by(Page.id)).all()


def embedded_offers(db: Work, page_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """What apps are given of the offers on these pages, in order; those that the city has switched on."""
    found: dict[int, list[str]] = {}
    for ids in portions(page_ids):
        rows = db.scalars(select(EmbeddedOffer).where(EmbeddedOffer.page_id.in_(ids)).order_by(EmbeddedOffer.position))
        for row in rows:
            found.setdefault(row.page_id, []).append(row.alias)
    known = offers.switched_on(db) if found else {}
    return {page_id: [known[alias] for alias in aliases if alias in known] for page_id, aliases in found.items()}


def embedded_aliases(db: Work, page_id: int) -> list[str]:
    """The offers embedded in a page, in order, switched on or not."""
    statement = select(EmbeddedOffer.alias).where(EmbeddedOffer.page_id == page_id)
    return list(db.scalars(statement.order_by(EmbeddedOffer.position)))


def titles(db: Work) -> dict[int, dict[str, str]]:
    """The newest title of every page in every language it is written in. One statement."""
    statement = (
        select(Text.entry_id, Text.language, Version.title)
        .join(Version, Version.id == Text.current_version_id)
        .join(Page, Page.id == Text.entry_id)
    )
    found: dict[int, dict[str, str]] = {}
    for page_id, language, title in db.execute(statement.order_by(Text.language)):
        found.setdefault(page_id, {})[language] = title
    return found


def embedding(db: Work) -> Sequence[int]:
    """Pages on which apps show offers."""
    return db.scalars(select(EmbeddedOffer.page_id).distinct().order_by(EmbeddedOffer.page_id)).all()
