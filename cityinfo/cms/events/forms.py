"""What the form of an event shows and sends. Everything in it is text, as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from flask import request

from cityinfo.cms.entries import picking
from cityinfo.cms.entries.words import typed_day
from cityinfo.features.events import EventFacts
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _

from .months import ADD, BRING_BACK, DROP, LEAVE_OUT, MONTH
from .repeating import MONTHLY, ONCE, OTHER, SAME_DAY, WEEKLY, Repeat, repeat_of, rules_of

_DAY = timedelta(days=1)
NEVER, UNTIL, COUNT = "never", "until", "count"
FIELDS = (
    *("starts_on", "starts_at", "ends_on", "ends_at", "all_day", "often", "interval", "monthly", "end", "until"),
    *("count", "extra", "location", "organization", "meeting_url", "registration_url", "categories"),
    *("off", "plus", "month"),
)
SEVERAL = ("off", "plus")


def shown(facts: EventFacts) -> dict[str, str]:
    """The facts of an event as fields show them."""
    last = facts.ends - _DAY if facts.all_day else facts.ends
    values = {
        "starts_on": f"{facts.starts:%Y-%m-%d}",
        "starts_at": "" if facts.all_day else f"{facts.starts:%H:%M}",
        "ends_on": "" if last.date() == facts.starts.date() else f"{last:%Y-%m-%d}",
        "ends_at": "" if facts.all_day else f"{facts.ends:%H:%M}",
        "all_day": "1" if facts.all_day else "",
        "location": str(facts.location or ""),
        "organization": str(facts.organization or ""),
        "meeting_url": facts.meeting_url,
        "registration_url": facts.registration_url,
        "categories": ", ".join(facts.categories),
        "off": ",".join(one.isoformat() for one in facts.exceptions),
        "plus": ",".join(one.isoformat() for one in facts.dates),
    }
    return values | _repetition(repeat_of(facts.rules, facts.starts))


def with_facts(before: EventFacts | None, values: Mapping[str, str]) -> EventFacts:
    """The event with what was typed; what the form does not ask for stays as it was."""
    starts, ends = _times(values)
    off = tuple(sorted(set(map(_wall, listed(values, "off")))))
    extra = tuple(sorted({*map(_wall, listed(values, "plus")), *_extra(values, starts)}))
    return replace(
        before or EventFacts(starts=starts, ends=ends),
        starts=starts,
        ends=ends,
        all_day=bool(values["all_day"]),
        rules=rules_of(repeat_typed(values, before), starts),
        exceptions=off,
        dates=extra,
        location=picking.one(values["location"]),
        organization=picking.one(values["organization"]),
        meeting_url=values["meeting_url"].strip(),
        registration_url=values["registration_url"].strip(),
        categories=tuple(one.strip() for one in values["categories"].split(",") if one.strip()),
    )


def repeat_typed(values: Mapping[str, str], before: EventFacts | None) -> Repeat:
    """How it shall repeat."""
    often = values["often"] or ONCE
    if often == OTHER:
        return Repeat(often=OTHER, rules=tuple(before.rules) if before else ())
    return Repeat(
        often=often,
        interval=_number(values["interval"] or "1", _("Say after how many it repeats: a number from 1 to 999.")),
        days=[int(one) for one in request.form.getlist("days") if one in "0123456"] if often == WEEKLY else (),
        monthly=values["monthly"] if often == MONTHLY else SAME_DAY,
        until=typed_day(values["until"], "event.day") if values["end"] == UNTIL else None,
        count=_times_over(values["count"]) if values["end"] == COUNT else None,
    )


def listed(values: Mapping[str, str], name: str) -> list[str]:
    """Beginnings as a form keeps them in one value."""
    return [one for one in values.get(name, "").split(",") if one]


def stepped(values: dict[str, str], step: str) -> dict[str, str]:
    """The fields after a click on the calendar: a date left out, brought back, added or dropped, or another month."""
    act, _sign, key = step.partition(":")
    if act == MONTH:
        return {**values, "month": key}
    name = "off" if act in (LEAVE_OUT, BRING_BACK) else "plus"
    kept = [one for one in listed(values, name) if one != key]
    if act in (LEAVE_OUT, ADD):
        kept.append(key)
    extra = "" if act == DROP and key.startswith(values["extra"]) else values["extra"]
    return {**values, name: ",".join(kept), "extra": extra}


def _repetition(repeat: Repeat) -> dict[str, str]:
    end = UNTIL if repeat.until else COUNT if repeat.count else NEVER
    return {
        "often": repeat.often,
        "interval": str(repeat.interval),
        "days": ",".join(map(str, repeat.days)),
        "monthly": repeat.monthly,
        "end": end,
        "until": str(repeat.until or ""),
        "count": str(repeat.count or ""),
    }


def _times(values: Mapping[str, str]) -> tuple[datetime, datetime]:
    first = typed_day(values["starts_on"], "event.day")
    last = typed_day(values["ends_on"], "event.day") if values["ends_on"] else first
    if values["all_day"]:
        return datetime.combine(first, time()), datetime.combine(last, time()) + _DAY
    return datetime.combine(first, _time(values["starts_at"])), datetime.combine(last, _time(values["ends_at"]))


def _extra(values: Mapping[str, str], starts: datetime) -> list[datetime]:
    """A further date, at the time at which the event begins."""
    return [datetime.combine(typed_day(values["extra"], "event.day"), starts.time())] if values["extra"] else []


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Invalid("event.time", _("Say when it begins and ends, like 18:30, or that it lasts all day.")) from None


def _wall(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise Invalid("event.day", _("Choose a day; write it like 2026-05-31.")) from None


def _times_over(text: str) -> int:
    return _number(text, _("Say how many times: a number from 1 to 999."))


def _number(text: str, sentence: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 999:
        raise Invalid("event.number", sentence)
    return int(text)
