"""Ways in by mail: invitations and forgotten passwords."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from cityinfo.features import accounts, logins
from cityinfo.features.accounts import Account
from cityinfo.features.logins.models import LoginLink
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.facts import SYSTEM
from cityinfo.kernel.jobs import Job
from tests.factories_logins import Person, invite, invite_as, letters, token_in
from tests.factories_people import PASSWORD, give, member, person

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
NEW = "vier lange fremde Wörter"


@pytest.fixture
def amal(client, city, database):
    give(city, person(database, "Amal", password=True), "author")
    return Person(client)


@pytest.fixture
def nour(client):
    """Someone who has never been here."""
    return Person(client)


def forget(someone, email="amal@example.org"):
    return someone.send("POST", "/password/forgot", email=email)


def choose(someone, token, password=NEW, *, what="/password/reset"):
    return someone.come_in(what, token=token, password=password)


# Invitations


def test_whoever_is_invited_chooses_a_password_and_is_in(city, nour, settings, database):
    invite(city, "nour@example.org", role="editor", name="Nour Haddad")
    (letter,) = letters(settings, database)
    assert (letter["To"], letter["Subject"]) == ("nour@example.org", "Ihr Zugang zu Stadt Teststadt")
    assert letter.get_content().startswith("Guten Tag Nour Haddad,")
    assert choose(nour, token_in(letter), what="/invitation/accept").status_code == 200
    assert [one["slug"] for one in nour.send("GET", "/me").json["cities"]] == ["teststadt"]
    assert nour.log_in(email="nour@example.org", password=NEW).status_code == 200


def test_the_letter_speaks_the_language_of_who_gets_it(city, settings, database):
    invite_as(city, SYSTEM, "nour@example.org", role="editor", language="en")
    (letter,) = letters(settings, database)
    assert (letter["Subject"], letter["Content-Language"]) == ("Your access to Stadt Teststadt", "en")
    assert letter.get_content().startswith("Hello Nour,")


def test_a_manager_invites_and_others_do_not(client, city, nour, settings, database):
    for role, status in (("manager", 200), ("editor", 403)):
        account_id = member(city, role, name=role)
        with database.unit_of_work(NO_TENANT, write=True) as db:
            logins.passwords.keep(db, account_id, logins.passwords.digest_of(PASSWORD))
        someone = Person(client)
        someone.log_in(email=f"{role}@example.org")
        headers = {"Authorization": f"Bearer {someone.tokens['access_token']}"}
        said = {"email": f"by-{role}@example.org", "name": "Nour", "role": "author"}
        answer = client.post("/api/v1/manage/teststadt/invitations", json=said, headers=headers)
        assert answer.status_code == status
    assert [letter["To"] for letter in letters(settings, database)] == ["by-manager@example.org"]


def test_someone_known_to_another_city_is_told_so_and_keeps_the_password(amal, other_city, settings, database):
    invite(other_city, "amal@example.org")
    (letter,) = letters(settings, database)
    assert "wie gewohnt" in letter.get_content()
    assert amal.log_in().status_code == 200
    assert len(amal.send("GET", "/me").json["cities"]) == 2


def test_another_invitation_replaces_the_first_one(city, nour, settings, database):
    invite(city, "nour@example.org")
    (first,) = letters(settings, database)
    invite(city, "nour@example.org")
    _, second = letters(settings, database)
    assert choose(nour, token_in(first), what="/invitation/accept").status_code == 410
    assert choose(nour, token_in(second), what="/invitation/accept").status_code == 200


def test_who_lets_the_invitation_lapse_is_forgotten_after_a_week(city, nour, settings, database):
    invite(city, "nour@example.org")
    (letter,) = letters(settings, database)
    with time_machine.travel(clock.now() + timedelta(days=7, hours=1), tick=False):
        assert choose(nour, token_in(letter), what="/invitation/accept").status_code == 410
        assert logins.purge(database) == 1
    with city.read() as db:
        assert accounts.people(db) == []
        assert db.query(Account).count() == 0


def test_who_came_stays(city, nour, settings, database):
    invite(city, "nour@example.org")
    choose(nour, token_in(letters(settings, database)[0]), what="/invitation/accept")
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert logins.purge(database) == 0
    with city.read() as db:
        assert len(accounts.people(db)) == 1


# Forgotten passwords


def test_a_forgotten_password_is_replaced_by_a_letters_link(amal, settings, database):
    amal.log_in()
    assert forget(Person(amal.client)).status_code == 204
    (letter,) = letters(settings, database)
    stranger = Person(amal.client)
    assert choose(stranger, token_in(letter)).status_code == 200
    assert amal.send("GET", "/me").status_code == 401
    assert stranger.log_in().status_code == 401
    assert stranger.log_in(password=NEW).status_code == 200


def test_nobody_learns_whether_an_address_has_an_account(amal, settings, database):
    known, unknown = forget(amal), forget(amal, "nobody@example.org")
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data) == (204, b"")
    with database.unit_of_work(NO_TENANT) as db:
        assert db.query(LoginLink).count() == 2
    assert [letter["To"] for letter in letters(settings, database)] == ["amal@example.org"]


def test_a_link_works_once_and_for_two_hours(amal, settings, database):
    forget(amal)
    token = token_in(letters(settings, database)[0])
    with time_machine.travel(clock.now() + timedelta(hours=2, minutes=1), tick=False):
        assert choose(amal, token).json["code"] == "link.gone"
    assert choose(amal, token, "kurz").status_code == 422
    assert choose(amal, token).status_code == 200
    assert choose(amal, token).json["code"] == "link.gone"


def test_a_link_for_one_thing_is_worth_nothing_for_another(amal, city, settings, database):
    forget(amal)
    token = token_in(letters(settings, database)[0])
    assert choose(amal, token, what="/invitation/accept").json["code"] == "link.unknown"
    for wrong in ("", "x", token[:-1], token[1:], "WzAsMV0." + token.partition(".")[2]):
        assert choose(amal, wrong).json["code"] == "link.unknown"


def test_a_letter_is_one_factor_only(amal, settings, database):
    amal.log_in()
    amal.add_passkey()
    forget(amal)
    token = token_in(letters(settings, database)[0])
    answer = choose(Person(amal.client), token)
    assert (answer.status_code, answer.json["code"]) == (403, "second_factor.required")


def test_a_new_password_may_not_be_made_of_ones_own_name(amal, settings, database):
    forget(amal)
    answer = choose(amal, token_in(letters(settings, database)[0]), "amal@example.org")
    assert (answer.status_code, answer.json["code"]) == (422, "password.weak")


def test_no_table_holds_what_opens_an_account(amal, settings, database, city):
    forget(amal)
    token = token_in(letters(settings, database)[0])
    with city.read() as db:
        kept = [str(vars(row)) for row in (*db.query(LoginLink), *db.query(Job))]
    assert not [row for row in kept if token in row or token.partition(".")[2] in row or "amal@" in row]


def test_a_mailbox_cannot_be_flooded(amal, settings, database):
    statuses = [forget(amal).status_code for _ in range(8)]
    assert statuses == [204] * 6 + [429] * 2
    assert len(letters(settings, database)) == 1


def test_someone_locked_out_gets_no_letter_and_nobody_is_told(amal, settings, database):
    with database.unit_of_work(NO_TENANT, write=True) as db:
        accounts.set_active(db, accounts.account_of(db, "amal@example.org").id, False, actor=SYSTEM)
    assert forget(amal).status_code == 204
    assert letters(settings, database) == []
