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
from cityinfo.kernel.errors import Invalid, NotFound
from tests.factories import EDITOR
from tests.factories_entries import revision_of, write
from tests.factories_events import change_one, wall
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
def test_one_date_with_words_and_an_address_of_its_own_is_taken_over_and_followed(city, known, server):
    series = one("1", "Chor", "20261201", more="RRULE:FREQ=WEEKLY\nDESCRIPTION:Kommt.\n")
    server.say(calendar(series, single("Singen", "LOCATION:https://meet.example/x\nDESCRIPTION:Online.\n")))
    run(city, known)
    (event,) = published(city)
    shown = at(city, event)
    assert (shown["title"], shown["content"], shown["meeting_url"]) == (
        "Singen",
        "<p>Online.</p>",
        "https://meet.example/x",
    )
    before = published(city)
    assert run(city, known)[0]["unchanged"] == 1
    assert published(city) == before
    server.say(calendar(series, single("Lauter singen")))
    run(city, known)
    shown = at(city, event)
    assert (shown["title"], shown["content"], shown["meeting_url"]) == ("Lauter singen", "<p>Kommt.</p>", None)
    with city.read() as db:
        (changed,) = events.changed(db, [event])[event].values()
        assert len(content.versions(db, changed.id, "de")) == 2
    server.say(calendar(series))
    run(city, known)
    assert at(city, event)["title"] == "Chor"
    with city.read() as db:
        assert list(registry.PROJECTOR.verify(db)) == []


@on_one_database
def test_words_that_an_editor_gave_one_date_here_stay(city, known, server):
    series = one("1", "Chor", "20261201", more="RRULE:FREQ=WEEKLY\n")
    server.say(calendar(series, single("Singen")))
    run(city, known)
    (event,) = published(city)
    change_one(city, event, "2026-12-08T18:00", "Festlich singen", text="")
    change_one(city, event, "2026-12-15T18:00", "Nur hier", text="")
    server.say(calendar(series, single("Lauter singen")))
    run(city, known)
    assert at(city, event)["title"] == "Festlich singen"
    assert at(city, event, "2026-12-15T18:00")["title"] == "Nur hier"


@on_one_database
def test_a_series_that_changes_from_a_date_on_becomes_two_that_keep_their_identities(city, known, server):
    series = one("1", "Chor", "20261201", more="RRULE:FREQ=WEEKLY;COUNT=4\n")
    changed = single("Später", "", "18", ";RANGE=THISANDFUTURE")
    server.say(calendar(series, changed))
    run(city, known)
    before = {document["uid"]: event for event, document in published(city).items()}
    assert before.keys() == {"1", "1/20261208T180000"}
    server.say(calendar(series, changed.replace("Später", "Viel später")))
    run(city, known)
    assert {document["uid"]: event for event, document in published(city).items()} == before
    assert titles(city) == ["Chor", "Viel später"]
    server.say(calendar(series))
    run(city, known)
    assert titles(city) == ["Chor"]


@on_one_database
def test_what_an_editor_deleted_for_good_stays_away_until_someone_takes_it_back(city, known, server):
    server.say(calendar(one("1", "Fest"), one("2", "Markt")))
    run(city, known)
    event = next(event for event, document in published(city).items() if document["title"] == "Markt")
    with city.write() as db:
        events.archive(db, event, revision=revision_of(db, event), actor=EDITOR)
        events.delete_for_good(db, event, revision=revision_of(db, event), actor=EDITOR)
    server.say(calendar(one("1", "Fest"), one("2", "Weihnachtsmarkt")))
    result, _ = run(city, known)
    assert (result["new"], result["refused"], titles(city)) == (0, 1, ["Fest"])
    with city.read() as db:
        assert [row.title for row in events.refused(db, known).values()] == ["Markt"]
    with city.write() as db:
        events.take_back(db, known, "2", actor=EDITOR)
    run(city, known)
    assert titles(city) == ["Fest", "Weihnachtsmarkt"]
    with pytest.raises(NotFound), city.write() as db:
        events.take_back(db, known, "2", actor=EDITOR)


@on_one_database
def test_a_preview_shows_what_differs_part_by_part_and_what_stays(city, known, server):
    server.say(calendar(one("1", "Fest", "20261205")))
    run(city, known)
    (event,) = published(city)
    write(city, event, "Großes Fest", text="")
    server.say(calendar(one("1", "Kleines Fest", "20261206")))
    source = CalendarServer(networks_of("127.0.0.0/8"))
    with city.read() as db:
        plan = events.preview(db, known, events.fetch(source, events.find_calendar(db, known), zone="Europe/Berlin"))
    when, title = plan.differences
    assert (title.part, title.before, title.after, title.stays) == ("title", "Fest", "Kleines Fest", True)
    assert (when.part, when.stays) == ("when", False)
    assert "2026-12-05T18:00:00" in when.before
    assert "2026-12-06T18:00:00" in when.after


def single(title, more="", hour="18", range_=""):
    """The date of the second week is otherwise."""
    return (
        f"BEGIN:VEVENT\nUID:1\nSUMMARY:{title}\nRECURRENCE-ID{range_};TZID=Europe/Berlin:20261208T180000\n"
        f"DTSTART;TZID=Europe/Berlin:20261208T{hour}0000\nDTEND;TZID=Europe/Berlin:20261208T{hour}3000\n{more}"
        "END:VEVENT\n"
    )


def at(city, event, original="2026-12-08T18:00"):
    return events.as_at(published(city)[event], wall(original))


@on_one_database
def test_the_rejected_ones_are_kept_with_the_calendar(city, known, server):
    server.say(BROKEN)
    result, _ = run(city, known)
    assert result["new"] == 3
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
