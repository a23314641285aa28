"""The list of webhooks, a new one, switching and removing one, and how its messages went."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.cms.words import kind_names
from cityinfo.features import tenants, webhooks
from cityinfo.features.webhooks import WebhookDraft
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

ON_A_SHEET = 50
FIELDS = {"webhook.address": "address"}


@blueprint.get("/<tenant>/webhooks")
@guarded("webhooks:read")
def list_webhooks(tenant: str) -> AnyResponse:
    """All of them (a city has at most 20), oldest first."""
    with screen() as (db, _actor):
        return _list(db, Form())


@blueprint.post("/<tenant>/webhooks")
@guarded("webhooks:manage")
def add_webhook(tenant: str) -> AnyResponse:
    """Tell a server what is new and show its secret, this once. What was typed stays when it is refused."""
    draft = WebhookDraft(
        address=request.form.get("address", "").strip(),
        kinds=request.form.getlist("kinds"),
        languages=request.form.getlist("languages"),
    )
    try:
        with screen(write=True) as (db, actor):
            made, secret = webhooks.create(
                db, draft, known_kinds=_known(), safe=current_app.extensions["safe"], actor=actor
            )
            address = made.address
    except Invalid as problem:
        with screen() as (db, _actor):
            return _list(db, Form(request.form.to_dict()).refuse(problem, FIELDS), status=422)
    return _told_once(_("{address} is told from now on.", address=address), secret)


@blueprint.post("/<tenant>/webhooks/<int:webhook_id>/switch")
@guarded("webhooks:manage")
def switch_webhook(tenant: str, webhook_id: int) -> AnyResponse:
    """On or off (`active`). What it missed while it was off is told when it is on again."""
    active = bool(request.form.get("active"))
    with screen(write=True) as (db, actor):
        now = webhooks.find(db, webhook_id)
        draft = WebhookDraft(address=now.address, kinds=now.kinds, languages=now.languages, active=active)
        webhooks.change(db, webhook_id, draft, known_kinds=_known(), actor=actor)
    notice(_("Switched on."), _("It is told what it missed.")) if active else notice(_("Switched off."))
    return go("list_webhooks", tenant=tenant)


@blueprint.post("/<tenant>/webhooks/<int:webhook_id>/secret")
@guarded("webhooks:manage")
def renew_webhook_secret(tenant: str, webhook_id: int) -> AnyResponse:
    """Sign with a new secret, shown this once. The present one signs besides for a day."""
    with screen(write=True) as (db, actor):
        secret = webhooks.rotate(db, webhook_id, safe=current_app.extensions["safe"], actor=actor)
    return _told_once(_("There is a new secret. The former one signs besides for a day."), secret)


@blueprint.post("/<tenant>/webhooks/<int:webhook_id>/remove")
@guarded("webhooks:manage")
def remove_webhook(tenant: str, webhook_id: int) -> AnyResponse:
    """Tell it nothing any more."""
    with screen(write=True) as (db, actor):
        webhooks.delete(db, webhook_id, actor=actor)
    notice(_("Removed."))
    return go("list_webhooks", tenant=tenant)


@blueprint.get("/<tenant>/webhooks/<int:webhook_id>")
@guarded("webhooks:read")
def show_webhook(tenant: str, webhook_id: int) -> AnyResponse:
    """How its messages of the last 30 days went, newest first, a sheet at a time."""
    with screen() as (db, _actor):
        webhook = webhooks.find(db, webhook_id)
        before = request.args.get("before", type=int)
        found = webhooks.deliveries(db, webhook_id, before=before, limit=ON_A_SHEET + 1)
        shown = found[:ON_A_SHEET]
        following = shown[-1].id if len(found) > ON_A_SHEET else None
        return render("webhooks/show.html", webhook=webhook, deliveries=shown, following=following, newest=db.seq)


@blueprint.post("/<tenant>/webhooks/<int:webhook_id>/replay")
@guarded("webhooks:manage")
def replay_webhook(tenant: str, webhook_id: int) -> AnyResponse:
    """Tell everything after a number (`since`) once more."""
    try:
        with screen(write=True) as (db, actor):
            webhooks.replay(db, webhook_id, since=request.form.get("since", -1, type=int), actor=actor)
    except Invalid as problem:
        notice(sentences.said(problem), kind="danger")
    else:
        notice(_("It is told again."), _("Look here again in a minute."))
    return go("show_webhook", tenant=tenant, webhook_id=webhook_id)


def _told_once(sentence: str, secret: str) -> AnyResponse:
    with screen() as (db, _actor):
        response = _list(db, Form(), made=sentence, secret=secret)
    response.headers["Cache-Control"] = "no-store"
    return response


def _known() -> tuple[str, ...]:
    kinds: tuple[str, ...] = current_app.extensions["kinds"]
    return kinds


def _list(db: Work, form: Form, *, status: int = 200, **made: str) -> AnyResponse:
    registry = tenants.languages(db)
    named = kind_names()
    return render(
        "webhooks/list.html",
        status=status,
        webhooks=webhooks.webhooks(db),
        kinds={kind: named[kind] for kind in _known() if kind in named},
        languages={code: registry[code] for code in tenants.tree(db)},
        chosen={name: request.form.getlist(name) for name in ("kinds", "languages")} if form.values else {},
        form=form,
        made=made,
    )
