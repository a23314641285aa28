"""Reading where translations stand."""

from __future__ import annotations

from collections.abc import Mapping

from cityinfo.features import content, tenants
from cityinfo.kernel.db import Work

from .rules import Survey


def survey(db: Work, kind: str, *, parents: Mapping[int, int | None] | None = None) -> Survey:
    """Where every text of a kind stands in every active language. At most four statements, whatever their number.

    `parents` says what every entry hangs under, in the order in which people see them; without it they stand in no
    tree. What hangs under something archived is left out.
    """
    sources = {slug: row.source for slug, row in tenants.tree(db).items() if row.active}
    return Survey(content.conditions(db, kind), sources, parents or {})
