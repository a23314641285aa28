"""Codes from an app and recovery codes: set up by oneself, asked for at every login, each good once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from cityinfo.features import logins
from cityinfo.features.logins.models import Authenticator, RecoveryCode
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.facts import SYSTEM
from tests.factories_logins import Person, shown
from tests.factories_people import give, person

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def time():
    """Time stands still unless a test moves it: codes change every half minute."""
    with time_machine.travel("2031-05-01T12:00:05Z", tick=False) as traveller:
        yield traveller


@pytest.fixture
def amal(client, city, database):
    """An author who has logged in, without a second factor."""
    give(city, person(database, "Amal", password=True), "author")
    someone = Person(client)
    assert someone.log_in().status_code == 200
    return someone


@pytest.fixture
def app(amal, time):
    """Amal's authenticator app, some time after it was set up."""
    app = amal.add_app()
    time.shift(HALF_A_MINUTE)
    return app


def answer(someone, **proof):
    """The second step of a login."""
    challenge = someone.log_in().json["data"]["challenge"]
    return someone.come_in("/second-factor", challenge=challenge, **proof)


def test_the_password_alone_no_longer_lets_in(amal, app):
    asked = amal.log_in()
    assert (asked.status_code, asked.json["code"]) == (403, "second_factor.required")
    assert asked.json["data"]["methods"] == ["totp"]
    assert "access_token" not in asked.json
    assert answer(amal, totp=shown(app)).status_code == 200
    assert amal.send("GET", "/me").status_code == 200


def test_an_app_counts_only_once_it_has_shown_a_right_code(amal):
    assert amal.send("POST", "/me/totp", current_password="").status_code == 200
    assert amal.send("POST", "/me/totp/confirm", code="000000").status_code == 422
    assert amal.log_in().status_code == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
def test_a_phone_may_be_half_a_minute_off(amal, app, time, steps, status):
    time.shift(3 * HALF_A_MINUTE)
    assert answer(amal, totp=shown(app, steps=steps)).status_code == status


def test_a_code_works_once(amal, app):
    code = shown(app)
    assert answer(amal, totp=code).status_code == 200
    assert answer(amal, totp=code).status_code == 401


def test_an_older_code_is_worth_nothing_after_a_newer_one(amal, app):
    assert answer(amal, totp=shown(app)).status_code == 200
    assert answer(amal, totp=shown(app, steps=-1)).status_code == 401


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0" * 20])
def test_what_is_no_code_is_wrong(amal, app, code):
    assert answer(amal, totp=code).status_code in (401, 422)


def test_codes_cannot_be_tried_through(amal, app):
    challenge = amal.log_in().json["data"]["challenge"]
    statuses = [amal.come_in("/second-factor", challenge=challenge, totp=f"{n:06}").status_code for n in range(8)]
    assert statuses == [401] * 6 + [429] * 2
    limited = amal.come_in("/second-factor", challenge=challenge, totp=shown(app))
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "3")


def test_a_challenge_is_answered_once_and_within_minutes(amal, app, time):
    challenge = amal.log_in().json["data"]["challenge"]
    assert amal.come_in("/second-factor", challenge=challenge, totp=shown(app)).status_code == 200
    again = amal.come_in("/second-factor", challenge=challenge, totp=shown(app, steps=1))
    assert (again.status_code, again.json["code"]) == (422, "challenge.used")
    late = amal.log_in().json["data"]["challenge"]
    time.shift(timedelta(minutes=6))
    assert amal.come_in("/second-factor", challenge=late, totp=shown(app)).json["code"] == "challenge.unreadable"


def test_exactly_one_proof_is_taken(amal, app):
    challenge = amal.log_in().json["data"]["challenge"]
    assert amal.come_in("/second-factor", challenge=challenge).status_code == 422
    both = {"totp": shown(app), "recovery_code": "x"}
    assert amal.come_in("/second-factor", challenge=challenge, **both).status_code == 422


def test_ten_recovery_codes_are_told_once_and_each_works_once(amal, app, database):
    codes = amal.send("POST", "/me/recovery-codes", current_password="").json["codes"]
    assert len(set(codes)) == 10
    assert answer(amal, recovery_code=codes[0].upper().replace("-", " ")).status_code == 200
    assert answer(amal, recovery_code=codes[0]).status_code == 401
    assert amal.send("GET", "/me/second-factors").json == {"totp": True, "passkeys": [], "recovery_codes": 9}
    with database.unit_of_work(NO_TENANT) as db:
        kept = " ".join(row.digest for row in db.query(RecoveryCode))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_a_new_sheet_makes_the_old_one_worthless(amal, app):
    old = amal.send("POST", "/me/recovery-codes", current_password="").json["codes"]
    new = amal.send("POST", "/me/recovery-codes", current_password="").json["codes"]
    assert answer(amal, recovery_code=old[0]).status_code == 401
    assert answer(amal, recovery_code=new[0]).status_code == 200


def test_recovery_codes_need_something_they_stand_in_for(amal):
    assert amal.send("POST", "/me/recovery-codes", current_password="").status_code == 409


def test_without_the_app_recovery_codes_open_nothing_and_the_password_does_again(amal, app, database):
    amal.send("POST", "/me/recovery-codes", current_password="")
    assert amal.send("DELETE", "/me/totp", current_password="").status_code == 204
    assert amal.log_in().status_code == 200
    with database.unit_of_work(NO_TENANT) as db:
        assert db.query(RecoveryCode).count() == 0


def test_an_old_login_needs_the_password_again_before_it_changes_how_one_gets_in(amal, time):
    time.shift(timedelta(minutes=11))
    refused = amal.send("POST", "/me/totp", current_password="")
    assert (refused.status_code, refused.json["code"]) == (403, "login.confirm")
    assert amal.send("POST", "/me/totp", current_password="correct horse battery").status_code == 200


def test_the_secret_of_the_app_cannot_be_read_in_the_database(amal, app, database):
    with database.unit_of_work(NO_TENANT) as db:
        assert app.secret not in db.query(Authenticator).one().secret


def test_whoever_lost_everything_is_helped_from_outside(amal, app, database):
    with database.unit_of_work(NO_TENANT, write=True) as db:
        logins.factors.reset(db, db.query(Authenticator).one().account_id, actor=SYSTEM)
    assert amal.log_in().status_code == 200


# What a city asks


def drafts(someone, city):
    """Something that only those who work in the city see."""
    headers = {"Authorization": f"Bearer {someone.tokens['access_token']}"}
    return someone.client.get(f"/api/v1/manage/{city.slug}/second-factor", headers=headers)


def require(city, *roles):
    with city.write() as db:
        logins.require_second_factor(db, roles, actor=SYSTEM)


def test_where_a_role_needs_a_second_factor_one_can_only_set_it_up_until_then(amal, city, time):
    require(city, "author", "manager")
    refused = drafts(amal, city)
    assert (refused.status_code, refused.json["code"]) == (403, "second_factor.needed")
    amal.add_app()
    assert drafts(amal, city).status_code == 200


def test_other_roles_and_other_cities_are_not_asked(amal, city, other_city):
    require(city, "manager")
    require(other_city, "author")
    assert drafts(amal, city).status_code == 200


def test_taking_the_second_factor_away_closes_the_city_again(amal, app, city):
    require(city, "author")
    assert drafts(amal, city).status_code == 200
    amal.send("DELETE", "/me/totp", current_password="")
    assert drafts(amal, city).status_code == 403
