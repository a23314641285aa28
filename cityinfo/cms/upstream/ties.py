"""Where a text came from: to follow it no more, and to follow it again."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint, go, notice, screen
from cityinfo.features import tenants, upstream
from cityinfo.kernel.db import Work
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .lists import DOOR


@blueprint.post("/<tenant>/updates/entries/<int:entry_id>/detach")
@guarded(*DOOR)
def detach_entry(tenant: str, entry_id: int) -> AnyResponse:
    """Follow the template no more with this entry."""
    with screen(write=True) as (db, actor):
        upstream.detach(db, entry_id, actor=actor)
        back = _back(db)
    notice(_("It no longer follows the template."), _("All its words stay. The text itself offers to follow again."))
    return go(back[0], tenant=tenant, **back[1])


@blueprint.post("/<tenant>/updates/entries/<int:entry_id>/attach")
@guarded(*DOOR)
def attach_entry(tenant: str, entry_id: int) -> AnyResponse:
    """Follow the template again; what it has learned meanwhile is fetched."""
    with screen(write=True) as (db, actor):
        upstream.attach(db, entry_id, actor=actor)
        back = _back(db, entry_id)
    notice(_("It follows the template again."), _("What is new there is fetched within a minute."))
    return go(back[0], tenant=tenant, **back[1])


def _back(db: Work, entry_id: int | None = None) -> tuple[str, dict[str, Any]]:
    """To the text from which it was asked, or to the inbox."""
    language = request.form.get("language", "")
    named = request.form.get("text", entry_id, type=int)
    if named is not None and language in tenants.tree(db):
        return "edit_text", {"entry_id": named, "language": language}
    return "list_updates", {}
