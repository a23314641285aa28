"""Pages as lines of a list: title, where every language stands, who changed it last."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cityinfo.cms.states import Standing, standing
from cityinfo.features import accounts, comments, content, pages, tenants
from cityinfo.features.content import Draft
from cityinfo.features.pages import PAGES, Branch
from cityinfo.kernel.db import Work


@dataclass(frozen=True, slots=True)
class Row:
    """One page. Outside the tree `level` is 1, `path` names what stands above it, `opens` the text that is meant."""

    id: int
    parent_id: int | None
    title: str
    language: str
    revision: int
    standings: Mapping[str, Standing]
    returned: int
    changed_at: datetime | None
    author: str
    level: int = 1
    children: int = 0
    is_open: bool = False
    path: Sequence[str] = ()
    opens: str = ""
    comments: int = 0


def tree_rows(db: Work, opened: Collection[int]) -> list[Row]:
    """The tree with these pages opened. A fixed number of statements for every 500 rows."""
    branches = pages.branches(db, opened)
    drafts = _drafts(db, [branch.node.id for branch in branches])
    people = accounts.names(db)
    return _with_comments(
        db, [_row(db, drafts[branch.node.id], people, branch) for branch in branches if branch.node.id in drafts]
    )


def list_rows(db: Work, drafts: Sequence[Draft], opens: Mapping[int, str]) -> list[Row]:
    """These pages one below the other, each with the titles above it; `opens` names the text that is meant of each."""
    parents = pages.parents(db)
    above = {draft.entry.id: pages.upwards(draft.entry.id, parents)[1:] for draft in drafts}
    titles = content.titles_of(db, {one for ids in above.values() for one in ids})
    people = accounts.names(db)
    root = tenants.root_language(db)
    rows = []
    for draft in drafts:
        path = [content.name(titles.get(one, {}), root)[0] for one in reversed(above[draft.entry.id])]
        rows.append(replace(_row(db, draft, people), path=path, opens=opens.get(draft.entry.id, "")))
    return _with_comments(db, rows)


def _with_comments(db: Work, rows: Sequence[Row]) -> list[Row]:
    """How many threads are open on each, in all its languages."""
    found = comments.count_open(db, [row.id for row in rows])
    return [replace(row, comments=sum(found[row.id].values())) if row.id in found else row for row in rows]


def _drafts(db: Work, page_ids: Sequence[int]) -> dict[int, Draft]:
    return {draft.entry.id: draft for draft in content.drafts_of(db, PAGES, page_ids)}


def _row(db: Work, draft: Draft, people: Mapping[str, str], branch: Branch | None = None) -> Row:
    titles = {language: written.title for language, written in draft.texts.items()}
    title, language = content.name(titles, tenants.root_language(db))
    newest = max(draft.texts.values(), key=lambda written: written.saved_at, default=None)
    return Row(
        id=draft.entry.id,
        parent_id=branch.node.parent_id if branch else None,
        title=title,
        language=language,
        revision=draft.entry.revision,
        standings={one: standing(draft, one) for one in draft.states},
        returned=sum(written.text.review_state == content.RETURNED for written in draft.texts.values()),
        changed_at=newest.saved_at if newest else None,
        author=people.get(newest.author, "") if newest else "",
        level=branch.level if branch else 1,
        children=branch.children if branch else 0,
        is_open=branch.is_open if branch else False,
    )
