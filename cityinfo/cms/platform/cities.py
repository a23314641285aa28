"""All cities with how they are doing: on a screen and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import Response, request, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint, go, notice, render
from cityinfo.cms.login.entering import database
from cityinfo.features import accounts, condition, tenants
from cityinfo.features.condition import Report, Wanted, needs_of
from cityinfo.kernel import clock
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.web.guard import guarded

from .desk import ON_A_SHEET, quota, staff_screen, start
from .words import FALLING, needs, share, signs, sorts, statuses

FILTERS = ("q", "status", "need", "sort")
COLUMNS = (
    *("slug", "name", "status", "languages", "measured_at", "texts", "current", "outdated", "missing", "waiting"),
    *("calendars_broken", "jobs_failed", "webhooks_failing", "managers", "entries", "pages_public"),
    *("media_bytes", "media_quota", "edited_at", "needs"),
)


@blueprint.get("/platform/cities")
@guarded("platform:manage")
def list_cities() -> AnyResponse:
    """A sheet of cities, narrowed by words, status and what asks for someone, in one of several orders."""
    wanted, here = _wanted(), start()
    with staff_screen() as (db, _actor):
        languages = tenants.languages(db)
    rows, total = condition.sheet(database(), wanted, start=here, most=ON_A_SHEET)
    return render(
        "platform/cities.html",
        rows=[(row, _asked(row)) for row in rows],
        total=total,
        following=here + ON_A_SHEET if here + ON_A_SHEET < total else None,
        filters=_filters(),
        sort=wanted.sort,
        languages=languages,
        words={"needs": needs(), "signs": signs(), "sorts": sorts(), "statuses": statuses()},
        share=share,
        broken=condition.broken_of,
        least=accounts.MANAGERS_RECOMMENDED,
        quota=quota(),
    )


@blueprint.get("/platform/cities.csv")
@guarded("platform:manage")
def export_cities() -> AnyResponse:
    """All that fit, as a table."""
    with staff_screen():
        lines = _lines(_wanted())
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="cities-{clock.now():%Y-%m-%d}.csv"'
    return response


@blueprint.post("/platform/cities/measure")
@guarded("platform:manage")
def measure_cities() -> AnyResponse:
    """Let the worker count anew in the cities of one sheet."""
    with staff_screen() as (db, _actor):
        known = {city.id for city in tenants.everyone(db)}
    chosen = [int(one) for one in request.form.getlist("city")[:ON_A_SHEET] if one.isdecimal() and int(one) in known]
    condition.measure_again(database(), chosen)
    said = ngettext("One city is measured anew.", "{number} cities are measured anew.", len(chosen))
    notice(said, _("Look here again in a minute."))
    return go("list_cities", **{name: request.form[name] for name in (*FILTERS, "from") if request.form.get(name)})


def _filters() -> dict[str, str]:
    """What the list is narrowed to, as the address says it."""
    return {name: request.args[name].strip() for name in FILTERS if request.args.get(name, "").strip()}


def _wanted() -> Wanted:
    filters = _filters()
    sort = filters.get("sort", "")
    return Wanted(
        quota=quota(),
        now=clock.now(),
        q=filters.get("q", ""),
        status=filters.get("status", ""),
        need=filters.get("need", ""),
        sort=sort if sort in sorts() else "name",
        falling=sort in FALLING,
    )


def _asked(row: Report) -> list[str]:
    return needs_of(row.found, quota=quota(), now=clock.now())


def _lines(wanted: Wanted) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in condition.each(database(), wanted):
        facts = {"slug": row.tenant.slug, "name": row.tenant.full_name, "status": row.tenant.status}
        facts |= {"languages": " ".join(row.tenant.active_languages), "needs": " ".join(_asked(row))}
        yield _line(facts.get(name) or _figure(row, name) for name in COLUMNS)


def _figure(row: Report, name: str) -> object:
    value = getattr(row.found, name, None)
    return value.isoformat() if isinstance(value, datetime) else value


def _line(values: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
