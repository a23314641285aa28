"""A city that is being made from another one: how far it is, calling it off, taking it back, what came of it."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import blueprint, go, notice, render
from cityinfo.cms.login.entering import database
from cityinfo.cms.words import kinds_named
from cityinfo.features import accounts, onboarding, tenants
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .cloning_words import progress
from .desk import staff_screen

CLONE = "/platform/cities/<int:city_id>/clone"


@blueprint.get(CLONE)
@guarded("platform:manage")
def show_clone(city_id: int) -> AnyResponse:
    """How far it is, and once it is done, what came."""
    with staff_screen() as (db, _actor):
        languages = tenants.languages(db)
    with database().unit_of_work(city_id) as db:
        state = onboarding.clone_of(db)
        job = jobs.find(db, state.job_id)
        return render(
            "platform/clone.html",
            tenant=tenants.own(db),
            state=state,
            job=job,
            standing=jobs.state_of(job),
            is_done=state.step == onboarding.DONE,
            may_undo=onboarding.is_untouched(db) and tenants.own(db).status == tenants.HIDDEN,
            doing=progress(job.progress_text),
            kinds=kinds_named(),
            languages=languages,
        )


@blueprint.post(f"{CLONE}/cancel")
@guarded("platform:manage")
def cancel_clone(city_id: int) -> AnyResponse:
    """Call it off. What is there already stays hidden until it is taken back."""
    return _act(city_id, jobs.call_off, _("Broken off."))


@blueprint.post(f"{CLONE}/retry")
@guarded("platform:manage")
def retry_clone(city_id: int) -> AnyResponse:
    """Try again what was given up; it goes on where it was."""
    return _act(city_id, jobs.retry, _("It is tried again now."))


@blueprint.post(f"{CLONE}/undo")
@guarded("platform:manage")
def undo_clone(city_id: int) -> AnyResponse:
    """Take the city back, as long as nobody has worked in it: all rows and all files go."""
    with staff_screen() as (_db, actor):
        pass
    try:
        onboarding.undo(database(), city_id, actor=actor)
    except Conflict as problem:
        notice(_("It cannot be taken back."), sentences.said(problem), kind="danger")
        return go("show_clone", city_id=city_id)
    notice(_("The city is taken back."), _("Its address is free, and the worker deletes what it had."))
    return go("list_cities")


def _act(city_id: int, act: Callable[..., object], said: str) -> AnyResponse:
    with staff_screen() as (_db, staff):
        account_id = int(staff.name)
    try:
        with database().unit_of_work(city_id, write=True) as db:
            act(db, onboarding.clone_of(db).job_id, actor=_actor(db, account_id))
    except Invalid:
        notice(_("It has gone on meanwhile."), kind="warning")
    else:
        notice(said)
    return go("show_clone", city_id=city_id)


def _actor(db: Work, account_id: int) -> Actor:
    return accounts.actor_in(db, account_id, acting=True)
