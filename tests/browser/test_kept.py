"""What was typed into a form and not saved is there again after the tab was closed."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.factories_places import change_location, settle

pytestmark = pytest.mark.browser
NEW = "/cms/teststadt/locations/new"


@pytest.fixture
def mara(visit):
    visit.come_in("mara@example.org")
    return visit


def open_again(someone, path):
    """The tab is closed without a word, and another one opened."""
    context = someone.page.context
    someone.page.close()
    someone = Visit(someone.service, context.new_page())
    someone.open(path)
    return someone


def type_a_place(someone):
    page = someone.page
    page.get_by_label("Name", exact=True).fill("Stadtbücherei")
    page.get_by_label("Kategorie", exact=True).select_option("Kultur")
    page.get_by_label("Straße und Hausnummer").fill("Am Markt 5")
    page.get_by_label("Auf der Karte zeigen").press("Space")
    page.get_by_label("nach Wochentagen").press("Space")
    page.get_by_label("Montag, Zeitraum 1, von").fill("10")
    page.get_by_label("Montag, Zeitraum 1, bis").fill("13:00")
    page.get_by_role("button", name="Zeitraum ergänzen: Montag").press("Enter")
    page.locator("#mo-from-1:focus").fill("14:00")
    page.get_by_text("in diesem Browser behalten").wait_for()


def offered(someone):
    return someone.page.get_by_text("Nicht gespeicherte Eingaben vom")


def test_a_closed_tab_loses_nothing_and_what_was_taken_over_is_saved(mara):
    mara.open(NEW)
    type_a_place(mara)
    mara = open_again(mara, NEW)
    offered(mara).wait_for()
    assert mara.page.get_by_label("Name", exact=True).input_value() == ""
    mara.look()
    mara.page.get_by_role("button", name="Übernehmen", exact=True).press("Enter")
    mara.page.get_by_text("Gespeichert ist es noch nicht.").wait_for()
    assert mara.page.get_by_label("Name", exact=True).input_value() == "Stadtbücherei"
    assert mara.page.locator("#mo-from-1").input_value() == "14:00"
    mara.look()
    mara.page.get_by_label("Montag, Zeitraum 2, bis").fill("18:00")
    mara.page.get_by_role("button", name="Veröffentlichen").press("Enter")
    mara.page.get_by_text("Veröffentlicht.").wait_for()
    mara.open(NEW)
    assert not offered(mara).is_visible()
    mara.check()


def test_what_is_discarded_does_not_come_back(mara):
    mara.open(NEW)
    type_a_place(mara)
    mara = open_again(mara, NEW)
    mara.page.get_by_role("button", name="Verwerfen").press("Enter")
    mara.open(NEW)
    assert not offered(mara).is_visible()


def test_nothing_stays_in_the_browser_after_logging_out(mara):
    mara.open(NEW)
    type_a_place(mara)
    mara.page.locator("details.me summary").press("Enter")
    mara.page.get_by_role("button", name="Abmelden").press("Enter")
    mara.page.wait_for_url("**/login**")
    assert mara.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('cityinfo-form'))") == []


def test_what_a_colleague_saved_meanwhile_is_not_overwritten_unseen(mara, service):
    place = settle(service.city, "Rathaus")
    here = f"/cms/teststadt/locations/{place}"
    mara.open(here)
    mara.page.get_by_label("Straße und Hausnummer").fill("Am Markt 5")
    mara.page.get_by_text("in diesem Browser behalten").wait_for()
    change_location(service.city, place, on_map=False, temporarily_closed=True)
    mara = open_again(mara, here)
    mara.page.get_by_role("button", name="Übernehmen", exact=True).press("Enter")
    mara.page.get_by_text("Gespeichert ist es noch nicht.").wait_for()
    mara.page.get_by_role("button", name="Speichern", exact=True).press("Enter")
    mara.page.get_by_role("alert").wait_for()
    assert mara.page.get_by_label("Straße und Hausnummer").input_value() == "Am Markt 5"


def test_what_was_refused_is_kept_too_and_typing_back_is_nothing_to_keep(mara, service):
    place = settle(service.city, "Rathaus")
    here = f"/cms/teststadt/locations/{place}"
    mara.open(here)
    name = mara.page.get_by_label("Name", exact=True)
    name.fill("Rathaus am Markt")
    name.fill("Rathaus")
    mara.page.wait_for_timeout(600)
    mara = open_again(mara, here)
    assert not offered(mara).is_visible()
    mara.page.get_by_label("Postleitzahl").fill("8615")
    mara.page.get_by_role("button", name="Speichern", exact=True).press("Enter")
    mara.page.get_by_role("alert").wait_for()
    mara = open_again(mara, here)
    offered(mara).wait_for()
    mara.check()
