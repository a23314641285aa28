"""Getting in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from cityinfo.features import accounts, logins
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.facts import SYSTEM
from tests.browser.conftest import Service, staffed, visiting
from tests.browser.desks import add_app, log_out, say_password
from tests.factories import make_city
from tests.factories_logins import invite, letters, shown, token_in
from tests.factories_people import PASSWORD, give, person

pytestmark = pytest.mark.browser
NEW_PASSWORD = "vier Lampen tanzen rückwärts"


@pytest.fixture(scope="module")
def service(sqlite_template, tmp_path_factory) -> Iterator[Service]:
    """One server for all: everyone here has an account of their own."""
    with staffed(sqlite_template, tmp_path_factory.mktemp("login")) as running:
        yield running


def someone(service: Service, name: str, role: str = "editor", *, staff: bool = False) -> str:
    """A person with a password and a role; returns their address."""
    give(service.city, person(service.database, name, password=True, staff=staff), role)
    return f"{name.lower()}@example.org"


def test_who_is_invited_sets_up_what_the_city_asks_for_and_logs_in_with_a_code(service, visit):
    strict = make_city(service.database, "strict")
    with strict.write() as db:
        logins.require_second_factor(db, ["author"], actor=SYSTEM)
    invite(strict, "nour@example.org", role="author")
    visit.open(f"/cms/invitation/{token_in(letters(service.settings, service.database)[-1])}")
    visit.look()
    visit.page.get_by_label("Neues Passwort").fill(NEW_PASSWORD)
    visit.page.get_by_role("button", name="Speichern und anmelden").click()
    visit.page.get_by_role("heading", name="Zweiten Faktor einrichten").wait_for()
    visit.look()
    app = add_app(visit, shot=True)
    visit.look()
    code = visit.page.locator(".codes code").first.inner_text()
    log_out(visit)
    say_password(visit, "nour@example.org", NEW_PASSWORD)
    visit.page.get_by_label("Code aus Ihrer App").wait_for()
    visit.look()
    visit.page.get_by_label("Code aus Ihrer App").fill(shown(app, steps=1))
    visit.page.get_by_role("button", name="Anmelden", exact=True).click()
    visit.page.wait_for_url(re.compile("/cms/strict/"))
    log_out(visit)
    say_password(visit, "nour@example.org", NEW_PASSWORD)
    visit.page.get_by_text("Telefon nicht zur Hand").click()
    visit.page.get_by_label("Ersatzcode", exact=True).fill(code)
    visit.page.get_by_role("button", name="Mit Ersatzcode anmelden").click()
    visit.page.wait_for_url(re.compile("/cms/strict/"))


def test_a_forgotten_password_is_replaced_by_letter(service, visit):
    email = someone(service, "Vera")
    visit.open("/cms/login")
    visit.look()
    visit.page.get_by_role("link", name="Passwort vergessen?").click()
    visit.page.get_by_role("heading", name="Passwort vergessen").wait_for()
    visit.look()
    visit.page.get_by_label("E-Mail-Adresse").fill(email)
    visit.page.get_by_role("button", name="Mail schicken").click()
    visit.page.get_by_role("heading", name="Sehen Sie in Ihr Postfach").wait_for()
    visit.look()
    link = f"/cms/password/{token_in(letters(service.settings, service.database)[-1])}"
    visit.open(link)
    visit.page.get_by_label("Neues Passwort").fill(NEW_PASSWORD)
    visit.page.get_by_role("button", name="Speichern und anmelden").click()
    visit.page.wait_for_url(re.compile("/cms/teststadt/"))
    visit.complaints.clear()
    visit.open(link)  # a second time
    visit.page.get_by_role("heading", name="Dieser Link gilt nicht mehr").wait_for()
    visit.complaints.clear()  # the browser's own note on the status 410
    visit.look()


def test_a_passkey_alone_lets_in(service, visit):
    email = someone(service, "Paul")
    devices = visit.page.context.new_cdp_session(visit.page)
    devices.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = {**kind, "isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    visit.log_in(email)
    visit.open("/cms/profile")
    visit.page.get_by_label("Name des neuen Passkeys").fill("Laptop im Büro")
    visit.page.get_by_role("button", name="Passkey hinzufügen").click()
    visit.page.get_by_role("heading", name="Ihre Ersatzcodes").wait_for()
    log_out(visit)
    visit.page.get_by_role("button", name="Mit Passkey anmelden").click()
    visit.page.wait_for_url(re.compile("/cms/teststadt/"))
    log_out(visit)
    say_password(visit, email, PASSWORD)
    visit.page.get_by_role("button", name="Passkey verwenden").click()
    visit.page.wait_for_url(re.compile("/cms/teststadt/"))
    visit.check()


def test_a_login_on_another_device_can_be_ended(service, browser, visit):
    email = someone(service, "Rosa")
    with visiting(service, browser) as elsewhere:
        elsewhere.log_in(email)
        visit.log_in(email)
        visit.open("/cms/profile")
        visit.look()
        visit.page.get_by_role("button", name="Anmeldung beenden").click()
        visit.page.get_by_text("Die Anmeldung ist beendet.").wait_for()
        elsewhere.open("/cms/teststadt/")
        elsewhere.page.get_by_role("heading", name="Anmelden").wait_for()


def test_a_wrong_password_is_said_and_the_address_stays_until_one_has_to_wait(service, visit):
    for _ in range(7):
        say_password(visit, "nobody@example.org", "something else")
        visit.page.get_by_role("alert").first.wait_for()
    assert visit.page.get_by_label("E-Mail-Adresse").input_value() == "nobody@example.org"
    assert re.search(r"Zu viele Fehlversuche. Versuchen Sie es in .+ noch einmal", visit.page.content())
    visit.complaints.clear()  # the browser's own notes on the statuses 422 and 429
    visit.look()


def test_who_is_locked_out_is_logged_out(service, visit):
    email = someone(service, "Lutz")
    visit.log_in(email)
    with service.city.database.unit_of_work(NO_TENANT, write=True) as db:
        accounts.set_active(db, accounts.account_of(db, email).id, False, actor=SYSTEM)
    visit.open("/cms/profile")
    visit.page.get_by_role("heading", name="Anmelden").wait_for()


def test_staff_of_the_platform_enters_a_city_with_a_reason(service, visit):
    person(service.database, "Pia", password=True, staff=True)
    visit.log_in("pia@example.org")
    visit.look()
    visit.page.get_by_label("Stadt", exact=True).select_option("teststadt")
    visit.page.get_by_label("Grund").fill("Eine Seite wiederherstellen")
    visit.page.get_by_role("button", name="Stadt betreten").click()
    visit.page.wait_for_url(re.compile("/cms/teststadt/"))
    visit.open("/cms/")
    visit.page.get_by_role("button", name="Stadt verlassen").click()
    visit.page.wait_for_url(re.compile("/cms/$"))
    assert not visit.page.get_by_role("button", name="Stadt verlassen").count()


def test_without_scripts_one_gets_in_and_sets_up_an_app(service, browser):
    email = someone(service, "Ohne")
    with visiting(service, browser, java_script_enabled=False) as plain:
        plain.log_in(email)
        plain.open("/cms/profile")
        add_app(plain)
