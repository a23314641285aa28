"""Offers and who provides them, at an editor's desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.kernel import clock
from tests.browser.conftest import visiting
from tests.factories_entries import found
from tests.factories_people import PASSWORD
from tests.factories_places import settle

pytestmark = pytest.mark.browser
DAY = (clock.now() + timedelta(days=30)).date()


def test_a_course_is_written_by_keyboard_alone_and_asks_only_what_a_course_needs(visit, service):
    found(service.city, "Volkshochschule")
    for number in range(20):
        settle(service.city, f"Schule {number:02}")
    visit.come_in("elif@example.org")
    visit.open("/cms/teststadt/offers")
    page = visit.page
    page.get_by_role("link", name="Neues Angebot").press("Enter")
    page.get_by_label("Link für Termine").wait_for()
    page.get_by_label("Titel", exact=True).fill("Deutschkurs")
    page.get_by_label("Beratung oder Dienst", exact=True).press("ArrowRight")
    page.get_by_label("Anmelde- oder Antragsfrist").wait_for()
    assert page.get_by_label("Link für Termine").count() == 0
    assert page.get_by_label("Titel", exact=True).input_value() == "Deutschkurs"
    page.get_by_label("Beschreibung").fill("Für Anfänger.")
    page.get_by_label("Angeboten von").select_option("Volkshochschule")
    page.get_by_label("Neuzugewanderte").press("Space")
    page.get_by_label("Suchen: Orte").press_sequentially("schule 07")
    page.get_by_label("Schule 07").press("Space")
    page.get_by_label("Tag", exact=True).select_option("Dienstag")
    page.get_by_label("von", exact=True).fill("09:00")
    page.get_by_label("bis", exact=True).fill("10:30")
    page.get_by_role("button", name="Noch eine Zeit").press("Enter")
    page.locator("#slot-1").wait_for()
    page.get_by_label("kostenlos").press("Space")
    page.get_by_label("Anmelde- oder Antragsfrist").fill(f"{DAY}")
    visit.look()
    page.get_by_role("button", name="Veröffentlichen").press("Enter")
    page.get_by_text("Veröffentlicht.").wait_for()
    visit.look()
    (shown,) = page.request.get(f"{service.url}/api/v1/tenants/teststadt/de/offers").json()["items"]
    assert (shown["title"], shown["sort"], shown["organization"]["name"]) == (
        "Deutschkurs",
        "course",
        "Volkshochschule",
    )
    assert shown["schedule"] == [{"day": "tu", "from": "09:00", "to": "10:30"}]
    assert (shown["cost"], len(shown["locations"])) == ({"from": 0, "to": 0}, 1)
    assert shown["audiences"] == ["newcomers"]


def test_enter_in_a_field_that_finds_looks_for_it_and_elsewhere_saves(visit, service):
    for number in range(20):
        found(service.city, f"Verein {number:02}")
    visit.come_in("elif@example.org")
    visit.open("/cms/teststadt/organizations/new")
    page = visit.page
    page.get_by_label("Suchen: Partner").press_sequentially("verein 07")
    page.get_by_label("Suchen: Partner").press("Enter")
    page.get_by_label("Verein 07").press("Space")
    page.get_by_label("Name", exact=True).fill("Netzwerk")
    page.get_by_label("Name", exact=True).press("Enter")
    page.get_by_text("Gespeichert.").wait_for()
    assert page.get_by_label("Verein 07").is_checked()
    visit.look()


def test_without_scripts_the_form_asks_for_what_the_kind_needs_after_a_button(service, browser):
    with visiting(service, browser, java_script_enabled=False) as someone:
        page = someone.page
        page.goto(f"{service.url}/cms/login")
        page.get_by_label("E-Mail-Adresse").fill("elif@example.org")
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Weiter").press("Enter")
        page.goto(f"{service.url}/cms/teststadt/offers/new")
        page.get_by_label("Titel", exact=True).fill("Deutschkurs")
        page.get_by_label("Kurs", exact=True).check()
        page.get_by_role("button", name="Zeigen").first.press("Enter")
        page.get_by_label("Anmelde- oder Antragsfrist").fill(f"{DAY}")
        page.get_by_role("button", name="Speichern", exact=True).last.press("Enter")
        page.get_by_text("Gespeichert.").wait_for()
        assert page.get_by_label("Anmelde- oder Antragsfrist").input_value() == f"{DAY}"


def test_a_manager_switches_an_offer_of_another_system_on_by_keyboard_alone(visit, service):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/offers")
    visit.page.get_by_role("link", name="Angebote anderer Systeme").press("Enter")
    visit.page.get_by_label("Wohnraumbörse", exact=True).press("Space")
    visit.look()
    visit.page.get_by_role("button", name="Speichern").press("Enter")
    visit.page.get_by_text("Apps zeigen es sofort.").wait_for()
    shown = visit.page.request.get(f"{service.url}/api/v3/teststadt/de/offers/").json()
    assert [one["alias"] for one in shown] == ["wohnraumboerse"]
