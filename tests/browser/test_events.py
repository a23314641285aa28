"""Events at an editor's desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.features import events
from cityinfo.kernel import clock
from tests.factories_people import PASSWORD

pytestmark = pytest.mark.browser
TUESDAY = next(day for n in range(7, 14) if (day := (clock.now() + timedelta(days=n)).date()).weekday() == 1)


def test_a_weekly_event_without_one_holiday_is_written_by_keyboard_alone(visit, service):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/events")
    visit.page.get_by_role("link", name="Neue Veranstaltung").press("Enter")
    page = visit.page
    page.get_by_label("Titel", exact=True).fill("Sprachcafé")
    page.get_by_label("Beschreibung").fill("Deutsch sprechen bei Kaffee.")
    page.get_by_label("Beginnt am").fill(f"{TUESDAY}")
    page.get_by_label("Von", exact=True).fill("15:00")
    page.get_by_label("Bis", exact=True).fill("17:00")
    page.get_by_label("Wöchentlich", exact=True).press("Space")
    for day in ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"):
        if page.get_by_label(day, exact=True).is_checked() != (day == "Dienstag"):
            page.get_by_label(day, exact=True).press("Space")
    page.get_by_text("Jeden Dienstag, von 15:00 bis 17:00 Uhr.").wait_for()
    holiday = TUESDAY + timedelta(days=14)
    page.get_by_label(f"Dienstag, {holiday:%d.%m.%Y} fällt aus").press("Space")
    visit.look()
    page.get_by_role("button", name="Veröffentlichen").press("Enter")
    page.get_by_text("Veröffentlicht.").wait_for()
    visit.look()
    visit.check()
    write_while_the_login_ends(visit)
    with service.city.read() as db:
        (event_id,) = events.EVENTS.all_ids(db)
        series = events.series_by_id(db, event_id)
    assert [one.date() for one in series.exceptions] == [holiday]
    answer = page.request.get(f"{service.url}/api/v1/tenants/teststadt/de/events?expand=true").json()
    days = [one["starts_at"][:10] for one in answer["items"]]
    assert f"{TUESDAY}" in days
    assert f"{holiday}" not in days


def write_while_the_login_ends(visit):
    """What the form has sent is kept on the page that asks to log in, and is sent again from there."""
    page = visit.page
    page.get_by_label("Beschreibung").fill("Deutsch sprechen bei Tee.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Veröffentlichen").press("Enter")
    page.get_by_role("heading", name="Bitte melden Sie sich neu an").wait_for()
    visit.complaints = [one for one in visit.complaints if "401" not in one]  # the browser names what was refused
    visit.look()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Melden Sie sich in einem neuen Fenster an").press("Enter")
    opened.value.get_by_label("E-Mail-Adresse").fill("mara@example.org")
    opened.value.get_by_label("Passwort", exact=True).fill(PASSWORD)
    opened.value.get_by_label("Passwort", exact=True).press("Enter")
    opened.value.get_by_role("heading", name="Sie sind angemeldet").wait_for()
    page.get_by_role("button", name="Noch einmal senden").press("Enter")
    page.get_by_text("Veröffentlicht.").wait_for()
    assert page.get_by_label("Beschreibung").input_value() == "Deutsch sprechen bei Tee."
