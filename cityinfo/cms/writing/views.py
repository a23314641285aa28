"""The editing screen: open a text, save it, publish it, ask for a look at it. Begin a page."""

from __future__ import annotations

from flask import jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.kinds import kind_of, of_any, readable_kind
from cityinfo.cms.layout import Form, address, blueprint, go, notice, render, screen, wants_part
from cityinfo.features import content, pages
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, Outdated, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from . import advising
from .desk import Desk, desk, empty_desk
from .forms import Typed, typed

SAVE, PUBLISH, SUBMIT = "save", "publish", "submit"
HERE = "/<tenant>/texts/<int:entry_id>/<language>"


@blueprint.get(HERE)
@guarded(*of_any("read"))
def edit_text(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """A text as its editors have it; with `kept` as this person left it without saving."""
    with screen() as (db, actor):
        shown = desk(db, entry_id, language, actor=actor)
        return show(shown, _kept(shown) if "kept" in request.args else None)


@blueprint.post(HERE)
@guarded(*of_any("write", "translate"))
def save_text(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Save what was typed and, when asked for (`do`), publish it or ask for a look at it."""
    words = typed()
    try:
        with screen(write=True) as (db, actor):
            version = _keep(db, entry_id, language, words, actor=actor)
            go_on(db, entry_id, language, actor=actor)
            revision = content.find_text(db, entry_id, language).revision
            looked_at = advising.looked_at(db, entry_id, language, words.content) if wants_part() else {}
    except Outdated:
        return both_saved(tenant, entry_id, language, words)
    except Invalid as problem:
        return _again(entry_id, language, words, problem)
    if wants_part():
        return jsonify(revision=revision, version=version, **looked_at)
    say_what_was_done()
    return go("edit_text", tenant=tenant, entry_id=entry_id, language=language)


@blueprint.get("/<tenant>/pages/new")
@guarded("page:create")
def new_page(tenant: str) -> AnyResponse:
    """An empty text; the page is there once it was saved."""
    with screen() as (db, actor):
        return show(empty_desk(db, _under(), actor=actor))


@blueprint.post("/<tenant>/pages/new")
@guarded("page:create")
def create_page(tenant: str) -> AnyResponse:
    """Plant the page with its first text, in the city's own language."""
    words = typed()
    try:
        with screen(write=True) as (db, actor):
            language = empty_desk(db, _under(), actor=actor).language.slug
            page = pages.create(db, words.draft, language=language, under=_under(), actor=actor)
            go_on(db, page.id, language, actor=actor)
            entry_id = page.id
    except Invalid as problem:
        with screen() as (db, actor):
            return show(empty_desk(db, _under(), actor=actor), words, problem)
    say_what_was_done()
    return go("edit_text", tenant=tenant, entry_id=entry_id, language=language)


@blueprint.post(f"{HERE}/autosave")
@guarded(*of_any("write", "translate"))
def autosave_text(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Keep what is being typed, for this person alone. 409 when someone else has saved the text meanwhile."""
    words = typed()
    keep_unsaved(entry_id, language, words)
    with screen() as (db, _actor):
        text = content.text_of(db, entry_id, language)
        if words.revision == (text.revision if text else 0):
            return jsonify(kept=True, **advising.looked_at(db, entry_id, language, words.content))
    return _conflict(tenant, entry_id, language)


@blueprint.post(f"{HERE}/autosave/forget")
@guarded(*of_any("write", "translate"))
def forget_autosave(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Let go of what was typed and not saved."""
    with screen(write=True) as (db, actor):
        content.forget_autosave(db, entry_id, language, actor=actor)
    if wants_part():
        return jsonify(kept=False)
    back = "translate_text" if request.form.get("back") == "translation" else "edit_text"
    return go(back, tenant=tenant, entry_id=entry_id, language=language)


def keep_unsaved(entry_id: int, language: str, words: Typed) -> None:
    """In a unit of work of its own: it must stay when what was tried is taken back."""
    with screen(write=True) as (db, actor):
        readable_kind(db, entry_id, language, actor, verb="write")
        content.autosave(db, entry_id, language, words.draft, written_from=words.version, actor=actor)


def _keep(db: Work, entry_id: int, language: str, words: Typed, *, actor: Actor) -> int:
    version = kind_of(db, entry_id).save_text(db, entry_id, language, words.draft, actor=actor)
    content.forget_autosave(db, entry_id, language, actor=actor)
    return version.id


def go_on(db: Work, entry_id: int, language: str, *, actor: Actor) -> None:
    """After saving: publish the text or ask for a look at it, as the form says (`do`)."""
    wanted = request.form.get("do", SAVE)
    revision = content.find_text(db, entry_id, language).revision
    if wanted == PUBLISH:
        content.publish_text(db, entry_id, language, revision=revision, actor=actor)
    elif wanted == SUBMIT:
        said = {name: request.form.get(name, "") for name in ("message", "assignee")}
        content.submit_text(db, entry_id, language, **said, revision=revision, actor=actor)


def say_what_was_done() -> None:
    """What `go_on` did, in a notice."""
    done = {
        PUBLISH: (_("Published."), _("Readers see this version now.")),
        SUBMIT: (_("Submitted for review."), ""),
    }
    notice(*done.get(request.form.get("do", SAVE), (_("Saved."), _("Readers do not see this version yet."))))


def both_saved(tenant: str, entry_id: int, language: str, words: Typed) -> AnyResponse:
    """On to both texts side by side; a script is told where that is."""
    keep_unsaved(entry_id, language, words)
    if wants_part():
        return _conflict(tenant, entry_id, language)
    return go("merge_texts", tenant=tenant, entry_id=entry_id, language=language)


def _conflict(tenant: str, entry_id: int, language: str) -> AnyResponse:
    to = address("merge_texts", tenant=tenant, entry_id=entry_id, language=language)
    response = jsonify(merge=to)
    response.status_code = 409
    return response


def _again(entry_id: int, language: str, words: Typed, problem: Problem) -> AnyResponse:
    if wants_part():
        return refused(problem)
    with screen() as (db, actor):
        return show(desk(db, entry_id, language, actor=actor, typed=words.content), words, problem)


def refused(problem: Problem) -> AnyResponse:
    """Why something could not be taken, for a script."""
    response = jsonify(problem=sentences.said(problem))
    response.status_code = 422
    return response


def show(shown: Desk, words: Typed | None = None, problem: Problem | None = None) -> AnyResponse:
    """The screen with the text, or with what was typed and why that could not be taken."""
    form = Form(_values(shown, words), problem=sentences.said(problem) if problem else "")
    return render("writing/edit.html", status=422 if problem else 200, desk=shown, form=form, under=_under())


def _kept(shown: Desk) -> Typed | None:
    """What was kept, with the revision it was written from: what came in between is merged, not overwritten."""
    kept = shown.kept
    if kept is None:
        return None
    return Typed(kept.title, kept.content, "", kept.revision, kept.version_id, minor=False)


def _values(shown: Desk, words: Typed | None) -> dict[str, str]:
    said = {name: request.form.get(name, "") for name in ("message", "assignee", "publish_at", "offline_at")}
    if words is None:
        current = shown.current
        written = {"title": current.title, "content": current.content} if current else {"title": "", "content": ""}
        return {**said, **written, "revision": str(shown.revision), "version": str(current.id if current else "")}
    written = {"title": words.title, "content": words.content, "slug": words.slug}
    return {**said, **written, "revision": str(words.revision), "version": str(words.version or "")}


def _under() -> int | None:
    return request.values.get("under", type=int)
