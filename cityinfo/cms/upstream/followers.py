"""The part of the settings that says who follows this city, where they differ, and what they change most."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint, render, screen
from cityinfo.features import content, tenants, upstream
from cityinfo.kernel.db import Work
from cityinfo.web.guard import guarded

SHOWN = 50  # texts


@dataclass(frozen=True, slots=True)
class Changed:
    """A text of ours that followers say otherwise."""

    entry_id: int
    language: str
    title: str
    cities: int


@blueprint.get("/<tenant>/settings/followers")
@guarded("settings:manage")
def list_followers(tenant: str) -> AnyResponse:
    """Who follows this city, and which of its texts they have changed."""
    with screen() as (db, _actor):
        rows = upstream.followers(db)
        return render("upstream/followers.html", rows=rows, changed=_changed(db), languages=tenants.languages(db))


def _changed(db: Work) -> list[Changed]:
    found = upstream.most_changed(db, most=SHOWN)
    titles = content.titles_of(db, {entry_id for entry_id, _, _ in found})
    order = list(tenants.tree(db))
    return [
        Changed(entry_id, language, content.name(titles.get(entry_id, {}), language, *order)[0], cities)
        for entry_id, language, cities in found
    ]
