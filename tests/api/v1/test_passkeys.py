"""Passkeys: made by a browser, checked by their signature, good with a password and without one."""

from __future__ import annotations

import pytest

from cityinfo.features.logins.models import Passkey
from cityinfo.kernel.db import NO_TENANT
from tests.authenticator import SoftwareAuthenticator
from tests.factories_logins import Person
from tests.factories_people import give, person

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def amal(client, city, database):
    """An author who has logged in."""
    give(city, person(database, "Amal", password=True), "author")
    someone = Person(client)
    assert someone.log_in().status_code == 200
    return someone


@pytest.fixture
def phone(amal):
    """What holds Amal's passkey."""
    return amal.add_passkey()


def ask(someone):
    """The question of a login without a password."""
    return someone.send("POST", "/passkey/question").json


def answer(someone, question, credential):
    return someone.come_in("/passkey", challenge=question["challenge"], passkey=credential)


def log_in(someone, authenticator):
    question = ask(someone)
    return answer(someone, question, authenticator.get(question["options"]))


def test_a_passkey_alone_lets_in_and_counts_as_second_factor(client, amal, phone):
    stranger = Person(client)
    assert log_in(stranger, phone).status_code == 200
    assert stranger.send("GET", "/me").json["email"] == "amal@example.org"
    current = next(one for one in stranger.send("GET", "/me/sessions").json["items"] if one["current"])
    assert current["second_factor"] is True


def test_the_question_tells_nothing_about_who_has_a_passkey(amal, phone):
    assert ask(amal)["options"]["allowCredentials"] == []
    assert ask(amal)["options"]["userVerification"] == "required"


def test_with_a_password_the_passkey_is_the_second_factor(amal, phone):
    asked = amal.log_in()
    assert (asked.status_code, asked.json["data"]["methods"]) == (403, ["passkey"])
    credential = phone.get(asked.json["data"]["passkey"])
    challenge = asked.json["data"]["challenge"]
    assert amal.come_in("/second-factor", challenge=challenge, passkey=credential).status_code == 200


def test_it_is_listed_and_can_be_removed(amal, phone):
    (kept,) = amal.send("GET", "/me/second-factors").json["passkeys"]
    assert kept["name"] == "Telefon"
    assert amal.send("DELETE", f"/me/passkeys/{kept['id']}", current_password="").status_code == 204
    assert log_in(amal, phone).json["code"] == "passkey.unknown"
    assert amal.log_in().status_code == 200


def test_nobody_removes_the_passkey_of_someone_else(client, amal, phone, database):
    person(database, "Karim", password=True)
    karim = Person(client)
    karim.log_in(email="karim@example.org")
    (kept,) = amal.send("GET", "/me/second-factors").json["passkeys"]
    assert karim.send("DELETE", f"/me/passkeys/{kept['id']}", current_password="").status_code == 404
    assert log_in(amal, phone).status_code == 200


def test_a_passkey_that_is_known_is_not_kept_again(amal, phone):
    asked = amal.ask_for_passkey()["options"]
    assert len(asked["excludeCredentials"]) == 1
    assert amal.keep_passkey(phone.create(asked)).status_code == 409


def forged(phone):
    """The right name of the key, signed with another one."""
    forger = SoftwareAuthenticator()
    forger.credential_id, forger.count = phone.credential_id, 100
    return forger


def elsewhere(phone):
    """Signed for a page that only looks like ours."""
    phone.origin = "https://cityinf0.example"
    return phone


def not_asked(phone):
    """Whoever holds the phone was not asked for finger, face or PIN."""
    phone.flags &= ~0x04
    return phone


def copied(phone):
    """A copy that was made before the key was used last."""
    phone.count = 0
    return phone


@pytest.mark.parametrize("changed", [forged, elsewhere, not_asked, copied])
def test_what_does_not_prove_who_it_is_lets_nobody_in(amal, phone, changed):
    answered = log_in(amal, changed(phone))
    assert (answered.status_code, answered.json["code"]) == (422, "passkey.refused")


@pytest.mark.parametrize(("counts", "code"), [(True, "passkey.refused"), (False, "challenge.used")])
def test_an_answer_works_once_whether_the_key_counts_its_uses_or_not(amal, counts, code):
    phone = amal.add_passkey(SoftwareAuthenticator(counts=counts))
    question = ask(amal)
    credential = phone.get(question["options"])
    assert answer(amal, question, credential).status_code == 200
    assert answer(amal, question, credential).json["code"] == code


def test_an_answer_to_another_question_proves_nothing(amal, phone):
    first, second = ask(amal), ask(amal)
    assert answer(amal, second, phone.get(first["options"])).json["code"] == "passkey.refused"


def test_the_question_for_a_new_passkey_lets_nobody_in(amal, phone):
    question = amal.ask_for_passkey()
    mixed = {"challenge": question["options"]["challenge"], "rpId": question["options"]["rp"]["id"]}
    assert answer(amal, question, phone.get(mixed)).json["code"] == "challenge.unreadable"


def test_a_passkey_of_someone_else_is_no_second_factor_of_mine(client, amal, phone, database):
    person(database, "Karim", password=True)
    karim = Person(client)
    karim.log_in(email="karim@example.org")
    other = karim.add_passkey()
    asked = amal.log_in().json["data"]
    answered = amal.come_in("/second-factor", challenge=asked["challenge"], passkey=other.get(asked["passkey"]))
    assert (answered.status_code, answered.json["code"]) == (422, "passkey.unknown")


@pytest.mark.parametrize("authenticator", [SoftwareAuthenticator(verifies=False), SoftwareAuthenticator(origin="null")])
def test_a_new_passkey_that_was_not_asked_for_here_is_not_kept(amal, database, authenticator):
    credential = authenticator.create(amal.ask_for_passkey()["options"])
    assert amal.keep_passkey(credential).json["code"] == "passkey.refused"
    with database.unit_of_work(NO_TENANT) as db:
        assert db.query(Passkey).count() == 0


@pytest.mark.parametrize("nonsense", [{"id": "x"}, {"id": [], "rawId": {}}, {"id": "x", "response": None}, {}])
def test_nonsense_is_refused_like_everything_else(amal, phone, nonsense):
    assert answer(amal, ask(amal), nonsense).status_code == 422
    amal.ask_for_passkey()
    assert amal.keep_passkey(nonsense).status_code == 422


def test_a_second_factor_by_passkey_can_stand_beside_an_app(amal, phone):
    amal.add_app()
    assert amal.log_in().json["data"]["methods"] == ["totp", "passkey"]
