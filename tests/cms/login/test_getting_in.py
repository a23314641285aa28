"""Getting in, seen from the server: what is said, what is kept, and what is refused."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine

from cityinfo.features import accounts
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from tests.factories import make_city
from tests.factories_logins import invite, letters, shown, token_in
from tests.factories_people import PASSWORD, give, person

# The screens are the same on every database; the actions behind them are tested on both.
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
GERMAN = {"Accept-Language": "de"}
NEW_PASSWORD = "vier Lampen tanzen rückwärts"


@pytest.fixture
def elif_(database, city):
    """An editor with a password."""
    account_id = person(database, "Elif", password=True)
    give(city, account_id, "editor")
    return account_id


def send(client, path, **said):
    """A form as a browser sends it, with the value that its login gave out."""
    cookie = client.get_cookie("csrf_access_token", path="/cms")
    return client.post(f"/cms{path}", data={"csrf_token": cookie.value if cookie else "", **said}, headers=GERMAN)


def log_in(client, email="elif@example.org", password=PASSWORD, **said):
    return send(client, "/login", email=email, password=password, **said)


def add_app(client):
    page = send(client, "/profile/app").text
    secret = re.search(r'name="secret" value="(\w+)"', page)[1]
    app = pyotp.TOTP(secret)
    answer = send(client, "/profile/app/confirm", code=shown(app), secret=secret, address="otpauth://totp/x")
    return app, re.findall(r"<code>([\w-]+)</code>", answer.text)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page)[1]


def test_the_login_is_in_cookies_that_scripts_cannot_read_and_nothing_inline_may_run(client, elif_):
    answer = log_in(client)
    cookies = {one.partition("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}
    assert "HttpOnly" in cookies["access_token_cookie"]
    assert "SameSite=Lax" in cookies["access_token_cookie"]
    assert "HttpOnly" in cookies["cms_device"]
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy


def test_a_form_without_the_value_of_the_login_changes_nothing(client, elif_, database):
    log_in(client)
    answer = client.post("/cms/profile", data={"name": "Someone else", "language": "de"})
    assert answer.status_code == 401
    with database.unit_of_work(NO_TENANT) as db:
        assert accounts.account(db, elif_).name == "Elif"


def test_one_is_led_where_one_wanted_to_go_but_never_elsewhere(client, elif_):
    assert log_in(client, next="/cms/profile").location == "/cms/profile"
    assert log_in(client, next="https://evil.example/").location == "/cms/"
    assert log_in(client, next="//evil.example/").location == "/cms/"


def test_who_works_in_two_cities_chooses_one_and_is_told_what_they_are_there(client, elif_, database):
    give(make_city(database, "nachbarstadt"), elif_, "author")
    log_in(client)
    shown = client.get("/cms/", headers=GERMAN).text
    assert re.findall(r'<h2><a href="/cms/(\w+)/"', shown) == ["nachbarstadt", "teststadt"]
    assert re.findall(r'<p class="muted">([^<]+)</p></li>', shown) == ["Texte schreiben", "Redaktion"]
    assert client.get("/cms/nachbarstadt/").status_code == 200


def test_a_wrong_code_can_be_followed_by_the_right_one(client, elif_):
    log_in(client)
    app, _codes = add_app(client)
    page = log_in(client).text
    question = {"challenge": hidden(page, "challenge"), "methods": hidden(page, "methods")}
    wrong = send(client, "/login/second-factor", **question, totp="000000")
    assert (wrong.status_code, "Dieser Code stimmt nicht" in wrong.text) == (422, True)
    question["challenge"] = hidden(wrong.text, "challenge")
    assert send(client, "/login/second-factor", **question, totp=shown(app, steps=1)).status_code == 303


def test_a_question_that_is_too_old_leads_back_to_the_login(client, elif_):
    log_in(client)
    app, _codes = add_app(client)
    page = log_in(client).text
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        late = send(client, "/login/second-factor", challenge=hidden(page, "challenge"), totp=shown(app))
    assert (late.status_code, "Melden Sie sich neu an" in late.text) == (422, True)


def test_recovery_codes_are_shown_once_and_each_works_once(client, elif_):
    log_in(client)
    _app, codes = add_app(client)
    assert len(codes) == 10
    assert codes[0] not in client.get("/cms/profile").text
    for expected in (303, 422):
        question = hidden(log_in(client).text, "challenge")
        answer = send(client, "/login/second-factor", challenge=question, recovery_code=codes[0])
        assert answer.status_code == expected


def test_too_many_failures_say_how_long_to_wait(client, elif_):
    answers = [log_in(client, password="wrong") for _ in range(7)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "Zu viele Fehlversuche. Versuchen Sie es in" in answers[-1].text


def test_an_invitation_opens_once(client, city, settings, database):
    invite(city, "nour@example.org")
    link = f"/invitation/{token_in(letters(settings, database)[-1])}"
    assert "nour@example.org" in client.get(f"/cms{link}").text
    weak = send(client, link, password="short")
    assert (weak.status_code, "mindestens 12 Zeichen" in weak.text) == (422, True)
    assert send(client, link, password=NEW_PASSWORD).location == "/cms/"
    assert client.get("/cms/").location == "/cms/teststadt/"
    assert client.get(f"/cms{link}").status_code == 410


def test_a_letter_cut_off_says_what_to_do(client, city):
    answer = client.get("/cms/invitation/half-a-link", headers=GERMAN)
    assert (answer.status_code, "Kopieren Sie ihn ganz aus der Mail" in answer.text) == (422, True)


def test_nobody_learns_who_has_an_account(client, elif_):
    pages = [send(client, "/password/", email=email) for email in ("elif@example.org", "nobody@example.org")]
    said = [page.text.replace("elif@", "x@").replace("nobody@", "x@") for page in pages]
    assert said[0] == said[1]


def test_after_ten_minutes_a_change_of_the_ways_in_needs_the_password(client, elif_):
    log_in(client)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        refused = send(client, "/profile/app")
        assert (refused.status_code, "bisheriges Passwort" in refused.text) == (403, True)
        assert "qr" in send(client, "/profile/app", current_password=PASSWORD).text


def test_name_language_and_theme_are_ones_own_to_choose(client, elif_):
    log_in(client)
    assert send(client, "/profile", name="Elif Yıldız", language="en", theme="dark").status_code == 303
    page = client.get("/cms/profile").text
    assert 'lang="en"' in page
    assert 'data-kern-theme="dark"' in page
    assert "Elif Yıldız" in page


def test_a_name_that_is_empty_is_refused_and_said_beside_the_field(client, elif_):
    log_in(client)
    answer = send(client, "/profile", name=" ", language="de")
    assert (answer.status_code, 'id="name-error"' in answer.text) == (422, True)


def test_another_password_ends_all_other_logins(client, elif_):
    elsewhere = client.application.test_client()
    log_in(elsewhere)
    log_in(client)
    assert send(client, "/profile/password", password=NEW_PASSWORD).status_code == 303
    assert client.get("/cms/profile").status_code == 200
    assert elsewhere.get("/cms/profile").location.startswith("/cms/login")


def test_staff_needs_a_reason_to_enter_a_city(client, city, database):
    person(database, "Pia", staff=True, password=True)
    log_in(client, email="pia@example.org")
    refused = send(client, "/enter", city="teststadt", reason="")
    assert (refused.status_code, 'id="reason-error"' in refused.text) == (422, True)
    assert send(client, "/enter", city="teststadt", reason="A page was lost").location == "/cms/teststadt/"
    assert client.get("/cms/teststadt/").status_code == 200
    send(client, "/leave")
    assert client.get("/cms/teststadt/").status_code == 404


@pytest.mark.parametrize("path", ["/cms/teststadt/nirgends", "/cms/a/b/c", "/cms/static/none.css"])
def test_an_address_that_leads_nowhere_ends_on_a_page_of_ours_in_the_readers_language(client, path):
    lost = client.get(path, headers={"Accept-Language": "de"})
    assert lost.status_code == 404
    assert "Unter dieser Adresse gibt es nichts." in lost.text
