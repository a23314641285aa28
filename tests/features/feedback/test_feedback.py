"""Feedback: readers say something, editors answer, and nothing is kept longer than needed."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from cityinfo.features import audit, feedback
from cityinfo.features.feedback.models import Feedback
from cityinfo.features.feedback.rules import spam_score, split_contact
from cityinfo.kernel import clock
from cityinfo.kernel.db import TenantClock
from cityinfo.kernel.errors import Invalid, Limited, NotFound
from cityinfo.kernel.limits import Salt
from tests.factories import EDITOR, plant, save
from tests.factories_offers import offer, publish_imprint, send

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)


def rows(city, **filters):
    with city.read() as db:
        return list(feedback.listed(db, **filters))


def at(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_reader_finds_the_reply_with_the_ticket(city):
    ticket = send(city, comment="Wo ist das Amt?")
    with city.write() as db:
        feedback.reply(db, feedback.by_ticket(db, ticket).id, " Am Markt 1. ", actor=EDITOR)
    with city.read() as db:
        assert feedback.by_ticket(db, ticket).reply == "Am Markt 1."


@on_one_database
def test_a_wrong_ticket_and_that_of_another_city_find_nothing(city, other_city):
    ticket = send(city)
    for where, what in ((city, "falsch"), (other_city, ticket)):
        with pytest.raises(NotFound, match="no feedback with this ticket"), where.read() as db:
            feedback.by_ticket(db, what)


def test_neither_ticket_nor_address_can_be_read_in_the_database(city):
    ticket = send(city, address="192.0.2.77")
    with city.read() as db:
        row = db.query(Feedback).one()
        values = [str(getattr(row, column.key)) for column in Feedback.__mapper__.columns]
    assert not [value for value in values if ticket in value or "192.0.2.77" in value]


def test_sending_takes_no_number_of_the_citys_clock(city):
    plant(city, "Arbeit")
    with city.read() as db:
        before = db.query(TenantClock).one().seq
    send(city)
    with city.read() as db:
        assert db.query(TenantClock).one().seq == before


def test_one_address_can_send_ten_within_ten_minutes_and_others_still_can(city, monkeypatch):
    at(monkeypatch, NOW)
    for _ in range(10):
        send(city)
    with pytest.raises(Limited, match="try again in 10 minutes"):
        send(city)
    send(city, address="192.0.2.2")
    at(monkeypatch, NOW + timedelta(minutes=11))
    send(city)
    assert len(rows(city)) == 12


def test_several_readers_may_be_the_first_of_a_day_at_once(city):
    start = Barrier(4)

    def send_at_once(number):
        start.wait()
        return send(city, address=f"192.0.2.{number}")

    with ThreadPoolExecutor(4) as readers:
        assert len(set(readers.map(send_at_once, range(4)))) == 4
    with city.read() as db:
        assert (db.query(Feedback).count(), db.query(Salt).count()) == (4, 1)


def test_what_was_kept_long_enough_is_deleted_everywhere_and_the_rest_stays(city, other_city, monkeypatch):
    at(monkeypatch, NOW)
    for where in (city, other_city):
        send(where, keep=timedelta(days=1))
        send(where, keep=timedelta(days=30), comment="bleibt")
    at(monkeypatch, NOW + timedelta(days=2))
    assert feedback.purge(city.database) == 2
    assert [[row.comment for row in rows(where)] for where in (city, other_city)] == [["bleibt"], ["bleibt"]]


@on_one_database
def test_feedback_names_the_entry_it_is_about_under_addresses_of_now_and_before(city):
    page = plant(city, "Arbeit", slug="arbeit")
    save(city, page, slug="job")
    for slug in ("arbeit", "job", "JOB"):
        send(city, topic="page", slug=slug)
    course, notice = offer(city, "Kurs"), publish_imprint(city)
    send(city, topic="offer", slug="kurs")
    send(city, topic="imprint")
    assert {row.entry_id for row in rows(city, topic="page")} == {page}
    assert [row.entry_id for row in rows(city, topic="offer")] == [course]
    assert [row.entry_id for row in rows(city, topic="imprint")] == [notice]


REFUSED = [
    ({"topic": "wetter"}, Invalid, "no topic"),
    ({"rating": "sideways"}, Invalid, "no rating"),
    ({"comment": ""}, Invalid, "Choose a rating or write"),
    ({"comment": "x" * 10_001}, Invalid, "at most 10000"),
    ({"topic": "page", "slug": "gibtsnicht"}, NotFound, "no page under"),
    ({"topic": "imprint"}, NotFound, "no imprint"),
]


@on_one_database
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(city):
    for said, problem, sentence in REFUSED:
        with pytest.raises(problem, match=sentence):
            send(city, **said)
        assert rows(city) == []


def test_what_no_database_can_keep_is_left_out(city):
    send(city, comment="Gut\0 \ud83d so\x07!", query="a\0")
    assert [(row.comment, row.query) for row in rows(city)] == [("Gut  so!", "a")]


@on_one_database
def test_a_draft_that_no_reader_knows_is_not_given_away(city):
    plant(city, "Geheim", public=False)
    with pytest.raises(NotFound):
        send(city, topic="page", slug="geheim")


@on_one_database
def test_editors_read_archive_bring_back_and_forward_and_the_log_knows(city):
    send(city)
    one = rows(city)[0].id
    with city.write() as db:
        feedback.mark_read(db, one, actor=EDITOR)
        feedback.forward(db, one, to="Caritas", actor=EDITOR)
        feedback.archive(db, one, actor=EDITOR)
    assert rows(city) == []
    archived = rows(city, archived=True)[0]
    assert (archived.read_by, archived.forwarded_to) == ("editor:eva", "Caritas")
    with city.write() as db:
        feedback.restore(db, one, actor=EDITOR)
    assert len(rows(city)) == 1
    with city.read() as db:
        actions = {row.action for row in db.query(audit.AuditRow) if row.kind == feedback.KIND}
    assert actions == {"FeedbackRead", "FeedbackForwarded", "FeedbackArchived", "FeedbackRestored"}


@on_one_database
def test_a_table_holds_everything_but_addresses_and_no_formula(city):
    send(city, comment='=HYPERLINK("x")', contact="amal@example.org", topic="search", query="Kita")
    with city.read() as db:
        table = list(csv.DictReader(io.StringIO(feedback.as_csv(feedback.listed(db)))))
    assert (table[0]["query"], table[0]["comment"]) == ("Kita", '\'=HYPERLINK("x")')
    assert "amal@example.org" not in str(table)


@on_one_database
def test_searches_without_result_are_counted(city):
    for query in ("Kita", "kita", "Hund"):
        send(city, topic="search", query=query)
    with city.read() as db:
        assert feedback.queries_without_result(db) == [("kita", 2), ("hund", 1)]


@on_one_database
def test_spam_and_technical_feedback_can_be_looked_at_apart(city):
    send(city, comment="Casino! http://a.example http://b.example")
    send(city, comment="Die App stürzt ab.", technical=True)
    assert ["Casino" in row.comment for row in rows(city, spam=True)] == [True]
    assert [row.technical for row in rows(city, spam=False)] == [True]
    assert [row.technical for row in rows(city, technical=False)] == [False]


@pytest.mark.parametrize(
    "comment", ["", "Danke!", "Die Nummer 0821 324-0 stimmt nicht, siehe https://amt.example", "شكرا جزيلا"]
)
def test_what_people_write_is_no_spam(comment):
    assert spam_score(comment) < feedback.SPAM


@pytest.mark.parametrize(
    "comment",
    [
        "Cheap SEO backlinks http://x.example",
        "http://a.example http://b.example",
        "BUY NOW CHEAP THINGS BEST PRICE !!!!!!!!!!!!",
        "Best casino bonus, crypto payday",
    ],
)
def test_what_advertisers_write_is(comment):
    assert spam_score(comment) >= feedback.SPAM


@pytest.mark.parametrize(
    ("sent", "comment", "contact"),
    [
        ("Sehr hilfreich    Kontaktadresse: Keine Angabe", "Sehr hilfreich", ""),
        ("Hallo    Kontaktadresse: amal@example.org", "Hallo", "amal@example.org"),
        ("    Kontaktadresse: Keine Angabe", "", ""),
        ("Meine Kontaktadresse: fehlt\nauf der Seite", "Meine Kontaktadresse: fehlt\nauf der Seite", ""),
    ],
)
def test_the_address_that_apps_put_behind_a_comment_is_told_apart(sent, comment, contact):
    assert split_contact(sent) == (comment, contact)
