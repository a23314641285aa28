"""Events: one object for every event, repeated ones with their rule; or one for every day on which one takes place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from dateutil.rrule import rrule, rrulestr
from flask import Response, request

from cityinfo.api.http import absolute_media, json_piece
from cityinfo.features import events as features
from cityinfo.features import locations
from cityinfo.features.events import Occurrence, Series
from cityinfo.web.bodies import Answer, Reading, serve, window
from cityinfo.web.guard import public

from .answers import answer, changed
from .places import Places

FRESH = 60  # seconds for which an answer is kept: what is over leaves
AHEAD = timedelta(days=31)  # how far dates are listed one by one
# What apps can repeat, by FREQ. Everything else reaches them as single dates, which are right, if fewer.
_UNDERSTOOD = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST", "COUNT", "UNTIL")
UNDERSTOOD = {
    **dict.fromkeys(("DAILY", "WEEKLY"), _UNDERSTOOD),
    **dict.fromkeys(("MONTHLY", "YEARLY"), (*_UNDERSTOOD, "BYSETPOS")),
}
_MINUTE = timedelta(minutes=1)
_NO_PLACE = dict.fromkeys(
    ("id", "name", "address", "town", "state", "postcode", "region", "country", "latitude", "longitude")
)
_SIZES = (("thumbnail", 150), ("medium", 300), ("large", 1024))  # pixels; the smallest copy that is as wide

Document = Mapping[str, Any]  # as published
Item = dict[str, Any]  # as delivered


@public
def events(tenant: str, language: str) -> Response:
    """Every event that is not over.

    With `combine_recurring` an event that repeats comes once with its rule, unless apps cannot repeat it: then, and
    without the parameter, it comes once for every date of the next 31 days.
    """
    combined = request.args.get("combine_recurring", "").lower() in ("true", "1")
    now, left = window(FRESH)
    return serve(
        "v3.events",
        tenant=tenant,
        language=language.lower(),
        params={"combined": str(combined), "now": now.isoformat()},
        kinds=(features.KIND,),
        valid_for=left,
        build=lambda reading: _events(reading, combined, now),
    )


def _events(reading: Reading, combined: bool, now: datetime) -> Answer:
    writer = _Writer(reading)
    found = [
        one for document in reading.each_document(features.KIND) for one in _written(writer, document, combined, now)
    ]
    found.sort(key=lambda one: one[:2])
    return answer([event for _, _, event in found], reading)


def _written(writer: _Writer, document: Document, combined: bool, now: datetime) -> Iterator[tuple[datetime, int, Any]]:
    """Each date of an event as JSON, with what they are sorted by."""
    for date in _dates(document, combined, now):
        yield date.occurrence.starts_at, document["id"], json_piece(writer.event(date))


@dataclass(frozen=True, slots=True)
class _Date:
    """An event at one of its times. `suffix` tells it from the event's other dates, empty for the event as a whole."""

    document: Document
    occurrence: Occurrence
    suffix: str = ""
    rule: str | None = None


def _dates(document: Document, combined: bool, now: datetime) -> Iterator[_Date]:
    series = features.series_of(document)
    rule = rule_for_apps(series) if combined and not features.changed_at(document) else None
    if rule is not None or not series.is_repeated:
        for one in _whole(series):
            yield _Date(document, one, rule=rule)
        return
    listed = features.upcoming(series, now, AHEAD)
    days = Counter(one.original.date() for one in listed)
    for one in listed:
        yield _Date(document, one, suffix=_suffix(one.original, alone=days[one.original.date()] == 1))


def _suffix(original: datetime, *, alone: bool) -> str:
    """The day; of several a day the time too."""
    time = f"-{original:%H%M%S}" if original.second else f"-{original:%H%M}"
    return f"${original:%Y-%m-%d}{'' if alone else time}"


@lru_cache(maxsize=4096)
def _whole(series: Series) -> Sequence[Occurrence]:
    """The first occurrence; that of an event which takes place once may have been moved."""
    if not series.is_repeated and series.overrides:
        return series.occurrences(_BEGINNING, _END)
    starts_at, ends_at = features.moments(series.starts, series.ends, series.zone)
    return [Occurrence(series.starts, series.starts, series.ends, starts_at, ends_at)]


@lru_cache(maxsize=4096)
def rule_for_apps(series: Series) -> str | None:
    """The rule as apps read it: the clock time in UTC of the first date, and one RRULE; None if that cannot be said.

    Additional, cancelled and changed dates, several rules, several times a day, days counted through the year and a
    first date that the rule does not describe cannot be said. A number of times is said as an end: not all apps count
    alike.
    """
    if len(series.rules) != 1 or series.dates or series.exceptions or series.overrides:
        return None
    text = series.rules[0]
    understood = UNDERSTOOD.get(features.parts_of(text)["FREQ"], ())
    if not features.has_only(text, understood) or not features.matches(text, series.starts):
        return None
    starts_at, _ = features.moments(series.starts, series.ends, series.zone)
    found = cast("rrule", rrulestr(text, dtstart=series.starts))  # a set only from several lines
    return str(found.replace(dtstart=_utc(starts_at), until=_until(series, text), count=None))


def _until(series: Series, rule: str) -> datetime | None:
    """The end of a day as the clock shows it in UTC: the last one the rule names, or on which it takes place.

    Some apps compare it with the time here, others with that in UTC: the last date is within both.
    """
    if features.is_endless(rule):
        return None
    last = rrulestr(rule, dtstart=series.starts)[-1]
    named = features.parts_of(rule).get("UNTIL", "")
    day = datetime.fromisoformat(named) if named.endswith("T235959") else last.replace(hour=23, minute=59, second=59)
    ends, last_at = (_utc(features.moments(one, one, series.zone)[0]) for one in (day, last))
    return max(last, last_at, min(day, ends))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


class _Writer:
    """Writes published events as the apps expect them. What is the same for all events is prepared once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._places = Places(reading, features.KIND)
        self._zone = reading.tenant.time_zone

    def event(self, date: _Date) -> Item:
        document = features.as_at(date.document, date.occurrence.original)
        place = self._places.place(document["id"])
        picture = document["picture"]
        return {
            "id": None if date.suffix else document["v3"]["id"],
            "url": _dated(place.url, date.suffix),
            "path": _dated(place.path, date.suffix),
            "title": document["title"],
            **changed(document["changed_at"], self._zone),
            "excerpt": document["excerpt"],
            "content": self._places.with_links(document["content"]),
            "available_languages": self._places.other_languages(document["id"], date.suffix),
            "thumbnail": absolute_media(self._reading, picture["url"]) if picture else None,
            "location": _location(document["location"]),
            "location_path": self._location_path(document["location"]),
            "meeting_url": document["meeting_url"],
            "event": _times(date),
            "featured_image": self._featured(picture),
            "hash": None,
            "recurrence_rule": date.rule,
        }

    def _location_path(self, place: Document | None) -> str | None:
        paths = self._reading.paths(locations.KIND, place["id"]) if place else {}
        path = paths.get(self._reading.language)
        return f"/{self._reading.tenant.slug}/{self._reading.language}/{path}/" if path else None

    def _featured(self, picture: Document | None) -> Item | None:
        """The picture in four widths; one whose size nobody knows is left out: apps need it."""
        if picture is None or not picture["width"] or not picture["height"]:
            return None
        webp = [one for one in picture["renditions"] if one["type"] == "image/webp"]
        copies = sorted(webp, key=lambda one: one["width"])
        chosen = {name: next((one for one in copies if one["width"] >= wide), picture) for name, wide in _SIZES}
        return {
            "description": picture["alt"],
            "mimetype": picture["type"],
            **{name: [self._image(one)] for name, one in chosen.items()},
            "full": [self._image(picture)],
        }

    def _image(self, one: Document) -> Item:
        url = absolute_media(self._reading, one["url"])
        return {"url": url, "width": one["width"], "height": one["height"]}


def _dated(address: str, suffix: str) -> str:
    """The address of one date of an event: that of the event with the day behind it."""
    return f"{address.rstrip('/')}{suffix}/" if suffix else address


def _times(date: _Date) -> Item:
    """All day means from midnight to one minute before midnight, as apps know it."""
    document, one = date.document, date.occurrence
    ends, ends_at = one.ends, one.ends_at
    if document["all_day"]:
        ends = one.ends - _MINUTE
        ends_at = features.moments(ends, ends, document["time_zone"])[1]
    return {
        "id": None if date.suffix else document["v3"]["entry_id"],
        "start": one.starts_at.isoformat(),
        "start_date": one.starts.date().isoformat(),
        "start_time": one.starts.time().isoformat(),
        "end": ends_at.isoformat(),
        "end_date": ends.date().isoformat(),
        "end_time": ends.time().isoformat(),
        "all_day": document["all_day"],
        "only_weekdays": document["only_weekdays"],
        "recurrence_id": document["v3"]["entry_id"] if document["recurrence"] else None,
        "timezone": document["time_zone"],
    }


def _location(place: Document | None) -> Item:
    """Where it takes place; without a place an object without values: apps fail on null."""
    if place is None:
        return _NO_PLACE
    return {
        **_NO_PLACE,
        "id": place["v3"]["entry_id"],
        "name": place["title"],
        "address": place["street"],
        **{name: place[name] for name in ("town", "postcode", "country", "latitude", "longitude")},
    }


_BEGINNING, _END = (datetime(year, 1, 2, tzinfo=UTC) for year in (1583, 9999))
ROUTES = (("/<tenant>/<language>/events/", events),)
