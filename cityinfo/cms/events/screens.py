"""The screens of events: what is their own on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import entries, sentences
from cityinfo.cms.entries import Feature, Note, Screens, Wording, picking
from cityinfo.cms.entries.screens import both
from cityinfo.cms.kinds import readable_entries
from cityinfo.cms.layout import Form, blueprint, city_zone, render, screen
from cityinfo.features import events
from cityinfo.features.events import EVENTS, Event, EventFacts, ExternalCalendar
from cityinfo.features.locations import LOCATIONS
from cityinfo.features.organizations import ORGANIZATIONS
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .dates import Preview, is_over, preview
from .forms import FIELDS, SEVERAL, listed, shown, stepped, with_facts
from .overview import month_held
from .repeating import DAILY, MONTHLY, ONCE, OTHER, WEEKLY, YEARLY, repeat_of
from .words import in_words


class EventScreens(Screens):
    """When something takes place, how often and where, beside what is told of it."""

    content_type = EVENTS
    feature: ClassVar[Feature] = events
    plural = "events"
    symbol = "calendar-event"
    names = FIELDS
    several = SEVERAL
    fields: ClassVar[Mapping[str, str]] = {"event.day": "starts_on", "event.time": "starts_at", "event.end": "ends_at"}
    list_template = "events/list.html"
    filters = ("calendar",)
    can_copy = True

    def wording(self) -> Wording:
        return Wording(
            heading=_("Events"),
            lead=_("What takes place, once or repeatedly."),
            new=_("New event"),
            all=_("All events"),
            archived=_("Archived events"),
            more=_("More events"),
            none_yet=_("There is no event yet."),
            none_fits=_("No event fits."),
            languages=_("Languages of this event"),
            title=_("Title"),
            body=_("Description"),
        )

    def notes(self, db: Work, entry_ids: Collection[int]) -> Mapping[int, Note]:
        found, sources = events.events(db, entry_ids).values(), events.calendars_of(db, entry_ids)
        return {event.id: _note(event, sources.get(event.id)) for event in found}

    def among(self, db: Work, looked_for: Mapping[str, str]) -> Collection[int] | None:
        calendar_id = picking.one(looked_for["calendar"])
        return {row.event_id for row in events.imported(db, calendar_id).values()} if calendar_id else None

    def beside(self, db: Work) -> Mapping[str, Any]:
        return {"calendars": {str(one.id): one.name for one in events.all_calendars(db)}}

    def beginning(self, db: Work) -> dict[str, str]:  # noqa: ARG002 - the same in every city
        """Next week at six, once."""
        day = (clock.now().astimezone(city_zone()) + timedelta(days=7)).date()
        times = {"starts_on": f"{day}", "starts_at": "18:00", "ends_at": "20:00"}
        return {**times, "often": ONCE, "interval": "1", "monthly": "day", "end": "never", "days": str(day.weekday())}

    def typed(self) -> dict[str, str]:
        return {**super().typed(), "days": ",".join(request.form.getlist("days"))}

    def show_list(self, tenant: str) -> AnyResponse:
        """A sheet at a time, or a month of the city (`view`)."""
        if request.args.get("view") != "month":
            return super().show_list(tenant)
        looked_for = {"calendar": request.args.get("calendar", "")}
        with screen() as (db, actor):
            among = both(readable_entries(db, self.kind, actor), self.among(db, looked_for))
            month = month_held(db, request.args.get("month", ""), among)
            return render("events/month.html", month=month, looked_for=looked_for, **self.beside(db))

    def stepped(self, values: dict[str, str], step: str) -> dict[str, str]:
        return stepped(values, step)

    def shown(self, db: Work, entry_id: int) -> dict[str, str]:
        return shown(_facts(db, entry_id))

    def facts(self, db: Work, entry_id: int | None) -> EventFacts | None:
        return _facts(db, entry_id) if entry_id else None

    def with_typed(self, before: EventFacts | None, values: Mapping[str, str]) -> EventFacts:
        return with_facts(before, values)

    def copy(self, db: Work, entry_id: int, *, actor: Actor) -> int:
        return events.copy(db, entry_id, actor=actor).id

    def around(self, db: Work, entry_id: int | None, form: Form) -> Mapping[str, Any]:
        source = events.calendars_of(db, [entry_id]).get(entry_id) if entry_id else None
        return {
            "days": form.values.get("days", "").split(","),
            "preview": _preview(db, entry_id, form),
            "kept": _kept(form.values),
            "locations": picking.entries(db, LOCATIONS, "location", form),
            "organizations": picking.entries(db, ORGANIZATIONS, "organization", form),
            "often": _often(form.values.get("often", "")),
            "source": source,
            "cannot_copy": source is not None,
        }


SCREENS = EventScreens()
entries.add(SCREENS)


@blueprint.post("/<tenant>/events/dates")
@guarded("event:read")
def show_dates(tenant: str) -> AnyResponse:
    """What the form as it is typed comes to: the sentence for readers and the next dates."""
    with screen() as (db, actor):
        event_id = request.form.get("event", type=int)
        if event_id:
            SCREENS.check_reading(actor, event_id)
        before, values = _facts(db, event_id) if event_id else None, SCREENS.typed()
        told, problem = None, ""
        try:
            told = preview(db, with_facts(before, values), event_id, month=values["month"])
        except Invalid as refusal:
            problem = sentences.said(refusal)
        return render("events/live.html", preview=told, problem=problem, kept=_kept(values), is_part=True)


def _note(event: Event, source: ExternalCalendar | None) -> Note:
    series = events.series(event)
    repeat = repeat_of(series.rules, series.starts)
    line, over = in_words(repeat, series.starts, series.ends, all_day=event.all_day), is_over(series)
    from_where = _("from the calendar “{name}”", name=source.name) if source else ""
    return Note(_("{when} · over", when=line) if over else line, over, from_where)


def _preview(db: Work, event_id: int | None, form: Form) -> Preview | None:
    """Of what was typed when the form comes back, else of what is kept."""
    before, month = _facts(db, event_id) if event_id else None, form.values.get("month", "")
    try:
        if before is not None and request.method == "GET":
            return preview(db, before, event_id)
        return preview(db, with_facts(before, form.values), event_id, month=month)
    except Invalid:
        return None


def _kept(values: Mapping[str, str]) -> dict[str, list[str] | str]:
    """What a form must not forget while it cannot be read."""
    return {"off": listed(values, "off"), "plus": listed(values, "plus"), "month": values.get("month", "")}


def _facts(db: Work, event_id: int) -> EventFacts:
    return events.facts_of(db, events.find(db, event_id))


def _often(chosen: str) -> dict[str, str]:
    words = {
        ONCE: _("Once"),
        DAILY: _("Daily"),
        WEEKLY: _("Weekly"),
        MONTHLY: _("Monthly"),
        YEARLY: _("Yearly"),
    }
    return words | ({OTHER: _("By its own rule")} if chosen == OTHER else {})
