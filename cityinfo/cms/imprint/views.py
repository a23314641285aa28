"""The way to the city's one imprint, and its beginning."""

from __future__ import annotations

from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint, go, render, screen
from cityinfo.features import imprint, tenants
from cityinfo.kernel.db import Work
from cityinfo.web.guard import guarded


@blueprint.get("/<tenant>/imprint")
@guarded("imprint:read")
def show_imprint(tenant: str) -> AnyResponse:
    """Its text in the city's own language; the offer to begin one where there is none."""
    with screen() as (db, _actor):
        known = imprint.of_city(db)
        return _go_to(db, tenant, known.id) if known else render("imprint/show.html")


@blueprint.post("/<tenant>/imprint")
@guarded("imprint:create")
def open_imprint(tenant: str) -> AnyResponse:
    """Begin the imprint. Readers see it once its text is published."""
    with screen(write=True) as (db, actor):
        return _go_to(db, tenant, imprint.open_imprint(db, actor=actor).id)


def _go_to(db: Work, tenant: str, imprint_id: int) -> AnyResponse:
    return go("edit_text", tenant=tenant, entry_id=imprint_id, language=tenants.root_language(db))
