"""What came here from other cities page by page, how it comes, and what was told them about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import blueprint, go, notice, render, screen, skipped
from cityinfo.features import commons, content, corrections, tenants, upstream
from cityinfo.features.commons import Looked
from cityinfo.features.corrections import Correction
from cityinfo.features.upstream import Subscription
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .parts import DOOR, SHOWN, around, database, named
from .words import fates, signs

HERE = "/<tenant>/commons/taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A page that was asked for. `title` is ours once it is here, until then theirs; `is_offered` says whether
    they still give it, which is known before anything new comes."""

    row: Subscription
    city: str
    title: str
    language: str
    is_waiting: bool
    is_offered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A correction, and of which page of ours it speaks."""

    row: Correction
    city: str
    title: str


@blueprint.get(HERE)
@guarded(*DOOR)
def list_taken(tenant: str) -> AnyResponse:
    """Pages of other cities, newest first, and below them what was told those cities (`told` skips)."""
    skip, told = skipped(), skipped("told")
    with screen() as (db, actor):
        rows = upstream.subscriptions(db, most=SHOWN + 1, skip=skip)
        sent = corrections.listed(db, most=SHOWN + 1, skip=told)
        shown, values = _shown(db, rows[:SHOWN], sent[:SHOWN]), around(db, actor)
    theirs = _offered_there(rows[:SHOWN])
    return render(
        "commons/taken.html",
        **shown.named(theirs),
        fates=fates(),
        signs=signs(),
        skip=skip,
        told=told,
        most=SHOWN,
        following=skip + SHOWN if len(rows) > SHOWN else None,
        more_sent=told + SHOWN if len(sent) > SHOWN else None,
        **values,
    )


@blueprint.post(f"{HERE}/<int:source_id>/<int:source_entry_id>")
@guarded("page:publish")
def change_subscription(tenant: str, source_id: int, source_entry_id: int) -> AnyResponse:
    """Show here at once what is new there (`by_itself`), or let it wait for somebody."""
    by_itself = bool(request.form.get("by_itself"))
    try:
        with screen(write=True) as (db, actor):
            upstream.change_subscription(db, source_id, source_entry_id, by_itself=by_itself, actor=actor)
    except NotFound as problem:
        return _back(tenant, problem)
    notice(
        _("Saved."),
        _("What is shown there is shown here from now on.") if by_itself else _("What is new waits in the updates."),
    )
    return go("list_taken", tenant=tenant)


@blueprint.post(f"{HERE}/<int:source_id>/<int:source_entry_id>/end")
@guarded("page:edit")
def end_subscription(tenant: str, source_id: int, source_entry_id: int) -> AnyResponse:
    """Have nothing more come of a page."""
    try:
        with screen(write=True) as (db, actor):
            upstream.unsubscribe(db, source_id, source_entry_id, actor=actor)
    except NotFound as problem:
        return _back(tenant, problem)
    notice(_("The subscription has ended."), _("The page stays, and still names whose words it began with."))
    return go("list_taken", tenant=tenant)


def _back(tenant: str, problem: NotFound) -> AnyResponse:
    """To the list, where it is said that somebody else has ended it meanwhile."""
    notice(sentences.said(problem), kind="warning")
    return go("list_taken", tenant=tenant)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is read of this city in one unit of work; titles of what is not here yet come from the others."""

    rows: Sequence[Subscription]
    sent: Sequence[Correction]
    cities: Mapping[int, str]
    titles: Mapping[int, Mapping[str, str]]
    waiting: set[int]
    order: Sequence[str]

    def named(self, theirs: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
        return {
            "rows": [self._taken(row, theirs.get(row.source_entry_id)) for row in self.rows],
            "sent": [
                Sent(row=row, city=self.cities.get(row.source_id, ""), title=self._ours(row.entry_id)[0])
                for row in self.sent
            ],
        }

    def _taken(self, row: Subscription, theirs: Mapping[str, str] | None) -> Taken:
        title, language = self._ours(row.entry_id) if row.entry_id else named(theirs or {}, self.order)
        return Taken(
            row=row,
            city=self.cities.get(row.source_id, ""),
            title=title,
            language=language,
            is_waiting=row.source_entry_id in self.waiting,
            is_offered=theirs is not None,
        )

    def _ours(self, entry_id: int) -> tuple[str, str]:
        return content.name(self.titles.get(entry_id, {}), *self.order)


def _shown(db: Work, rows: Sequence[Subscription], sent: Sequence[Correction]) -> _Shown:
    here = {row.entry_id for row in rows if row.entry_id is not None} | {row.entry_id for row in sent}
    return _Shown(
        rows,
        sent,
        tenants.full_names(db, {row.source_id for row in rows} | {row.source_id for row in sent}),
        content.titles_of(db, here),
        upstream.open_entries(db, [row.source_entry_id for row in rows]),
        list(tenants.tree(db)),
    )


def _offered_there(rows: Sequence[Subscription]) -> dict[int, Mapping[str, str]]:
    """What these pages are called where they come from, as far as they are offered there now."""
    if not rows:
        return {}
    asked = Looked(among=[row.source_entry_id for row in rows])
    return {one.entry_id: one.titles for one in commons.catalogue(database(), asked, most=len(rows))[0]}
