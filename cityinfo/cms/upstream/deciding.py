"""One entry that the template has changed, and the decision about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.entries.words import as_html, block_by_block
from cityinfo.cms.layout import Form, address, blueprint, go, notice, render, screen
from cityinfo.cms.words import language_name
from cityinfo.cms.writing.merging import shown
from cityinfo.features import upstream
from cityinfo.features.content import BOTH, OURS, Merging, Wording
from cityinfo.features.upstream import Decision, Standing
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, NotFound, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.web.guard import guarded
from cityinfo.web.problems import status_of

from . import parts
from .lists import DOOR, SHOWN, around
from .parts import Entry, Part, may

HERE = "/<tenant>/updates/<int:source_id>/<int:source_entry_id>"
ACCEPT, KEEP, EDIT, EDITED = "accept", "keep", "edit", "edited"
FIELDS = {"text.title": "title"}


@blueprint.get(HERE)
@guarded(*DOOR)
def show_update(tenant: str, source_id: int, source_entry_id: int) -> AnyResponse:
    """What the template changed, beside what stands here; nothing left to decide leads to the list."""
    with screen() as (db, actor):
        found = _entry(db, source_id, source_entry_id, actor=actor)
        return go("list_updates", tenant=tenant) if found is None else _show(db, found, {})


@blueprint.post(HERE)
@guarded(*DOOR)
def decide_update(tenant: str, source_id: int, source_entry_id: int) -> AnyResponse:
    """Take it, keep ours, or take it in words of one's own (`do`): all of the entry, or one part by its number."""
    do, _dash, number = request.form.get("do", "").partition("-")
    if do == EDIT:
        return _edit(tenant, source_id, source_entry_id, number)
    try:
        with screen(write=True) as (db, actor):
            found = _entry(db, source_id, source_entry_id, actor=actor)
            wanted = [one for one in found.parts if _is_meant(one, number)] if found else []
            if not wanted:
                raise NotFound("update.unknown", _("This has been decided about already."))
            decided = _decide(db, do, wanted, actor=actor)
    except NotFound as problem:
        notice(sentences.said(problem), kind="warning")
        return go("list_updates", tenant=tenant)
    except (Conflict, Invalid) as problem:
        return _again(tenant, source_id, source_entry_id, number if do == EDITED else "", problem)
    _say(tenant, decided)
    return _go_on(tenant, source_id, source_entry_id)


def _is_meant(part: Part, number: str) -> bool:
    """One part, or all that stood on the screen and that one button decides about."""
    if number:
        return str(part.row.id) == number
    return part.standing is not Standing.REMOVED and part.may_write and f"digest-{part.row.id}" in request.form


def _decide(db: Work, do: str, wanted: list[Part], *, actor: Actor) -> list[Decision]:
    """All in one unit of work: what cannot be decided leaves everything as it was."""
    sent, batch = request.form, db.new_id()
    if do == KEEP and wanted[0].row.entry_id is None:
        wanted = wanted[:1]  # a page that is not wanted goes with all its words
    decided, problem = [], None
    for part in wanted:
        shown = sent.get(f"digest-{part.row.id}")
        if do == KEEP:
            decided.append(upstream.keep(db, part.row.id, digest=shown, batch=batch, actor=actor))
            continue
        publish = "publish" in sent and may(actor, "publish", part.row)
        given: dict[str, Any] = {"digest": shown, "publish": publish, "batch": batch, "actor": actor}
        words = _typed(part) if do == EDITED else None
        try:
            decided.append(upstream.accept(db, part.row.id, choices=part.choices(sent), words=words, **given))
        except Invalid as refused:
            problem = problem or refused
    if problem is not None:
        raise problem
    return decided


def _typed(part: Part) -> Wording:
    """What was typed instead; `Conflict` when our words are others than those it was written from."""
    if request.form.get("seen") != part.seen:
        raise Conflict(
            "update.ours_newer",
            _("Not accepted yet: someone else has changed your text meanwhile. Your words are below; compare them."),
        )
    return Wording(request.form.get("title", "").strip(), as_html(request.form.get("content", "")))


def _edit(tenant: str, source_id: int, source_entry_id: int, number: str) -> AnyResponse:
    """One language as both together say it, to be written otherwise; with the choices made so far."""
    with screen() as (db, actor):
        found = _entry(db, source_id, source_entry_id, actor=actor)
        part = next((one for one in found.parts if str(one.row.id) == number), None) if found else None
        if found is None or part is None or part.merging is None:
            return go("list_updates", tenant=tenant)
        words = _together(part, part.merging)
        return _show_words(found, part, Form({"title": words.title, "content": block_by_block(words.content)}))


def _together(part: Part, merging: Merging) -> Wording:
    """Both sides as chosen; where nothing was chosen, all that either says."""
    open_places = {one.name: BOTH if one.can_be_both else OURS for one in merging.open}
    return merging.result({**open_places, **part.choices(request.form)})


def _again(tenant: str, source_id: int, source_entry_id: int, number: str, problem: Problem) -> AnyResponse:
    """The same screen as things stand now, with why it was refused and all that was chosen or typed."""
    with screen() as (db, actor):
        found = _entry(db, source_id, source_entry_id, actor=actor)
        part = next((one for one in found.parts if str(one.row.id) == number), None) if found else None
        if found is None:
            notice(sentences.said(problem), kind="warning")
            return go("list_updates", tenant=tenant)
        if part is not None:
            return _show_words(found, part, Form(request.form.to_dict()).refuse(problem, FIELDS), problem)
        return _show(db, found, request.form, problem)


def _entry(db: Work, source_id: int, source_entry_id: int, *, actor: Actor) -> Entry | None:
    rows = upstream.received_of(db, source_id, source_entry_id)
    return parts.entry(db, rows, actor=actor) if rows else None


def _show(db: Work, found: Entry, sent: Mapping[str, str], problem: Problem | None = None) -> AnyResponse:
    beside = upstream.items(db, most=SHOWN)
    places = [(one.source_id, one.source_entry_id) for one in beside]
    key = found.source_id, found.source_entry_id
    at = places.index(key) if key in places else -1
    return render(
        "upstream/entry.html",
        status=status_of(problem) if problem else 200,
        entry=found,
        items=beside,
        before=beside[at - 1] if at > 0 else None,
        after=beside[at + 1] if at + 1 < len(beside) else None,
        sent=sent,
        publish=not sent or "publish" in sent,
        problem=_sentence(problem, found, sent),
        is_tried=problem is not None and problem.code == "update.undecided",
        shown=shown,
        listed=lambda languages: ", ".join(language_name(one) for one in languages),
        **around(db),
    )


def _show_words(found: Entry, part: Part, form: Form, problem: Problem | None = None) -> AnyResponse:
    return render(
        "upstream/words.html",
        status=status_of(problem) if problem else 200,
        entry=found,
        part=part,
        form=form,
        publish=problem is None or "publish" in request.form,
    )


def _sentence(problem: Problem | None, found: Entry, sent: Mapping[str, str]) -> str:
    if problem is None:
        return ""
    if problem.code != "update.undecided":
        return sentences.said(problem)
    number = sent.get("do", "").partition("-")[2]
    left = sum(len(one.open) - len(one.choices(sent)) for one in found.parts if _is_meant(one, number))
    return ngettext(
        "Not accepted yet. One place is undecided.", "Not accepted yet. {number} places are undecided.", left
    )


def _say(tenant: str, decided: list[Decision]) -> None:
    """What was done, with the way back."""
    undo = address("undo_updates", tenant=tenant, batch=decided[0].batch)
    if decided[0].verdict == upstream.KEPT:
        notice(_("Kept as it is."), _("You are asked again when the template changes it once more."), undo=undo)
        return
    written = [one for one in decided if one.version_after_id is not None]
    unseen = any(not one.published for one in written)
    notice(_("Accepted."), _("Readers do not see all of it yet.") if unseen else "", undo=undo)


def _go_on(tenant: str, source_id: int, source_entry_id: int) -> AnyResponse:
    """To what is left of this entry, else to what has waited longest."""
    with screen() as (db, _actor):
        left = bool(upstream.received_of(db, source_id, source_entry_id))
        rest = upstream.items(db, most=1)
    if left:
        key = {"source_id": source_id, "source_entry_id": source_entry_id}
    elif rest:
        key = {"source_id": rest[0].source_id, "source_entry_id": rest[0].source_entry_id}
    else:
        return go("list_updates", tenant=tenant)
    return go("show_update", tenant=tenant, **key, _anchor="update")
