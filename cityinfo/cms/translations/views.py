"""A text beside its translation: open it, save it, say that it still stands, publish it."""

from __future__ import annotations

from flask import jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.kinds import kind_of, of_any
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen, wants_part
from cityinfo.cms.writing.views import both_saved, go_on, refused, say_what_was_done
from cityinfo.features import content, translation
from cityinfo.features.content import Version
from cityinfo.features.translation import Side
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, Outdated, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .forms import Rendered, rendered
from .pairs import Table, table

HERE = "/<tenant>/translations/<language>/<int:entry_id>"
CONFIRM = "confirm"


@blueprint.get(HERE)
@guarded(*of_any("read"))
def translate_text(tenant: str, language: str, entry_id: int) -> AnyResponse:
    """The translation as it was saved; with `kept` as this person left it without saving."""
    with screen() as (db, actor):
        if not translation.can_be_translated(db, entry_id, language):
            return go("edit_text", tenant=tenant, entry_id=entry_id, language=language)
        kept = content.autosave_of(db, entry_id, language, actor) if "kept" in request.args else None
        if kept is None:
            return _show(db, table(db, entry_id, language, actor=actor), actor=actor)
        shown = table(db, entry_id, language, instead=Side(kept.title, kept.content), actor=actor)
        return _show(db, shown, version=kept.version_id, revision=kept.revision, actor=actor)


@blueprint.post(HERE)
@guarded(*of_any("translate"))
def save_translation(tenant: str, language: str, entry_id: int) -> AnyResponse:
    """Save it passage by passage and, when asked for (`do`), confirm all of it, publish it or ask for a look at it."""
    sent = rendered()
    try:
        with screen(write=True) as (db, actor):
            version = _keep(db, entry_id, language, sent, actor=actor)
            _confirm(db, entry_id, language, actor=actor)
            go_on(db, entry_id, language, actor=actor)
            revision = content.find_text(db, entry_id, language).revision
    except Outdated:
        return both_saved(tenant, entry_id, language, sent.typed)
    except Invalid as problem:
        return _again(entry_id, language, sent, problem)
    if wants_part():
        return jsonify(revision=revision, version=version.id)
    _say_what_was_done()
    return go("translate_text", tenant=tenant, language=language, entry_id=entry_id)


def _keep(db: Work, entry_id: int, language: str, sent: Rendered, *, actor: Actor) -> Version:
    version = translation.save_translation(
        db,
        entry_id,
        language,
        sent.settled() if _wanted() == CONFIRM else sent.renderings,
        shown=sent.shown,
        revision=sent.revision,
        save=kind_of(db, entry_id).save_text,
        actor=actor,
    )
    content.forget_autosave(db, entry_id, language, actor=actor)
    return version


def _confirm(db: Work, entry_id: int, language: str, *, actor: Actor) -> None:
    """What readers see already stays with them; whoever may not publish asks for a look at it."""
    if _wanted() != CONFIRM:
        return
    text = content.find_text(db, entry_id, language)
    current, public = content.version(db, text.current_version_id), content.version(db, text.public_version_id)
    if current is None or public is None or current.digest != public.digest:
        return
    if actor.may("publish", kind_of(db, entry_id).name, entry_id=entry_id, language=language):
        content.publish_text(db, entry_id, language, revision=text.revision, actor=actor)
    elif current.id != public.id:
        content.submit_text(db, entry_id, language, revision=text.revision, actor=actor)


def _wanted() -> str:
    return request.form.get("do", "")


def _say_what_was_done() -> None:
    if _wanted() == CONFIRM:
        notice(_("Confirmed."), _("The translation says what its source says."))
    else:
        say_what_was_done()


def _again(entry_id: int, language: str, sent: Rendered, problem: Problem) -> AnyResponse:
    if wants_part():
        return refused(problem)
    words = sent.typed
    with screen() as (db, actor):
        shown = table(db, entry_id, language, instead=Side(words.title, words.content), actor=actor)
        return _show(db, shown, version=sent.version, revision=sent.revision, problem=problem, actor=actor)


def _show(
    db: Work,
    shown: Table,
    *,
    version: int | None = None,
    revision: int | None = None,
    problem: Problem | None = None,
    actor: Actor,
) -> AnyResponse:
    """The screen; `version` and `revision` are those that the words on it were written from."""
    assert shown.desk.entry_id is not None
    current = shown.translation.current
    form = Form(
        {
            **{name: request.form.get(name, "") for name in ("message", "assignee")},
            "revision": str(shown.desk.revision if revision is None else revision),
            "version": str(version or (current.id if current else "")),
        },
        problem=sentences.said(problem) if problem else "",
    )
    return render("translations/translate.html", status=422 if problem else 200, table=shown, form=form)
