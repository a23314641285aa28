"""Events as editors make them, and what of them the public sees and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from cityinfo import registry
from cityinfo.features import content, events, locations, publishing
from cityinfo.features.locations import Address
from cityinfo.kernel.errors import Conflict, Invalid
from tests.factories import EDITOR
from tests.factories_entries import found, revision_of, write
from tests.factories_events import cancel_one, change, facts, hold, move_one, wall
from tests.factories_places import change_location, settle

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def published(city, language="de"):
    import orjson

    with city.read() as db:
        return {one["id"]: one for one in map(orjson.loads, publishing.payloads(db, language, events.KIND))}


def work(city):
    publishing.project_due(city.database, projector=registry.PROJECTOR)


def test_an_event_says_when_it_takes_place_as_the_clock_shows_it_and_as_a_moment(city):
    event = hold(city, "Fest", "2026-12-02T18:00")
    document = published(city)[event]
    assert (document["starts"], document["starts_at"]) == ("2026-12-02T18:00:00", "2026-12-02T18:00:00+01:00")
    assert (document["last_ends_at"], document["recurrence"]) == ("2026-12-02T19:00:00+00:00", None)


def test_an_event_that_is_over_leaves_by_itself(city):
    event = hold(city, "Fest", "2026-11-24T18:00")
    with time_machine.travel(datetime(2026, 11, 24, 18, 59, tzinfo=UTC)):
        work(city)
        assert event in published(city)
    with time_machine.travel(datetime(2026, 11, 24, 19, 1, tzinfo=UTC)):
        work(city)
        assert event not in published(city)
        with city.read() as db:
            assert list(registry.PROJECTOR.verify(db)) == []


@on_one_database
def test_a_series_stays_until_its_last_date_is_over_and_one_without_end_stays(city):
    limited = hold(city, "Kurs", "2026-11-24T18:00", rules=["FREQ=WEEKLY;COUNT=3"])
    endless = hold(city, "Treff", "2026-11-24T18:00", rules=["FREQ=WEEKLY"])
    with time_machine.travel(datetime(2026, 12, 8, 18, tzinfo=UTC)):
        work(city)
        assert published(city).keys() == {limited, endless}
    with time_machine.travel(datetime(2026, 12, 9, tzinfo=UTC)):
        work(city)
        assert published(city).keys() == {endless}


@on_one_database
def test_an_event_that_is_over_comes_back_with_a_new_time(city):
    event = hold(city, "Fest", "2026-11-24T18:00")
    with time_machine.travel(datetime(2026, 11, 25, tzinfo=UTC)):
        work(city)
        change(city, event, "2026-11-30T18:00")
        assert event in published(city)


@on_one_database
@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("event.past", facts("2026-11-23T18:00")),
        ("event.past", facts("2026-10-01T18:00", rules=["FREQ=DAILY;COUNT=3"])),
        ("event.start", facts("2026-11-25T18:00", rules=["FREQ=WEEKLY;BYDAY=TU"])),
        ("event.end", facts("2026-11-25T18:00", "2026-11-25T17:00")),
        ("event.end", facts("2026-11-25T18:00", "2026-11-25T18:00")),
        ("event.year", facts("1582-12-31T18:00")),
        ("event.year", facts("1700-01-01T18:00", rules=["FREQ=DAILY"])),
        ("event.length", facts("2026-11-25T18:00", "2036-11-25T18:00")),
        ("event.all_day", facts("2026-11-25T18:00", all_day=True)),
        ("event.time_zone", facts("2026-11-25T18:00", time_zone="Mars/Olympus")),
        ("event.address", facts("2026-11-25T18:00", meeting_url="meet me")),
        ("event.address", facts("2026-11-25T18:00", registration_url="javascript:alert(1)")),
        ("event.rules", facts("2026-11-25T18:00", rules=["FREQ=DAILY"] * 6)),
        ("text.reference", facts("2026-11-25T18:00", location=12)),
    ],
)
def test_what_cannot_be_is_refused(city, what, given):
    with pytest.raises(Invalid) as problem, city.write() as db:
        events.create(db, given, actor=EDITOR)
    assert problem.value.code == what
    assert published(city) == {}


@on_one_database
def test_someone_elses_change_is_not_overwritten(city):
    event = hold(city, "Fest", "2026-12-02T18:00")
    change(city, event, "2026-12-03T18:00")
    with pytest.raises(Conflict), city.write() as db:
        events.change(db, event, facts("2026-12-04T18:00"), revision=1, actor=EDITOR)


def test_one_date_is_moved_another_cancelled_and_one_comes_back(city):
    event = hold(city, "Kurs", "2026-11-24T18:00", rules=["FREQ=WEEKLY;COUNT=3"])
    move_one(city, event, "2026-12-01T18:00", "2026-12-02T19:00", "2026-12-02T20:00")
    cancel_one(city, event, "2026-12-08T18:00")
    with city.read() as db:
        assert events.series_by_id(db, event).last_end() == datetime(2026, 12, 2, 19, tzinfo=UTC)
    with city.write() as db:
        events.reset(db, event, wall("2026-12-08T18:00"), revision=revision_of(db, event), actor=EDITOR)
    overrides = published(city)[event]["recurrence"]["overrides"]
    assert [one["recurrence_id"] for one in overrides] == ["2026-12-01T18:00:00"]


@on_one_database
def test_a_date_that_the_series_does_not_have_cannot_be_moved(city):
    event = hold(city, "Kurs", "2026-11-24T18:00", rules=["FREQ=WEEKLY"])
    with pytest.raises(Invalid):
        cancel_one(city, event, "2026-11-25T18:00")


@on_one_database
def test_moved_dates_are_forgotten_with_the_series_they_belonged_to(city):
    event = hold(city, "Kurs", "2026-11-24T18:00", rules=["FREQ=WEEKLY"])
    cancel_one(city, event, "2026-12-01T18:00")
    change(city, event, "2026-11-24T19:00", rules=["FREQ=WEEKLY"])
    assert published(city)[event]["recurrence"]["overrides"] == []


@on_one_database
def test_dates_keep_their_keys_when_words_change(city):
    event = hold(city, "Kurs", "2026-11-24T18:00", rules=["FREQ=WEEKLY"])
    before = keys(published(city)[event])
    write(city, event, "Sprachkurs", text="<p>Anders.</p>")
    after = published(city)[event]
    assert after["title"] == "Sprachkurs"
    assert keys(after) == before
    assert before[0] == f"{event}-20261124T180000"


def keys(document):
    found = events.series_of(document).occurrences(NOW, datetime(2027, 3, 1, tzinfo=UTC))
    return [events.occurrence_key(document["id"], one.original, all_day=document["all_day"]) for one in found]


def test_an_event_shows_who_stands_behind_it_and_follows_when_that_changes(city):
    organization = found(city, "Verein", website="https://verein.example")
    event = hold(city, "Fest", "2026-12-02T18:00", organization=organization)
    assert published(city)[event]["organization"]["name"] == "Verein"
    write(city, organization, "Neuer Verein")
    assert published(city)[event]["organization"]["name"] == "Neuer Verein"


@on_one_database
def test_a_place_shows_with_its_name(city):
    place = settle(city, "Rathaus")
    event = hold(city, "Fest", "2026-12-02T18:00", location=place)
    assert published(city)[event]["location"]["title"] == "Rathaus"
    change_location(city, place, address=Address(street="Neuer Weg 2", postal_code="86150", town="Augsburg"))
    assert published(city)[event]["location"]["street"] == "Neuer Weg 2"


@on_one_database
def test_a_place_stays_while_something_is_still_to_take_place_there(city):
    place = settle(city, "Rathaus")
    event = hold(city, "Fest", "2026-12-02T18:00", location=place)
    with pytest.raises(Invalid, match="1 event is still to take place"), city.write() as db:
        locations.archive(db, place, revision=revision_of(db, place), actor=EDITOR)
    with city.write() as db:
        events.archive(db, event, revision=revision_of(db, event), actor=EDITOR)
        locations.archive(db, place, revision=revision_of(db, place), actor=EDITOR)


@on_one_database
def test_a_copy_says_the_same_and_is_not_public(city):
    event = hold(city, "Kurs", "2026-11-24T18:00", rules=["FREQ=WEEKLY"], categories=["Sprache"])
    write(city, event, "Course", language="en")
    cancel_one(city, event, "2026-12-01T18:00")
    with city.write() as db:
        twin = events.copy(db, event, actor=EDITOR).id
        assert events.series_by_id(db, twin) == events.series_by_id(db, event)
        assert content.find_text(db, twin, "en").public_version_id is None
        states = {
            content.version(db, content.find_text(db, twin, one).current_version_id).title for one in ("de", "en")
        }
    assert states == {"Kurs", "Course"}
    assert twin not in published(city)


@on_one_database
def test_archived_events_are_out_of_sight_and_can_be_deleted(city):
    event = hold(city, "Fest", "2026-12-02T18:00")
    with city.write() as db:
        events.archive(db, event, revision=revision_of(db, event), actor=EDITOR)
    assert published(city) == {}
    with city.write() as db:
        events.restore(db, event, revision=revision_of(db, event), actor=EDITOR)
    assert event in published(city)
    with city.write() as db:
        events.archive(db, event, revision=revision_of(db, event), actor=EDITOR)
        events.delete_for_good(db, event, revision=revision_of(db, event), actor=EDITOR)
    assert published(city) == {}


def test_projecting_many_events_takes_as_many_statements_as_projecting_few(city):
    def statements(count):
        from sqlalchemy import event as listening

        ids = [hold(city, f"Kurs {one}", "2026-11-24T18:00", rules=["FREQ=WEEKLY"]) for one in range(count)]
        seen = []
        with city.read() as db:
            db.execute(content_of_nothing())

            def note(*args):
                seen.append(args[2])

            listening.listen(city.database.engine, "before_cursor_execute", note)
            events.EVENTS.project(db, ids, ["de", "en"], ["de", "en"])
            listening.remove(city.database.engine, "before_cursor_execute", note)
        return len(seen)

    def content_of_nothing():
        from sqlalchemy import select

        return select(content.Entry.id).where(content.Entry.id == 0)

    assert statements(2) == statements(12)
