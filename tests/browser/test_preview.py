"""What is not public yet is shown to colleagues and, by a link, to people without an account."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import PHONE, visiting
from tests.browser.desks import begin, open_text, state, write
from tests.factories import plant, save

pytestmark = pytest.mark.browser


@pytest.fixture
def page(service):
    page = plant(service.city, "Wohnung anmelden", content="<p>Kommen Sie zum Amt.</p>")
    save(
        service.city,
        page,
        content='<p>Kommen Sie <a href="https://example.org">zum Amt</a> und warten.</p>',
        public=False,
    )
    return page


def test_a_link_shows_a_draft_to_someone_without_an_account_and_ends_when_it_is_tampered_with(
    service, visit, browser, page
):
    visit.come_in("elif@example.org")
    visit.open(f"/cms/teststadt/texts/{page}/de")
    visit.page.get_by_role("link", name="Vorschau").click()
    device = visit.page.get_by_role("region", name="Vorschau")
    assert device.get_by_role("article").inner_text().split("\n")[-1] == "Kommen Sie zum Amt und warten."
    visit.look()
    (link,) = re.findall(r"/cms/preview/[\w.-]+", visit.page.content())[:1]
    with visiting(service, browser, viewport=PHONE) as stranger:
        stranger.open(link)
        stranger.page.get_by_text("und warten.").wait_for()
        stranger.look()
        stranger.open(f"{link[:-2]}xx")
        stranger.page.get_by_text("Unter dieser Adresse gibt es nichts.").wait_for()


def test_whoever_opens_a_text_is_told_who_is_writing_it(service, visit, browser, page):
    begin(visit, page)
    write(visit, " Ich schreibe.")
    state(visit, "saved")
    with visiting(service, browser) as other:
        other.come_in("mara@example.org")
        open_text(other, page)
        other.page.get_by_role("status").filter(has_text="Elif schreibt auch gerade hier.").wait_for()
        other.look()
