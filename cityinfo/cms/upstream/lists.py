"""The inbox of updates from the template, taking many at once, and what was decided so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import address, beside, blueprint, go, notice, render, screen, skipped
from cityinfo.cms.words import author_name, kind_names
from cityinfo.features import accounts, content, tenants, upstream
from cityinfo.features.upstream import Decision, Standing
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.web.guard import guarded

from . import words
from .following import names
from .parts import may

SHOWN = 50  # entries on one sheet, and taken by one press
DOOR = ("page:write", "page:translate")
Key = tuple[int, int]  # the other city, and its entry


@dataclass(frozen=True, slots=True)
class Failed:
    """An entry that could not be taken, and why."""

    key: Key
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the inbox is looked at."""

    standing: Standing | None
    source_id: int | None

    @property
    def which(self) -> dict[str, Any]:
        return {"standing": self.standing, "source_id": self.source_id}


@blueprint.get("/<tenant>/updates")
@guarded(*DOOR)
def list_updates(tenant: str) -> AnyResponse:
    """What waits for a decision, the longest first; of one standing or one city when asked for."""
    with screen() as (db, _actor):
        return _list(db, _wanted(), skip=skipped())


@blueprint.post("/<tenant>/updates")
@guarded(*DOOR)
def accept_updates(tenant: str) -> AnyResponse:
    """Take what needs no choice: what was ticked, or all of what the list shows (`do`). One entry after the other."""
    wanted, publish = _wanted(), "publish" in request.form
    with screen(write=True) as (db, _actor):
        batch = db.new_id()
        keys = upstream.clean(db, **wanted.which, most=SHOWN) if request.form.get("do") == "all" else _ticked()
    failed = _accept(keys, publish=publish, batch=batch)
    taken = len(keys) - len(failed)
    if taken:
        said = ngettext("One update is accepted.", "{number} updates are accepted.", taken)
        notice(said, undo=address("undo_updates", tenant=tenant, batch=batch))
    if not keys:
        notice(_("Nothing was chosen."), kind="warning")
    if not failed:
        return go("list_updates", tenant=tenant, standing=wanted.standing, source=wanted.source_id)
    with screen() as (db, _actor):
        return _list(db, wanted, failed=[_named(db, key, problem) for key, problem in failed.items()], status=409)


@blueprint.get("/<tenant>/updates/decisions")
@guarded(*DOOR)
def list_decisions(tenant: str) -> AnyResponse:
    """What was decided, newest first; what was decided together stands together."""
    with screen() as (db, _actor):
        found = upstream.decisions(db, most=SHOWN + 1, before=request.args.get("before", type=int))
        shown = found[:SHOWN]
        return render(
            "upstream/decisions.html",
            groups=_together(shown),
            verdicts=words.verdicts(),
            kinds=kind_names(),
            languages=tenants.languages(db),
            called=partial(author_name, names=accounts.names(db)),
            following=shown[-1].id if len(found) > SHOWN else None,
        )


@blueprint.post("/<tenant>/updates/decisions/<int:batch>/undo")
@guarded(*DOOR)
def undo_updates(tenant: str, batch: int) -> AnyResponse:
    """Take back what was decided together; all of it waits again."""
    try:
        with screen(write=True) as (db, actor):
            upstream.undo(db, batch, actor=actor)
    except (Conflict, Invalid, NotFound) as problem:
        notice(_("Not taken back."), sentences.said(problem), kind="warning")
        return go("list_decisions", tenant=tenant)
    notice(_("Taken back."), _("It waits for a decision again."))
    return go("list_updates", tenant=tenant)


def _list(db: Work, wanted: Wanted, *, skip: int = 0, failed: Sequence[Failed] = (), status: int = 200) -> AnyResponse:
    found = upstream.items(db, **wanted.which, most=SHOWN + 1, skip=skip)
    followed = upstream.followings(db)
    easy = upstream.clean(db, **wanted.which)
    return render(
        "upstream/list.html",
        status=status,
        items=found[:SHOWN],
        **beside(skip, SHOWN, has_more=len(found) > SHOWN),
        wanted=wanted,
        counts=upstream.counts(db, source_id=wanted.source_id),
        total=upstream.waiting(db),
        followed=followed,
        easy=set(easy) | set(upstream.clean(db, standing=Standing.NEW, source_id=wanted.source_id)),
        easy_number=len(easy),
        failed=failed,
        **around(db),
    )


def around(db: Work) -> dict[str, Any]:
    """What every screen with updates says them with."""
    shown = {"standings": words.standings(), "signs": words.signs(), "first": words.first, "kinds": kind_names()}
    return {**shown, "languages": tenants.languages(db), "cities": names(db), "most": SHOWN}


def _wanted() -> Wanted:
    standing = request.values.get("standing", "")
    known = Standing(standing) if standing in words.standings() else None
    return Wanted(known, request.values.get("source", type=int))


def _ticked() -> list[Key]:
    """What was ticked, as far as one press takes it."""
    parts = (one.partition("-") for one in request.form.getlist("entry"))
    return [(int(source), int(entry)) for source, _, entry in parts if source.isdecimal() and entry.isdecimal()][:SHOWN]


def _accept(keys: Iterable[Key], *, publish: bool, batch: int) -> dict[Key, Problem]:
    """Each in a unit of work of its own. What waits for a page above it is tried again once others were taken."""
    waiting, failed = list(keys), {}
    while waiting:
        failed = {key: problem for key in waiting if (problem := _accept_one(key, publish=publish, batch=batch))}
        again = [key for key, problem in failed.items() if problem.code == "update.parent"]
        if not again or len(failed) == len(waiting):
            break
        rest = {key: problem for key, problem in failed.items() if key not in again}
        return {**rest, **_accept(again, publish=publish, batch=batch)}
    return failed


def _accept_one(key: Key, *, publish: bool, batch: int) -> Problem | None:
    try:
        with screen(write=True) as (db, actor):
            taken = upstream.accept_entry(db, *key, publish=publish, may=partial(may, actor), batch=batch, actor=actor)
            if not taken:
                raise NotFound("update.nothing", _("Nothing of it can be taken without a choice, or not by you."))
    except (Conflict, Forbidden, Invalid, NotFound) as problem:
        return problem
    return None


def _named(db: Work, key: Key, problem: Problem) -> Failed:
    rows = upstream.received_of(db, *key)
    entry_id = next((row.entry_id for row in rows if row.entry_id), None)
    titles = content.titles(db, entry_id) if entry_id else {row.language: row.title for row in rows if row.title}
    return Failed(key, content.name(titles, *tenants.tree(db))[0], sentences.said(problem))


def _together(found: Iterable[Decision]) -> list[list[Decision]]:
    return [list(some) for _, some in groupby(found, key=lambda one: one.batch)]
