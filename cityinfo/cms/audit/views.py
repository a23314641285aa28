"""The log on the screen and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from flask import Response, request, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.kinds import KINDS
from cityinfo.cms.layout import blueprint, city_zone, render, screen
from cityinfo.cms.words import author_name, kind_names
from cityinfo.features import accounts, audit, content, tenants
from cityinfo.features.audit import AuditRow, Wanted
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .words import actions

ON_A_SHEET = 50
FILTERS = ("actor", "action", "kind", "from", "until")


@blueprint.get("/<tenant>/audit")
@guarded("audit:read")
def list_audit(tenant: str) -> AnyResponse:
    """Newest first, a sheet at a time; by person, action, kind and days."""
    with screen() as (db, _actor):
        page = audit.page(db, _wanted(), limit=ON_A_SHEET, older=request.args.get("older", ""))
        return render(
            "audit/list.html",
            rows=page.rows,
            older=page.older,
            filters=_filters(),
            names=accounts.names(db),
            author_name=author_name,
            actions=actions(),
            kinds=kind_names(),
            titles=_titles(db, page.rows),
            written=KINDS,
            languages=tenants.languages(db),
        )


@blueprint.get("/<tenant>/audit.csv")
@guarded("audit:read")
def export_audit(tenant: str) -> AnyResponse:
    """The same rows as a table, oldest first, with the digests that chain them."""
    with screen() as (_db, _actor):
        wanted = _wanted()
    name = f"audit-{tenant}-{clock.now():%Y-%m-%d}.csv"
    response = Response(stream_with_context(_lines(wanted)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(wanted: Wanted) -> Iterator[str]:
    with screen() as (db, _actor):
        yield from audit.csv_lines(audit.each(db, wanted))


def _filters() -> dict[str, str]:
    """What the list is narrowed to, as the address says it."""
    return {name: request.args[name].strip() for name in FILTERS if request.args.get(name, "").strip()}


def _wanted() -> Wanted:
    filters = _filters()
    until = _day(filters.get("until"))
    return Wanted(
        actor=filters.get("actor", ""),
        action=filters.get("action", ""),
        kind=filters.get("kind", ""),
        since=_day(filters.get("from")),
        until=until + timedelta(days=1) if until else None,
    )


def _day(text: str | None) -> datetime | None:
    """The midnight with which a day begins in the city."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=city_zone())
    except ValueError:
        raise Invalid("audit.day", _("Write a day like 2026-05-31.")) from None


def _titles(db: Work, rows: Sequence[AuditRow]) -> dict[int, str]:
    """What the things on a sheet are called now, as far as they have words."""
    root = tenants.root_language(db)
    found = content.titles_of(db, {row.entry_id for row in rows})
    return {entry_id: content.name(titles, root)[0] for entry_id, titles in found.items()}
