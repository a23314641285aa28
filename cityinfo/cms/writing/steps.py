"""What is done with a text beside writing it: give it back, take it offline, set when it comes and goes."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.kinds import kind_of, of_any
from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.features import content
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .desk import desk
from .forms import moment, revision
from .views import HERE, show


@blueprint.post(f"{HERE}/return")
@guarded(*of_any("publish"))
def return_text(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Give a text that waits for review back, saying why."""
    with screen(write=True) as (db, actor):
        kind_of(db, entry_id)
        reason = request.form.get("reason", "")
        content.return_text(db, entry_id, language, reason=reason, revision=revision(), actor=actor)
    notice(_("Returned."), _("The author reads your reason beside the text."))
    return go("edit_text", tenant=tenant, entry_id=entry_id, language=language)


@blueprint.get(f"{HERE}/offline")
@guarded(*of_any("publish"))
def choose_offline(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Which languages readers should no longer see."""
    with screen() as (db, actor):
        return render("writing/offline.html", desk=desk(db, entry_id, language, actor=actor))


@blueprint.post(f"{HERE}/offline")
@guarded(*of_any("publish"))
def take_offline(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Take the text out of public sight in exactly the languages that were chosen."""
    chosen = request.form.getlist("offline")
    if not chosen:
        raise Invalid("text.languages", _("Choose at least one language."))
    with screen(write=True) as (db, actor):
        kind_of(db, entry_id)
        content.take_offline(db, entry_id, chosen, actor=actor)
    notice(_("Taken offline."), _("Readers no longer see this text."))
    return go("edit_text", tenant=tenant, entry_id=entry_id, language=language)


@blueprint.post(f"{HERE}/schedule")
@guarded(*of_any("publish"))
def schedule_text(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """When the text is published and taken offline by itself; an empty field clears a moment."""
    try:
        with screen(write=True) as (db, actor):
            moments = {name: moment(name) for name in ("publish_at", "offline_at")}
            kind_of(db, entry_id)
            content.schedule_text(db, entry_id, language, **moments, revision=revision(), actor=actor)
    except Invalid as problem:
        with screen() as (db, actor):
            return show(desk(db, entry_id, language, actor=actor), problem=problem)
    notice(_("The schedule is saved."))
    return go("edit_text", tenant=tenant, entry_id=entry_id, language=language)
