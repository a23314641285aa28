"""Taking over calendars: what is new, changed, vanished, and what editors changed here."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
import time_machine

from cityinfo import registry
from cityinfo.adapters.ical import CalendarServer
from cityinfo.adapters.outside import networks_of
from cityinfo.features import content, events
from cityinfo.features.events import CalendarDraft, EventFacts
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR
from tests.factories_entries import revision_of
from tests.factories_events import wall
from tests.factories_places import settle
from tests.features.events.calendars import BROKEN, GOOGLE, calendar, one
from tests.features.events.test_events import published

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def server(httpserver):
    """A calendar's server; `say` changes what it says."""

    def say(text, **more):
        httpserver.clear()
        httpserver.expect_request("/calendar.ics").respond_with_data(text, content_type="text/calendar", **more)

    httpserver.say = say
    say(calendar(one()))
    return httpserver


@pytest.fixture
def known(city, server):
    with city.write() as db:
        draft = CalendarDraft(name="Verein", address=server.url_for("/calendar.ics"), language="de")
        return events.add_calendar(db, draft, actor=EDITOR).id


def run(city, calendar_id):
    """The nightly run; returns what is kept of it."""
    source = CalendarServer(networks_of("127.0.0.0/8,::1/128"))
    known = {**registry.JOBS, events.RUN_CALENDAR: partial(events.run_calendar, source=source)}
    with city.write() as db:
        job = jobs.enqueue(db, events.RUN_CALENDAR, calendar_id=calendar_id)
    jobs.run_job(city.database, known, city.tenant_id, job)
    with city.read() as db:
        found = events.find_calendar(db, calendar_id)
        return found.last_result, found.last_error


def titles(city):
    return sorted(document["title"] for document in published(city).values())


def versions(city, event_id):
    with city.read() as db:
        return len(content.versions(db, event_id, "de"))


def test_a_calendar_is_taken_over_published_and_unchanged_the_next_night(city, known, server):
    server.say(GOOGLE)
    result, error = run(city, known)
    assert (result["new"], result["rejected"], error) == (3, [], "")
    documents = published(city)
    assert titles(city) == ["Beratung", "Sprachcafé", "Stadtfest"]
    cafe = next(one for one in documents.values() if one["title"] == "Sprachcafé")
    assert (cafe["uid"], cafe["sequence"], cafe["origin"]) == ("cafe@google.com", 3, "import")
    assert cafe["content"].endswith("<p>Begegnungszentrum, Musterweg 1</p>")
    assert len(cafe["recurrence"]["overrides"]) == 1
    result, _ = run(city, known)
    assert (result["new"], result["changed"], result["unchanged"]) == (0, 0, 3)
    assert published(city) == documents
    assert {versions(city, event) for event in documents} == {1}


@on_one_database
def test_a_preview_says_what_would_happen_and_does_nothing(city, known, server):
    server.say(calendar(one("1", "Fest"), one("2", "Markt"), one("3", "Lauf")))
    run(city, known)
    server.say(calendar(one("1", "Fest"), one("2", "Weihnachtsmarkt"), one("4", "Chor"), one("5", "")))
    source = CalendarServer(networks_of("127.0.0.0/8"))
    with city.read() as db:
        read = events.fetch(source, events.find_calendar(db, known), zone="Europe/Berlin")
        plan = events.preview(db, known, read)
    assert (plan.new, plan.changed, plan.vanished, plan.unchanged) == (["Chor"], ["Weihnachtsmarkt"], ["Lauf"], 1)
    assert [one.uid for one in plan.rejected] == ["5"]
    assert titles(city) == ["Fest", "Lauf", "Markt"]


def test_what_vanishes_is_withdrawn_and_comes_back_when_it_does(city, known, server):
    server.say(calendar(one("1", "Fest"), one("2", "Markt")))
    run(city, known)
    before = published(city)
    server.say(calendar(one("1", "Fest")))
    assert run(city, known)[0]["vanished"] == 1
    assert titles(city) == ["Fest"]
    server.say(calendar(one("1", "Fest"), one("2", "Markt")))
    run(city, known)
    assert published(city).keys() == before.keys()


@on_one_database
def test_what_cannot_be_read_for_once_has_not_vanished(city, known, server):
    run(city, known)
    server.say(calendar(one("1", "")))
    result, _ = run(city, known)
    assert (result["vanished"], len(result["rejected"])) == (0, 1)
    assert titles(city) == ["Fest"]


@on_one_database
@pytest.mark.parametrize(("text", "status"), [("<html>", 200), ("", 404), ("", 503)])
def test_a_calendar_that_cannot_be_read_leaves_everything_as_it_is_and_says_why(city, known, server, text, status):
    run(city, known)
    server.say(text, status=status)
    result, error = run(city, known)
    assert (result["new"], error.endswith(".")) == (1, True)
    assert titles(city) == ["Fest"]


@on_one_database
def test_what_an_editor_changed_here_stays_and_the_rest_follows(city, known, server):
    run(city, known)
    (event,) = published(city)
    with city.write() as db:
        revision = content.find_text(db, event, "de").revision
        draft = content.TextDraft(title="Großes Fest", content="", revision=revision)
        content.save_text(db, event, "de", draft, actor=EDITOR)
        content.publish_text(db, event, "de", revision=revision + 1, actor=EDITOR)
    server.say(calendar(one("1", "Kleines Fest", "20261206", more="DESCRIPTION:Neu\n")))
    run(city, known)
    document = published(city)[event]
    assert (document["title"], document["content"]) == ("Großes Fest", "<p>Neu</p>")
    assert document["starts"] == "2026-12-06T18:00:00"


@on_one_database
def test_a_time_that_an_editor_changed_here_stays(city, known, server):
    run(city, known)
    (event,) = published(city)
    with city.write() as db:
        facts = EventFacts(starts=wall("2026-12-05T17:00"), ends=wall("2026-12-05T19:00"))
        events.change(db, event, facts, revision=revision_of(db, event), actor=EDITOR)
    server.say(calendar(one("1", "Kleines Fest", "20261206", more="SEQUENCE:7\n")))
    run(city, known)
    document = published(city)[event]
    assert (document["title"], document["starts"], document["sequence"]) == ("Kleines Fest", "2026-12-05T17:00:00", 7)


@on_one_database
def test_a_text_that_an_editor_took_offline_stays_offline(city, known, server):
    run(city, known)
    (event,) = published(city)
    with city.write() as db:
        content.take_offline(db, event, ["de"], actor=EDITOR)
    server.say(calendar(one("1", "Kleines Fest")))
    run(city, known)
    assert published(city) == {}


@on_one_database
def test_the_rejected_ones_are_kept_with_the_calendar(city, known, server):
    server.say(BROKEN)
    result, _ = run(city, known)
    assert result["new"] == 2
    assert {one["uid"] for one in result["rejected"]} >= {"no-title", "bad-rule", "backwards"}


@on_one_database
def test_an_imported_event_is_not_copied(city, known, server):
    run(city, known)
    (event,) = published(city)
    with pytest.raises(Invalid), city.write() as db:
        events.copy(db, event, actor=EDITOR)


@on_one_database
def test_a_calendar_that_is_removed_takes_what_is_to_come_with_it(city, known, server):
    run(city, known)
    with city.write() as db:
        events.remove_calendar(db, known, actor=EDITOR)
    assert published(city) == {}
    with city.read() as db:
        assert events.all_calendars(db) == []


@on_one_database
def test_a_calendar_is_changed_and_asked_once_a_night(city, known, server):
    with city.write() as db:
        draft = CalendarDraft(name="Chor", address="webcal://chor.example/x.ics", language="de", category="Musik")
        events.change_calendar(db, known, draft, revision=1, actor=EDITOR)
        assert events.find_calendar(db, known).address == "https://chor.example/x.ics"
    assert events.enqueue_calendars(city.database) == 1
    run(city, known)
    assert events.enqueue_calendars(city.database) == 0
    with time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=UTC)):
        assert events.enqueue_calendars(city.database) == 1


@on_one_database
@pytest.mark.parametrize("wrong", [{"address": "ftp://x.example/"}, {"address": ""}, {"language": "fr"}, {"name": " "}])
def test_a_calendar_that_could_not_be_taken_over_is_refused(city, wrong):
    right = {"name": "Verein", "address": "https://verein.example/x.ics", "language": "de"}
    with pytest.raises(Invalid), city.write() as db:
        events.add_calendar(db, CalendarDraft(**right | wrong), actor=EDITOR)


@on_one_database
def test_a_place_where_everything_takes_place_and_one_that_is_no_longer_there(city, known, server):
    location = settle(city, "Rathaus")
    with city.write() as db:
        place = content.find_entry(db, location)
        calendar_facts = events.find_calendar(db, known)
        draft = CalendarDraft(name="Verein", address=calendar_facts.address, language="de", location=place.id)
        events.change_calendar(db, known, draft, revision=1, actor=EDITOR)
        content.set_archived(db, place, True, revision=1, actor=EDITOR)
    with city.write() as db:
        content.delete_entry(db, content.find_entry(db, location), revision=2, actor=EDITOR)
    _, error = run(city, known)
    assert error.startswith("This leads to location")
    assert published(city) == {}
