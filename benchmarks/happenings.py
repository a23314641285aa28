"""What stands beside the words of generated entries: where places are, when events begin, who is reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from cityinfo.features import events, locations
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work

_HOURS = ("Mo-Fr 08:00-16:00", "Mo-Th 09:00-12:00,13:00-17:00; Fr 09:00-12:00", "Tu,Th 14:00-18:00; PH off", "")
_DAYS_AHEAD = 60  # events that take place once begin within so many days
_REPEATED = 3  # every third one takes place every week
_COPIES = (320, 960)  # pixels
_IN_A_FOLDER = 100

Row = dict[str, Any]


def location_rows(db: Work, ids: Sequence[int]) -> Iterator[Row]:
    """Places all over the city; three of four are on the map."""
    for number, location_id in enumerate(ids):
        yield {
            "tenant_id": db.tenant_id,
            "id": location_id,
            "street": f"Musterweg {number + 1}",
            "addition": "",
            "postal_code": "86150",
            "town": "Musterstadt",
            "country": "DE",
            "latitude": 48.3 + number % 25 / 500,
            "longitude": 10.9 + number // 25 / 500,
            "on_map": number % 4 != 3,
            "hours": _HOURS[number % len(_HOURS)],
            "temporarily_closed": False,
            "appointment_url": "",
            "barrier_free": (True, False, None)[number % 3],
            "accessibility": {},
        }


def category_rows(db: Work, ids: Sequence[int]) -> Iterator[Row]:
    """Every place is in one of the categories that all cities have."""
    slugs = sorted(locations.registry())
    for number, location_id in enumerate(ids):
        yield {
            "tenant_id": db.tenant_id,
            "location_id": location_id,
            "category": slugs[number % len(slugs)],
            "position": 0,
        }


def event_rows(db: Work, ids: Sequence[int]) -> Iterator[Row]:
    """Events from tomorrow on, some of them every week without an end."""
    midnight = datetime.combine(clock.now().date(), time())
    for number, event_id in enumerate(ids):
        begins = midnight + timedelta(days=1 + number % _DAYS_AHEAD, hours=8 + number % 12)
        yield {
            "tenant_id": db.tenant_id,
            "id": event_id,
            "starts": begins.isoformat(),
            "ends": (begins + timedelta(hours=2)).isoformat(),
            "time_zone": "Europe/Berlin",
            "all_day": False,
            "only_weekdays": False,
            "rules": ["FREQ=WEEKLY"] if number % _REPEATED == 0 else [],
            "dates": [],
            "exceptions": [],
            "categories": [],
            "meeting_url": "",
            "registration_url": "",
            "uid": "",
            "sequence": 0,
        }


def venue_rows(db: Work, ids: Sequence[int], places: Sequence[int]) -> Iterator[Row]:
    """Every event takes place somewhere."""
    for number, event_id in enumerate(ids):
        yield {
            "tenant_id": db.tenant_id,
            "entry_id": event_id,
            "role": events.LOCATION,
            "to_entry_id": places[number % len(places)],
            "position": 0,
        }


def contact_rows(db: Work, ids: Sequence[int]) -> Iterator[Row]:
    """Whom to turn to, each by telephone and mail."""
    for number, contact_id in enumerate(ids):
        yield {
            "tenant_id": db.tenant_id,
            "id": contact_id,
            "name": f"Muster {number + 1}",
            "phone": f"+4982132{number:04}",
            "mobile": "",
            "email": f"amt{number + 1}@example.org",
            "website": "",
            "appointment_url": "",
            "hours": "",
            "is_primary": False,
        }


def media_rows(db: Work, ids: Sequence[int]) -> Iterator[Row]:
    """Pictures with two small copies each, in folders of a hundred. There are no bytes: lists show addresses alone."""
    for number, media_id in enumerate(ids):
        name, key = f"bild-{number + 1}.jpg", f"{db.tenant_id}/{media_id:032x}"
        copy = {"type": "image/webp"}
        copies = [{**copy, "key": f"{key}-{side}.webp", "width": side, "height": side} for side in _COPIES]
        yield {
            "tenant_id": db.tenant_id,
            "id": media_id,
            "folder": f"Ordner {number // _IN_A_FOLDER + 1}",
            "name": name,
            "sought": name,
            "key": f"{key}.jpg",
            "type": "image/jpeg",
            "size": 300_000,
            "width": 1_600,
            "height": 1_600,
            "focal_x": 0.5,
            "focal_y": 0.5,
            "renditions": {"items": copies},
        }
