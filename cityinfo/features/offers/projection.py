"""What the public sees of offers, computed from what editors have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cityinfo.features import content, media, organizations, tenants
from cityinfo.features.content import ContentType, Key, Projection
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.facts import Actor, tell

from . import queries, rules
from .models import Offer
from .queries import CONTACT, KIND, LOCATION


def affected(_db: Work, offer_ids: Collection[int], _widely: bool) -> set[int]:
    return set(offer_ids)


def project(db: Work, ids: Collection[int], active: Collection[str], languages: Collection[str]) -> Projection:
    """What the public sees of these offers; one that has ended is not public any more."""
    found = queries.offers(db, ids)
    now = clock.now()
    ends = {one.id: end for one in found.values() if (end := rules.ends_at(one.deadline, one.valid_until))}
    coming = {offer_id: end for offer_id, end in ends.items() if end > now}
    lasting = [offer_id for offer_id in found if offer_id not in ends or offer_id in coming]
    words = content.Words(db, lasting, active, languages, falls_back=content.falls_back(db))
    projection = words.projection(_Facts(db, found, words, languages).of)
    return Projection(projection.documents, projection.outlines, _due(db, ids, coming))


def pass_time(db: Work, entry_id: int, moment: datetime, actor: Actor) -> None:
    """Do what the texts' schedules say, and look again at an offer that has ended."""
    content.pass_time(db, entry_id, moment, actor)
    offer = queries.find(db, entry_id)
    end = rules.ends_at(offer.deadline, offer.valid_until)
    if end is not None and end <= moment:
        before, after = digest(end, "coming"), digest(end, "ended")
        tell(db, content.EntryChanged(actor=actor, kind=KIND, entry_id=entry_id, before=before, after=after))


class _Facts:
    """What documents of offers say beside words; everything is loaded once."""

    def __init__(self, db: Work, found: Mapping[int, Offer], words: content.Words, languages: Collection[str]) -> None:
        self._found = found
        self._pictures = media.pictures(db, words.entries, languages)
        self._providers = organizations.of_entries(db, words.entries, languages)
        self._places = {role: _Targets.of(db, words, role) for role in (LOCATION, CONTACT)}

    def of(self, key: Key) -> Mapping[str, Any]:
        offer = self._found[key[0]]
        return {
            "sort": offer.sort,
            "organization": self._providers.get(key),
            "locations": self._places[LOCATION].public(key),
            "contacts": self._places[CONTACT].public(key),
            "picture": self._pictures.get(key),
            "audiences": offer.audiences,
            "spoken": offer.spoken,
            "age": _span(offer.age_from, offer.age_to),
            "cost": _span(_amount(offer.cost_from), _amount(offer.cost_to)),
            "schedule": offer.schedule["items"],
            "deadline": _moment(offer.deadline),
            "valid_until": _moment(offer.valid_until),
            "link": offer.link or None,
            "appointment": offer.appointment or None,
        }


@dataclass(frozen=True, slots=True)
class _Targets:
    """What offers lead to in a role, and what of it can be seen in which language."""

    related: Mapping[int, list[int]]
    seen: Collection[Key]

    @classmethod
    def of(cls, db: Work, words: content.Words, role: str) -> _Targets:
        related = content.related(db, words.entries, role)
        targets = {one for ids in related.values() for one in ids}
        if not targets:
            return cls({}, ())
        active = tenants.active_languages(db)
        return cls(related, content.Words(db, targets, active, (), falls_back=content.falls_back(db)).written)

    def public(self, key: Key) -> list[int]:
        return [one for one in self.related.get(key[0], ()) if (one, key[1]) in self.seen]


def _due(db: Work, ids: Collection[int], ends: Mapping[int, datetime]) -> dict[int, set[datetime]]:
    found = content.due(db, ids)
    for offer_id, end in ends.items():
        found.setdefault(offer_id, set()).add(end)
    return found


def _span(first: float | None, last: float | None) -> dict[str, float | None] | None:
    return None if first is None and last is None else {"from": first, "to": last}


def _amount(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None


OFFERS = ContentType(
    kind=KIND,
    affected=affected,
    project=project,
    all_ids=queries.all_ids,
    pass_time=pass_time,
    path="offers/",
    falls_back=content.where_wanted,
)
