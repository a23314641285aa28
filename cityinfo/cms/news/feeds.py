"""News of other publishers: which feeds the city shows, and how reading them went."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.cms.writing.desk import city_languages
from cityinfo.features import news, tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .words import feed_failures

FIELDS = {"feed.address": "address", "feed.known": "address", "feed.source": "source"}
ONE = "/<tenant>/news/feeds/<int:feed_id>"


@blueprint.get("/<tenant>/news/feeds")
@guarded("news:read")
def list_feeds(tenant: str) -> AnyResponse:
    """Every feed with when it was read last, by the name of its source."""
    with screen() as (db, _actor):
        return _list(db, Form())


@blueprint.post("/<tenant>/news/feeds")
@guarded("news:manage")
def add_feed(tenant: str) -> AnyResponse:
    """Show a feed from now on. What was typed stays when it is refused."""
    form = Form({name: request.form.get(name, "").strip() for name in ("address", "source", "language")})
    try:
        with screen(write=True) as (db, actor):
            said = {"source": form.values["source"], "language": form.values["language"]}
            news.add_feed(db, form.values["address"], **said, actor=actor)
    except Invalid as problem:
        with screen() as (db, _actor):
            return _list(db, form.refuse(problem, FIELDS), status=422)
    notice(_("Added."), _("It is read within half an hour."))
    return go("list_feeds", tenant=tenant)


@blueprint.post(f"{ONE}/switch")
@guarded("news:manage")
def switch_feed(tenant: str, feed_id: int) -> AnyResponse:
    """Show what it says (`active`), or stop showing and reading it."""
    active = bool(request.form.get("active"))
    with screen(write=True) as (db, actor):
        news.set_feed_active(db, feed_id, active, actor=actor)
    notice(_("Switched on.") if active else _("Switched off."))
    return go("list_feeds", tenant=tenant)


@blueprint.post(f"{ONE}/remove")
@guarded("news:manage")
def remove_feed(tenant: str, feed_id: int) -> AnyResponse:
    """Forget it and all that it said."""
    with screen(write=True) as (db, actor):
        news.remove_feed(db, feed_id, actor=actor)
    notice(_("Removed."))
    return go("list_feeds", tenant=tenant)


def _list(db: Work, form: Form, *, status: int = 200) -> AnyResponse:
    return render(
        "news/feeds.html",
        status=status,
        feeds=news.feeds(db),
        reasons=feed_failures(),
        form=form,
        languages=city_languages(db),
        is_on=tenants.offers(db, news.EXTERNAL_FLAG),
    )
