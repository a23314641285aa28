"""The list of what readers said, and what is done with one of them from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.kinds import KINDS
from cityinfo.cms.layout import address, blueprint, go, notice, render, screen
from cityinfo.features import accounts, content, feedback, tenants
from cityinfo.features.feedback import KIND
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .words import topics

ON_A_SHEET = 30
UNREAD, ALL, ARCHIVED, SPAM = "unread", "all", "archived", "spam"
_WANTED: Mapping[str, dict[str, Any]] = {
    UNREAD: {"unread": True, "spam": False},
    ALL: {"spam": False},
    ARCHIVED: {"archived": True},
    SPAM: {"spam": True},
}
ONE = "/<tenant>/feedback/<int:feedback_id>"


@blueprint.get("/<tenant>/feedback")
@guarded("feedback:read")
def list_feedback(tenant: str) -> AnyResponse:
    """Newest first: what nobody has read (`show`), all, what was put away, what looks like advertising."""
    with screen() as (db, actor):
        return _list(db, actor)


@blueprint.post(f"{ONE}/read")
@guarded("feedback:edit")
def read_feedback(tenant: str, feedback_id: int) -> AnyResponse:
    """Note that someone has looked at it."""
    with screen(write=True) as (db, actor):
        feedback.mark_read(db, feedback_id, actor=actor)
    return _back(tenant)


@blueprint.post(f"{ONE}/reply")
@guarded("feedback:edit")
def reply_to_feedback(tenant: str, feedback_id: int) -> AnyResponse:
    """Answer; whoever answers has read it."""
    words = request.form.get("words", "")
    try:
        with screen(write=True) as (db, actor):
            feedback.reply(db, feedback_id, words, actor=actor)
            feedback.mark_read(db, feedback_id, actor=actor)
    except Invalid:
        with screen() as (db, actor):
            return _list(db, actor, typed={feedback_id: words}, status=422)
    notice(_("Answered."), _("The reader finds the reply in the app, as long as the feedback is kept."))
    return _back(tenant)


@blueprint.post(f"{ONE}/archive")
@guarded("feedback:archive")
def archive_feedback(tenant: str, feedback_id: int) -> AnyResponse:
    """Put it out of the way."""
    with screen(write=True) as (db, actor):
        feedback.archive(db, feedback_id, actor=actor)
    notice(_("Archived."), undo=address("restore_feedback", tenant=tenant, feedback_id=feedback_id, **_kept()))
    return _back(tenant)


@blueprint.post(f"{ONE}/restore")
@guarded("feedback:archive")
def restore_feedback(tenant: str, feedback_id: int) -> AnyResponse:
    """Bring it back into the list."""
    with screen(write=True) as (db, actor):
        feedback.restore(db, feedback_id, actor=actor)
    return _back(tenant)


def _list(db: Work, actor: Actor, *, typed: Mapping[int, str] | None = None, status: int = 200) -> AnyResponse:
    show = request.values.get("show", UNREAD)
    before = request.values.get("before", type=int)
    wanted = _WANTED.get(show, _WANTED[UNREAD])
    rows = feedback.listed(db, before=before, most=ON_A_SHEET + 1, **wanted)
    shown = rows[:ON_A_SHEET]
    return render(
        "feedback/list.html",
        status=status,
        rows=shown,
        show=show,
        before=before,
        following=shown[-1].id if len(rows) > ON_A_SHEET else None,
        unread=feedback.count_unread(db),
        typed=typed or {},
        subjects=_subjects(db, shown),
        topics=topics(),
        languages=tenants.languages(db),
        names=accounts.names(db),
        may_answer=actor.may("edit", KIND, entry_id=0, language=""),
    )


def _subjects(db: Work, rows: Any) -> dict[int, tuple[str, bool]]:
    """What is spoken of, by its identity: its title, and whether its text can be opened here."""
    about = {row.entry_id: row.topic for row in rows if row.entry_id is not None}
    root = tenants.root_language(db)
    titles = content.titles_of(db, about)
    return {one: (content.name(titles[one], root)[0], about[one] in KINDS) for one in titles}


def _kept() -> dict[str, str]:
    return {name: request.values[name] for name in ("show", "before") if request.values.get(name)}


def _back(tenant: str) -> AnyResponse:
    return go("list_feedback", tenant=tenant, **_kept())
