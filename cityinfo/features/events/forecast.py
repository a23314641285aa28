"""What a run of a calendar would do, event by event, for whoever looks before it is added or run. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work

from . import actions, calendars, comparison, queries
from .calendars import CalendarDraft
from .comparison import Difference
from .components import Component, Read
from .models import ExternalEvent
from .recurrence import Series

REJECTED, CHANGED, NEW, VANISHED, REFUSED, UNCHANGED = (
    *("rejected", "changed", "new", "vanished", "refused", "unchanged"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What becomes of one event. `series` is when it takes place, with its exceptions; None where that is not read.

    `differences` are those of a changed one; `reason` and `line` of the file belong to one that is rejected.
    """

    state: str
    uid: str
    title: str
    series: Series | None = None
    all_day: bool = False
    is_over: bool = False
    differences: tuple[Difference, ...] = ()
    reason: str = ""
    line: int = 0


def forecast(db: Work, draft: CalendarDraft, read: Read, *, calendar_id: int | None = None) -> list[Expected]:
    """What taking this over would do, first what asks for someone; of a calendar that is not added yet, all is new."""
    known = queries.imported(db, calendar_id) if calendar_id else {}
    refused = queries.refused(db, calendar_id) if calendar_id else {}
    found = [_rejected(one.uid, one.title, one.reason, one.line) for one in read.rejected]
    for component in read.found.values():
        plain = _plain(db, component)
        if component.uid in refused:
            found.append(replace(plain, state=REFUSED))
        else:
            found.append(_compared(db, plain, component, draft, known))
    found += _vanished(db, calendar_id, read) if calendar_id else ()
    order = (REJECTED, CHANGED, NEW, VANISHED, REFUSED, UNCHANGED)
    return sorted(found, key=lambda one: (order.index(one.state), one.is_over))


def _rejected(uid: str, title: str, reason: str, line: int) -> Expected:
    return Expected(state=REJECTED, uid=uid, title=title, reason=reason, line=line)


def _plain(db: Work, component: Component) -> Expected:
    series = actions.planned(db, component.facts, lenient=True)
    series = replace(series, overrides=tuple(dict(component.overrides).items()))
    last = series.last_end()
    return Expected(
        state=NEW,
        uid=component.uid,
        title=component.title,
        series=series,
        all_day=component.facts.all_day,
        is_over=last is not None and last <= clock.now(),
    )


def _compared(
    db: Work, plain: Expected, component: Component, draft: CalendarDraft, known: Mapping[str, ExternalEvent]
) -> Expected:
    row, said = known.get(component.uid), comparison.said(component, draft.location)
    if row is None:
        return plain
    if not calendars.differs(row, said):
        return replace(plain, state=UNCHANGED)
    here = comparison.said_here(db, queries.find(db, row.event_id), draft.language)
    found = comparison.differences(component.uid, comparison.said_before(row), said, here)
    return replace(plain, state=CHANGED, differences=tuple(found))


def _vanished(db: Work, calendar_id: int, read: Read) -> Iterator[Expected]:
    for row in calendars.vanished(db, calendar_id, read.uids):
        yield Expected(state=VANISHED, uid=row.uid, title=row.said["title"])
