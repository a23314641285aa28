"""What a calendar would bring, before it is added or run: a line for each event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cityinfo.cms.events.repeating import repeat_of
from cityinfo.cms.events.words import day_with_weekday, in_words
from cityinfo.features import events
from cityinfo.features.events import CHANGED, NEW, REFUSED, REJECTED, UNCHANGED, VANISHED, Difference, Expected, Series
from cityinfo.kernel import clock
from cityinfo.kernel.i18n import _, ngettext, said_again

from .words import parts

SHOWN = 200
_DATES = 3
_AHEAD = timedelta(days=3 * 366)
_SIGNS = {REJECTED: "bad", CHANGED: "outdated", NEW: "current", VANISHED: "off", REFUSED: "off", UNCHANGED: "draft"}


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one event, when it takes place, its next dates, and what else is to be said of it."""

    sign: str
    state: str
    title: str
    when: str
    dates: str
    details: Sequence[str]


@dataclass(frozen=True, slots=True)
class Look:
    """All of a calendar: how many there are of each, by sign and in words, and the first lines."""

    counts: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    more: int


def look(found: Sequence[Expected]) -> Look:
    """The lines of what a run would do."""
    numbers = Counter(one.state for one in found)
    counts = [(_SIGNS[state], _counted(state, numbers[state])) for state in _SIGNS if numbers[state]]
    told = [one for one in found if one.state != UNCHANGED or len(found) <= SHOWN]
    return Look(counts, [_line(one) for one in told[:SHOWN]], len(told[SHOWN:]))


def _counted(state: str, number: int) -> str:
    said = {
        REJECTED: ngettext("one cannot be taken", "{number} cannot be taken", number),
        CHANGED: ngettext("one changes", "{number} change", number),
        NEW: ngettext("one new event", "{number} new events", number),
        VANISHED: ngettext("one leaves", "{number} leave", number),
        REFUSED: ngettext("one stays away, deleted here", "{number} stay away, deleted here", number),
        UNCHANGED: ngettext("one stays as it is", "{number} stay as they are", number),
    }
    return said[state]


def _state(one: Expected) -> str:
    said = {
        REJECTED: _("not taken"),
        CHANGED: _("changes"),
        NEW: _("new"),
        VANISHED: _("leaves"),
        REFUSED: _("stays away"),
        UNCHANGED: _("stays as it is"),
    }
    return said[one.state]


def _line(one: Expected) -> Line:
    series = one.series
    when = dates = ""
    if series is not None:
        when = in_words(repeat_of(series.rules, series.starts), series.starts, series.ends, all_day=one.all_day)
        when = _("{when} · over", when=when) if one.is_over else when
        dates = _next(series) if series.is_repeated else ""
    return Line(_SIGNS[one.state], _state(one), one.title or one.uid, when, dates, list(_details(one)))


def _next(series: Series) -> str:
    coming = events.upcoming(series, clock.now(), _AHEAD)[:_DATES]
    return " · ".join(day_with_weekday(one.starts.date()) for one in coming)


def _details(one: Expected) -> Sequence[str]:
    if one.state == REJECTED:
        line = [_("Line {number} of the file", number=one.line)] if one.line else []
        return [said_again(one.reason), *line]
    if one.state == VANISHED:
        return [_("The calendar no longer has it, so readers no longer see it.")]
    if one.state == REFUSED:
        return [_("It was deleted here, so it is not taken over again.")]
    return [_difference(difference) for difference in one.differences]


def _difference(one: Difference) -> str:
    name = parts().get(one.part, one.part)
    if one.stays:
        return _("{part}: stays as it was changed here", part=name)
    if one.part in ("title", "categories", "meeting_url"):
        return _("{part}: “{before}” becomes “{after}”", part=name, before=one.before, after=one.after)
    return _("{part}: changes", part=name)
