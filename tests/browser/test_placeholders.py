"""What texts ask of a city is said once, and readers have it."""

from __future__ import annotations

import pytest

from tests.factories import ask_for_facts, plant

pytestmark = pytest.mark.browser


def test_a_manager_says_a_fact_after_a_mistake_and_readers_have_it_by_keyboard_alone(service, visit):
    ask_for_facts(service.city)
    plant(service.city, "Hilfe", content="<p>Rufen Sie an: {{ facts.youth_office.phone }}</p>")
    visit.come_in("mara@example.org")
    visit.open("/cms/")
    page = visit.page
    page.get_by_role("link", name="Eine Angabe fehlt, die Leserinnen und Leser brauchen.").press("Enter")
    phone = page.get_by_label("Telefon des Jugendamts")
    phone.fill("anrufen")
    phone.press("Enter")
    page.get_by_role("alert").wait_for()
    assert phone.input_value() == "anrufen"
    visit.complaints.clear()  # the browser notes the 422 itself
    visit.look()
    phone.fill("030 23125000")
    page.get_by_label("Deutsch").fill("Jugendamt")
    page.get_by_role("button", name="Speichern").press("Enter")
    page.get_by_text("2 Angaben sind neu").wait_for()
    visit.look()
    visit.open("/api/v1/tenants/teststadt/de/pages")
    assert "+49 30 23125000" in page.content()
