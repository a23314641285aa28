"""What the platform tells everyone who works in cities, on their screens and by letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import time_machine

from cityinfo.app import open_site
from cityinfo.features import accounts, announcements, audit
from cityinfo.features.announcements import SEND_LETTERS, AnnouncementDraft
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Forbidden, Invalid, Outdated, Unavailable
from cityinfo.kernel.facts import SYSTEM
from cityinfo.kernel.jobs import run_job, sweep
from tests.factories_people import actor, give, member, person
from tests.web.test_statements import Statements


class Mailer:
    """Keeps letters instead of sending them."""

    def __init__(self, refuses=()):
        self.letters, self.refuses = [], dict(refuses)

    def send(self, letter):
        if letter.to in self.refuses:
            raise self.refuses[letter.to]
        self.letters.append(letter)


def draft(**other):
    said = {"title_de": "Wartung", "title_en": "Maintenance", "body_de": "Am Montag.", "body_en": "On Monday."}
    times = {"starts_at": None, "ends_at": clock.now() + timedelta(days=7)}
    return AnnouncementDraft(**{**said, **times, **other})


@pytest.fixture
def write(database):
    def writing(actor=SYSTEM, **other):
        with database.unit_of_work(NO_TENANT, write=True) as db:
            return announcements.write(db, draft(**other), actor=actor).id

    return writing


def seen_by(database, account_id):
    with database.unit_of_work(NO_TENANT) as db:
        return [one.title("de") for one in announcements.shown(db, account_id)]


def work(database, mailer, settings):
    """What a worker does until nothing is left to do."""
    announcements.enqueue_letters(database)
    sending = partial(announcements.send_letters, mailer=mailer, site=open_site(settings))
    for tenant_id, job_id in sweep(database):
        run_job(database, {SEND_LETTERS: sending}, tenant_id, job_id)


def test_everyone_sees_it_while_it_lasts_until_they_put_it_away(database, city, write):
    amal, ben = member(city, "author", "Amal"), member(city, "editor", "Ben")
    announcement = write(starts_at=clock.now() + timedelta(days=1))
    assert seen_by(database, amal) == []
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert seen_by(database, amal) == ["Wartung"]
        with database.unit_of_work(NO_TENANT, write=True) as db:
            announcements.dismiss(db, announcement, amal)
            announcements.dismiss(db, announcement, amal)
        assert seen_by(database, amal) == []
        assert seen_by(database, ben) == ["Wartung"]
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert seen_by(database, ben) == []


def test_it_is_read_in_work_of_a_city_too_with_one_statement(database, city, write):
    amal = member(city, "author", "Amal")
    write()
    asked = Statements(database.engine)
    with city.read() as db:
        assert asked.of(lambda: announcements.shown(db, amal)) == 1
        assert [one.title("en") for one in announcements.shown(db, amal)] == ["Maintenance"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title_de": " "}, "announcement.title_de"),
        ({"title_en": "x" * 151}, "announcement.title_en"),
        ({"body_en": ""}, "announcement.body_en"),
        ({"starts_at": clock.now() + timedelta(days=9)}, "announcement.ends_at"),
    ],
)
def test_what_cannot_be_shown_is_refused(database, write, wrong, code):
    with pytest.raises(Invalid) as refused:
        write(**wrong)
    assert refused.value.code == code


def test_a_change_that_was_overtaken_is_refused(database, write):
    announcement = write()
    with database.unit_of_work(NO_TENANT, write=True) as db:
        announcements.change(db, announcement, draft(title_de="Wartung verschoben"), revision=1, actor=SYSTEM)
    with pytest.raises(Outdated), database.unit_of_work(NO_TENANT, write=True) as db:
        announcements.change(db, announcement, draft(), revision=1, actor=SYSTEM)


def test_a_withdrawn_one_is_shown_to_nobody(database, city, write):
    amal, announcement = member(city, "author", "Amal"), write()
    with database.unit_of_work(NO_TENANT, write=True) as db:
        announcements.withdraw(db, announcement, actor=SYSTEM)
    assert seen_by(database, amal) == []
    with pytest.raises(Invalid, match="over"), database.unit_of_work(NO_TENANT, write=True) as db:
        announcements.withdraw(db, announcement, actor=SYSTEM)


def test_only_staff_can_write_one_and_the_platforms_log_names_them(database, city, write):
    manager, sina = member(city, "manager"), person(database, "Sina", staff=True)
    with city.read() as db:
        someone = actor(db, manager)
    with pytest.raises(Forbidden):
        write(actor=someone)
    with database.unit_of_work(NO_TENANT) as db:
        staff = accounts.staff_actor(db, sina)
    write(actor=staff)
    with database.unit_of_work(NO_TENANT) as db:
        rows = db.query(audit.PlatformAuditRow).filter_by(action="AnnouncementChanged").all()
        assert [row.actor for row in rows] == [f"staff:{sina}"]
        assert audit.verify(db).fault == ""


def test_everyone_gets_one_letter_however_many_cities_they_work_in(database, settings, city, other_city, write):
    amal = member(city, "author", "Amal")
    give(other_city, amal, "editor"), give(city, amal, "observer")
    member(other_city, "manager", "Ben")
    gone = member(other_city, "observer", "Gone")
    with database.unit_of_work(NO_TENANT, write=True) as db:
        accounts.set_active(db, gone, False, actor=SYSTEM)
    announcement, mailer = write(by_mail=True), Mailer()
    work(database, mailer, settings)
    assert sorted(letter.to for letter in mailer.letters) == ["amal@example.org", "ben@example.org"]
    assert mailer.letters[0].subject == "Wartung"
    assert "Am Montag." in mailer.letters[0].text
    work(database, mailer, settings)
    assert len(mailer.letters) == 2
    with database.unit_of_work(NO_TENANT) as db:
        assert announcements.sums(db, [announcement])[announcement].sent == 2


def test_no_letter_goes_out_unless_it_is_wanted_or_before_it_begins(database, settings, city, write):
    member(city, "author", "Amal")
    write(), write(by_mail=True, starts_at=clock.now() + timedelta(days=1))
    mailer = Mailer()
    work(database, mailer, settings)
    assert mailer.letters == []
    with time_machine.travel(clock.now() + timedelta(days=2)):
        work(database, mailer, settings)
    assert len(mailer.letters) == 1


def test_an_address_that_does_not_exist_is_counted_and_others_get_theirs(database, settings, city, write):
    member(city, "author", "Amal"), member(city, "editor", "Ben")
    announcement = write(by_mail=True)
    mailer = Mailer({"amal@example.org": Invalid("mail.refused", "Nobody lives there.")})
    work(database, mailer, settings)
    assert [letter.to for letter in mailer.letters] == ["ben@example.org"]
    with database.unit_of_work(NO_TENANT) as db:
        found = announcements.sums(db, [announcement])[announcement]
    assert (found.sent, found.failed) == (1, 1)


def test_when_the_mail_server_is_away_the_rest_follows_later(database, settings, city, write):
    member(city, "author", "Amal"), member(city, "editor", "Ben")
    write(by_mail=True)
    mailer = Mailer({"ben@example.org": Unavailable("mail.failed", "Away.")})
    work(database, mailer, settings)
    mailer.refuses.clear()
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        work(database, mailer, settings)
    assert sorted(letter.to for letter in mailer.letters) == ["amal@example.org", "ben@example.org"]


def test_letters_that_are_on_their_way_cannot_be_called_back(database, settings, city, write):
    announcement = write(by_mail=True)
    work(database, Mailer(), settings)
    with pytest.raises(Invalid, match="on their way"), database.unit_of_work(NO_TENANT, write=True) as db:
        announcements.change(db, announcement, replace(draft(), by_mail=False), revision=1, actor=SYSTEM)
