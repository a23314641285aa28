"""Tokens, webhooks, the log and searches, at a manager's desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.features import search
from cityinfo.kernel import clock

pytestmark = pytest.mark.browser


def press(visit, name):
    visit.page.get_by_role("button", name=name, exact=True).press("Enter")


def test_a_manager_lets_a_machine_in_and_takes_its_token_back(visit):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/tokens")
    visit.page.get_by_label("Wer ihn benutzt").fill("Kalender")
    visit.page.get_by_label("Lesen und Entwürfe schreiben").press("Space")
    press(visit, "Token anlegen")
    visit.page.get_by_text("Wählen Sie mindestens eine Art von Inhalt.").first.wait_for()
    visit.complaints = [one for one in visit.complaints if "422" not in one]  # the browser names what was refused
    visit.look()
    assert visit.page.get_by_label("Wer ihn benutzt").input_value() == "Kalender"
    visit.page.get_by_label("Veranstaltung", exact=True).press("Space")
    press(visit, "Token anlegen")
    assert visit.page.get_by_label("Geheimnis").input_value().startswith("ci_")
    visit.look()
    visit.page.locator("summary", has_text="Widerrufen …").press("Enter")
    press(visit, "Widerrufen")
    visit.page.get_by_text("Wer diesen Token benutzt, wird von jetzt an abgewiesen.").wait_for()
    visit.look()
    visit.check()


def test_a_manager_has_another_server_told(visit):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/webhooks")
    visit.page.get_by_label("Adresse des Servers").fill("https://example.org/hook")
    press(visit, "Hinzufügen")
    assert visit.page.get_by_label("Geheimnis").input_value().startswith("whsec_")
    visit.look()
    visit.page.locator("summary", has_text="Ändern …").press("Enter")
    press(visit, "Ausschalten")
    visit.page.get_by_text("Ausgeschaltet.").wait_for()
    visit.look()
    visit.page.locator("summary", has_text="Ändern …").press("Enter")
    press(visit, "Einschalten")
    visit.page.get_by_role("link", name="Wie die Meldungen ankamen").press("Enter")
    visit.page.get_by_role("heading", name="Meldungen eines Webhooks").wait_for()
    visit.look()
    visit.page.get_by_label("Alles nach dieser Nummer noch einmal melden").fill("0")
    press(visit, "Noch einmal melden")
    visit.page.get_by_text("Es wird noch einmal gemeldet.").wait_for()
    visit.look()
    visit.check()


def test_a_manager_finds_in_the_log_who_published_what(visit, service):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/audit")
    visit.look()
    visit.page.get_by_label("Was getan wurde").select_option(label="Angelegt")
    tomorrow = clock.now() + timedelta(days=1)
    visit.page.get_by_label("Bis", exact=True).fill(f"{tomorrow:%Y-%m-%d}")
    press(visit, "Zeigen")
    visit.page.wait_for_url("**action=EntryCreated**")
    assert visit.page.get_by_role("heading", name="Text gespeichert").count() == 0
    with visit.page.expect_download() as download:
        visit.page.get_by_role("link", name="Als Tabelle (CSV)").press("Enter")
    assert download.value.suggested_filename.endswith(".csv")
    visit.check()


def test_a_manager_helps_readers_who_found_nothing(visit, service):
    with service.city.database.unit_of_work(service.city.tenant_id, write=True, numbered=False) as db:
        search.count_misses(db, clock.now().date(), {("de", "sperrmüll"): 7})
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/search")
    visit.look()
    visit.page.get_by_role("link", name="Wörter dafür nennen").press("Enter")
    words = visit.page.locator("#words")
    assert words.input_value() == "sperrmüll, "
    words.fill("sperrmüll, alte Möbel")
    visit.page.locator("#new ~ form").get_by_role("button", name="Speichern").press("Enter")
    visit.page.get_by_role("heading", name="sperrmüll, alte Möbel").wait_for()
    visit.look()
    visit.check()
