"""One date of a series says something else, is somewhere else, or does not take place; the others stay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from cityinfo import registry
from cityinfo.features import content, events, locations
from cityinfo.kernel.errors import Conflict, Invalid
from tests.factories import EDITOR, make_city, plant
from tests.factories_entries import revision_of, write, write_in
from tests.factories_events import cancel_one, change, change_one, hold, move_one, move_one_to, wall
from tests.factories_places import settle
from tests.features.events.test_events import published, work

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
SECOND = "2026-12-01T18:00"
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def course(city):
    return hold(city, "Kurs", "2026-11-24T18:00", rules=["FREQ=WEEKLY;COUNT=3"])


def at(city, event, original, language="de"):
    return events.as_at(published(city, language)[event], wall(original))


def test_one_date_has_words_of_its_own_with_versions(city, course):
    one = change_one(city, course, SECOND, "Kurs mit Gast")
    assert at(city, course, SECOND)["title"] == "Kurs mit Gast"
    assert at(city, course, "2026-12-08T18:00")["title"] == published(city)[course]["title"] == "Kurs"
    write(city, one, "Kurs mit zwei Gästen")
    assert at(city, course, SECOND)["title"] == "Kurs mit zwei Gästen"
    with city.read() as db:
        assert [version.title for version in content.versions(db, one, "de")] == [
            "Kurs mit zwei Gästen",
            "Kurs mit Gast",
        ]
        assert list(registry.PROJECTOR.verify(db)) == []


@on_one_database
def test_words_that_are_not_public_yet_show_to_nobody(city, course):
    with city.write() as db:
        one = events.reword(db, course, wall(SECOND), revision=revision_of(db, course), actor=EDITOR)
        write_in(db, one.id, "Entwurf", public=False)
    assert published(city)[course]["recurrence"]["occurrences"] == []


@on_one_database
def test_words_are_published_on_schedule(city, course):
    with city.write() as db:
        one = events.reword(db, course, wall(SECOND), revision=revision_of(db, course), actor=EDITOR).id
        write_in(db, one, "Bald", public=False)
        at_noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
        content.schedule_text(db, one, "de", publish_at=at_noon, revision=1, actor=EDITOR)
    with time_machine.travel(datetime(2026, 11, 25, 13, tzinfo=UTC)):
        work(city)
        assert at(city, course, SECOND)["title"] == "Bald"


@on_one_database
@pytest.mark.parametrize(("fallback", "title", "delivered"), [(False, "Course", "en"), (True, "Kurs mit Gast", "de")])
def test_a_language_without_these_words_shows_those_of_the_series_or_the_nearest_ones(
    database, fallback, title, delivered
):
    city = make_city(database, "rueckfall", features={"fallback": fallback})
    course = hold(city, "Kurs", "2026-11-24T18:00", rules=["FREQ=WEEKLY;COUNT=3"])
    write(city, course, "Course", language="en")
    one = change_one(city, course, SECOND, "Kurs mit Gast")
    shown = at(city, course, SECOND, "en")
    assert (shown["title"], shown["delivered_language"]) == (title, delivered)
    write(city, one, "Course with a guest", language="en")
    assert at(city, course, SECOND, "en")["title"] == "Course with a guest"


@on_one_database
def test_one_date_takes_place_somewhere_else_or_online(city, course):
    place = settle(city, "Rathaus")
    move_one_to(city, course, SECOND, location=place)
    assert at(city, course, SECOND)["location"]["title"] == "Rathaus"
    assert published(city)[course]["location"] is None
    write(city, place, "Altes Rathaus")
    assert at(city, course, SECOND)["location"]["title"] == "Altes Rathaus"
    move_one_to(city, course, SECOND, meeting_url="https://meet.example/x")
    shown = at(city, course, SECOND)
    assert (shown["location"], shown["meeting_url"]) == (None, "https://meet.example/x")
    with pytest.raises(Invalid):
        move_one_to(city, course, SECOND, meeting_url="meet me")


@on_one_database
def test_a_place_stays_while_one_date_is_still_to_take_place_there(city, course):
    place = settle(city, "Rathaus")
    move_one_to(city, course, SECOND, location=place)
    with pytest.raises(Invalid, match="1 event is still to take place"), city.write() as db:
        locations.archive(db, place, revision=revision_of(db, place), actor=EDITOR)
    with time_machine.travel(datetime(2026, 12, 2, tzinfo=UTC)), city.write() as db:
        locations.archive(db, place, revision=revision_of(db, place), actor=EDITOR)


@on_one_database
def test_what_its_words_show_and_lead_to_is_written_out_and_kept(city, course):
    page = plant(city, "Anmeldung")
    one = change_one(city, course, SECOND, "Kurs", text=f'<p>Zur <a href="entry:{page}">Anmeldung</a>.</p>')
    with city.read() as db:
        assert one in content.referring(db, page)
    assert f"entry:{page}" in at(city, course, SECOND)["content"]


@on_one_database
def test_moved_reworded_and_cancelled_is_told_apart(city, course):
    move_one(city, course, SECOND, "2026-12-02T19:00", "2026-12-02T20:00")
    change_one(city, course, SECOND, "Kurs am Mittwoch")
    change_one(city, course, "2026-12-08T18:00", "Kurs fällt aus", text="<p>Krank.</p>")
    cancel_one(city, course, "2026-12-08T18:00")
    series = events.series_of(published(city)[course])
    assert series.at(wall(SECOND)).starts == wall("2026-12-02T19:00")
    (gone,) = series.cancelled(NOW, datetime(2027, 1, 1, tzinfo=UTC))
    assert (gone.original, gone.starts) == (wall("2026-12-08T18:00"), wall("2026-12-08T18:00"))
    assert at(city, course, "2026-12-08T18:00")["title"] == "Kurs fällt aus"


@on_one_database
def test_a_date_that_is_as_usual_again_has_lost_words_and_place(city, course):
    one = change_one(city, course, SECOND, "Anders")
    with city.write() as db:
        events.reset(db, course, wall(SECOND), revision=revision_of(db, course), actor=EDITOR)
    assert at(city, course, SECOND)["title"] == "Kurs"
    with city.read() as db:
        assert db.get(content.Entry, (db.tenant_id, one)) is None
        assert list(registry.PROJECTOR.verify(db)) == []


@on_one_database
def test_words_are_forgotten_with_the_date_they_belonged_to(city, course):
    change_one(city, course, SECOND, "Anders")
    change(city, course, "2026-11-24T18:00", rules=["FREQ=WEEKLY;INTERVAL=2;COUNT=3"])
    with city.read() as db:
        assert events.changed(db, [course]) == {}


@on_one_database
def test_a_date_that_the_series_does_not_have_and_someone_elses_change_are_refused(city, course):
    with pytest.raises(Invalid):
        change_one(city, course, "2026-12-02T18:00", "Nie")
    change_one(city, course, SECOND, "Anders")
    with pytest.raises(Conflict), city.write() as db:
        events.reword(db, course, wall(SECOND), revision=1, actor=EDITOR)


@on_one_database
def test_a_copy_and_a_deletion_take_the_words_of_single_dates_with_them(city, course):
    place = settle(city, "Rathaus")
    one = change_one(city, course, SECOND, "Anders")
    write(city, one, "Different", language="en")
    move_one_to(city, course, SECOND, location=place)
    with city.write() as db:
        twin = events.copy(db, course, actor=EDITOR).id
        copied = events.changed(db, [twin])[twin]["2026-12-01T18:00:00"]
        assert content.related(db, [copied.id], events.LOCATION) == {copied.id: [place]}
        assert content.find_text(db, copied.id, "en").public_version_id is None
    with city.write() as db:
        events.archive(db, course, revision=revision_of(db, course), actor=EDITOR)
        events.delete_for_good(db, course, revision=revision_of(db, course), actor=EDITOR)
    with city.read() as db:
        assert db.get(content.Entry, (db.tenant_id, one)) is None
    assert published(city) == {}


@on_one_database
def test_documents_from_before_dates_had_words_are_read_as_they_are(city, course):
    document = published(city)[course]
    del document["recurrence"]["occurrences"]
    assert events.as_at(document, wall(SECOND)) == document
