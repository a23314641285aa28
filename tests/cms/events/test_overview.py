"""A month of events, as editors look at it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine

from cityinfo.features import events
from tests.cms.conftest import text_of
from tests.factories import EDITOR
from tests.factories_entries import found, revision_of
from tests.factories_events import cancel_one, hold, move_one
from tests.web.test_statements import Statements


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime(2026, 12, 9, 10, tzinfo=UTC), tick=False):
        yield


def days(answer):
    """What the month says of each day on which something takes place."""
    cells = re.findall(r'month__name">(.*?)</span>(.*?)</td>', text_of(answer), flags=re.DOTALL)
    said = {name: re.findall(r"<bdi>(.*?)</bdi>", rest) for name, rest in cells}
    return {name: titles for name, titles in said.items() if titles}


def test_each_date_stands_on_its_day(city, people):
    hold(city, "Sprachcafé", "2026-12-04T18:00", past=True, rules=["FREQ=WEEKLY;COUNT=3"])
    hold(city, "Weihnachtsmarkt", "2026-12-11T00:00", "2026-12-13T00:00", all_day=True)
    hold(city, "Silvester", "2026-12-31T22:00", "2027-01-01T02:00")
    hold(city, "Früher", "2025-12-04T18:00", past=True)
    answer = people("editor").get("/events?view=month")
    assert "Veranstaltungen im Dezember 2026" in text_of(answer)
    assert days(answer) == {
        "Freitag, 4. Dezember 2026": ["Sprachcafé"],
        "Freitag, 11. Dezember 2026": ["Weihnachtsmarkt", "Sprachcafé"],
        "Samstag, 12. Dezember 2026": ["Weihnachtsmarkt"],
        "Freitag, 18. Dezember 2026": ["Sprachcafé"],
        "Donnerstag, 31. Dezember 2026": ["Silvester"],
    }
    january = people("editor", name="Zweite").get("/events?view=month&month=2027-01")
    assert days(january) == {"Freitag, 1. Januar 2027": ["Silvester"]}


def test_dates_that_differ_stand_where_they_take_place_and_archived_events_nowhere(city, people):
    cafe = hold(city, "Sprachcafé", "2026-12-11T18:00", rules=["FREQ=WEEKLY;COUNT=3"])
    move_one(city, cafe, "2026-12-18T18:00", "2026-12-20T10:00", "2026-12-20T11:00")
    cancel_one(city, cafe, "2026-12-25T18:00")
    gone = hold(city, "Abgesagtes Fest", "2026-12-11T18:00")
    with city.write() as db:
        events.archive(db, gone, revision=revision_of(db, gone), actor=EDITOR)
    assert list(days(people("editor").get("/events?view=month"))) == [
        "Freitag, 11. Dezember 2026",
        "Sonntag, 20. Dezember 2026",
    ]


@pytest.mark.parametrize("month", ["", "nonsense", "0001-01", "9999-12"])
def test_whatever_month_is_asked_for_there_is_one(people, month):
    answer = people("editor").get(f"/events?view=month&month={month}")
    assert answer.status_code == 200
    assert "In diesem Monat findet nichts statt." in text_of(answer)


def test_members_of_an_organization_see_only_its_events(city, people):
    caritas = found(city, "Caritas")
    hold(city, "Fest der Caritas", "2026-12-11T18:00", organization=caritas)
    hold(city, "Fest der Stadt", "2026-12-11T18:00")
    answer = people("contributor", organization=caritas).get("/events?view=month")
    assert days(answer) == {"Freitag, 11. Dezember 2026": ["Fest der Caritas"]}


def test_a_full_month_takes_as_many_statements_as_a_quiet_one(city, people):
    editor = people("editor")
    hold(city, "Fest", "2026-12-11T18:00", rules=["FREQ=DAILY"])
    asked = Statements(city.database.engine)
    short = asked.of(lambda: editor.get("/events?view=month"))
    for number in range(10):
        hold(city, f"Fest {number}", "2026-12-12T18:00", rules=["FREQ=WEEKLY"])
    assert asked.of(lambda: editor.get("/events?view=month")) == short
