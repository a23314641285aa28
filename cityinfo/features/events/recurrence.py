"""When events take place: series after RFC 5545 and their occurrences. Pure: no session, no clock.

Everything is computed in wall time and turned into moments last, so that six o'clock stays six o'clock when the clocks
are changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from .repetition import STEPS

NEVER = datetime.min.replace(tzinfo=UTC)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_FIRST, _LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 - wall time
_SPANS = (timedelta(days=400), timedelta(days=4000), _LAST - _FIRST)  # how far back the last date is looked for

Times = tuple[datetime, datetime]  # beginning and end, wall time


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One time at which an event takes place. `original` is when its series has it begin, by which it is known."""

    original: datetime
    starts: datetime  # wall time
    ends: datetime
    starts_at: datetime  # aware
    ends_at: datetime

    def is_within(self, since: datetime, until: datetime) -> bool:
        """Whether it has not ended at `since` and begins before `until`."""
        return self.starts_at < until and (self.ends_at > since or self.starts_at >= since)


@dataclass(frozen=True, slots=True)
class Series:
    """When an event takes place, in wall time. `overrides` are single occurrences with other times; None cancels."""

    starts: datetime
    ends: datetime
    zone: str
    rules: tuple[str, ...] = ()
    dates: tuple[datetime, ...] = ()
    exceptions: frozenset[datetime] = frozenset()
    overrides: tuple[tuple[datetime, Times | None], ...] = ()

    @property
    def is_repeated(self) -> bool:
        return bool(self.rules or self.dates)

    @property
    def length(self) -> timedelta:
        return self.ends - self.starts

    def occurrences(self, since: datetime, until: datetime) -> list[Occurrence]:
        """All that have not ended at `since` and begin before `until` (aware), by their beginning."""
        first = _wall(since, self.zone, -self.length - _DAY)
        found = [*self._regular(first, _wall(until, self.zone, _DAY)), *self._moved()]
        within = [one for one in found if one.is_within(since, until)]
        return sorted(within, key=lambda one: (one.starts_at, one.original))

    def has(self, original: datetime) -> bool:
        """Whether the series, before overrides, has an occurrence that begins then."""
        return original in self.beginnings(original, original)

    def at(self, original: datetime) -> Occurrence:
        """The occurrence that the series has begin then, at its own times; one that is cancelled at the usual ones."""
        return self._occurrence(original, dict(self.overrides).get(original) or self._usual(original))

    def cancelled(self, since: datetime, until: datetime) -> list[Occurrence]:
        """Those that are cancelled and would not have ended at `since` and would begin before `until`, in order."""
        found = sorted(self.at(original) for original, times in self.overrides if times is None)
        return [one for one in found if one.is_within(since, until)]

    def last_end(self) -> datetime | None:
        """When the last occurrence ends; None if there is always another one, `NEVER` if there is none."""
        return _last_end(self)

    def _regular(self, first: datetime, last: datetime) -> Iterator[Occurrence]:
        overridden = {original for original, _ in self.overrides}
        for original in self.beginnings(first, last) - overridden:
            yield self._occurrence(original, self._usual(original))

    def _moved(self) -> Iterator[Occurrence]:
        for original, times in self.overrides:
            if times is not None:
                yield self._occurrence(original, times)

    def _usual(self, original: datetime) -> Times:
        return original, _plus(original, self.length)

    def _occurrence(self, original: datetime, times: Times) -> Occurrence:
        return Occurrence(original, *times, *moments(*times, self.zone))

    def beginnings(self, first: datetime, last: datetime) -> set[datetime]:
        found = {self.starts, *self.dates}
        for rule in self.rules:
            found.update(_by_rule(rule, self.starts, first, last))
        return {one for one in found - self.exceptions if first <= one <= last}


def upcoming(series: Series, now: datetime, ahead: timedelta) -> list[Occurrence]:
    """All that have not ended now and begin within `ahead`, by their beginning: what lists ask for in every minute."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return [one for one in _within_the_hour(series, hour, ahead) if one.is_within(now, now + ahead)]


@lru_cache(maxsize=2048)
def _within_the_hour(series: Series, hour: datetime, ahead: timedelta) -> tuple[Occurrence, ...]:
    """All that may be listed in one of its minutes: for most of them, repeating takes as long as all the rest."""
    return tuple(series.occurrences(hour, hour + _HOUR + ahead))


def series_of(document: Mapping[str, Any]) -> Series:
    """The series of an event as published: nothing else is needed to compute its occurrences."""
    repeats = document["recurrence"] or {"rules": (), "dates": (), "exceptions": (), "overrides": ()}
    return Series(
        starts=datetime.fromisoformat(document["starts"]),
        ends=datetime.fromisoformat(document["ends"]),
        zone=document["time_zone"],
        rules=tuple(repeats["rules"]),
        dates=tuple(map(datetime.fromisoformat, repeats["dates"])),
        exceptions=frozenset(map(datetime.fromisoformat, repeats["exceptions"])),
        overrides=tuple(override_of(one["recurrence_id"], one["starts"], one["ends"]) for one in repeats["overrides"]),
    )


def changed_at(document: Mapping[str, Any]) -> dict[datetime, Mapping[str, Any]]:
    """What a published event says of occurrences with words or places of their own, by when the series has them."""
    repeats = document["recurrence"] or {}
    # Documents from before occurrences had words are as they were until they are next projected.
    return {datetime.fromisoformat(one["recurrence_id"]): one for one in repeats.get("occurrences", ())}


def as_at(document: Mapping[str, Any], original: datetime) -> Mapping[str, Any]:
    """A published event as one of its occurrences is: with the words and the place that this has of its own."""
    own = changed_at(document).get(original)
    if own is None:
        return document
    words, place = own["words"] or {}, own["place"] or {}
    return {**document, **words, **place, "changed_at": max(document["changed_at"], words.get("changed_at", ""))}


def override_of(recurrence_id: str, starts: str | None, ends: str | None) -> tuple[datetime, Times | None]:
    """An override from how it is written."""
    times = (datetime.fromisoformat(starts), datetime.fromisoformat(ends)) if starts and ends else None
    return datetime.fromisoformat(recurrence_id), times


def occurrence_key(entry_id: int, original: datetime, *, all_day: bool) -> str:
    """What an occurrence is known by: its series and when that has it begin."""
    return f"{entry_id}-{original:%Y%m%d}" if all_day else f"{entry_id}-{original:%Y%m%dT%H%M%S}"


def moment(wall: datetime, zone: str) -> datetime:
    """The moment a clock on the wall shows this. A time that the clock skips counts as with the offset before."""
    try:
        return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:  # the last hours of the year 9999
        return wall.replace(tzinfo=UTC)


def moments(starts: datetime, ends: datetime, zone: str) -> Times:
    """Beginning and end as moments, in the offsets that are in force there then. Never ends before it begins."""
    begin, end = moment(starts, zone), moment(ends, zone)
    if end < begin:  # it begins in the hour that the clock skips
        end = begin + (ends - starts)
    return _local(begin, zone), _local(end, zone)


def parts_of(rule: str) -> dict[str, str]:
    """The parts of an RRULE by name."""
    return dict(part.split("=", 1) for part in rule.split(";"))


def joined(parts: Mapping[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


def has_only(rule: str, names: Collection[str]) -> bool:
    """Whether a rule has no other parts than these."""
    return parts_of(rule).keys() <= set(names)


def is_endless(rule: str) -> bool:
    return not parts_of(rule).keys() & {"UNTIL", "COUNT"}


def _local(when: datetime, zone: str) -> datetime:
    try:
        return when.astimezone(ZoneInfo(zone))
    except OverflowError:
        return when


def _wall(when: datetime, zone: str, offset: timedelta) -> datetime:
    return _plus(_local(when, zone).replace(tzinfo=None), offset)


def _plus(wall: datetime, length: timedelta) -> datetime:
    try:
        return wall + length
    except OverflowError:
        return _LAST if length > timedelta(0) else _FIRST


def _by_rule(rule: str, starts: datetime, first: datetime, last: datetime) -> Iterator[datetime]:
    for one in _rule_from(rule, starts, first):
        if one > last:
            return
        if one >= first:
            yield one


def _rule_from(rule: str, starts: datetime, first: datetime) -> Iterable[datetime]:
    """The dates of a rule, begun as late as possible: years of days gone by need not be walked through."""
    parts = parts_of(rule)
    step = STEPS.get(parts["FREQ"], timedelta(0)) * int(parts.get("INTERVAL", "1"))
    begin = starts
    if step and "COUNT" not in parts and first > starts and first - starts > step:
        begin = starts + (first - step - starts) // step * step
    dates: Iterable[datetime] = rrulestr(rule, dtstart=begin)
    return dates


@lru_cache(maxsize=4096)
def _last_end(series: Series) -> datetime | None:
    if any(is_endless(rule) for rule in series.rules):
        return None
    latest = _latest(series)
    tries = (list(series._regular(_plus(latest, -span), latest)) for span in _SPANS)
    found = [*next(filter(None, tries), []), *series._moved()]
    return max((one.ends_at.astimezone(UTC) for one in found), default=NEVER)


def _latest(series: Series) -> datetime:
    """When the last date can be at the latest: from there back it is soon found, whatever is left out."""
    ends = (_end_of_rule(rule, series.starts) for rule in series.rules)
    return max([series.starts, *series.dates, *ends])


def _end_of_rule(rule: str, starts: datetime) -> datetime:
    parts = parts_of(rule)
    if "UNTIL" in parts:
        return datetime.fromisoformat(parts["UNTIL"])
    return max(rrulestr(rule, dtstart=starts), default=starts)
