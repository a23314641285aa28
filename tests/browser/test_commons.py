"""A city offers a page, another one takes it live, and tells the first what it should say."""

from __future__ import annotations

import pytest

from tests.browser.desks import log_out, open_text
from tests.factories import make_city, plant
from tests.factories_media import library_of
from tests.factories_people import give, person
from tests.features.commons.commons import work
from tests.features.upstream.conftest import here

pytestmark = pytest.mark.browser
TWO = "<p>Das Amt hilft.</p><p>Der Antrag kostet 35 Euro.</p>"


@pytest.fixture
def library(service):
    return library_of(service.database, service.settings)


@pytest.fixture
def page(service):
    return plant(service.city, "Führerschein", content=TWO)


@pytest.fixture
def town(service):
    """The city that takes the page; Nora edits it."""
    town = make_city(service.database, "nehmerstadt", languages=("de", "en"))
    plant(town, "Verkehr")
    give(town, person(service.database, "Nora", password=True), "editor")
    return town


def read(visit, city):
    """What readers of a city get, by title."""
    answer = visit.page.request.get(f"{visit.service.url}/api/v1/tenants/{city.slug}/de/pages")
    return {one["title"]: one for one in answer.json()["items"]}


def test_a_page_goes_to_another_city_and_a_correction_comes_back(visit, service, library, page, town):
    screen = visit.page
    visit.come_in("elif@example.org")
    open_text(visit, page)
    screen.locator(".panel summary", has_text="Austausch").press("Enter")
    screen.get_by_role("link", name="Anderen Städten anbieten").press("Enter")
    screen.get_by_label("Hinweis für Redaktionen").fill("Die Gebühr gilt überall.")
    screen.get_by_role("button", name="Anbieten").press("Enter")
    screen.get_by_text("Andere Städte können diese Seite jetzt übernehmen.").wait_for()
    visit.look()
    log_out(visit)

    visit.come_in("nora@example.org")
    visit.open(f"/cms/{town.slug}/")
    screen.get_by_role("link", name="Austausch").press("Enter")
    screen.get_by_role("searchbox", name="Wörter aus Titel").fill("gebühr")
    screen.get_by_role("button", name="Zeigen").press("Enter")
    visit.look()
    screen.get_by_role("link", name="Führerschein").press("Enter")
    screen.get_by_text("Die Gebühr gilt überall.").wait_for()
    visit.look()
    screen.get_by_label("Unter welcher Seite").select_option("Verkehr")
    screen.get_by_role("radio", name="Live:").check()
    screen.get_by_role("button", name="Übernehmen").press("Enter")
    screen.get_by_text("Die Seite kommt in einer Minute.").wait_for()
    visit.look()
    log_out(visit)
    work(library, service.city, town)
    assert "35 Euro" in read(visit, town)["Führerschein"]["content"]

    visit.come_in("elif@example.org")
    open_text(visit, page)
    screen.locator(".prose p", has_text="35 Euro").click()
    screen.keyboard.press("End")
    screen.keyboard.type(" Nur bar.")
    screen.get_by_role("button", name="Veröffentlichen").first.press("Enter")
    screen.get_by_text("Veröffentlicht.").wait_for()
    log_out(visit)
    work(library, service.city, town)
    theirs = read(visit, town)["Führerschein"]
    assert "Nur bar." in theirs["content"]
    assert (theirs["credit"]["attribution"], theirs["credit"]["licence"]) == ("Stadt Teststadt", "CC-BY-4.0")

    visit.come_in("nora@example.org")
    visit.open(f"/cms/{town.slug}/texts/{here(town, page)}/de")
    screen.get_by_role("link", name="Korrektur vorschlagen").press("Enter")
    body = screen.get_by_label("Text", exact=True)
    body.fill(body.input_value().replace("35", "43"))
    screen.get_by_label("Warum?").fill("Seit Mai kostet er 43 Euro.")
    visit.look()
    screen.get_by_role("button", name="Korrektur senden").press("Enter")
    screen.get_by_text("Ihre Korrektur ist unterwegs").wait_for()
    log_out(visit)
    work(library, service.city, town)

    visit.come_in("elif@example.org")
    visit.open("/cms/teststadt/proposals")
    visit.look()
    screen.get_by_role("main").get_by_role("link", name="Führerschein").press("Enter")
    screen.get_by_text("vorgeschlagen von Stadt Nehmerstadt").wait_for()
    visit.look()
    screen.get_by_role("button", name="Annehmen", exact=True).press("Enter")
    screen.get_by_text("Angenommen.").wait_for()
    log_out(visit)
    work(library, service.city, town)

    visit.come_in("nora@example.org")
    visit.open(f"/cms/{town.slug}/commons/taken")
    screen.locator("#sent").get_by_text("angenommen", exact=True).wait_for()
    assert "43 Euro" in read(visit, town)["Führerschein"]["content"]
    visit.check()
