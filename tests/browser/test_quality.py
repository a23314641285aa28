"""Advice while writing, and what a city insists on."""

from __future__ import annotations

import pytest

from cityinfo.features import quality
from cityinfo.features.quality import Flaw, Gates
from cityinfo.kernel.facts import SYSTEM
from tests.browser.desks import begin, paste, prose, saved, state, write
from tests.factories import plant

pytestmark = pytest.mark.browser

HARD = (
    "Die Inanspruchnahme der Leistungen setzt voraus, dass die antragstellende Person ihren gewöhnlichen Aufenthalt"
    " im Zuständigkeitsbereich der Behörde nachweist."
)


@pytest.fixture
def page(service):
    return plant(service.city, "Wohnung anmelden", content="<p>Kommen Sie in das Amt.</p>" * 6)


@pytest.fixture
def desk(visit, page):
    return begin(visit, page)


def test_the_hardest_sentence_is_marked_while_typing_and_shown_on_request(desk):
    assert "sehr leicht zu lesen" in desk.page.locator(".status").inner_text()
    write(desk, f" {HARD}")
    state(desk, "saved")
    desk.page.locator(".flag").filter(has_text="Inanspruchnahme").wait_for()
    desk.check()
    desk.page.get_by_role("button", name="Zeigen").press("Enter")
    desk.page.locator("#text:focus").wait_for()
    assert desk.page.evaluate("getSelection().toString()") == HARD
    desk.page.keyboard.press("Delete")
    state(desk, "saved")
    desk.page.get_by_text("Links, Überschriften und Bilder sind in Ordnung.").wait_for()
    assert desk.page.locator(".flag").count() == 0


def test_a_gate_stops_publishing_and_what_was_typed_stays(desk, service, page):
    with service.city.write() as db:
        quality.set_gates(db, Gates(frozenset({Flaw.VAGUE_LINK})), actor=SYSTEM)
    before = saved(service, page)
    prose(desk).click()
    desk.page.keyboard.press("Control+a")
    paste(desk, '<p>Das Formular ist <a href="https://example.org/f">hier</a>.</p>')
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_text("Noch nicht veröffentlicht: der Linktext „hier“ muss sagen, wohin er führt.").wait_for()
    assert saved(service, page) == before
    desk.page.locator("html[data-ready=true]").wait_for()
    assert "Das Formular ist hier." in prose(desk).inner_text()
    assert "Gespeichert um" not in desk.page.locator(".save").inner_text()
    desk.complaints = [one for one in desk.complaints if "422" not in one]  # the browser names what was refused
    desk.check()
    desk.page.get_by_role("button", name="Zeigen").click()
    desk.page.locator("#text:focus").wait_for()
    desk.page.keyboard.type("Formular der Stadt")
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_text("Veröffentlicht.").wait_for()
    assert ">Formular der Stadt</a>" in saved(service, page)


def test_a_manager_chooses_what_the_city_insists_on(visit, service):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/quality")
    visit.look()
    visit.page.get_by_label("Bilder haben einen Alternativtext").check()
    visit.page.get_by_role("button", name="Speichern").click()
    visit.page.get_by_text("Was schon öffentlich ist, bleibt öffentlich.").wait_for()
    visit.check()
    with service.city.read() as db:
        assert quality.gates(db).flaws == {Flaw.UNDESCRIBED_PICTURE}
