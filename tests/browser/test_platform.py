"""The platform's staff look after all cities."""

from __future__ import annotations

import pytest

from cityinfo.features import tenants
from tests.browser.conftest import visiting
from tests.factories import plant
from tests.factories_people import person
from tests.factories_places import category_of, settle

pytestmark = pytest.mark.browser


@pytest.fixture
def staff(visit, service):
    """Sina, who runs the platform, at her desk."""
    person(service.database, "Sina", staff=True, password=True)
    visit.come_in("sina@example.org")
    visit.open("/cms/")
    return visit


def test_staff_find_a_city_that_needs_them_and_hide_it_after_a_mistake(staff, service):
    plant(service.city, "Wohnen")
    staff.page.get_by_role("link", name="Zur Plattform").press("Enter")
    staff.page.get_by_label("Was fehlt").select_option("Noch nicht gemessen")
    staff.page.get_by_role("button", name="Zeigen", exact=True).press("Enter")
    staff.page.get_by_role("link", name="Stadt Teststadt").press("Enter")
    staff.page.get_by_role("button", name="Jetzt messen").press("Enter")
    staff.page.get_by_text("0 von 2 Übersetzungen sind aktuell.").wait_for()
    staff.look()
    staff.page.get_by_label("verborgen").press("Space")
    staff.page.get_by_label("Grund", exact=True).fill("weg")
    staff.page.get_by_role("button", name="Speichern").press("Enter")
    staff.page.locator("#failures:focus").wait_for()
    staff.complaints = [one for one in staff.complaints if "422" not in one]  # the browser names what was refused
    staff.look()
    staff.page.get_by_label("Grund", exact=True).fill("Der Vertrag endet.")
    staff.page.get_by_role("button", name="Speichern").press("Enter")
    staff.page.get_by_text("Die Stadt ist ab jetzt: verborgen.").wait_for()
    with service.city.read() as db:
        assert tenants.own(db).status == "hidden"
    staff.check()


def test_staff_open_a_city_by_keyboard(staff):
    staff.open("/cms/platform/cities")
    staff.page.get_by_role("link", name="Neue Stadt").press("Enter")
    staff.page.get_by_label("Name", exact=True).fill("Landkreis Augsburg")
    staff.page.get_by_label("Adresse", exact=True).fill("lkaugsburg")
    staff.page.get_by_label("Entsteht aus").select_option("Aus nichts: eine leere Stadt")
    staff.page.get_by_role("button", name="Weiter: Inhalte").press("Enter")
    staff.page.get_by_label("Englisch", exact=True).press("Space")
    staff.page.get_by_label("Name der Leitung").fill("Layla")
    staff.page.get_by_label("E-Mail-Adresse").fill("layla@example.org")
    staff.look()
    staff.page.get_by_role("button", name="Stadt eröffnen").press("Enter")
    staff.page.get_by_role("heading", name="Landkreis Augsburg").wait_for()
    staff.page.get_by_text("Niemand leitet die Stadt.").or_(staff.page.get_by_text("Eine Person leitet")).wait_for()
    staff.look()


def test_staff_write_to_all_editors_who_put_it_away(staff, service, browser):
    staff.open("/cms/platform/cities")
    staff.page.get_by_role("link", name="Nachrichten an Redaktionen").press("Enter")
    staff.page.get_by_role("link", name="Neue Nachricht").press("Enter")
    staff.page.get_by_label("Titel, Deutsch").fill("Wartung am Montag")
    staff.page.get_by_label("Nachricht, Deutsch").fill("Ab 18 Uhr ist die Redaktion eine Stunde lang nicht da.")
    staff.page.get_by_label("Titel, Englisch").fill(" ")
    staff.page.get_by_label("Nachricht, Englisch").fill("From 6 pm.")
    staff.page.get_by_role("button", name="Speichern").press("Enter")
    staff.page.locator("#failures:focus").wait_for()
    staff.complaints = [one for one in staff.complaints if "422" not in one]  # the browser names what was refused
    staff.look()
    staff.page.get_by_label("Titel, Englisch").fill("Maintenance on Monday")
    staff.page.get_by_role("button", name="Speichern").press("Enter")
    staff.page.get_by_text("Gespeichert.").wait_for()
    with visiting(service, browser) as elif_:
        elif_.come_in("elif@example.org")
        page = plant(service.city, "Wohnen")
        for path in ("pages", f"texts/{page}/de"):
            elif_.open(f"/cms/teststadt/{path}")
            elif_.page.get_by_text("Ab 18 Uhr ist die Redaktion").wait_for()
            elif_.look()
        elif_.page.get_by_role("button", name="Verstanden").press("Enter")
        elif_.page.wait_for_load_state("networkidle")
        assert f"texts/{page}/de" in elif_.page.url
        assert elif_.page.get_by_text("Ab 18 Uhr").count() == 0
        elif_.check()
    staff.open("/cms/platform/announcements")
    staff.page.get_by_text("eine Person hat sie weggelegt").wait_for()
    staff.look()


def test_staff_lock_someone_out_and_let_them_in_again(staff):
    staff.open("/cms/platform/cities")
    staff.page.get_by_role("link", name="Personen").press("Enter")
    staff.page.get_by_label("Name oder E-Mail-Adresse").fill("tarek")
    staff.page.get_by_role("button", name="Zeigen", exact=True).press("Enter")
    staff.page.get_by_text("Eine Person", exact=True).wait_for()
    staff.page.get_by_role("link", name="Tarek").press("Enter")
    staff.page.get_by_role("button", name="Konto sperren").press("Enter")
    staff.page.get_by_text("Tarek ist in allen Städten gesperrt.").wait_for()
    staff.look()
    staff.page.get_by_role("button", name="Wieder zulassen").press("Enter")
    staff.page.get_by_text("Tarek kann sich wieder anmelden.").wait_for()
    staff.check()


def test_staff_add_a_language_after_a_mistake(staff):
    staff.open("/cms/platform/cities")
    staff.page.get_by_role("link", name="Sprachen", exact=True).press("Enter")
    staff.page.get_by_role("link", name="Neue Sprache").press("Enter")
    for label, words in (("Adresse", "de"), ("Sprachkennung", "ug"), ("In der Sprache selbst", "ئۇيغۇرچە")):
        staff.page.get_by_label(label, exact=True).fill(words)
    staff.page.get_by_label("Deutscher Name").fill("Uigurisch")
    staff.page.get_by_label("Englischer Name").fill("Uyghur")
    staff.page.get_by_label("Schreibrichtung").select_option("von rechts nach links")
    staff.page.get_by_role("button", name="Speichern").press("Enter")
    staff.page.locator("#failures:focus").wait_for()
    staff.complaints = [one for one in staff.complaints if "422" not in one]  # the browser names what was refused
    staff.look()
    staff.page.get_by_label("Adresse", exact=True).fill("ug")
    staff.page.get_by_role("button", name="Speichern").press("Enter")
    staff.page.get_by_role("link", name="Uigurisch").wait_for()
    staff.look()


def test_staff_call_a_category_of_all_cities_otherwise(staff):
    staff.open("/cms/platform/cities")
    staff.page.get_by_role("link", name="Kategorien", exact=True).press("Enter")
    staff.page.get_by_role("link", name="Beratung", exact=True).press("Enter")
    staff.page.get_by_label("Deutsch", exact=True).fill("Rat und Hilfe")
    staff.page.get_by_role("button", name="Speichern").press("Enter")
    staff.page.get_by_role("link", name="Rat und Hilfe").wait_for()
    staff.look()


def test_a_manager_adds_a_category_orders_and_merges(visit, service):
    category_of(service.city, "cafes", de="Cafés")
    settle(service.city, "Café am Eck", categories=["cafes"])
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/settings")
    visit.page.get_by_role("link", name="Kategorien", exact=True).press("Enter")
    visit.page.get_by_role("link", name="Neue Kategorie").press("Enter")
    visit.page.get_by_label("Deutsch", exact=True).fill("Teestuben")
    visit.page.get_by_label("Arabisch", exact=True).fill("مقهى الشاي")
    visit.page.get_by_label("Bild auf der Karte").select_option("Essen und Trinken")
    visit.look()
    visit.page.get_by_role("button", name="Speichern").press("Enter")
    visit.page.get_by_role("link", name="Teestuben").wait_for()
    visit.page.get_by_label("Platz von Teestuben").fill("1")
    visit.page.get_by_label("Platz von Cafés").fill("2")
    visit.page.get_by_role("button", name="Reihenfolge speichern").press("Enter")
    visit.page.get_by_text("Gespeichert.").wait_for()
    visit.look()
    visit.page.get_by_role("link", name="Cafés").press("Enter")
    visit.page.get_by_label("Alle ihre Orte zuordnen zu").select_option("Teestuben")
    visit.page.get_by_role("button", name="Zusammenführen").press("Enter")
    visit.page.get_by_text("Ein Ort gehört jetzt dazu.").wait_for()
    assert visit.page.get_by_role("link", name="Cafés").count() == 0
    visit.check()


def test_staff_offer_what_another_system_has_to_all_cities(staff):
    staff.open("/cms/platform/cities")
    staff.page.get_by_role("link", name="Angebote anderer Systeme").press("Enter")
    staff.page.get_by_role("link", name="Neues Angebot eines anderen Systems").press("Enter")
    for label, words in (("Name", "Lernportal"), ("Wort für Apps", "lernportal")):
        staff.page.get_by_label(label, exact=True).fill(words)
    staff.page.get_by_label("Internetadresse", exact=True).fill("https://lernen.example.org")
    staff.page.get_by_label("Internetadresse des Bildes").fill("https://lernen.example.org/logo.svg")
    staff.page.get_by_role("button", name="Speichern").press("Enter")
    staff.page.get_by_role("link", name="Lernportal").wait_for()
    staff.check()
