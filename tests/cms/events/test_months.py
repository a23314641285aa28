"""The months of an event as a calendar to click on: what each day says, and what a click does to it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import time_machine

from cityinfo.cms.events.forms import stepped
from cityinfo.cms.events.months import ADD, BRING_BACK, DROP, FREE, LEAVE_OUT, MOVED, OFF, ON, PLUS, Known, months
from cityinfo.features import content, events
from cityinfo.features.events import EventFacts, Series
from cityinfo.kernel import i18n
from tests.cms.conftest import text_of
from tests.factories_events import cancel_one, hold, move_one, wall

TODAY = date(2026, 12, 9)
CHRISTMAS = date(2026, 12, 25)
WEEKLY = "FREQ=WEEKLY;BYDAY=FR"


def shown(starts="2026-12-04T18:00", *, wanted="", rules=(WEEKLY,), overrides=None, **more):
    """Each day of the first month that is shown, by its number."""
    begin = wall(starts)
    ends = begin.replace(hour=begin.hour + 1)
    facts = EventFacts(starts=begin, ends=ends, time_zone="Europe/Berlin", rules=rules, **more)
    exceptions = frozenset(facts.exceptions)
    series = Series(begin, ends, facts.time_zone, tuple(facts.rules), tuple(facts.dates), exceptions)
    known = Known(today=TODAY, holidays={CHRISTMAS}, overrides=overrides or {})
    found = months(series, facts, known, wanted=wanted, coming=[max(begin, datetime(2026, 12, 11, 18))])  # noqa: DTZ001
    return found, {day.on.day: day for week in found.months[0].weeks for day in week if day}


def test_a_day_says_whether_the_event_takes_place_and_what_a_click_does():
    with i18n.speaking("de"):
        _, days = shown(exceptions=[wall("2026-12-18T18:00")], dates=[wall("2026-12-15T18:00")])
    said = {number: (days[number].state, days[number].act, days[number].words) for number in (11, 12, 15, 18, 25)}
    assert said == {
        11: (ON, LEAVE_OUT, "Freitag, 11. Dezember 2026, findet statt"),
        12: (FREE, ADD, "Samstag, 12. Dezember 2026, kein Termin"),
        15: (PLUS, DROP, "Dienstag, 15. Dezember 2026, zusätzlich"),
        18: (OFF, BRING_BACK, "Freitag, 18. Dezember 2026, fällt aus"),
        25: (ON, LEAVE_OUT, "Freitag, 25. Dezember 2026, Feiertag, findet statt"),
    }
    assert days[12].key == "2026-12-12T18:00:00"


def test_days_that_are_over_are_shown_and_cannot_be_clicked():
    _, days = shown()
    assert (days[4].state, days[4].act, days[8].act, days[9].act) == (ON, "", "", ADD)


def test_the_only_date_of_an_event_cannot_be_left_out_but_others_can_be_added():
    _, days = shown("2026-12-11T18:00", rules=())
    assert (days[11].state, days[11].act, days[12].act, days[10].act) == (ON, "", ADD, "")


def test_a_date_that_differs_by_itself_is_named_and_left_alone():
    moved = (wall("2026-12-12T18:00"), wall("2026-12-12T19:00"))
    _, days = shown(overrides={wall("2026-12-11T18:00"): moved, wall("2026-12-18T18:00"): None})
    assert [(days[number].state, days[number].act) for number in (11, 18)] == [(MOVED, ""), (OFF, "")]


@pytest.mark.parametrize(
    ("wanted", "around"),
    [
        ("", ("2026-12", "", "2027-02")),
        ("2027-02", ("2027-02", "2026-12", "2027-04")),
        ("2027-01", ("2027-01", "2026-12", "2027-03")),
        ("2020-01", ("2026-12", "", "2027-02")),
        ("9999-12", ("9999-10", "9999-08", "")),
        ("nonsense", ("2026-12", "", "2027-02")),
    ],
)
def test_months_follow_each_other_from_this_one_on(wanted, around):
    found, _ = shown(wanted=wanted)
    assert (found.first, found.earlier, found.later) == around
    assert len(found.months) == 2


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ("out:2026-12-25T18:00:00", {"off": "2026-12-18T18:00:00,2026-12-25T18:00:00"}),
        ("back:2026-12-18T18:00:00", {"off": ""}),
        ("add:2026-12-20T18:00:00", {"plus": "2026-12-15T18:00:00,2026-12-20T18:00:00"}),
        ("drop:2026-12-15T18:00:00", {"plus": "", "extra": ""}),
        ("month:2027-02", {"month": "2027-02"}),
    ],
)
def test_a_click_changes_one_thing(step, after):
    before = {"off": "2026-12-18T18:00:00", "plus": "2026-12-15T18:00:00", "extra": "2026-12-15", "month": "2026-12"}
    assert stepped(before, step) == {**before, **after}


@pytest.fixture
def cafe(city):
    with time_machine.travel(datetime(2026, 12, 9, 10, tzinfo=UTC), tick=False):
        yield hold(city, "Sprachcafé", "2026-12-11T18:00", rules=[WEEKLY])


def sent(city, event_id, **fields):
    with city.read() as db:
        entry, text = content.find_entry(db, event_id), content.find_text(db, event_id, "de")
    return {
        "title": "Sprachcafé",
        "content": "<p>Guten Tag.</p>",
        "starts_on": "2026-12-11",
        "starts_at": "18:00",
        "ends_at": "20:00",
        "often": "weekly",
        "interval": "1",
        "days": "4",
        "end": "never",
        "revision": entry.revision,
        "text_revision": text.revision,
        **fields,
    }


def test_without_scripts_a_click_sends_the_form_and_keeps_nothing(city, people, cafe):
    editor = people("editor")
    answer = text_of(editor.post(f"/events/{cafe}", sent(city, cafe, title="Neu", do="show:out:2026-12-18T18:00:00")))
    assert 'value="Neu"' in answer
    assert "Freitag, 18. Dezember 2026, fällt aus" in answer
    off = re.findall(r'name="off" value="([^"]+)" checked', answer)
    assert off == ["2026-12-18T18:00:00"]
    with city.read() as db:
        assert not events.series_by_id(db, cafe).exceptions
    assert editor.post(f"/events/{cafe}", sent(city, cafe, off=off)).status_code == 303
    with city.read() as db:
        assert [one.isoformat() for one in events.series_by_id(db, cafe).exceptions] == off


def test_what_was_clicked_is_not_forgotten_while_the_form_cannot_be_read(city, people, cafe):
    typed = sent(city, cafe, starts_at="", off="2026-12-18T18:00:00", plus="2026-12-20T18:00:00", event=cafe)
    answer = text_of(people("editor").post("/events/dates", typed))
    assert 'name="off" value="2026-12-18T18:00:00"' in answer
    assert 'name="plus" value="2026-12-20T18:00:00"' in answer
    assert "Der Kalender erscheint wieder" in answer


def test_single_dates_that_a_calendar_has_moved_or_cancelled_are_told_as_they_are(city, people, cafe):
    move_one(city, cafe, "2026-12-18T18:00", "2026-12-19T10:00", "2026-12-19T11:00")
    cancel_one(city, cafe, "2026-12-25T18:00")
    answer = text_of(people("editor").get(f"/events/{cafe}"))
    assert "stattdessen Samstag, 19.12.2026, von 10:00 bis 11:00 Uhr" in answer
    assert "Freitag, 18. Dezember 2026, findet zu anderer Zeit statt" in answer
    assert "25. Dezember 2026" in answer
    assert 'id="day-2026-12-25"' not in answer
