"""A manager sends an invitation again, takes it back, and lets a colleague leave: by keyboard alone."""

from __future__ import annotations

import pytest

from cityinfo.features import accounts, content
from cityinfo.features.content import TextDraft
from cityinfo.kernel.db import NO_TENANT
from tests.factories import EDITOR, plant

pytestmark = pytest.mark.browser


@pytest.fixture
def page_for_elif(service):
    """A text that waits for Elif's review."""
    page = plant(service.city, "Wohngeld")
    with service.database.unit_of_work(NO_TENANT) as db:
        elif_ = accounts.account_of(db, "elif@example.org").id
    with service.city.write() as db:
        draft = TextDraft(title="Wohngeld", content="<p>Neu.</p>", revision=content.find_text(db, page, "de").revision)
        content.save_text(db, page, "de", draft, actor=EDITOR)
        revision = content.find_text(db, page, "de").revision
        content.submit_text(db, page, "de", assignee=f"person:{elif_}", revision=revision, actor=EDITOR)
    return page


def test_an_invitation_is_sent_again_and_taken_back(visit):
    page = visit.page
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/people")
    page.get_by_label("Name", exact=True).fill("Layla")
    page.get_by_label("E-Mail-Adresse", exact=True).fill("layla@example.org")
    page.get_by_role("button", name="Einladung senden").press("Enter")
    page.get_by_role("link", name="Einladungen 1").press("Enter")
    page.get_by_role("heading", name="Einladungen").wait_for()
    visit.look()
    page.get_by_role("button", name="Noch einmal senden Layla").press("Enter")
    page.get_by_text("Ein Brief an layla@example.org ist unterwegs.").wait_for()
    page.get_by_role("button", name="Zurücknehmen Layla").press("Enter")
    page.get_by_text("Die Einladung an layla@example.org ist zurückgenommen.").wait_for()
    page.get_by_text("Alle Eingeladenen sind gekommen.").wait_for()
    visit.look()


def test_a_colleague_leaves_and_another_takes_over(visit, page_for_elif):
    page = visit.page
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/people")
    page.get_by_role("link", name="Elif").press("Enter")
    page.get_by_role("link", name="Verlässt die Stadt …").press("Enter")
    page.get_by_role("heading", name="Elif verlässt die Stadt").wait_for()
    page.get_by_text("wartet auf die Prüfung").wait_for()
    visit.look()
    page.get_by_label("Wer übernimmt?").select_option(label="Mara")
    page.get_by_role("button", name="Übergeben und alle Rollen beenden").press("Enter")
    page.get_by_text("Elif arbeitet nicht mehr in dieser Stadt.").wait_for()
    assert page.get_by_text("elif@example.org").count() == 0
    page.get_by_role("link", name="Heute").press("Enter")
    page.get_by_role("link", name="Wohngeld").wait_for()
    visit.check()
