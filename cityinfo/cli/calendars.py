"""`cityinfo calendars`: calendars elsewhere whose events a city takes over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cityinfo.kernel.facts import Actor

from .importer import first, opened_database, tenant_id

if TYPE_CHECKING:
    from cityinfo.features.events import CalendarSource, ExternalCalendar, Plan

OPERATOR = Actor("operator", "calendars")
tenant_argument = click.argument("tenant")
calendar_argument = click.argument("calendar", type=int)


@click.group()
def calendars() -> None:
    """Calendars elsewhere (iCal addresses) whose events a city takes over every night."""


@calendars.command("list")
@tenant_argument
def list_calendars(*, tenant: str) -> None:
    """Every calendar of TENANT: number, when it last ran and what came of it, name, address."""
    from cityinfo.features import events

    with opened_database() as database, database.unit_of_work(tenant_id(database, tenant)) as db:
        for calendar in events.all_calendars(db):
            for line in _described(calendar):
                click.echo(line)
            for row in events.refused(db, calendar.id).values():
                click.echo(f"  stays away, deleted here: {row.title} ({row.uid})")


@calendars.command()
@tenant_argument
@click.argument("address")
@click.option("--name", required=True, help="What editors call it.")
@click.option("--language", required=True, help="In which its events are written, such as de.")
@click.option("--category", default="", help="Take only events of this category.")
@click.option("--location", type=int, help="Number of the location where everything takes place.")
def add(*, tenant: str, address: str, name: str, language: str, category: str, location: int | None) -> None:
    """Take over the calendar at ADDRESS from now on, every night. An address that cannot be read is refused."""
    from cityinfo.features import events

    draft = events.CalendarDraft(name=name, address=address, language=language, category=category, location=location)
    with opened_database() as database:
        city = tenant_id(database, tenant)
        events.try_out(_source(), draft)
        with database.unit_of_work(city, write=True) as db:
            number = events.add_calendar(db, draft, actor=OPERATOR).id
    click.echo(
        f"Calendar {number} is added; see what it would bring with: cityinfo calendars preview {tenant} {number}"
    )


@calendars.command()
@tenant_argument
@calendar_argument
def preview(*, tenant: str, calendar: int) -> None:
    """Say what taking CALENDAR over would change, part by part, and write nothing."""
    from cityinfo.features import events, tenants

    with opened_database() as database:
        city = tenant_id(database, tenant)
        with database.unit_of_work(city) as db:
            found, zone = events.find_calendar(db, calendar), tenants.time_zone(db)
        read = events.fetch(_source(), found, zone=zone)
        with database.unit_of_work(city) as db:
            plan = events.preview(db, calendar, read)
    for line in _said(plan):
        click.echo(line)
    click.echo("Nothing was written.")


@calendars.command()
@tenant_argument
@calendar_argument
def run(*, tenant: str, calendar: int) -> None:
    """Take CALENDAR over now, as every night; fails when it cannot be read."""
    from cityinfo.features import events

    with opened_database() as database:
        plan = events.take_over_now(database, tenant_id(database, tenant), calendar, source=_source())
    for line in _said(plan):
        click.echo(line)


@calendars.command()
@tenant_argument
@calendar_argument
def remove(*, tenant: str, calendar: int) -> None:
    """Take nothing of CALENDAR over any more; its events that are still to come leave."""
    from cityinfo.features import events

    with opened_database() as database, database.unit_of_work(tenant_id(database, tenant), write=True) as db:
        events.remove_calendar(db, calendar, actor=OPERATOR)
    click.echo(f"Calendar {calendar} is removed.")


@calendars.command("take-back")
@tenant_argument
@calendar_argument
@click.argument("uid")
def take_back(*, tenant: str, calendar: int, uid: str) -> None:
    """Let the event UID of CALENDAR, which was deleted here, come back with the next run."""
    from cityinfo.features import events

    with opened_database() as database, database.unit_of_work(tenant_id(database, tenant), write=True) as db:
        events.take_back(db, calendar, uid, actor=OPERATOR)
    click.echo(f"It comes back with the next run: cityinfo calendars run {tenant} {calendar}")


def _described(calendar: ExternalCalendar) -> Iterator[str]:
    ran = f"{calendar.last_run_at:%Y-%m-%d %H:%M} UTC" if calendar.last_run_at else "never ran"
    left_out = calendar.last_result.get("left_out", len(calendar.last_result.get("rejected", ())))
    counts = {n: count for n, count in calendar.last_result.items() if isinstance(count, int) and n != "left_out"}
    done = ", ".join(f"{count} {name}" for name, count in counts.items())
    yield f"{calendar.id}  {ran:<20}  {calendar.language}  {calendar.name}  {calendar.address}"
    if done:
        yield f"  {done}, {left_out} left out"
    if calendar.last_error:
        yield f"  error: {calendar.last_error}"


def _said(plan: Plan) -> Iterator[str]:
    yield from _listed("New", plan.new)
    yield from _listed("Changed", plan.changed)
    for one in plan.differences:
        yield f"    {one.title}, {one.part}: “{one.before}” → “{one.after}”" + (
            "; stays as it was changed here" if one.stays else ""
        )
    yield from _listed("No longer in the calendar, taken out of sight", plan.vanished)
    yield from _listed("Deleted here, so they stay away", plan.refused)
    yield from _listed("Left out", [f"{one.title or one.uid}: {one.reason}" for one in plan.rejected])
    yield f"Unchanged: {plan.unchanged}"


def _listed(what: str, titles: list[str]) -> Iterator[str]:
    yield f"{what}: {len(titles)}"
    yield from first(titles)


def _source() -> CalendarSource:
    from cityinfo.app import open_calendars
    from cityinfo.settings import Settings

    return open_calendars(Settings.from_environment())
