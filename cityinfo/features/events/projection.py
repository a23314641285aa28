"""What the public sees of events, computed from what editors have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cityinfo.features import content, locations, media, organizations, tenants
from cityinfo.features.content import ContentType, Key, Projection
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work

from . import actions, queries
from .models import Event, EventOverride
from .queries import KIND, LOCATION
from .recurrence import Series, moments


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
    shown = _shown(db, words.entries, languages)

    def facts(key: Key) -> Mapping[str, Any]:
        event_id = key[0]
        return {
            **_facts(db, found[event_id], all_series[event_id], overrides.get(event_id, ())),
            **{name: things.get(key) for name, things in shown.items()},
            "created_at": words.entries[event_id].created_at.isoformat(timespec="milliseconds"),
        }

    for event_id in words.entries:
        if end := ends[event_id]:
            words.due.setdefault(event_id, set()).add(end)
    return words.projection(facts)


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


def _facts(db: Work, event: Event, series: Series, overrides: Sequence[EventOverride]) -> dict[str, Any]:
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
        "recurrence": _recurrence(event, overrides) if series.is_repeated or overrides else None,
        "categories": event.categories,
        "meeting_url": event.meeting_url or None,
        "registration_url": event.registration_url or None,
        "uid": event.uid or f"{event.id}.{db.tenant_id}@cityinfo",
        "sequence": event.sequence,
    }


def _recurrence(event: Event, overrides: Sequence[EventOverride]) -> dict[str, Any]:
    return {
        "rules": event.rules,
        "dates": event.dates,
        "exceptions": event.exceptions,
        "overrides": [
            {"recurrence_id": one.recurrence_id, "starts": one.starts or None, "ends": one.ends or None}
            for one in overrides
        ],
    }


EVENTS = ContentType(
    kind=KIND,
    affected=affected,
    project=project,
    all_ids=queries.all_ids,
    pass_time=actions.pass_time,
    path="events/",
    falls_back=content.where_wanted,
)
