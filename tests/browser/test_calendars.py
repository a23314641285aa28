"""Calendars elsewhere and the calendar of an event, in a browser and by keyboard alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.features import events
from cityinfo.kernel import clock
from tests.browser.conftest import staffed, visiting
from tests.factories_events import hold, run_calendars
from tests.features.events.calendars import calendar, one

pytestmark = pytest.mark.browser
TUESDAY = next(day for n in range(7, 14) if (day := (clock.now() + timedelta(days=n)).date()).weekday() == 1)
MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November")


def named(day):
    """As the calendar of an event says a day."""
    weekday = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")[day.weekday()]
    return f"{weekday}, {day.day}. {(*MONTHS, 'Dezember')[day.month - 1]} {day.year}"


@pytest.fixture
def service(sqlite_template, tmp_path):
    """A server that may ask calendars on this machine."""
    with staffed(sqlite_template, tmp_path, calendar_networks="127.0.0.0/8,::1/128") as running:
        yield running


def test_a_calendar_is_looked_at_added_mended_and_removed_by_keyboard(visit, service, httpserver):
    day = f"{TUESDAY:%Y%m%d}"
    weekly = one("2", "Lesung", day, more="RRULE:FREQ=WEEKLY\n")
    say(httpserver, one("1", "دورة اللغة الألمانية", day), weekly, one("3", "", day))
    page = visit.page
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/events")
    page.get_by_role("link", name="Fremde Kalender").press("Enter")
    page.get_by_role("link", name="Kalender hinzufügen").press("Enter")
    page.get_by_label("Name", exact=True).fill("Bücherei")
    page.get_by_label("Adresse des Kalenders").fill(httpserver.url_for("/calendar.ics"))
    page.get_by_label("Adresse des Kalenders").press("Enter")
    page.get_by_role("heading", name="Was er jetzt bringt").wait_for()
    page.get_by_text("Sie hat keinen Titel").wait_for()
    page.get_by_text("Zeile 17 der Datei").wait_for()
    visit.look()
    page.get_by_role("button", name="Hinzufügen und übernehmen").press("Enter")
    page.get_by_text("wird gerade übernommen").wait_for()
    visit.look()
    run_calendars(service.city)  # the screen follows by itself
    page.get_by_text("2 neu, eine ausgelassen").wait_for()
    page.locator("#said", has_text="eine Veranstaltung ausgelassen").wait_for(state="attached")
    visit.look()
    mend(visit, service, httpserver, day)
    remove(visit, service)


def mend(visit, service, httpserver, day):
    """What the other side has mended is taken over the next time; its events say where they come from."""
    page = visit.page
    say(httpserver, one("1", "دورة اللغة الألمانية", day), one("2", "Lesung", day), one("3", "Basteln", day))
    page.get_by_role("button", name="Ansehen, was er bringt").press("Enter")
    page.get_by_text("Zeit: ändert sich").wait_for()
    visit.look()
    page.get_by_role("button", name="Jetzt übernehmen").press("Enter")
    page.get_by_text("wird gerade übernommen").wait_for()
    run_calendars(service.city)
    page.get_by_text("eine neu, eine geändert, eine unverändert").wait_for()
    page.get_by_role("link", name="3 Veranstaltungen").press("Enter")
    assert page.get_by_text("aus dem Kalender „Bücherei“").count() == 3
    visit.look()
    page.get_by_role("link", name="Lesung").press("Enter")
    page.get_by_role("heading", name="Aus einem fremden Kalender").wait_for()
    visit.look()
    page.get_by_role("link", name="Bücherei").press("Enter")


def remove(visit, service):
    """Its events may stay as the city's own."""
    page = visit.page
    page.get_by_role("button", name="Pausieren").press("Enter")
    page.get_by_text("Pausiert.").wait_for()
    page.get_by_text("Diesen Kalender entfernen").press("Enter")
    page.get_by_label("Alle bleiben als Ihre eigenen").press("Space")
    visit.look()
    page.get_by_role("button", name="Kalender entfernen").press("Enter")
    page.get_by_text("Seine Veranstaltungen bleiben als Ihre eigenen.").wait_for()
    visit.look()
    with service.city.read() as db:
        assert not events.all_calendars(db)
        assert len(events.EVENTS.all_ids(db)) == 3


def test_dates_are_left_out_and_added_on_the_calendar_by_keyboard(visit, service):
    event_id = hold(service.city, "Sprachcafé", f"{TUESDAY}T15:00", rules=["FREQ=WEEKLY;BYDAY=TU"])
    page = visit.page
    visit.come_in("mara@example.org")
    visit.open(f"/cms/teststadt/events/{event_id}")
    first = page.get_by_role("button", name=f"{named(TUESDAY)}, findet statt")
    first.press("Enter")
    page.get_by_role("button", name=f"{named(TUESDAY)}, fällt aus").wait_for()
    assert page.evaluate("document.activeElement.dataset.day") == f"{TUESDAY}"  # what was redrawn kept the place
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    added = page.get_by_role("button", name=f"{named(TUESDAY + timedelta(days=1))}, zusätzlich")
    added.wait_for()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    first.wait_for()
    visit.look()
    page.get_by_role("button", name="Später").press("Enter")
    page.get_by_role("button", name="Früher").press("Enter")
    added.wait_for()
    page.get_by_role("button", name="Veröffentlichen").press("Enter")
    page.get_by_text("Veröffentlicht.").wait_for()
    with service.city.read() as db:
        series = events.series_by_id(db, event_id)
    assert (series.exceptions, [f"{one:%Y-%m-%d}" for one in series.dates]) == (
        frozenset(),
        [f"{TUESDAY + timedelta(days=1)}"],
    )


def test_many_quick_clicks_all_count(visit, service):
    event_id = hold(service.city, "Sprachcafé", f"{TUESDAY}T15:00", rules=["FREQ=DAILY"])
    page = visit.page
    visit.come_in("mara@example.org")
    visit.open(f"/cms/teststadt/events/{event_id}")
    wanted = [TUESDAY + timedelta(days=number) for number in range(6)]
    for day in wanted:
        page.locator(f"#day-{day}").click()
        page.wait_for_timeout(150)
    page.get_by_role("button", name=f"{named(wanted[-1])}, fällt aus").wait_for()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Gespeichert.").wait_for()
    with service.city.read() as db:
        assert sorted(one.date() for one in events.series_by_id(db, event_id).exceptions) == wanted


def test_the_calendar_works_without_scripts(service, browser):
    event_id = hold(service.city, "Sprachcafé", f"{TUESDAY}T15:00", rules=["FREQ=WEEKLY;BYDAY=TU"])
    with visiting(service, browser, java_script_enabled=False) as someone:
        page = someone.page
        someone.come_in("mara@example.org")
        someone.open(f"/cms/teststadt/events/{event_id}")
        page.get_by_role("button", name=f"{named(TUESDAY)}, findet statt").click()
        page.get_by_role("button", name=f"{named(TUESDAY)}, fällt aus").wait_for()
        page.get_by_role("button", name="Speichern").last.click()
        page.get_by_text("Gespeichert.").wait_for()
    with service.city.read() as db:
        assert [one.date() for one in events.series_by_id(db, event_id).exceptions] == [TUESDAY]


def say(httpserver, *parts):
    httpserver.clear()
    httpserver.expect_request("/calendar.ics").respond_with_data(calendar(*parts), content_type="text/calendar")
