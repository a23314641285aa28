"""Changes to one occurrence of a series: its times, its words, its place, or that it does not take place.

Words and place make it an entry of its own, related to its event. So its words are texts with versions in all
languages, what it shows is known like everything that is shown, and the event's documents follow.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from cityinfo.features import content, tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from . import queries, rules
from .models import ChangedOccurrence, Event, EventOverride
from .queries import KIND, LOCATION, OCCURRENCE
from .recurrence import Times


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where one occurrence takes place, instead of where its series does."""

    location: int | None = None
    meeting_url: str = ""


def override(db: Work, event_id: int, original: datetime, times: Times | None, *, revision: int, actor: Actor) -> None:
    """Let the occurrence that the series has begin at `original` take place at other times; None cancels it."""
    event, before = _checked(db, event_id, revision)
    put_times(db, event, original, times)
    count(db, event, before=before, actor=actor)


def reword(db: Work, event_id: int, original: datetime, *, revision: int, actor: Actor) -> ChangedOccurrence:
    """Let an occurrence have words of its own: save and publish them as texts of the entry that is returned.

    In a language without a public one readers are shown the words of the series.
    """
    event, before = _checked(db, event_id, revision)
    row = open_occurrence(db, event, original, actor=actor)
    count(db, event, before=before, actor=actor)
    return row


def relocate(
    db: Work, event_id: int, original: datetime, place: Whereabouts | None, *, revision: int, actor: Actor
) -> None:
    """Let an occurrence take place somewhere else; None lets it take place where its series does."""
    event, before = _checked(db, event_id, revision)
    put_place(db, event, original, place, actor=actor)
    count(db, event, before=before, actor=actor)


def reset(db: Work, event_id: int, original: datetime, *, revision: int, actor: Actor) -> None:
    """Let an occurrence take place as its series says again."""
    event, before = _checked(db, event_id, revision)
    row = db.get(EventOverride, (db.tenant_id, event.id, original.isoformat()))
    changed = _changed(db, event).get(original.isoformat())
    if row is None and changed is None:
        return
    if row is not None:
        db.delete(row)
    forget(db, event, [changed] if changed else [], actor=actor)
    count(db, event, before=before, actor=actor)


def put_times(db: Work, event: Event, original: datetime, times: Times | None) -> None:
    """Keep other times. The caller counts the change."""
    check_original(event, original)
    if times is not None:
        rules.check_times(*times, zone=event.time_zone, all_day=event.all_day, lenient=True)
    key = (db.tenant_id, event.id, original.isoformat())
    row = db.get(EventOverride, key) or EventOverride(event_id=event.id, recurrence_id=key[2])
    row.starts, row.ends = (times[0].isoformat(), times[1].isoformat()) if times else ("", "")
    db.add(row)
    db.flush()


def put_place(db: Work, event: Event, original: datetime, place: Whereabouts | None, *, actor: Actor) -> None:
    """Keep another place. The caller counts the change."""
    rules.check_addresses(place.meeting_url if place else "")
    row = open_occurrence(db, event, original, actor=actor)
    row.elsewhere, row.meeting_url = place is not None, place.meeting_url if place else ""
    target = [place.location] if place and place.location is not None else []
    content.relate(db, content.find_entry(db, row.id), LOCATION, target, kind=LOCATION)


def open_occurrence(db: Work, event: Event, original: datetime, *, actor: Actor) -> ChangedOccurrence:
    """The entry of an occurrence, made when there is none yet. The caller counts the change."""
    known = _changed(db, event)
    if original.isoformat() in known:
        return known[original.isoformat()]
    check_original(event, original)
    entry = content.create_entry(db, OCCURRENCE)
    row = ChangedOccurrence(id=entry.id, event_id=event.id, recurrence_id=original.isoformat())
    row.elsewhere, row.meeting_url = False, ""
    db.add(row)
    db.flush()
    content.tell_created(db, entry, row, actor=actor)
    _relate(db, event, {one.id for one in known.values()} | {row.id})
    return row


def forget(db: Work, event: Event, gone: Collection[ChangedOccurrence], *, actor: Actor) -> None:
    """Delete the words and places of these occurrences. The caller counts the change."""
    ids = {one.id for one in gone}
    if not ids:
        return
    _relate(db, event, {one.id for one in _changed(db, event).values()} - ids)
    for occurrence_id in sorted(ids):
        entry = content.find_entry(db, occurrence_id, OCCURRENCE)
        content.set_archived(db, entry, True, revision=entry.revision, actor=actor)
        content.delete_entry(db, entry, revision=entry.revision, actor=actor)


def forget_missing(db: Work, event: Event, *, actor: Actor) -> None:
    """Forget what is said of occurrences that the event no longer has."""
    series = queries.series(event)

    def is_missing(recurrence_id: str) -> bool:
        return not series.has(datetime.fromisoformat(recurrence_id))

    for row in queries.overrides(db, [event.id]).get(event.id, ()):
        if is_missing(row.recurrence_id):
            db.delete(row)
    db.flush()
    forget(db, event, [row for at, row in _changed(db, event).items() if is_missing(at)], actor=actor)


def copy_all(db: Work, event: Event, twin: Event, *, actor: Actor) -> None:
    """Let the twin's occurrences differ as those of the event do."""
    for one in queries.overrides(db, [event.id]).get(event.id, ()):
        db.add(EventOverride(event_id=twin.id, recurrence_id=one.recurrence_id, starts=one.starts, ends=one.ends))
    places = content.related(db, [one.id for one in _changed(db, event).values()], LOCATION)
    for at, row in _changed(db, event).items():
        location = places.get(row.id, [None])[0]
        place = Whereabouts(location=location, meeting_url=row.meeting_url) if row.elsewhere else None
        put_place(db, twin, datetime.fromisoformat(at), place, actor=actor)
        copy_words(db, row.id, _changed(db, twin)[at].id, actor=actor)


def copy_words(db: Work, from_id: int, to_id: int, *, actor: Actor) -> None:
    """Save what one entry says as the first words of another, in all languages."""
    for language in tenants.tree(db):  # sources stand before what is translated from them
        text = content.text_of(db, from_id, language)
        version = content.version(db, text.current_version_id) if text else None
        if version is not None:
            draft = content.TextDraft(title=version.title, content=version.content, origin=version.origin)
            content.save_text(db, to_id, language, draft, actor=actor)


def check_original(event: Event, original: datetime) -> None:
    if not queries.series(event).has(original):
        raise Invalid(
            "event.occurrence",
            say("The event does not begin at {original}; choose another.", original=f"{original:%Y-%m-%d %H:%M}"),
        )


def state(db: Work, event: Event) -> str:
    """A digest of all that is said of an event and its occurrences beside words."""
    changed = list(_changed(db, event).values())
    places = content.related(db, [one.id for one in changed], LOCATION)
    overrides = queries.overrides(db, [event.id]).get(event.id, [])
    return content.state(db, content.find_entry(db, event.id, KIND), event, overrides, changed, places)


def count(db: Work, event: Event, *, before: str, actor: Actor) -> None:
    """Count a change of the event, for calendars too, if it is one."""
    if state(db, event) == before:
        return
    entry = content.find_entry(db, event.id, KIND)
    event.sequence += 1
    content.change_entry(db, entry, revision=entry.revision, before=before, after=state(db, event), actor=actor)


def _checked(db: Work, event_id: int, revision: int) -> tuple[Event, str]:
    """The event that is to be changed, and what is said of it now."""
    event = queries.find(db, event_id)
    content.check_entry_revision(content.find_entry(db, event.id, KIND), revision)
    return event, state(db, event)


def _changed(db: Work, event: Event) -> Mapping[str, ChangedOccurrence]:
    return queries.changed(db, [event.id]).get(event.id, {})


def _relate(db: Work, event: Event, ids: Collection[int]) -> None:
    content.relate(db, content.find_entry(db, event.id, KIND), OCCURRENCE, sorted(ids), kind=OCCURRENCE)
