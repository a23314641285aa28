"""Calendars elsewhere as editors take them over, without a browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cityinfo.adapters.ical import CalendarServer
from cityinfo.adapters.outside import networks_of
from cityinfo.features import content, events
from cityinfo.features.events import CalendarDraft
from cityinfo.kernel import clock, jobs
from tests.cms.conftest import text_of
from tests.factories import EDITOR
from tests.factories_events import hold, run_calendars
from tests.factories_places import settle
from tests.features.events.calendars import BROKEN, calendar, one
from tests.web.test_statements import Statements

LIST = "/events/calendars"
SUNDAY = next(day for n in range(7, 14) if (day := (clock.now() + timedelta(days=n)).date()).weekday() == 6)


@pytest.fixture
def server(httpserver):
    """A calendar's server; `say` changes what it says."""

    def say(text, **more):
        httpserver.clear()
        httpserver.expect_request("/calendar.ics").respond_with_data(text, content_type="text/calendar", **more)

    httpserver.say = say
    say(calendar(one("1", "Chor", "21001205"), one("2", "Sommerfest", "21010612")))
    return httpserver


@pytest.fixture
def manager(people):
    manager = people("manager")
    source = CalendarServer(networks_of("127.0.0.0/8,::1/128"))
    manager.client.application.extensions["calendars"] = lambda: source
    return manager


@pytest.fixture
def fields(server):
    return {"name": "Verein", "address": server.url_for("/calendar.ics"), "language": "de"}


@pytest.fixture
def known(city, fields):
    """A calendar that was taken over once."""
    with city.write() as db:
        calendar_id = events.add_calendar(db, CalendarDraft(**fields), actor=EDITOR).id
    run_calendars(city, calendar_id)
    return calendar_id


def looked(answer):
    """What a form must send back so that it is known that the calendar was looked at."""
    return re.search(r'name="looked" value="([^"]*)"', text_of(answer))[1]


def titles(city):
    with city.read() as db:
        kept = [one for one in events.EVENTS.all_ids(db) if content.find_entry(db, one).archived_at is None]
        return sorted(content.name(names, "de")[0] for names in content.titles_of(db, kept).values())


def test_a_calendar_is_looked_at_before_it_is_added_and_then_taken_over(city, manager, fields, server):
    server.say(
        calendar(one("1", "Chor", f"{SUNDAY:%Y%m%d}", more="RRULE:FREQ=WEEKLY;COUNT=3\n"), one("2", "", "21010612"))
    )
    shown = manager.post(f"{LIST}/new", {**fields, "do": "look"})
    said = text_of(shown)
    assert shown.status_code == 200
    for sentence in ("Chor", "Jeden Sonntag", f"{SUNDAY + timedelta(days=7):%d.%m.%Y}", "eine neue Veranstaltung"):
        assert sentence in said
    assert "Sie hat keinen Titel" in said
    assert "Zeile 11 der Datei" in said
    assert titles(city) == []
    added = manager.post(f"{LIST}/new", {**fields, "do": "keep", "looked": looked(shown)})
    assert added.status_code == 303
    here = added.headers["Location"].partition(city.slug)[2]
    assert "wird gerade übernommen" in text_of(manager.get(here))
    run_calendars(city)
    assert titles(city) == ["Chor"]
    report = text_of(manager.get(here))
    assert "eine neu, eine ausgelassen" in report
    assert "Sie hat keinen Titel" in report
    assert "Zeile 11" in report


def test_nothing_is_added_that_was_not_looked_at(city, manager, fields):
    shown = manager.post(f"{LIST}/new", {**fields, "do": "keep"})
    assert "Was er jetzt bringt" in text_of(shown)
    again = {**fields, "address": fields["address"] + "?other", "looked": looked(shown), "do": "keep"}
    manager.post(f"{LIST}/new", again)
    with city.read() as db:
        assert not events.all_calendars(db)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "braucht einen Namen und eine Adresse"),
        ({"address": "nirgends"}, "Webadresse"),
        ({"address": "http://192.168.1.1/a.ics"}, "internes Netz"),
        ({"address": "http://169.254.169.254/a.ics"}, "internes Netz"),
        ({"language": "xx"}, "schreibt nicht in"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(city, manager, fields, changed, sentence):
    refused = manager.post(f"{LIST}/new", {**fields, "category": "Kultur & Musik", **changed, "do": "look"})
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert 'value="Kultur & Musik"' in text_of(refused)


@pytest.mark.parametrize(("text", "status"), [("<html>", 200), ("", 404), ("", 503)])
def test_a_calendar_that_cannot_be_read_is_not_added_and_says_why(city, manager, fields, server, text, status):
    server.say(text, status=status)
    refused = manager.post(f"{LIST}/new", {**fields, "do": "look"})
    assert refused.status_code == 422
    assert f'value="{fields["address"]}"' in text_of(refused)
    assert "Prüfen Sie" in text_of(refused) or "prüfen Sie" in text_of(refused) or "später" in text_of(refused)


def test_a_look_at_a_known_calendar_says_what_a_run_would_change(city, manager, known, server):
    server.say(calendar(one("1", "Großer Chor", "21001205"), one("3", "Lesung", "21010101")))
    said = text_of(manager.post(f"{LIST}/{known}/look"))
    assert "Titel: „Chor“ wird zu „Großer Chor“" in said
    assert "eine neue Veranstaltung" in said
    assert "Der Kalender hat sie nicht mehr" in said
    assert titles(city) == ["Chor", "Sommerfest"]


def test_what_an_editor_changed_is_said_to_stay(city, manager, known, server):
    with city.read() as db:
        event_id = events.imported(db, known)["1"].event_id
        text = content.find_text(db, event_id, "de")
        revisions = {"revision": content.find_entry(db, event_id).revision, "text_revision": text.revision}
    form = {"title": "Unser Chor", "content": "", "starts_on": "2100-12-05", "starts_at": "18:00", "ends_at": "19:00"}
    assert manager.post(f"/events/{event_id}", {**form, "often": "once", **revisions}).status_code == 303
    server.say(calendar(one("1", "Großer Chor", "21001205"), one("2", "Sommerfest", "21010612")))
    assert "Titel: bleibt, wie hier geändert" in text_of(manager.post(f"{LIST}/{known}/look"))


def test_a_run_that_fails_says_so_and_leaves_the_events(city, manager, known, server):
    server.say("", status=404)
    assert manager.post(f"{LIST}/{known}/run").status_code == 303
    run_calendars(city)
    said = text_of(manager.get(f"{LIST}/{known}"))
    assert "nicht lesbar" in said
    assert "Seine Veranstaltungen bleiben, wie sie waren." in said
    assert "nicht lesbar" in text_of(manager.get(LIST))
    assert titles(city) == ["Chor", "Sommerfest"]


def test_earlier_runs_are_kept_with_what_they_left_out(city, manager, known, server):
    server.say(calendar(one("1", "", "21001205"), one("2", "Sommerfest", "21010612")))
    run_calendars(city, known)
    server.say("", status=503)
    for _ in range(2):
        run_calendars(city, known)
    said = text_of(manager.get(f"{LIST}/{known}"))
    assert "Die letzten 2 Übernahmen schlugen fehl" in said
    earlier = said.partition("Frühere Übernahmen")[2]
    assert "eine unverändert, eine ausgelassen" in earlier
    assert "Sie hat keinen Titel; geben Sie ihr im Kalender einen." in earlier
    assert "2 neu" in earlier
    for _ in range(20):
        run_calendars(city, known)
    with city.read() as db:
        assert len(events.find_calendar(db, known).runs) == 14


def test_running_twice_promises_one_run(city, manager, known):
    for _ in range(2):
        manager.post(f"{LIST}/{known}/run")
    with city.read() as db:
        assert len(jobs.open_jobs(db, events.RUN_CALENDAR)) == 1


def test_a_paused_calendar_rests_at_night_until_it_goes_on(city, manager, fields):
    with city.write() as db:
        calendar_id = events.add_calendar(db, CalendarDraft(**fields), actor=EDITOR).id
    manager.post(f"{LIST}/{calendar_id}/pause", {"paused": "1"})
    assert "pausiert" in text_of(manager.get(LIST))
    assert events.enqueue_calendars(city.database) == 0
    manager.post(f"{LIST}/{calendar_id}/pause", {"paused": ""})
    assert events.enqueue_calendars(city.database) == 1


@pytest.mark.parametrize(("answer", "left"), [("withdraw", []), ("keep", ["Chor", "Sommerfest"])])
def test_who_removes_a_calendar_says_what_becomes_of_its_events(city, manager, known, answer, left):
    assert manager.post(f"{LIST}/{known}/remove", {"events": answer}).status_code == 303
    assert titles(city) == left
    with city.read() as db:
        assert not events.all_calendars(db)
        assert not any(events.is_imported(db, one) for one in events.EVENTS.all_ids(db))


def test_an_event_says_where_it_comes_from_and_what_cannot_be_done_with_it(city, manager, known):
    own = hold(city, "Eigenes Fest", "2100-01-01T10:00")
    with city.read() as db:
        event_id = events.imported(db, known)["1"].event_id
    shown = text_of(manager.get(f"/events/{event_id}"))
    assert "Aus einem fremden Kalender" in shown
    assert "lässt sie sich nicht kopieren" in shown
    assert f"/events/{event_id}/copy" not in shown
    assert f"/events/{own}/copy" in text_of(manager.get(f"/events/{own}"))
    assert text_of(manager.get("/events")).count("aus dem Kalender „Verein“") == 2
    sifted = text_of(manager.get(f"/events?calendar={known}"))
    assert ("Chor" in sifted, "Eigenes Fest" in sifted) == (True, False)


def test_an_event_deleted_here_is_listed_and_taken_back(city, manager, known):
    with city.write() as db:
        event_id = events.imported(db, known)["1"].event_id
        events.archive(db, event_id, revision=content.find_entry(db, event_id).revision, actor=EDITOR)
        events.delete_for_good(db, event_id, revision=content.find_entry(db, event_id).revision, actor=EDITOR)
    assert "Hier gelöscht" in text_of(manager.get(f"{LIST}/{known}"))
    manager.post(f"{LIST}/{known}/take-back", {"uid": "1"})
    manager.post(f"{LIST}/{known}/run")
    run_calendars(city)
    assert titles(city) == ["Chor", "Sommerfest"]
    assert "Hier gelöscht" not in text_of(manager.get(f"{LIST}/{known}"))


def test_a_calendar_is_changed_and_a_colleague_is_not_overwritten(city, manager, fields, known):
    place = settle(city, "Stadthalle")
    shown = text_of(manager.get(f"{LIST}/{known}/change"))
    sent = {**fields, "name": "Chorverein", "location": place, "looked": fields["address"], "do": "keep"}
    sent["revision"] = re.search(r'name="revision" value="(\d+)"', shown)[1]
    assert manager.post(f"{LIST}/{known}/change", sent).status_code == 303
    with city.read() as db:
        found = events.find_calendar(db, known)
        assert (found.name, found.location_id) == ("Chorverein", place)
    late = manager.post(f"{LIST}/{known}/change", {**sent, "name": "Singkreis"})
    assert late.status_code == 409
    assert 'value="Singkreis"' in text_of(late)


def test_a_report_names_at_most_a_hundred_and_counts_the_rest(city, manager, known, server):
    server.say(calendar(*(one(f"{n}", "", "21001205") for n in range(120))))
    run_calendars(city, known)
    assert "und 20 weitere" in text_of(manager.get(f"{LIST}/{known}"))


def test_a_reader_of_calendars_is_offered_nothing_that_changes_them(city, people, known):
    observer = people("observer")
    shown = text_of(observer.get(f"{LIST}/{known}"))
    assert "Stand" in shown
    assert "Jetzt übernehmen" not in shown
    assert "entfernen" not in shown
    assert "Kalender hinzufügen" not in text_of(observer.get(LIST))


def test_the_list_asks_the_database_as_often_for_many_calendars(city, manager, fields):
    def add(number):
        with city.write() as db:
            events.add_calendar(db, CalendarDraft(**{**fields, "name": f"Verein {number}"}), actor=EDITOR)

    add(0)
    asked = Statements(city.database.engine)
    short = asked.of(lambda: manager.get(LIST))
    for number in range(1, 20):
        add(number)
    assert asked.of(lambda: manager.get(LIST)) == short


def test_all_that_cannot_be_read_is_named_with_its_line(manager, fields, server):
    server.say(BROKEN)
    said = text_of(manager.post(f"{LIST}/new", {**fields, "do": "look"}))
    found = [int(line) for line in re.findall(r"Zeile (\d+) der Datei", said)]
    begins = [n for n, line in enumerate(BROKEN.splitlines(), 1) if line == "BEGIN:VEVENT"]
    assert len(found) == 8
    assert set(found) <= set(begins)
