"""Events: what takes place once or repeatedly, and calendars elsewhere from which they are taken over."""

from .actions import (
    EventFacts,
    archive,
    change,
    copy,
    create,
    create_imported,
    delete_for_good,
    facts_of,
    keep_places,
    override,
    reset,
    restore,
)
from .calendars import (
    CalendarDraft,
    Plan,
    add_calendar,
    change_calendar,
    fetch,
    preview,
    remove_calendar,
)
from .components import read as read_calendar
from .jobs import RUN_CALENDAR, enqueue_calendars, run_calendar
from .models import Event, EventOverride, ExternalCalendar, ExternalEvent
from .ports import CalendarSource
from .projection import EVENTS
from .queries import KIND, LOCATION, all_calendars, find, find_calendar, imported, is_imported, series_by_id
from .recurrence import Occurrence, Series, has_only, is_endless, joined, moments, occurrence_key, parts_of, series_of
from .rules import matches

__all__ = [
    "EVENTS",
    "KIND",
    "LOCATION",
    "RUN_CALENDAR",
    "CalendarDraft",
    "CalendarSource",
    "Event",
    "EventFacts",
    "EventOverride",
    "ExternalCalendar",
    "ExternalEvent",
    "Occurrence",
    "Plan",
    "Series",
    "add_calendar",
    "all_calendars",
    "archive",
    "change",
    "change_calendar",
    "copy",
    "create",
    "create_imported",
    "delete_for_good",
    "enqueue_calendars",
    "facts_of",
    "fetch",
    "find",
    "find_calendar",
    "has_only",
    "imported",
    "is_endless",
    "is_imported",
    "joined",
    "keep_places",
    "matches",
    "moments",
    "occurrence_key",
    "override",
    "parts_of",
    "preview",
    "read_calendar",
    "remove_calendar",
    "reset",
    "restore",
    "run_calendar",
    "series_by_id",
    "series_of",
]
