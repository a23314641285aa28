"""What a city says of itself and offers, set at a desk."""

from __future__ import annotations

import pytest

from cityinfo.features import tenants

pytestmark = pytest.mark.browser


def test_a_manager_changes_what_the_city_says_and_offers(visit, service):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/settings")
    visit.look()
    visit.page.get_by_label("Postleitzahlen").fill("360")
    visit.page.get_by_role("button", name="Speichern").press("Enter")
    visit.page.get_by_role("alert").get_by_text("360").wait_for()
    visit.complaints = [one for one in visit.complaints if "422" not in one]  # the browser names what was refused
    visit.look()
    visit.page.get_by_label("Postleitzahlen").fill("36037")
    visit.page.get_by_role("button", name="Speichern").press("Enter")
    visit.page.get_by_text("Gespeichert.").wait_for()
    visit.open("/cms/teststadt/settings/features")
    visit.look()
    visit.page.get_by_label("Chat", exact=True).press("Space")
    visit.page.get_by_role("button", name="Speichern").press("Enter")
    visit.page.get_by_text("Gespeichert.").wait_for()
    visit.check()
    with service.city.read() as db:
        now = tenants.facts_of(db)
        assert (now.postal_codes, now.features["chat"]) == (["36037"], True)
