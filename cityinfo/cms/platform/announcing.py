"""Messages to everyone who works in cities: writing them, ending them, and putting one away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, local, notice, render
from cityinfo.cms.words import NO_CITYS_ZONE, for_field
from cityinfo.cms.writing.forms import moment
from cityinfo.features import announcements
from cityinfo.features.announcements import Announcement, AnnouncementDraft
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, Outdated
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded, signed_in
from cityinfo.web.request import account_work

from .desk import ON_A_SHEET, staff_screen

ONE = "/platform/announcements/<int:announcement_id>"
WORDS = ("title_de", "title_en", "body_de", "body_en")
FIELDS = {f"announcement.{name}": name for name in (*WORDS, "ends_at", "by_mail")} | {"text.moment": "starts_at"}
LASTS = timedelta(days=14)  # unless someone says otherwise


@blueprint.post("/announcements/<int:announcement_id>/dismiss")
@signed_in
def dismiss_announcement(announcement_id: int) -> AnyResponse:
    """Put it away for oneself, and stay where one was."""
    with account_work(write=True) as (db, account, _session):
        announcements.dismiss(db, announcement_id, account.id)
    return local(request.form.get("next", "")) or go("choose_city")


@blueprint.get("/platform/announcements")
@guarded("platform:manage")
def list_announcements() -> AnyResponse:
    """Newest first, a sheet at a time, each with what became of it."""
    with staff_screen() as (db, _actor):
        found = announcements.titled(db, before=request.args.get("before", type=int), most=ON_A_SHEET + 1)
        rows, now = found[:ON_A_SHEET], clock.now()
        return render(
            "platform/announcements.html",
            rows=[(row, announcements.state_of(row.starts_at, row.ends_at, now)) for row in rows],
            sums=announcements.sums(db, [row.id for row in rows]),
            following=rows[-1].id if len(found) > ON_A_SHEET else None,
            states=_states(),
        )


@blueprint.get("/platform/announcements/new")
@guarded("platform:manage")
def new_announcement() -> AnyResponse:
    """The form, empty but for an end."""
    with staff_screen():
        return _show(Form({"ends_at": for_field(clock.now() + LASTS, zone=NO_CITYS_ZONE)}))


@blueprint.post("/platform/announcements/new")
@guarded("platform:manage")
def write_announcement() -> AnyResponse:
    """Tell everyone. What was typed stays when it is refused."""
    form = Form(request.form.to_dict())
    try:
        with staff_screen(write=True) as (db, actor):
            announcements.write(db, _draft(form.values), actor=actor)
    except Invalid as problem:
        with staff_screen():
            return _show(form.refuse(problem, FIELDS), status=422)
    notice(_("Saved."), _("Everyone sees it above their screen until they put it away."))
    return go("list_announcements")


@blueprint.get(ONE)
@guarded("platform:manage")
def edit_announcement(announcement_id: int) -> AnyResponse:
    """One message, to say it otherwise or for longer."""
    with staff_screen() as (db, _actor):
        row = announcements.find(db, announcement_id)
        return _show(Form(_values(row)), row)


@blueprint.post(ONE)
@guarded("platform:manage")
def change_announcement(announcement_id: int) -> AnyResponse:
    """Say it otherwise. What was typed stays when it is refused or a colleague was quicker."""
    form = Form(request.form.to_dict())
    revision = request.form.get("revision", 0, type=int)
    try:
        with staff_screen(write=True) as (db, actor):
            announcements.change(db, announcement_id, _draft(form.values), revision=revision, actor=actor)
    except Invalid as problem:
        with staff_screen() as (db, _actor):
            return _again(db, announcement_id, form.refuse(problem, FIELDS), revision=revision, status=422)
    except Outdated:
        form.problem = sentences.overtaken()
        with staff_screen() as (db, _actor):
            return _again(db, announcement_id, form, revision=None, status=409)
    notice(_("Saved."))
    return go("list_announcements")


@blueprint.post(f"{ONE}/withdraw")
@guarded("platform:manage")
def withdraw_announcement(announcement_id: int) -> AnyResponse:
    """Show it to nobody from now on."""
    try:
        with staff_screen(write=True) as (db, actor):
            announcements.withdraw(db, announcement_id, actor=actor)
    except Invalid as problem:
        notice(sentences.said(problem), kind="warning")
    else:
        notice(_("Nobody sees it any more."), _("Letters that were sent stay with their readers."))
    return go("list_announcements")


def _draft(values: Mapping[str, str]) -> AnnouncementDraft:
    ends_at = moment("ends_at", NO_CITYS_ZONE)
    if ends_at is None:
        raise Invalid("announcement.ends_at", _("Say when it ends."))
    words = {name: values.get(name, "") for name in WORDS}
    starts_at = moment("starts_at", NO_CITYS_ZONE)
    return AnnouncementDraft(**words, starts_at=starts_at, ends_at=ends_at, by_mail="by_mail" in values)


def _again(db: Work, announcement_id: int, form: Form, *, revision: int | None, status: int) -> AnyResponse:
    """The form as it was typed; without a revision it would now be kept over what the colleague has saved."""
    row = announcements.find(db, announcement_id)
    form.values = {**form.values, "revision": str(row.revision if revision is None else revision)}
    return _show(form, row, status=status)


def _show(form: Form, row: Announcement | None = None, *, status: int = 200) -> AnyResponse:
    now = clock.now()
    state = announcements.state_of(row.starts_at, row.ends_at, now) if row else announcements.PLANNED
    return render(
        "platform/announcement.html",
        status=status,
        form=form,
        row=row,
        state=state,
        states=_states(),
        most={"title": announcements.MOST_TITLE, "body": announcements.MOST_BODY},
    )


def _values(row: Announcement) -> dict[str, str]:
    times = {name: for_field(getattr(row, name), zone=NO_CITYS_ZONE) for name in ("starts_at", "ends_at")}
    mail = {"by_mail": "1"} if row.by_mail else {}
    return {**{name: getattr(row, name) for name in WORDS}, **times, **mail, "revision": str(row.revision)}


def _states() -> dict[str, str]:
    return {
        announcements.PLANNED: _("planned"),
        announcements.SHOWN: _("shown now"),
        announcements.OVER: _("over"),
    }
