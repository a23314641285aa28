"""What is done with a message beside writing it: preview, approve, send back, try a delivery again."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.cms.writing.desk import city_languages
from cityinfo.features import content, news, tenants
from cityinfo.features.news import State
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded
from cityinfo.web.request import rights_of

from .phone import phone

REQUEST, APPROVE = "request", "approve"
ONE = "/<tenant>/news/<int:entry_id>"


@blueprint.post("/<tenant>/news/preview")
@guarded("news:read")
def preview_news(tenant: str) -> AnyResponse:
    """The message on a phone as it is typed, and how long its words are. Nothing is kept."""
    with screen() as (db, _actor):
        spoken = city_languages(db)
        shown = phone(request.form.to_dict(), spoken, tenants.root_language(db))
        return render("news/preview.html", phone=shown, languages=spoken, beside=True)


@blueprint.post(f"{ONE}/return")
@guarded("news:send")
def return_news(tenant: str, entry_id: int) -> AnyResponse:
    """Send a message back to its author, saying why."""
    words = request.form.get("words", "")
    try:
        with screen(write=True) as (db, actor):
            rights_of(actor).check("send", news.KIND, entry_id=entry_id, language="")
            news.send_back(db, entry_id, words, revision=request.form.get("revision", 0, type=int), actor=actor)
    except (Conflict, Invalid) as problem:
        notice(sentences.said(problem), kind="danger")
    else:
        notice(_("Sent back."), _("Its author sees why."))
    return go("edit_news", tenant=tenant, entry_id=entry_id)


@blueprint.post(f"{ONE}/deliveries/<int:delivery_id>")
@guarded("news:send")
def send_news_again(tenant: str, entry_id: int, delivery_id: int) -> AnyResponse:
    """Try once more what was given up."""
    with screen(write=True) as (db, actor):
        rights_of(actor).check("send", news.KIND, entry_id=entry_id, language="")
        if delivery_id not in {one.id for one in news.deliveries(db, entry_id)}:
            raise NotFound("entry.unknown", _("There is nothing under this address."))
        news.send_again(db, delivery_id)
    notice(_("It is sent again."), _("Look here again in a minute."))
    return go("edit_news", tenant=tenant, entry_id=entry_id)


def release(db: Work, message_id: int, *, actor: Actor) -> None:
    """Approve all words of a message; without a moment of its own readers see it from now on."""
    rights_of(actor).check("send", news.KIND, entry_id=message_id, language="")
    if _waits_for_approval(db, message_id):
        news.approve(db, message_id, revision=_revision(db, message_id), actor=actor)
    if news.state_of(news.find(db, message_id)) is State.APPROVED:
        until = news.facts_of(db, message_id).visible_until
        news.schedule(db, message_id, visible_until=until, revision=_revision(db, message_id), actor=actor)


def _waits_for_approval(db: Work, message_id: int) -> bool:
    if news.state_of(news.find(db, message_id)) is not State.APPROVED:
        return True
    return any(text.current_version_id != text.public_version_id for text in content.texts(db, message_id))


def _revision(db: Work, message_id: int) -> int:
    return content.find_entry(db, message_id, news.KIND).revision
