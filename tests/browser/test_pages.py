"""The page tree at a desk and on a phone, with a mouse and without."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, visiting
from tests.factories import plant, translate

pytestmark = pytest.mark.browser


@pytest.fixture
def tree(service):
    """Welcome; Housing with two pages below it; Health."""
    city = service.city
    pages = {"welcome": plant(city, "Willkommen"), "housing": plant(city, "Wohnen")}
    pages["registration"] = plant(city, "Wohnung anmelden", under=pages["housing"], content="<p>Tel. 0821 324-0</p>")
    pages["search"] = plant(city, "Wohnung suchen", under=pages["housing"], public=False)
    pages["health"] = plant(city, "Gesundheit")
    translate(city, pages["welcome"], "ar", "أهلا وسهلا")
    return pages


@pytest.fixture
def desk(visit, tree):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/pages")
    return visit


def titles(someone):
    return someone.page.locator("tbody .title").all_inner_texts()


def row(someone, title):
    return someone.page.get_by_role("row").filter(has_text=title)


def test_the_tree_shows_the_first_level_and_where_every_language_stands(desk):
    assert titles(desk) == ["Willkommen", "Wohnen", "Gesundheit"]
    assert row(desk, "Willkommen").get_by_label("Arabisch: aktuell").is_visible()
    assert row(desk, "Willkommen").get_by_label("Englisch: fehlt").is_visible()
    desk.check()


def test_a_page_is_moved_by_keyboard_and_the_move_taken_back(desk):
    row(desk, "Willkommen").focus()
    desk.page.keyboard.press("Alt+ArrowDown")
    desk.page.get_by_text("„Willkommen“ wurde verschoben.").first.wait_for()
    assert titles(desk) == ["Wohnen", "Willkommen", "Gesundheit"]
    desk.page.keyboard.press("Control+z")
    desk.page.locator("tbody tr:first-child .title", has_text="Willkommen").wait_for()
    assert titles(desk) == ["Willkommen", "Wohnen", "Gesundheit"]


def test_branches_are_opened_and_closed_by_arrow_keys(desk):
    row(desk, "Wohnen").focus()
    desk.page.keyboard.press("ArrowRight")
    desk.page.get_by_text("Wohnung suchen", exact=True).wait_for()
    assert titles(desk) == ["Willkommen", "Wohnen", "Wohnung anmelden", "Wohnung suchen", "Gesundheit"]
    desk.check()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowLeft")
    desk.page.keyboard.press("ArrowLeft")
    desk.page.get_by_text("Wohnung suchen", exact=True).wait_for(state="detached")


def test_a_page_is_found_by_a_telephone_number_in_its_text(desk):
    desk.page.get_by_placeholder("Titel, Text oder Telefonnummer").fill("08213240")
    desk.page.keyboard.press("Enter")
    desk.page.get_by_text("Ganzer Baum").wait_for()
    assert titles(desk) == ["Wohnung anmelden"]
    desk.check()


def test_a_page_is_found_by_a_word_in_its_body_from_any_screen(desk, service):
    plant(service.city, "Anmeldung", content="<p>Bringen Sie den Meldeschein mit.</p>")
    desk.open("/cms/teststadt/")
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("meldeschein")
    desk.page.keyboard.press("Enter")
    desk.page.get_by_text("Ganzer Baum").wait_for()
    assert titles(desk) == ["Anmeldung"]


def test_every_page_that_mentions_a_telephone_number_is_found_however_it_is_written(desk, service):
    plant(service.city, "Kontakt", content="<p>Rufen Sie an: 0821/3240</p>")
    desk.page.get_by_placeholder("Titel, Text oder Telefonnummer").fill("0821 3240")
    desk.page.keyboard.press("Enter")
    desk.page.get_by_text("Ganzer Baum").wait_for()
    assert titles(desk) == ["Wohnung anmelden", "Kontakt"]


def test_a_page_is_dragged_below_another_one(desk):
    desk.page.drag_and_drop("tr:has-text('Gesundheit')", "tr:has-text('Willkommen') .title")
    desk.page.get_by_text("„Gesundheit“ wurde verschoben.").first.wait_for()
    assert titles(desk) == ["Willkommen", "Gesundheit", "Wohnen"]
    assert row(desk, "Gesundheit").get_attribute("aria-level") == "2"


def test_selected_pages_are_archived_together_and_each_that_fails_is_named(desk):
    row(desk, "Gesundheit").get_by_role("checkbox").check(force=True)
    assert desk.page.get_by_text("Eine Seite ausgewählt").is_visible()
    desk.check()
    desk.page.get_by_role("button", name="Archivieren").last.click()
    desk.page.get_by_text("Für eine Seite erledigt.").first.wait_for()
    assert titles(desk) == ["Willkommen", "Wohnen"]


def test_the_tree_fits_on_a_phone(service, tree, browser):
    with visiting(service, browser, viewport=PHONE) as someone:
        someone.come_in("mara@example.org")
        someone.open("/cms/teststadt/pages")
        someone.check()
