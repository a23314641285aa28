"""A member of an organization says what a record should say, an editor decides: by keyboard alone."""

from __future__ import annotations

import pytest

from tests.browser.desks import log_out
from tests.factories_entries import found
from tests.factories_people import give, person

pytestmark = pytest.mark.browser


@pytest.fixture
def caritas(service):
    organization = found(service.city, "Caritas", website="https://alt.example")
    give(service.city, person(service.database, "Amal", password=True), "contributor", organization=organization)
    return organization


def test_a_member_proposes_a_change_and_an_editor_edits_and_accepts_it(visit, caritas):
    page = visit.page
    visit.log_in("amal@example.org")
    page.get_by_role("link", name="Ihre Einträge").first.press("Enter")
    page.get_by_role("heading", name="Ihre Einträge").wait_for()
    visit.look()
    page.get_by_role("link", name="Caritas").press("Enter")
    page.get_by_label("Beschreibung").fill("Guten Tag und herzlich willkommen.")
    page.get_by_label("Internetadresse", exact=True).fill("neu")
    visit.look()
    page.get_by_label("Internetadresse", exact=True).fill("https://neu.example")
    page.get_by_role("button", name="Änderung vorschlagen").press("Enter")
    page.get_by_text("Vorgeschlagen.", exact=True).wait_for()
    visit.look()
    page.get_by_role("navigation", name="Hauptmenü").get_by_role("link", name="Ihre Vorschläge").press("Enter")
    page.get_by_text("wartet auf Entscheidung").first.wait_for()
    visit.look()
    log_out(visit)

    visit.log_in("elif@example.org")
    page.get_by_role("link", name="Ein Vorschlag wartet").press("Enter")
    page.get_by_role("main").get_by_role("link", name="Caritas").press("Enter")
    page.locator("ins", has_text="herzlich willkommen").wait_for()
    page.get_by_text("Vor dem Annehmen bearbeiten …").press("Enter")
    page.get_by_label("Titel", exact=True).fill("Caritas e. V.")
    visit.look()
    page.get_by_role("button", name="So annehmen").press("Enter")
    page.get_by_text("Angenommen.", exact=True).wait_for()
    page.get_by_role("link", name="Entschieden 1").press("Enter")
    page.get_by_role("link", name="Caritas e. V.").wait_for()
    visit.check()
