"""A manager gives the city its colours and its letters a sender: by keyboard alone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_colours_are_looked_at_refused_and_kept(visit):
    page = visit.page
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/settings")
    page.get_by_role("link", name="Aussehen").press("Enter")
    page.get_by_label("Eigene Farben").press("Space")
    page.get_by_label("Bei Tag, auf Weiß").fill("#97afe1")
    page.get_by_role("button", name="Speichern").press("Enter")
    page.locator("#failures:focus").wait_for()
    visit.complaints = [one for one in visit.complaints if "422" not in one]  # the browser names what was refused
    visit.look()
    page.get_by_label("Bei Tag, auf Weiß").fill("#7a0050")
    page.get_by_role("button", name="Zeigen, wie es aussieht").press("Enter")
    page.get_by_role("img", name="#7a0050").wait_for()
    visit.look()
    page.get_by_role("button", name="Speichern").press("Enter")
    page.get_by_text("Die Apps erfahren es sofort.").wait_for()
    visit.check()


def test_a_letter_is_looked_at_before_it_has_a_sender(visit):
    page = visit.page
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/settings/letters")
    page.get_by_label("Name des Absenders").fill("Willkommensbüro")
    page.get_by_label("Signatur").fill("Ihr Willkommensbüro")
    page.get_by_role("button", name="Zeigen, wie es aussieht").press("Enter")
    page.get_by_role("complementary").get_by_text("Ihr Willkommensbüro").wait_for()
    visit.look()
    page.get_by_role("button", name="Speichern").press("Enter")
    page.get_by_text("Das gilt für alle weiteren Briefe der Stadt.").wait_for()
    visit.check()
