"""Places and contacts at an editor's desk."""

from __future__ import annotations

import pytest

from cityinfo import registry
from cityinfo.cms.locations import importing
from cityinfo.kernel import jobs
from tests.browser.conftest import staffed, visiting
from tests.factories_media import picture

pytestmark = pytest.mark.browser


def test_a_place_with_its_hours_and_a_contact_are_written_by_keyboard_alone(visit, service):
    visit.come_in("mara@example.org")
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
    page.wait_for_load_state("networkidle")
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


def test_a_table_is_looked_at_brought_in_and_taken_back(visit):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/locations")
    page = visit.page
    page.get_by_role("link", name="Importieren").press("Enter")
    table = "Name;Straße;PLZ;Kategorie\nRathaus;Marktplatz 1;86150;Behörde\nBad;Am See 3;8615;Freizeit\n"
    page.get_by_label("Datei", exact=True).set_input_files(
        files=[{"name": "orte.csv", "mimeType": "text/csv", "buffer": table.encode()}]
    )
    page.get_by_role("button", name="Ansehen, was darin steht").press("Enter")
    page.get_by_text("„8615“ ist keine Postleitzahl").wait_for()
    visit.look()
    page.get_by_role("button", name="Einen Ort übernehmen").press("Enter")
    page.get_by_text("Ein Ort wurde übernommen.").wait_for()
    page.get_by_role("link", name="Rathaus").wait_for()
    visit.check()
    page.get_by_role("button", name="Rückgängig").press("Enter")
    page.get_by_text("Ein Ort wurde zurückgenommen.").wait_for()
    visit.check()


def test_a_long_table_is_brought_in_while_one_does_other_things(visit, service, monkeypatch):
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/locations/import")
    page = visit.page
    rows = "".join(f"Ort {number};Weg {number};86150;Freizeit\n" for number in range(3))
    table = f"Name;Straße;PLZ;Kategorie\n{rows}"
    page.get_by_label("Datei", exact=True).set_input_files(
        files=[{"name": "orte.csv", "mimeType": "text/csv", "buffer": table.encode()}]
    )
    page.get_by_role("button", name="Ansehen, was darin steht").press("Enter")
    page.get_by_role("button", name="3 Orte übernehmen").press("Enter")
    page.get_by_text("0 von 3 Orten sind da").wait_for()
    visit.look()
    work(service)
    page.get_by_text("3 von 3 Orten wurden übernommen").wait_for()
    visit.look()
    page.locator("#imports").get_by_role("button", name="Zurücknehmen").press("Enter")
    page.get_by_text("Wird zurückgenommen: 3 Orte sind noch da.").wait_for()
    work(service)
    page.get_by_text("Zurückgenommen").wait_for()
    visit.check()


def work(service):
    """Do what a worker does, once."""
    for tenant_id, job_id in jobs.sweep(service.database):
        jobs.run_job(service.database, registry.JOBS, tenant_id, job_id)


@pytest.fixture
def atlas(sqlite_template, tmp_path):
    """A service whose settings name a server of map tiles."""
    with staffed(sqlite_template, tmp_path, tile_url="https://tiles.example.org/{z}/{x}/{y}.png") as running:
        yield running


def test_a_pin_is_moved_by_keyboard_and_by_the_fields_beside_it(atlas, browser):
    with visiting(atlas, browser) as visit:
        page = visit.page
        page.route("https://tiles.example.org/**", lambda asked: asked.fulfill(body=picture(256, 256, kind="PNG")))
        visit.come_in("mara@example.org")
        visit.open("/cms/teststadt/locations/new")
        page.get_by_role("button", name="Nadel in die Mitte setzen").press("Enter")
        before = float(page.get_by_label("Breitengrad").input_value())
        pin = page.get_by_role("button", name="Nadel: Pfeiltasten verschieben sie")
        pin.press("ArrowUp")
        assert float(page.get_by_label("Breitengrad").input_value()) > before
        page.get_by_label("Breitengrad").fill("48,37")
        page.get_by_label("Längengrad").fill("10.89")
        page.get_by_label("Längengrad").press("Tab")
        pin.press("Shift+ArrowRight")
        assert page.get_by_label("Breitengrad").input_value().startswith("48.3")
        assert 10.89 < float(page.get_by_label("Längengrad").input_value()) < 10.9
        assert page.locator(".leaflet-tile-loaded").count()
        # The policy of the page lets these pictures in: all that is complained of are the tiles themselves.
        visit.complaints = [one for one in visit.complaints if not one.startswith("https://tiles.example.org/")]
        visit.look()


def test_without_the_server_of_tiles_a_place_is_written_all_the_same(atlas, browser):
    with visiting(atlas, browser) as visit:
        page = visit.page
        page.route("https://tiles.example.org/**", lambda asked: asked.abort())
        visit.come_in("mara@example.org")
        visit.open("/cms/teststadt/locations/new")
        page.get_by_text("Die Karte ist nicht erreichbar.").wait_for()
        page.get_by_label("Name", exact=True).fill("Rathaus")
        page.get_by_label("Kategorie", exact=True).select_option("Behörde")
        page.get_by_label("Breitengrad").fill("48.37")
        page.get_by_label("Längengrad").fill("10.89")
        page.get_by_role("button", name="Speichern").last.press("Enter")
        page.get_by_text("Gespeichert.").wait_for()
