"""The order of pages: what changed there since is taken over, unless somebody has moved these pages here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cityinfo.features import content, imports, pages
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import Run

from .entries import children_of
from .links import Key
from .models import MoveIn
from .types import Found, Report

TREE = "tree"  # within what came last: identities of pages below each, as they were put in order


def arrange(run: Run, found: Sequence[Found], ids: Mapping[Key, int], report: Report) -> None:
    """Put pages below their parents, one after the other."""
    wanted = _wanted(found, ids)
    with run.unit_of_work(write=True) as db:
        move_in = db.get_one(MoveIn, db.tenant_id)
        last: dict[str, list[int]] = dict(move_in.last.get(TREE, {}))
        for under, children in wanted.items():
            if last.get(under) != children and _put(db, under, children, last.get(under), report):
                last[under] = children
        if last != move_in.last.get(TREE, {}):
            move_in.last = {**move_in.last, TREE: last}


def _wanted(found: Sequence[Found], ids: Mapping[Key, int]) -> dict[str, list[int]]:
    below: dict[str, list[int]] = {}
    for key, children in children_of(found).items():
        under = ids.get((pages.KIND, key)) if key else None
        if key and under is None:
            continue
        known = [ids[pages.KIND, one.key] for one in children if (pages.KIND, one.key) in ids]
        below[str(under or "")] = known
    return below


def _put(db: Work, under: str, children: Sequence[int], last: Sequence[int] | None, report: Report) -> bool:
    """Whether they hang there in this order now."""
    parent = int(under) if under else None
    here = [node.id for node in pages.tree(db) if node.parent_id == parent]
    still = [one for one in last or () if one in children]  # what left may have been moved by us
    if last is not None and [one for one in here if one in still] != still:
        report.note(_title(db, under), say("Pages below this were moved here and there; they stay as they are here."))
        return False
    try:
        pages.arrange(db, parent, children, actor=imports.IMPORTER)
    except Problem as problem:
        report.refuse(_title(db, under), problem)
        return False
    return True


def _title(db: Work, under: str) -> str:
    return next(iter(content.titles(db, int(under)).values()), under) if under else "/"
