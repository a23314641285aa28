"""What a calendar says of an event, part by part, and how that differs from what it said before and what is here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from cityinfo.features import content
from cityinfo.kernel.db import Work

from . import actions, queries, rules
from .components import Component, Override
from .models import Event, ExternalEvent
from .queries import LOCATION

TIMES = ("starts", "ends", "time_zone", "all_day", "rules", "dates", "exceptions")
WORDS = ("title", "content")
OCCURRENCES = "occurrences"

# Each part as it is kept here. `occurrences` are the dates with words or a meeting link of their own, by their
# recurrence id; None means as the series.
Said = dict[str, Any]
AS_USUAL: Said = {"words": None, "meeting_url": None}


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of an event that a run changes. `stays` says that an editor changed it here, so that it stays as it is."""

    uid: str
    title: str
    part: str
    before: str
    after: str
    stays: bool


def said(component: Component, location: int | None) -> Said:
    """What a calendar says, as it is kept here when nobody changes it; all of it takes place at `location` if given."""
    told = component.facts
    return {
        "when": {
            "starts": told.starts.isoformat(),
            "ends": told.ends.isoformat(),
            "time_zone": told.time_zone,
            "all_day": told.all_day,
            "rules": list(told.rules),
            "dates": rules.stamps(told.dates),
            "exceptions": rules.stamps(told.exceptions),
            "overrides": sorted(_written(component.overrides)),
        },
        "title": component.title,
        "content": _with_place(component.content, component.place, location),
        "categories": actions.normal_categories(told.categories),
        "meeting_url": told.meeting_url,
        "location": location,
        OCCURRENCES: dict(_said_of_occurrences(component, location)),
    }


def said_here(db: Work, event: Event, language: str) -> Said:
    """The same parts as they are here now."""
    overrides = queries.overrides(db, [event.id]).get(event.id, ())
    return {
        "when": {
            **{name: getattr(event, name) for name in TIMES},
            "overrides": [[one.recurrence_id, one.starts, one.ends] for one in overrides],
        },
        **dict(zip(WORDS, _words(db, event.id, language) or (None, None), strict=True)),
        "categories": event.categories,
        "meeting_url": event.meeting_url,
        "location": content.related(db, [event.id], LOCATION).get(event.id, [None])[0],
        OCCURRENCES: occurrences_here(db, event, language),
    }


def occurrences_here(db: Work, event: Event, language: str) -> Said:
    """The dates that differ here, in the same parts."""
    return {
        at: {"words": _words(db, row.id, language), "meeting_url": row.meeting_url if row.elsewhere else None}
        for at, row in queries.changed(db, [event.id]).get(event.id, {}).items()
    }


def said_before(row: ExternalEvent) -> Said:
    """What the calendar said last. What was kept before dates had words says nothing of them."""
    return {OCCURRENCES: {}, **row.said}


def merged(before: Said, new: Said, now: Said) -> Said:
    """What shall be here: what the calendar says anew, except where an editor changed what it said before."""
    flat = {name: now[name] if now[name] != before.get(name) else said for name, said in new.items()}
    flat[OCCURRENCES] = dict(_merged_occurrences(before[OCCURRENCES], new[OCCURRENCES], now[OCCURRENCES]))
    return flat


def differences(uid: str, before: Said, new: Said, now: Said) -> list[Difference]:
    """What a run would change, part by part, in words for a person."""
    return [
        Difference(uid, new["title"], part, _shown(before.get(part)), _shown(after), now[part] != before.get(part))
        for part, after in new.items()
        if before.get(part) != after
    ]


def _said_of_occurrences(component: Component, location: int | None) -> Iterator[tuple[str, Said]]:
    usual = [component.title, _with_place(component.content, component.place, location)]
    for one in component.occurrences:
        words = [one.title, _with_place(one.content, one.place, location)]
        url = one.meeting_url
        own = {
            "words": None if words == usual else words,
            "meeting_url": None if url == component.facts.meeting_url else url,
        }
        if own != AS_USUAL:
            yield one.original.isoformat(), own


def _merged_occurrences(before: Said, new: Said, now: Said) -> Iterator[tuple[str, Said]]:
    for at in sorted(new.keys() | now.keys()):
        found = _merged_occurrence(before.get(at), new.get(at), now.get(at))
        if found is not None:
            yield at, found


def _merged_occurrence(before: Said | None, new: Said | None, now: Said | None) -> Said | None:
    """None: as the series. What an editor changed, or reset, stays."""
    if new is None:
        return None if now == before else now
    if now is None:
        return new if before is None else None
    before = before or AS_USUAL
    return {name: now[name] if now[name] != before[name] else value for name, value in new.items()}


def _words(db: Work, entry_id: int, language: str) -> list[str] | None:
    text = content.text_of(db, entry_id, language)
    version = content.version(db, text.current_version_id) if text else None
    return [version.title, version.content] if version else None


def _with_place(words: str, place: str, location: int | None) -> str:
    """A place stays as words in the text, unless the calendar has one place for everything."""
    if not place or location is not None:
        return words
    return words + f"<p>{escape(place, quote=False)}</p>"


def _written(overrides: Iterable[Override]) -> Iterable[list[str]]:
    for original, times in dict(overrides).items():
        yield [original.isoformat(), *((one.isoformat() for one in times) if times else ("", ""))]


def _shown(value: Any) -> str:
    """A part in one line: what is empty in it is left out."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(one)}" for name, one in value.items() if one)
    if isinstance(value, list):
        return " ".join(map(_shown, value))
    return "" if value is None else str(value)
