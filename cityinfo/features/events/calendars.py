"""Calendars elsewhere whose events are taken over: which ones, what a run would change, and the run itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cityinfo.features import content, tenants
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid, NotFound, Outdated
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import actions, comparison, components, facts, occurrences, queries, rules
from .comparison import Difference, Said
from .components import Component, Read, Rejected
from .models import Event, EventOverride, ExternalCalendar, ExternalEvent
from .occurrences import Whereabouts
from .ports import CalendarSource
from .queries import LOCATION

IMPORT = Actor("import", "calendar")
CALENDAR = "calendar"  # as the audit log names them
_SHOWN = 100  # rejected events that are kept with the result
_RUNS, _SHOWN_OF_EACH = 14, 20  # runs that are kept, and rejected events of each


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDraft:
    """How a calendar shall be taken over."""

    name: str
    address: str
    language: str
    category: str = ""
    location: int | None = None
    paused: bool = False


@dataclass(slots=True)
class Plan:
    """What a run would do, or did: titles by what becomes of them. A preview says how changed ones differ.

    `refused` were deleted here by an editor and stay away.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unchanged: int = 0

    def result(self) -> dict[str, Any]:
        """The same as it is kept with the calendar."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "vanished": len(self.vanished),
            "refused": len(self.refused),
            "unchanged": self.unchanged,
            "left_out": len(self.rejected),
            "rejected": [one.written() for one in self.rejected[:_SHOWN]],
        }


def add_calendar(db: Work, draft: CalendarDraft, *, actor: Actor) -> ExternalCalendar:
    """Take over a calendar's events from now on, every night."""
    calendar = ExternalCalendar(
        id=db.new_id(), revision=1, last_result={}, last_error="", runs=[], language=draft.language
    )
    _put(db, calendar, draft)
    tell(db, facts.CalendarAdded(actor=actor, kind=CALENDAR, entry_id=calendar.id, after=_digest(calendar)))
    return calendar


def check_calendar(db: Work, draft: CalendarDraft) -> None:
    """Raise `Invalid` when a calendar cannot be kept like this, whatever is found under its address."""
    if draft.language not in tenants.tree(db):
        raise Invalid("calendar.language", say("This city does not write in “{language}”.", language=draft.language))
    address = _web_address(draft.address)
    rules.check_addresses(address)
    if not address or not draft.name.strip():
        code = "calendar.address" if draft.name.strip() else "calendar.nameless"
        raise Invalid(code, "A calendar needs a name and an address.")
    if draft.location is not None:
        content.find_entry(db, draft.location, LOCATION)


def change_calendar(db: Work, calendar_id: int, draft: CalendarDraft, *, revision: int, actor: Actor) -> None:
    """Take a calendar over in another way. Its language stays once something was taken over."""
    calendar = queries.find_calendar(db, calendar_id)
    if calendar.revision != revision:
        raise Outdated("calendar.conflict", "Someone else changed this calendar in between; look at it again.")
    if draft.language != calendar.language and queries.imported(db, calendar.id):
        raise Invalid("calendar.language", "Events were taken over in the present language; add the calendar anew.")
    before = _digest(calendar)
    calendar.revision += 1
    _put(db, calendar, draft)
    said = {"before": before, "after": _digest(calendar)}
    tell(db, facts.CalendarChanged(actor=actor, kind=CALENDAR, entry_id=calendar.id, **said))


def remove_calendar(db: Work, calendar_id: int, *, keep: bool = False, actor: Actor) -> None:
    """Take nothing over any more. What is still to come is withdrawn, or stays as the city's own (`keep`)."""
    calendar = queries.find_calendar(db, calendar_id)
    before = _digest(calendar)
    if not keep:
        withdraw(db, calendar.id, (), actor=actor)
    for row in queries.imported(db, calendar.id).values():
        db.delete(row)
    db.flush()
    db.delete(calendar)
    tell(db, facts.CalendarRemoved(actor=actor, kind=CALENDAR, entry_id=calendar_id, before=before))


def fetch(source: CalendarSource, calendar: ExternalCalendar, *, zone: str) -> Read:
    """The calendar as it is now. Talks to the world outside: not within a unit of work that writes."""
    body = source.fetch(calendar.address, most=components.MOST_BYTES)
    return components.read(body, zone=zone, category=calendar.category)


def try_out(source: CalendarSource, draft: CalendarDraft, *, zone: str = "UTC") -> Read:
    """Read a calendar once before it is added; raises what `fetch` raises."""
    body = source.fetch(_web_address(draft.address), most=components.MOST_BYTES)
    return components.read(body, zone=zone, category=draft.category.strip())


def preview(db: Work, calendar_id: int, read: Read) -> Plan:
    """What taking this over would change."""
    calendar = queries.find_calendar(db, calendar_id)
    known = queries.imported(db, calendar.id)
    plan = Plan(rejected=list(read.rejected))
    for component in _wanted(db, calendar.id, read.found.values(), plan):
        row, said = known.get(component.uid), comparison.said(component, calendar.location_id)
        _note(plan, row, component, said)
        if row is not None and differs(row, said):
            here = comparison.said_here(db, queries.find(db, row.event_id), calendar.language)
            plan.differences += comparison.differences(component.uid, comparison.said_before(row), said, here)
    plan.vanished = [row.said["title"] for row in vanished(db, calendar.id, read.uids)]
    return plan


def take_over(db: Work, calendar_id: int, found: Iterable[Component], plan: Plan, *, actor: Actor = IMPORT) -> None:
    """Create and change events as a calendar says, and count what was done. What is as it was makes no version."""
    calendar = queries.find_calendar(db, calendar_id)
    known = queries.imported(db, calendar.id)
    for component in _wanted(db, calendar.id, found, plan):
        row, said = known.get(component.uid), comparison.said(component, calendar.location_id)
        _note(plan, row, component, said)
        if row is None:
            _create(db, calendar, component, said, actor)
        elif differs(row, said):
            _change(db, calendar, row, component, said, actor)
    db.flush()


def withdraw(db: Work, calendar_id: int, named: Collection[str], *, actor: Actor = IMPORT) -> list[str]:
    """Take events that are still to come and that the calendar no longer names out of public sight."""
    titles = []
    for row in vanished(db, calendar_id, named):
        entry = content.find_entry(db, row.event_id)
        if entry.archived_at is None:
            content.set_archived(db, entry, True, revision=entry.revision, actor=actor)
            row.withdrawn = True
            titles.append(row.said["title"])
    return titles


def take_back(db: Work, calendar_id: int, uid: str, *, actor: Actor) -> None:
    """Take over an event again that was deleted here, with the next run; `NotFound` if none of that UID was."""
    calendar = queries.find_calendar(db, calendar_id)
    row = queries.refused(db, calendar.id).get(uid)
    if row is None:
        raise NotFound(
            "calendar.not_refused", say("No event “{uid}” of this calendar was deleted here.", uid=uid[:100])
        )
    db.delete(row)
    tell(db, facts.EventTakenBack(actor=actor, kind=CALENDAR, entry_id=calendar.id, before=digest(uid)))


def note_result(db: Work, calendar_id: int, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    """Keep how the last run went; an error leaves the last result that there was."""
    calendar = queries.find_calendar(db, calendar_id)
    calendar.last_run_at, calendar.last_error = clock.now(), error
    run = {"at": calendar.last_run_at.isoformat(), "error": error, **(result or {})}
    run["rejected"] = run.get("rejected", [])[:_SHOWN_OF_EACH]
    calendar.runs = [run, *calendar.runs][:_RUNS]
    if result is not None:
        said = {"before": digest(calendar.last_result), "after": digest(result)}
        calendar.last_result = result
        tell(db, facts.CalendarImported(actor=IMPORT, kind=CALENDAR, entry_id=calendar_id, **said))


def _digest(calendar: ExternalCalendar) -> str:
    said = (calendar.name, calendar.address, calendar.language, calendar.category)
    return digest(*said, calendar.location_id, calendar.paused)


def _wanted(db: Work, calendar_id: int, found: Iterable[Component], plan: Plan) -> Iterator[Component]:
    """Those that no editor deleted here; the others are noted."""
    refused = queries.refused(db, calendar_id)
    for component in found:
        if component.uid in refused:
            plan.refused.append(component.title)
        else:
            yield component


def _put(db: Work, calendar: ExternalCalendar, draft: CalendarDraft) -> None:
    check_calendar(db, draft)
    address = _web_address(draft.address)
    calendar.name, calendar.address, calendar.category = draft.name.strip(), address, draft.category.strip()
    calendar.language, calendar.location_id, calendar.paused = draft.language, draft.location, draft.paused
    db.add(calendar)
    db.flush()


def _web_address(address: str) -> str:
    address = address.strip()
    return "https://" + address[len("webcal://") :] if address.lower().startswith("webcal://") else address


def _note(plan: Plan, row: ExternalEvent | None, component: Component, new: Said) -> None:
    if row is None:
        plan.new.append(component.title)
    elif differs(row, new):
        plan.changed.append(component.title)
    else:
        plan.unchanged += 1


def differs(row: ExternalEvent, new: Said) -> bool:
    """Whether a calendar says something else than before, or has again what had vanished."""
    return row.withdrawn or comparison.said_before(row) != new


def vanished(db: Work, calendar_id: int, named: Collection[str]) -> list[ExternalEvent]:
    """What is still to come and the calendar no longer names."""
    now = clock.now()
    gone = [row for uid, row in queries.imported(db, calendar_id).items() if uid not in named and not row.withdrawn]
    ids = [row.event_id for row in gone]
    found, overrides = queries.events(db, ids), queries.overrides(db, ids)
    ends = {one.id: queries.series(one, overrides.get(one.id, ())).last_end() for one in found.values()}
    return [row for row in gone if (end := ends[row.event_id]) is None or end > now]


def _create(db: Work, calendar: ExternalCalendar, component: Component, said: Said, actor: Actor) -> None:
    wanted = replace(component.facts, location=calendar.location_id)
    event = actions.create_imported(db, wanted, uid=component.uid, actor=actor)
    _put_overrides(db, event, said["when"]["overrides"])
    _write(db, event.id, calendar.language, said, actor)
    _put_occurrences(db, calendar, event, said[comparison.OCCURRENCES], actor)
    event.sequence = component.sequence
    row = ExternalEvent(calendar_id=calendar.id, uid=component.uid, event_id=event.id, withdrawn=False)
    row.sequence, row.said = component.sequence, said
    db.add(row)


def _change(
    db: Work, calendar: ExternalCalendar, row: ExternalEvent, component: Component, said: Said, actor: Actor
) -> None:
    """Take over what the calendar says anew; what an editor changed here stays as it is."""
    event, entry = queries.find(db, row.event_id), content.find_entry(db, row.event_id)
    if row.withdrawn and entry.archived_at is not None:
        content.set_archived(db, entry, False, revision=entry.revision, actor=actor)
    now = comparison.said_here(db, event, calendar.language)
    merged = comparison.merged(comparison.said_before(row), said, now)
    _change_facts(db, event, component, now, merged, actor)
    if (merged["title"], merged["content"]) != (now["title"], now["content"]):
        _write(db, event.id, calendar.language, merged, actor)
    _put_occurrences(db, calendar, event, merged[comparison.OCCURRENCES], actor)
    event.sequence = max(event.sequence, component.sequence)
    row.sequence, row.said, row.withdrawn = component.sequence, said, False


def _change_facts(db: Work, event: Event, component: Component, now: Said, merged: Said, actor: Actor) -> None:
    beside = [name for name in merged if name not in (*comparison.WORDS, comparison.OCCURRENCES)]
    if all(merged[name] == now[name] for name in beside):
        return
    wanted = actions.facts_of(db, event)
    if merged["when"] != now["when"]:
        wanted = replace(wanted, **{name: getattr(component.facts, name) for name in comparison.TIMES})
        _put_overrides(db, event, ())
    others = {name: merged[name] for name in ("categories", "meeting_url", "location")}
    wanted = replace(wanted, **others)
    revision = content.find_entry(db, event.id).revision
    actions.change(db, event.id, wanted, revision=revision, imported=True, actor=actor)
    if merged["when"] != now["when"]:
        _put_overrides(db, event, merged["when"]["overrides"])


def _put_overrides(db: Work, event: Event, written: Iterable[Any]) -> None:
    for row in queries.overrides(db, [event.id]).get(event.id, ()):
        db.delete(row)
    db.flush()
    for recurrence_id, starts, ends in written:
        db.add(EventOverride(event_id=event.id, recurrence_id=recurrence_id, starts=starts, ends=ends))
    db.flush()


def _put_occurrences(db: Work, calendar: ExternalCalendar, event: Event, wanted: Said, actor: Actor) -> None:
    """Let exactly these occurrences have words or a meeting link of their own."""
    now, before = comparison.occurrences_here(db, event, calendar.language), occurrences.state(db, event)
    if now == wanted:
        return
    known = queries.changed(db, [event.id]).get(event.id, {})
    gone = [row for at, row in known.items() if at not in wanted or _has_lost_words(now[at], wanted[at])]
    occurrences.forget(db, event, gone, actor=actor)
    now = comparison.occurrences_here(db, event, calendar.language)
    for at, said in wanted.items():
        _put_occurrence(db, calendar, event, datetime.fromisoformat(at), now.get(at, comparison.AS_USUAL), said, actor)
    occurrences.count(db, event, before=before, actor=actor)


def _put_occurrence(
    db: Work, calendar: ExternalCalendar, event: Event, original: datetime, now: Said, said: Said, actor: Actor
) -> None:
    row = occurrences.open_occurrence(db, event, original, actor=actor)
    if now["words"] != said["words"]:
        title, words = said["words"]
        _write(db, row.id, calendar.language, {"title": title, "content": words}, actor)
    url = said["meeting_url"]
    if now["meeting_url"] != url:
        place = None if url is None else Whereabouts(location=calendar.location_id, meeting_url=url)
        occurrences.put_place(db, event, original, place, actor=actor)


def _has_lost_words(now: Said, said: Said) -> bool:
    return said["words"] is None and now["words"] is not None


def _write(db: Work, event_id: int, language: str, said: Said, actor: Actor) -> None:
    """Save the words, and publish them unless an editor took them offline."""
    text = content.text_of(db, event_id, language)
    was_hidden = text is not None and text.public_version_id is None
    draft = content.TextDraft(
        title=said["title"],
        content=said["content"],
        revision=text.revision if text else 0,
        origin=content.IMPORTED,
    )
    content.save_text(db, event_id, language, draft, actor=actor)
    if not was_hidden:
        revision = content.find_text(db, event_id, language).revision
        content.publish_text(db, event_id, language, revision=revision, actor=actor)
