"""What the public sees of events, computed from what editors have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cityinfo.features import content, locations, media, organizations, tenants
from cityinfo.features.content import ContentType, Key, Projection
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work

from . import actions, queries, rules
from .models import ChangedOccurrence, Event, EventOverride
from .queries import KIND, LOCATION, OCCURRENCE
from .recurrence import Series, changed_at, moments


def affected(_db: Work, event_ids: Collection[int], _widely: bool) -> set[int]:
    return set(event_ids)


def project(db: Work, ids: Collection[int], active: Collection[str], languages: Collection[str]) -> Projection:
    """What the public sees of these events. One that is over has no document; until then it is `due` at its end."""
    found, overrides = queries.events(db, ids), queries.overrides(db, ids)
    all_series = {one.id: queries.series(one, overrides.get(one.id, ())) for one in found.values()}
    ends = {event_id: one.last_end() for event_id, one in all_series.items()}
    now = clock.now()
    present = [event_id for event_id, end in ends.items() if end is None or end > now]
    words = content.Words(db, present, active, languages, falls_back=content.falls_back(db))
    shown, changed = _shown(db, words.entries, languages), _Changed(db, words.entries, active, languages)

    moment_facts = {event_id: _facts(db, found[event_id], all_series[event_id]) for event_id in words.entries}

    def facts(key: Key) -> Mapping[str, Any]:
        event_id = key[0]
        return {
            **moment_facts[event_id],
            "recurrence": _recurrence(all_series[event_id], overrides.get(event_id, ()), changed.of(key)),
            **{name: things.get(key) for name, things in shown.items()},
            "created_at": words.entries[event_id].created_at.isoformat(timespec="milliseconds"),
        }

    for event_id in words.entries:
        if end := ends[event_id]:
            words.due.setdefault(event_id, set()).add(end)
    return _with_parts(words.projection(facts))


def project_occurrences(
    db: Work, ids: Collection[int], _active: Collection[str], _languages: Collection[str]
) -> Projection:
    """Occurrences have no documents: what they say stands in those of their events. They have schedules."""
    return Projection(due=content.due(db, ids))


def _with_parts(projection: Projection) -> Projection:
    """The words of occurrences are written out like those of their events."""
    documents = [replace(one, parts=_words_within(one.body)) for one in projection.documents]
    return replace(projection, documents=documents)


def _words_within(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one["words"] for one in changed_at(body).values() if one["words"]]


def _shown(db: Work, ids: Collection[int], languages: Collection[str]) -> dict[str, dict[Key, dict[str, Any]]]:
    """What else documents show, by entry and language."""
    return {
        "location": _places(db, ids, languages),
        "organization": organizations.of_entries(db, ids, languages),
        "picture": media.pictures(db, ids, languages),
    }


def _places(db: Work, ids: Collection[int], languages: Collection[str]) -> dict[Key, dict[str, Any]]:
    """What documents say of the places where events take place, by entry and language; none that is not public."""
    places = {event_id: targets[0] for event_id, targets in content.related(db, ids, LOCATION).items()}
    active = tenants.active_languages(db)
    words = content.Words(db, set(places.values()), active, languages, falls_back=lambda _: True)
    found = locations.locations(db, words.entries)
    return {
        (event_id, language): {
            "id": place,
            "slug": words.slug((place, language)),
            "title": words.version((place, language)).title,
            **_whereabouts(found[place], language),
            "v3": {"entry_id": words.entries[place].v3_id or place},
        }
        for event_id, place in places.items()
        for language in languages
        if (place, language) in words.written
    }


def _whereabouts(location: locations.Location, language: str) -> dict[str, Any]:
    address = locations.described_address(location, language)
    return {
        "street": address["street"] or None,
        "postcode": address["postal_code"] or None,
        "town": address["town"] or None,
        "country": address["country_name"] or None,
        "latitude": location.latitude,
        "longitude": location.longitude,
    }


def _facts(db: Work, event: Event, series: Series) -> dict[str, Any]:
    starts_at, ends_at = moments(series.starts, series.ends, series.zone)
    last_end = series.last_end()
    return {
        "starts": event.starts,
        "ends": event.ends,
        "time_zone": event.time_zone,
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "last_ends_at": last_end.isoformat() if last_end else None,
        "all_day": event.all_day,
        "only_weekdays": event.only_weekdays,
        "categories": event.categories,
        "meeting_url": event.meeting_url or None,
        "registration_url": event.registration_url or None,
        "uid": event.uid or f"{event.id}.{db.tenant_id}@cityinfo",
        "sequence": event.sequence,
    }


def _recurrence(
    series: Series, overrides: Sequence[EventOverride], changed: Sequence[dict[str, Any]]
) -> dict[str, Any] | None:
    if not (series.is_repeated or overrides or changed):
        return None
    return {
        "rules": list(series.rules),
        "dates": rules.stamps(series.dates),
        "exceptions": rules.stamps(series.exceptions),
        "overrides": [
            {"recurrence_id": one.recurrence_id, "starts": one.starts or None, "ends": one.ends or None}
            for one in overrides
        ],
        "occurrences": changed,
    }


class _Changed:
    """What readers are shown of occurrences with words or places of their own. A few statements for all events."""

    def __init__(self, db: Work, ids: Collection[int], active: Collection[str], languages: Collection[str]) -> None:
        self._rows = queries.changed(db, ids)
        entries = [row.id for rows in self._rows.values() for row in rows.values()]
        self._words = content.Words(db, entries, active, languages, falls_back=content.falls_back(db))
        self._places = _places(db, entries, languages)

    def of(self, key: Key) -> list[dict[str, Any]]:
        """Those of an event in a language, in order; what has nothing to say there is left out."""
        rows = self._rows.get(key[0], {}).values()
        found = [
            {
                "recurrence_id": row.recurrence_id,
                "words": self._words_of((row.id, key[1])),
                "place": self._place_of(row, key[1]),
            }
            for row in rows
        ]
        return [one for one in found if one["words"] or one["place"]]

    def _words_of(self, key: Key) -> dict[str, Any] | None:
        if key not in self._words.written:
            return None
        body = self._words.body(key)
        return {name: body[name] for name in ("title", "content", "excerpt", "delivered_language", "changed_at")}

    def _place_of(self, row: ChangedOccurrence, language: str) -> dict[str, Any] | None:
        if not row.elsewhere or row.id not in self._words.entries:
            return None
        return {"location": self._places.get((row.id, language)), "meeting_url": row.meeting_url or None}


EVENTS = ContentType(
    kind=KIND,
    affected=affected,
    project=project,
    all_ids=queries.all_ids,
    pass_time=actions.pass_time,
    path="events/",
    falls_back=content.where_wanted,
)
OCCURRENCES = ContentType(
    kind=OCCURRENCE,
    affected=affected,
    project=project_occurrences,
    all_ids=queries.all_occurrence_ids,
    pass_time=content.pass_time,
)
