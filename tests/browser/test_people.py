"""A manager looks after who works in the city."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_a_manager_invites_someone_after_a_mistake_and_ends_a_role(visit):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/people")
    visit.look()
    visit.page.get_by_label("Name", exact=True).fill("Layla")
    visit.page.get_by_label("E-Mail-Adresse", exact=True).fill("layla@nowhere")
    visit.page.get_by_role("button", name="Einladung senden").press("Enter")
    visit.page.locator("#failures:focus").wait_for()
    visit.complaints = [one for one in visit.complaints if "422" not in one]  # the browser names what was refused
    visit.look()
    visit.page.get_by_label("E-Mail-Adresse", exact=True).fill("layla@example.org")
    visit.page.get_by_role("button", name="Einladung senden").press("Enter")
    visit.page.get_by_text("Ein Brief an layla@example.org ist unterwegs.").wait_for()
    row = visit.page.get_by_role("listitem").filter(has_text="layla@example.org")
    row.locator("summary").press("Enter")
    visit.look()
    row.get_by_role("button", name="Rolle beenden").press("Enter")
    visit.page.get_by_text("Die Rolle ist beendet.").wait_for()
    assert visit.page.get_by_text("layla@example.org").count() == 0
    visit.check()
