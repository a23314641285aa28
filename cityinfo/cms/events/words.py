"""When an event takes place, as people say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cityinfo.cms.words import day, weekday
from cityinfo.kernel.i18n import _, ngettext

from .repeating import DAILY, MONTHLY, ONCE, OTHER, SAME_WEEKDAY, WEEKLY, YEARLY, Repeat, nth

_DAY = timedelta(days=1)


def in_words(repeat: Repeat, starts: datetime, ends: datetime, *, all_day: bool) -> str:
    """The whole in one sentence."""
    if repeat.often == ONCE:
        return _("{day}, {time}.", day=_span(starts, ends, all_day=all_day), time=times(starts, ends, all_day=all_day))
    said = {"how_often": _how_often(repeat, starts), "time": times(starts, ends, all_day=all_day)}
    if repeat.until is not None:
        return _("{how_often}, {time}, until {day}.", **said, day=day(repeat.until))
    if repeat.count is not None:
        often = ngettext("once", "{number} times", repeat.count)
        return _("{how_often}, {time}, {often} altogether.", **said, often=often)
    return _("{how_often}, {time}.", **said)


def times(starts: datetime, ends: datetime, *, all_day: bool) -> str:
    """From when to when on its days."""
    if all_day:
        return _("all day")
    return _("{start} to {end}", start=f"{starts:%H:%M}", end=f"{ends:%H:%M}")


def day_with_weekday(when: date) -> str:
    return _("{weekday}, {date}", weekday=weekday(when.weekday()), date=day(when))


def _span(starts: datetime, ends: datetime, *, all_day: bool) -> str:
    last = (ends - _DAY if all_day else ends).date()
    if last <= starts.date():
        return day_with_weekday(starts.date())
    return _("{first} to {last}", first=day_with_weekday(starts.date()), last=day_with_weekday(last))


def _how_often(repeat: Repeat, starts: datetime) -> str:
    number = repeat.interval
    if repeat.often == DAILY:
        return ngettext("Every day", "Every {number} days", number)
    if repeat.often == WEEKLY:
        return _weekly(number, repeat.days)
    if repeat.often == MONTHLY:
        which = _weekday_of_month(starts) if repeat.monthly == SAME_WEEKDAY else _("on day {number}", number=starts.day)
        every = ngettext("Every month", "Every {number} months", number)
        return _("{every} {which}", every=every, which=which)
    if repeat.often == YEARLY:
        every = ngettext("Every year", "Every {number} years", number)
        return _("{every} on {day}", every=every, day=_("{day}.{month}.", day=f"{starts:%d}", month=f"{starts:%m}"))
    return _("By a rule of its own ({rule})", rule=" / ".join(repeat.rules)) if repeat.often == OTHER else ""


def _weekly(number: int, days: Sequence[int]) -> str:
    named = _joined([weekday(one) for one in days])
    if number == 1:
        return _("Every {weekdays}", weekdays=named)
    return _("Every {number} weeks on {weekdays}", number=number, weekdays=named)


def _joined(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("{many} and {last}", many=", ".join(words[:-1]), last=words[-1])


def _weekday_of_month(starts: datetime) -> str:
    names = {
        1: _("on the first {weekday}", weekday=weekday(starts.weekday())),
        2: _("on the second {weekday}", weekday=weekday(starts.weekday())),
        3: _("on the third {weekday}", weekday=weekday(starts.weekday())),
        4: _("on the fourth {weekday}", weekday=weekday(starts.weekday())),
        -1: _("on the last {weekday}", weekday=weekday(starts.weekday())),
    }
    return names[nth(starts)]
