"""The imprint, from nothing to what phones show."""

from __future__ import annotations

import httpx
import pytest

from tests.browser.desks import write

pytestmark = pytest.mark.browser


def test_a_manager_writes_the_imprint_by_keyboard_alone_and_an_integreat_client_shows_it(service, visit):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/imprint")
    page = visit.page
    visit.look()
    page.get_by_role("button", name="Impressum schreiben").press("Enter")
    page.locator("html[data-ready=true]").wait_for()
    page.get_by_role("textbox", name="Titel").fill("Impressum")
    write(visit, "Stadt Teststadt, Rathausplatz 1")
    page.get_by_role("button", name="Veröffentlichen", exact=True).press("Enter")
    page.get_by_text("Veröffentlicht.").wait_for()
    visit.look()
    shown = httpx.get(f"{service.url}/api/v3/teststadt/de/imprint/").json()
    assert "Rathausplatz 1" in shown["content"]
