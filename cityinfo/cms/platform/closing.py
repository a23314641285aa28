"""A city's end: counted, closed, restored or deleted, and proved to be gone."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, blueprint, go, notice, render
from cityinfo.cms.login.archives import newest_archive, sent
from cityinfo.cms.login.entering import database
from cityinfo.cms.media.words import size
from cityinfo.cms.words import kinds_named
from cityinfo.features import deletion, tenants
from cityinfo.features.deletion import CLOSED, CONTENT, FILES, GONE, PROVED, RECORD, Deletion, Preview
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.kernel.jobs import Job
from cityinfo.web.guard import guarded

from .desk import ON_A_SHEET, in_city, staff_screen, start

ALL = "/platform/deletions"
ONE = f"{ALL}/<int:city_id>"
AHEAD, BEHIND = (CLOSED, FILES, CONTENT, RECORD), (GONE, PROVED)
OVER = "deleted"  # as the address of the list says it
FIELDS = {"deletion.typed": "typed", "staff.reason": "reason"}


@blueprint.get(ALL)
@guarded("platform:manage")
def list_deletions() -> AnyResponse:
    """Cities that are closed, those first that go first; or those that are gone."""
    over, here = request.args.get("show") == OVER, start()
    with staff_screen() as (db, _actor):
        step = BEHIND if over else AHEAD
        rows = deletion.deletions(db, step=step, start=here, most=ON_A_SHEET + 1, last_first=over)
    following = here + ON_A_SHEET if len(rows) > ON_A_SHEET else None
    return render("platform/deletions.html", rows=rows[:ON_A_SHEET], over=over, following=following, states=_states())


@blueprint.get(ONE)
@guarded("platform:manage")
def show_deletion(city_id: int) -> AnyResponse:
    """What would go, when it goes, how far that is, or what was found afterwards."""
    return _show(city_id, Form())


@blueprint.post(ONE)
@guarded("platform:manage")
def close_city(city_id: int) -> AnyResponse:
    """Close the city; everything of it is deleted later. What was typed stays when it is refused."""
    form = Form(request.form.to_dict())
    grace = timedelta(days=_days())
    try:
        with in_city(city_id, reason=form.values.get("reason", "")) as (db, actor):
            typed, reason = (form.values.get(name, "") for name in ("typed", "reason"))
            deletion.close(db, typed, grace=grace, reason=reason, actor=actor)
            name = tenants.own(db).full_name
    except (Conflict, Invalid) as problem:
        return _show(city_id, form.refuse(problem, FIELDS), status=422)
    notice(
        _("{city} is closed.", city=name),
        _("Nobody reads or writes it any more. Until it is deleted you can restore it."),
    )
    return go("show_deletion", city_id=city_id)


@blueprint.post(f"{ONE}/restore")
@guarded("platform:manage")
def restore_city(city_id: int) -> AnyResponse:
    """Bring a closed city back as it was."""
    form = Form(request.form.to_dict())
    try:
        with in_city(city_id, reason=form.values.get("reason", "")) as (db, actor):
            deletion.restore(db, reason=form.values.get("reason", ""), actor=actor)
            name = tenants.own(db).full_name
    except (Conflict, Invalid) as problem:
        return _show(city_id, form.refuse(problem, FIELDS), status=422)
    notice(_("{city} is back as it was.", city=name), _("Readers find everything again within a few minutes."))
    return go("show_city", city_id=city_id)


@blueprint.post(f"{ONE}/again")
@guarded("platform:manage")
def delete_again(city_id: int) -> AnyResponse:
    """Let a deletion go on that was given up."""
    with staff_screen() as (db, _actor):
        slug = deletion.find(db, city_id).slug
    with database().unit_of_work(city_id, write=True, numbered=False) as db:
        deletion.hasten(db, slug)
    notice(_("It is tried again now."), _("Look here again in a minute."))
    return go("show_deletion", city_id=city_id)


@blueprint.post(f"{ONE}/archive")
@guarded("platform:manage")
def archive_city(city_id: int) -> AnyResponse:
    """Let the worker make an archive of the whole city."""
    with in_city(city_id, reason=_("An archive of the city is made.")) as (db, actor):
        tenants.own(db)
        deletion.ask_for_archive(db, actor=actor)
    notice(_("The archive is being made."), _("Look here again in a minute."))
    return go("show_deletion", city_id=city_id)


@blueprint.get(f"{ONE}/archive")
@guarded("platform:manage")
def download_archive(city_id: int) -> AnyResponse:
    """The newest archive of the city."""
    with staff_screen():
        return sent(city_id)


def _show(city_id: int, form: Form, *, status: int = 200) -> AnyResponse:
    with staff_screen() as (db, _actor):
        row = deletion.deletion_of(db, city_id)
    gone = row is not None and row.step in BEHIND
    found, job, making = (None, None, None) if gone else _in_city(city_id, row)
    return render(
        "platform/deletion.html",
        status=status,
        city_id=city_id,
        row=row,
        found=found,
        figures=_figures(found) if found else [],
        job=job,
        given_up=job is not None and jobs.state_of(job) == jobs.FAILED,
        states=_states(),
        making=making,
        making_failed=making is not None and jobs.state_of(making) == jobs.FAILED,
        archive=None if gone else newest_archive(city_id),
        days=_days(),
        size=size,
        form=form,
    )


def _in_city(city_id: int, row: Deletion | None) -> tuple[Preview | None, Job | None, Job | None]:
    """What the city has while nothing of it is gone, the job that deletes it, and one that makes an archive."""
    with database().unit_of_work(city_id) as db:
        found = deletion.preview(db) if row is None or row.step == CLOSED else None
        making = next(iter(reversed(jobs.open_jobs(db, deletion.ARCHIVE))), None)
        return found, _job(db, row), making


def _job(db: Work, row: Deletion | None) -> Job | None:
    try:
        return jobs.find(db, row.job_id) if row is not None else None
    except NotFound:  # it has just gone with everything else
        return None


def _figures(found: Preview) -> list[str]:
    """What would go, in words."""
    named = kinds_named()
    kinds = [f"{named[kind]}: {number}" for kind, number in found.entries.items() if kind in named]
    others = {
        ngettext("one text in all languages", "{number} texts in all languages", found.texts): found.texts,
        _("files of {size}", size=size(found.bytes)): found.files,
        ngettext("one person loses access", "{number} people lose access", found.people): found.people,
        ngettext("one token of a machine", "{number} tokens of machines", found.tokens): found.tokens,
        ngettext("one webhook", "{number} webhooks", found.webhooks): found.webhooks,
        ngettext("one message of a reader", "{number} messages of readers", found.feedback): found.feedback,
    }
    return [" · ".join(kinds) or _("no content"), *(said for said, number in others.items() if number)]


def _states() -> dict[str, str]:
    """Every step in words."""
    return {
        CLOSED: _("closed"),
        FILES: _("files are being deleted"),
        CONTENT: _("content is being deleted"),
        RECORD: _("the log is being deleted"),
        GONE: _("deleted, not proved yet"),
        PROVED: _("deleted, nothing is left"),
    }


def _days() -> int:
    days: int = current_app.config["SETTINGS"].deletion_grace_days
    return days
