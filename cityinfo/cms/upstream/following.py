"""The part of the settings that says whom the city follows, and how."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.features import tenants, upstream
from cityinfo.kernel.db import Work
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

HERE = "/<tenant>/settings/updates"


@blueprint.get(HERE)
@guarded("settings:manage")
def list_followings(tenant: str) -> AnyResponse:
    """Whom the city follows, since when, and when it was last looked at."""
    with screen() as (db, _actor):
        rows = upstream.followings(db)
        looking = {job.arguments["source_id"] for job in upstream.fetches(db)}
        return render("upstream/followings.html", rows=rows, names=names(db), looking=looking)


@blueprint.post(f"{HERE}/<int:source_id>")
@guarded("settings:manage")
def change_following(tenant: str, source_id: int) -> AnyResponse:
    """Let what nobody changed here come without asking, or not."""
    with screen(write=True) as (db, actor):
        upstream.change_following(db, source_id, by_itself="by_itself" in request.form, actor=actor)
    notice(_("Saved."))
    return go("list_followings", tenant=tenant)


@blueprint.post(f"{HERE}/<int:source_id>/look")
@guarded("settings:manage")
def look_now(tenant: str, source_id: int) -> AnyResponse:
    """Fetch what is new there now."""
    with screen(write=True) as (db, _actor):
        upstream.find_following(db, source_id)
        upstream.fetch_soon(db, source_id)
    notice(_("It is fetched now."), _("Look here again in a minute."))
    return go("list_followings", tenant=tenant)


@blueprint.post(f"{HERE}/<int:source_id>/stop")
@guarded("settings:manage")
def stop_following(tenant: str, source_id: int) -> AnyResponse:
    """Follow that city no longer."""
    with screen(write=True) as (db, actor):
        upstream.unfollow(db, source_id, actor=actor)
    notice(_("Your city no longer follows it."), _("All that came from there stays."))
    return go("list_followings", tenant=tenant)


def names(db: Work) -> dict[int, str]:
    """What the followed cities are called; by their address where they are gone."""
    found = {row.source_id: (row.source, tenants.by_id(db, row.source_id)) for row in upstream.followings(db)}
    return {one: tenant.full_name if tenant else slug for one, (slug, tenant) in found.items()}
