"""Places and contacts at an editor's desk."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_a_place_with_its_hours_and_a_contact_are_written_by_keyboard_alone(visit, service):
    visit.log_in("mara@example.org")
    visit.open("/cms/teststadt/locations")
    visit.page.get_by_role("link", name="Neuer Ort").press("Enter")
    page = visit.page
    page.get_by_label("Name", exact=True).fill("Stadtbücherei")
    page.get_by_label("Kategorie", exact=True).select_option("Kultur")
    page.get_by_label("Straße und Hausnummer").fill("Am Markt 5")
    page.get_by_label("Auf der Karte zeigen").press("Space")
    page.get_by_label("nach Wochentagen").press("Space")
    page.get_by_label("Montag, Zeitraum 1, von").fill("10")
    page.get_by_label("Montag, Zeitraum 1, bis").fill("13:00")
    page.get_by_role("button", name="Zeitraum ergänzen: Montag").press("Enter")
    page.locator("#mo-from-1:focus").fill("14:00")
    page.get_by_label("Montag, Zeitraum 2, bis").fill("18:00")
    page.get_by_label("Zeiten übertragen: Montag").press("Enter")
    page.get_by_role("button", name="auf Montag bis Freitag").first.press("Enter")
    page.locator("#fr-from-1").wait_for()
    page.get_by_role("button", name="Tage ergänzen").press("Enter")
    page.locator("#d0-first:focus").fill("2099-12-24")
    page.locator("#reading").get_by_text("10:00–13:00, 14:00–18:00").first.wait_for()
    visit.look()
    page.get_by_role("button", name="Veröffentlichen").press("Enter")
    page.get_by_text("Veröffentlicht.").wait_for()
    visit.look()
    page.get_by_role("link", name="Neuer Kontakt an diesem Ort").press("Enter")
    page.get_by_label("Zuständigkeit").fill("Auskunft zur Ausleihe")
    page.get_by_label("Name und Aufgabe").fill("Amal Haddad")
    page.get_by_label("Telefon", exact=True).fill("0821 3240")
    page.get_by_label("Hauptkontakt dieses Orts").press("Space")
    page.locator("#reading").get_by_text("10:00–13:00, 14:00–18:00").first.wait_for()
    visit.look()
    page.get_by_role("button", name="Veröffentlichen").press("Enter")
    page.get_by_text("Veröffentlicht.").wait_for()
    visit.look()
    (contact,) = page.request.get(f"{service.url}/api/v1/tenants/teststadt/de/contacts").json()["items"]
    assert (contact["title"], contact["phone"]) == ("Auskunft zur Ausleihe", "+49 821 3240")
    assert contact["opening_hours"].startswith("Mo-Fr 10:00-13:00")
    (place,) = page.request.get(f"{service.url}/api/v1/tenants/teststadt/de/locations").json()["items"]
    assert place["title"] == "Stadtbücherei"
    assert place["opening_hours"] == "Mo-Fr 10:00-13:00,14:00-18:00; PH off; 2099 Dec 24 off"
