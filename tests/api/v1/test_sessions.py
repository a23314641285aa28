"""Where one is logged in, ending that, other passwords, and what failures cost whom."""

from __future__ import annotations

import pytest
import time_machine
from argon2 import PasswordHasher, extract_parameters

from cityinfo.features import audit, logins
from cityinfo.features.audit import PlatformAuditRow
from cityinfo.features.logins import passwords, throttle
from cityinfo.features.logins.models import Password
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from tests.factories_logins import Person
from tests.factories_people import PASSWORD, give, person

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
NEW = "vier lange fremde Wörter"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def amal(client, city, database):
    give(city, person(database, "Amal", password=True), "author")
    return Person(client)


def test_one_sees_where_one_is_logged_in(client, amal):
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    amal.log_in()
    elsewhere = Person(client, "2001:db8:1:2::9")
    elsewhere.log_in()
    here, there = sorted(amal.send("GET", "/me/sessions").json["items"], key=lambda one: not one["current"])
    assert (here["device"], here["network"], here["current"]) == ("Firefox · Linux", "192.0.2.0/24", True)
    assert (there["network"], there["current"]) == ("2001:db8:1::/48", False)


def test_one_login_can_be_ended_and_so_can_all_others(client, amal):
    amal.log_in()
    phone, office, home = Person(client), Person(client), Person(client)
    for one in (phone, office, home):
        one.log_in()
    lost = next(one for one in phone.send("GET", "/me/sessions").json["items"] if one["current"])
    assert amal.send("DELETE", f"/me/sessions/{lost['id']}").status_code == 204
    assert [one.send("GET", "/me").status_code for one in (phone, office, home)] == [401, 200, 200]
    assert amal.send("DELETE", "/me/sessions").status_code == 204
    assert [one.send("GET", "/me").status_code for one in (amal, office, home)] == [200, 401, 401]


def test_nobody_ends_the_login_of_someone_else(client, amal, database):
    amal.log_in()
    person(database, "Karim", password=True)
    karim = Person(client)
    karim.log_in(email="karim@example.org")
    (mine,) = amal.send("GET", "/me/sessions").json["items"]
    assert karim.send("DELETE", f"/me/sessions/{mine['id']}").status_code == 404
    assert amal.send("GET", "/me").status_code == 200


def test_a_login_that_is_not_used_ends_after_thirty_days(amal):
    amal.log_in()
    refresh = amal.tokens["refresh_token"]
    with time_machine.travel(clock.now() + logins.sessions.SESSION_LASTS, tick=False):
        assert amal.send("POST", "/refresh", refresh_token=refresh).status_code == 401


def test_another_password_ends_all_other_logins(client, amal):
    amal.log_in()
    thief = Person(client)
    thief.log_in()
    assert amal.send("PUT", "/me/password", current_password=PASSWORD, password=NEW).status_code == 204
    assert [one.send("GET", "/me").status_code for one in (amal, thief)] == [200, 401]
    assert (thief.log_in().status_code, thief.log_in(password=NEW).status_code) == (401, 200)


@pytest.mark.parametrize(
    ("current", "new", "code"),
    [("another password", NEW, "login.confirm"), (PASSWORD, "kurz", "password.short")],
)
def test_a_password_is_changed_by_whoever_knows_it_to_one_that_is_worth_it(amal, current, new, code):
    amal.log_in()
    assert amal.send("PUT", "/me/password", current_password=current, password=new).json["code"] == code
    assert amal.log_in().status_code == 200


def test_a_password_kept_with_older_parameters_is_kept_anew_at_the_next_login(amal, database):
    with database.unit_of_work(NO_TENANT, write=True) as db:
        db.query(Password).one().digest = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert amal.log_in().status_code == 200
    with database.unit_of_work(NO_TENANT) as db:
        assert "m=47104" in db.query(Password).one().digest
    assert amal.log_in().status_code == 200


# Failures


def fail(client, times, address="198.51.100.9", *, email="amal@example.org", **said):
    """Wrong passwords from somewhere; returns the last answer."""
    stranger = Person(client, address)
    return [stranger.log_in(email=email, password="wrong", **said) for _ in range(times)][-1]


def test_whoever_guesses_has_to_wait_and_is_told_how_long(client, amal):
    answer = fail(client, throttle.FREE["pair"] + 2)
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (429, "login.limited", "2")
    assert amal.log_in().status_code == 200


def test_whoever_guesses_for_an_account_that_is_not_there_learns_nothing(client, amal):
    known = [fail(client, 1, "198.51.100.1").status_code for _ in range(8)]
    unknown = [fail(client, 1, "198.51.100.2", email="nobody@example.org").status_code for _ in range(8)]
    assert known == unknown == [401] * 6 + [429] * 2


@pytest.mark.parametrize("email", ["amal@example.org", "nobody@example.org", "passkeys-only@example.org"])
def test_a_failure_costs_the_same_work_for_everyone(client, amal, database, monkeypatch, email):
    person(database, "Passkeys-Only")
    passwords.matches(None, "warms up what a process computes once")
    checked = []

    class Watching(PasswordHasher):
        def verify(self, digest, password):
            checked.append(extract_parameters(digest))
            return super().verify(digest, password)

    monkeypatch.setattr(passwords, "HASHER", Watching(time_cost=1, memory_cost=47_104, parallelism=1))
    assert fail(client, 1, email=email).status_code == 401
    assert [(one.time_cost, one.memory_cost, one.parallelism) for one in checked] == [(1, 47_104, 1)]


def test_an_attack_from_everywhere_does_not_keep_amal_from_her_own_laptop(client, amal, monkeypatch):
    monkeypatch.setitem(throttle.FREE, "account", 3)
    amal.log_in()
    device = amal.tokens["device_token"]
    for number in range(throttle.FREE["account"] + 1):
        fail(client, 1, f"203.0.113.{number}")
    assert Person(client, "192.0.2.77").log_in().status_code == 429
    assert Person(client, "192.0.2.77").log_in(device_token=device).status_code == 200


@pytest.mark.parametrize("token", ["x", "", "e30.x"])
def test_a_made_up_device_is_none(client, amal, token):
    assert fail(client, throttle.FREE["pair"] + 2, device_token=token).status_code == 429


def test_a_device_is_known_to_its_own_account_only(client, amal, database):
    person(database, "Karim", password=True)
    karim = Person(client)
    karim.log_in(email="karim@example.org")
    fail(client, throttle.FREE["pair"] + 1)
    assert fail(client, 1, device_token=karim.tokens["device_token"]).status_code == 429


# What is written down


def test_everything_about_a_login_is_written_down_and_no_secret_is(amal, database):
    amal.log_in()
    amal.add_app()
    codes = amal.send("POST", "/me/recovery-codes", current_password="").json["codes"]
    amal.send("PUT", "/me/password", current_password=PASSWORD, password=NEW)
    with database.unit_of_work(NO_TENANT) as db:
        rows = db.query(PlatformAuditRow).order_by(PlatformAuditRow.seq).all()
        assert audit.verify(db).broken_at is None
    told = [(row.action, row.note) for row in rows if row.kind == logins.KIND]
    assert told == [
        ("LoggedIn", "password"),
        ("SecondFactorAdded", "totp"),
        ("RecoveryCodesMade", ""),
        ("PasswordChanged", "changed"),
    ]
    written = " ".join(str(vars(row)) for row in rows)
    assert not [secret for secret in (*codes, NEW, PASSWORD, "amal@") if secret in written]
