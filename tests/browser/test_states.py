"""From one state of a text to the next: planned, offline in some languages, back to an earlier version."""

from __future__ import annotations

import httpx
import pytest

from tests.browser.desks import begin, open_text, saved
from tests.factories import plant, save, translate

pytestmark = pytest.mark.browser


@pytest.fixture
def page(service):
    page = plant(service.city, "Bürgerbüro", content="<p>Montags von 8 bis 12 Uhr.</p>")
    translate(service.city, page, "en", "Citizens' office", content="<p>Mondays from 8 to 12.</p>")
    translate(service.city, page, "ar", "مكتب", content="<p>مرحبا</p>")
    save(service.city, page, content="<p>Dienstags von 8 bis 12 Uhr.</p>")
    return page


@pytest.fixture
def desk(visit, page):
    return begin(visit, page)


def public(service, page):
    """The languages in which readers get the page."""
    address = f"{service.url}/api/v1/tenants/teststadt"
    return [one for one in ("de", "en", "ar") if httpx.get(f"{address}/{one}/pages/{page}").status_code == 200]


def test_an_earlier_version_is_compared_and_comes_back_as_a_new_one(desk, service, page):
    desk.page.locator("summary", has_text="Versionen").press("Enter")
    desk.page.get_by_role("link", name="Alle Versionen und ihre Unterschiede").click()
    differences = desk.page.get_by_role("region", name="Unterschiede")
    assert differences.locator("del").inner_text().endswith("Montags")
    assert differences.locator("ins").inner_text().endswith("Dienstags")
    desk.page.get_by_role("link", name="Version 1").click()
    desk.page.get_by_role("heading", name="Die erste Version").wait_for()
    desk.look()
    desk.page.get_by_role("button", name="Diese Version zurückholen").press("Enter")
    desk.page.locator("html[data-ready=true]").wait_for()
    assert saved(service, page) == "<p>Montags von 8 bis 12 Uhr.</p>"
    assert httpx.get(f"{service.url}/api/v1/tenants/teststadt/de/pages/{page}").json()["content"].startswith("<p>Diens")
    desk.look()


def test_a_page_goes_offline_in_exactly_the_languages_that_were_chosen_by_name(desk, service, page):
    desk.page.get_by_role("link", name="Offline nehmen …").click()
    languages = desk.page.get_by_role("group", name="Sprachen")
    assert languages.get_by_role("checkbox", checked=True).count() == 1
    languages.get_by_label("Arabisch").check()
    desk.look()
    desk.page.get_by_role("button", name="Offline nehmen").press("Enter")
    desk.page.get_by_text("Offline genommen.").wait_for()
    assert public(service, page) == ["en"]
    desk.check()


def test_what_is_planned_is_said_in_the_time_of_the_city(desk, service, page):
    desk.page.locator("summary", has_text="Planen …").press("Enter")
    desk.page.get_by_label("Veröffentlichen am").fill("2031-05-02T08:00")
    desk.page.get_by_label("Offline nehmen am").fill("2031-06-30T18:30")
    desk.look()
    desk.page.get_by_role("button", name="Planung speichern").press("Enter")
    desk.page.get_by_text("Die Planung ist gespeichert.").wait_for()
    open_text(desk, page)
    said = desk.page.locator(".panel .facts").inner_text()
    assert "02.05.2031, 08:00" in said
    assert "30.06.2031, 18:30" in said
    desk.check()
