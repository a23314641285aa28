"""What the editor of opening hours shows and sends. Everything in it is text, as it was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flask import request
from werkzeug.datastructures import MultiDict

from cityinfo.cms.entries.words import typed_day
from cityinfo.cms.words import weekday
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _

from .week import ANY_YEAR, Dates, Opening, Slot, Times, is_sound, opening_of, rules_of

NONE, WEEK, ALWAYS, OTHER = "none", "week", "always", "other"
NONSTOP = "24/7"
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
HOLIDAYS = "ph"
ROWS = (*WEEKDAYS, HOLIDAYS)
DATES = "dates"
# Codes of problems → fields beside which they are said.
FIELDS: Mapping[str, str] = {
    "location.hours": "hours-rule",
    **{f"hours.{key}": f"{key}-from-0" for key in ROWS},
    f"hours.{DATES}": "hours-dates",
}
_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?(?:\s*(?:Uhr|h))?")
_COPIES = {"week": range(5), "all": range(7)}
MOST_DATES = 100


@dataclass(frozen=True, slots=True)
class Row:
    """The times of a weekday, of holidays or of dates: pairs of from and to, as typed."""

    key: str
    slots: Sequence[Slot] = ()
    appointment: bool = False

    @property
    def pairs(self) -> Sequence[Slot]:
        """What is to be seen: at least one pair to type in."""
        return self.slots or [("", "")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """Dates with times of their own, as typed."""

    row: Row
    first: str = ""
    last: str = ""
    yearly: bool = False
    weekdays: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """All of it. `rule` is for what is no week, `usual` says that holidays are as other days.

    `focus` names the field in which whoever pressed a button of the editor goes on.
    """

    mode: str = NONE
    rule: str = ""
    rows: Sequence[Row] = field(default_factory=lambda: [Row(key) for key in ROWS])
    usual: bool = False
    dates: Sequence[DateRow] = ()
    focus: str = ""


def shown(rules: str) -> Fields:
    """What the editor shows of rules."""
    if not rules:
        return Fields()
    if rules == NONSTOP:
        return Fields(mode=ALWAYS, rule=rules)
    opening = opening_of(rules)
    if opening is None or opening.never:
        return Fields(mode=OTHER, rule=rules)
    rows = [_row(key, times) for key, times in zip(WEEKDAYS, opening.week, strict=True)]
    rows.append(_row(HOLIDAYS, opening.holidays or Times()))
    dates = [_date_row(number, one) for number, one in enumerate(opening.dates)]
    return Fields(mode=WEEK, rule=rules, rows=rows, usual=opening.holidays is None, dates=dates)


def typed(form: MultiDict[str, str]) -> Fields:
    """What was sent."""
    count = min(form.get(DATES, 0, type=int), MOST_DATES)
    return Fields(
        mode=form.get("hours", NONE),
        rule=form.get("hours_rule", ""),
        rows=[_typed_row(form, key) for key in ROWS],
        usual=bool(form.get("ph_usual")),
        dates=[_typed_dates(form, f"d{number}") for number in range(count)],
    )


def stepped(fields: Fields, step: str) -> Fields:
    """The editor after one of its own buttons: `slot:mo`, `copy:mo:week`, `date`, `drop:d0`; of others, as it was."""
    act, _sign, rest = step.partition(":")
    key, _sign, where = rest.partition(":")
    if act == "slot":
        return _with_slot(fields, key)
    if act == "copy" and key in WEEKDAYS:
        return replace(fields, rows=list(_copied(fields.rows, key, where)), focus=f"copy-{key}")
    if act == "date" and len(fields.dates) < MOST_DATES:
        name = f"d{len(fields.dates)}"
        return replace(fields, dates=[*fields.dates, DateRow(row=Row(name))], focus=f"{name}-first")
    if act == "drop":
        left = [one for one in fields.dates if one.row.key != key]
        return replace(fields, dates=[_renumbered(number, one) for number, one in enumerate(left)], focus="add-date")
    return fields


def on_screen(rules: str) -> Fields:
    """What the editor shows: these rules, or what was sent, after the button that was pressed."""
    if request.method == "GET":
        return shown(rules)
    return stepped(typed(request.form), request.form.get("do", "").partition(":")[2])


def weekdays() -> list[tuple[str, str]]:
    """Their names, short and long."""
    short = (_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su"))
    return [(name, weekday(day)) for day, name in enumerate(short)]


def kept(fields: Fields, before: str = "") -> str:
    """The rules that were typed, as they were `before` if they mean the same; `Invalid` for what is not understood."""
    if fields.mode == NONE:
        return ""
    if fields.mode == ALWAYS:
        return NONSTOP
    if fields.mode == OTHER:
        if not fields.rule.strip():
            raise Invalid("location.hours", _("Write the rule, or choose another way to say when it is open."))
        return fields.rule
    opening = _opening(fields)
    if opening.never:
        sentence = _("Write from when to when it is open on at least one day, or choose that nothing is said.")
        raise Invalid("hours.mo", sentence)
    return before if opening_of(before) == opening else rules_of(opening)


def _opening(fields: Fields) -> Opening:
    rows = {one.key: one for one in fields.rows}
    week = tuple(_times(rows[key], f"hours.{key}", weekday(day)) for day, key in enumerate(WEEKDAYS))
    holidays = None if fields.usual else _times(rows[HOLIDAYS], f"hours.{HOLIDAYS}", _("Public holidays"))
    dates = [_dates(one) for one in fields.dates if one.first or one.last or one.row.slots]
    seasons = [one for one in dates if one.weekdays]
    return Opening(week=week, holidays=holidays, dates=(*seasons, *(one for one in dates if not one.weekdays)))


def _row(key: str, times: Times) -> Row:
    return Row(key, times.slots, times.appointment)


def _date_row(number: int, dates: Dates) -> DateRow:
    first, last = _this_time(dates) if dates.yearly else (dates.first, dates.last)
    return DateRow(
        row=_row(f"d{number}", dates.times),
        first=first.isoformat(),
        last="" if dates.first == dates.last else last.isoformat(),
        yearly=dates.yearly,
        weekdays=[str(day) for day in dates.weekdays],
    )


def _this_time(dates: Dates) -> tuple[date, date]:
    """Days that come every year, in this one, or in the next that has all of them; they may end in the year after."""
    year = clock.now().year
    while True:
        try:
            last = dates.last.replace(year=year + (dates.last < dates.first))
            return dates.first.replace(year=year), last
        except ValueError:  # the 29 February
            year += 1


def _typed_row(form: MultiDict[str, str], key: str) -> Row:
    pairs = zip(form.getlist(f"{key}_from"), form.getlist(f"{key}_to"), strict=False)
    slots = [(start.strip(), end.strip()) for start, end in pairs if start.strip() or end.strip()]
    return Row(key, slots, bool(form.get(f"{key}_appointment")))


def _typed_dates(form: MultiDict[str, str], key: str) -> DateRow:
    return DateRow(
        row=_typed_row(form, key),
        first=form.get(f"{key}_first", ""),
        last=form.get(f"{key}_last", ""),
        yearly=bool(form.get(f"{key}_yearly")),
        weekdays=[day for day in form.getlist(f"{key}_days") if day in tuple("0123456")],
    )


def _with_slot(fields: Fields, key: str) -> Fields:
    """One more pair to type in, for a weekday, holidays or dates."""
    found = next((one for one in (*fields.rows, *(one.row for one in fields.dates)) if one.key == key), None)
    if found is None:
        return fields
    longer = replace(found, slots=[*found.slots, ("", "")])
    rows = [longer if one.key == key else one for one in fields.rows]
    dates = [replace(one, row=longer) if one.row.key == key else one for one in fields.dates]
    return replace(fields, rows=rows, dates=dates, focus=f"{key}-from-{len(found.slots)}")


def _copied(rows: Sequence[Row], key: str, where: str) -> Iterator[Row]:
    source = next(one for one in rows if one.key == key)
    following = [(WEEKDAYS.index(key) + 1) % 7]
    wanted = {WEEKDAYS[day] for day in _COPIES.get(where, following)}
    for one in rows:
        yield replace(source, key=one.key) if one.key in wanted else one


def _renumbered(number: int, one: DateRow) -> DateRow:
    return replace(one, row=replace(one.row, key=f"d{number}"))


def _times(row: Row, code: str, name: str) -> Times:
    slots: list[Slot] = []
    for start, end in row.slots:
        if not (start and end):
            if start or end:
                raise Invalid(code, _("{day}: say from when to when.", day=name))
            continue
        first, last = _clock(start, code), _clock(end, code)
        slots.append((first, "24:00" if last == "00:00" else last))
    slots.sort()
    if not is_sound(slots) or any(start == "24:00" for start, _end in slots):
        raise Invalid(code, _("{day}: these times meet each other; write them one after another.", day=name))
    return Times(tuple(slots), row.appointment)


def _clock(text: str, code: str) -> str:
    found = _CLOCK.fullmatch(text)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if minute > 59 or (hour, minute) > (24, 0):
        raise Invalid(code, _("“{text}” is no time of day; write it like 08:30.", text=text[:20]))
    return f"{hour:02}:{minute:02}"


def _dates(one: DateRow) -> Dates:
    code = f"hours.{DATES}"
    first = typed_day(one.first, code)
    last = typed_day(one.last, code) if one.last else first
    if last < first or (one.yearly and (last - first).days > 365):
        raise Invalid(code, _("The last of the days with times of their own is before the first."))
    times = _times(one.row, code, _("Days with times of their own"))
    if one.yearly:
        first, last = (day.replace(year=ANY_YEAR) for day in (first, last))
    return Dates(first=first, last=last, yearly=one.yearly, weekdays=tuple(map(int, one.weekdays)), times=times)
