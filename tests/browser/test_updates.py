"""A template learns something; three cities made from it take it, each in its own way."""

from __future__ import annotations

import pytest

from cityinfo.features.onboarding import CityDraft
from tests.browser.desks import log_out, open_text, write
from tests.factories import plant, save
from tests.factories_media import library_of
from tests.factories_people import give, person
from tests.features.onboarding.test_clones import cloned
from tests.features.upstream.conftest import come_by_itself, fetch, here

pytestmark = pytest.mark.browser
TWO = "<p>Das Amt hilft.</p><p>Der Antrag kostet 35 Euro.</p>"


@pytest.fixture
def library(service):
    return library_of(service.database, service.settings)


@pytest.fixture
def page(service):
    return plant(service.city, "Führerschein", content=TWO)


@pytest.fixture
def cities(service, library, page):
    """Of three cities made from the template the first changed another paragraph, the second the same one."""
    editor = person(service.database, "Nora", password=True)
    made = [cloned(library, service.city, CityDraft(slug=one, name=one.title())) for one in ("aheim", "bheim", "cheim")]
    for city in made:
        give(city, editor, "editor")
        fetch(library, city)
    save(made[0], here(made[0], page), content=TWO.replace("Das Amt", "Das Amt in Zimmer 204"))
    save(made[1], here(made[1], page), content=TWO.replace("35 Euro", "bei uns nichts"))
    come_by_itself(made[2])
    return made


def words(visit, city):
    """What readers get, by title."""
    answer = visit.page.request.get(f"{visit.service.url}/api/v1/tenants/{city.slug}/de/pages")
    return {one["title"]: one["content"] for one in answer.json()["items"]}


def test_what_a_template_learns_reaches_three_cities_each_in_its_own_way(visit, library, page, cities):
    screen = visit.page
    visit.come_in("elif@example.org")
    open_text(visit, page)
    screen.locator(".prose p", has_text="35 Euro").click()
    screen.keyboard.press("End")
    screen.keyboard.type(" Ab Mai 42 Euro.")
    screen.get_by_role("button", name="Veröffentlichen").first.press("Enter")
    screen.get_by_text("Veröffentlicht.").wait_for()
    visit.open("/cms/teststadt/pages/new")
    screen.get_by_label("Titel", exact=True).fill("Parken")
    write(visit, "Sie brauchen einen Ausweis.")
    screen.get_by_role("button", name="Veröffentlichen").first.press("Enter")
    screen.get_by_text("Veröffentlicht.").wait_for()
    log_out(visit)
    for city in cities:
        fetch(library, city)

    first, second, third = cities
    visit.come_in("nora@example.org")
    visit.open(f"/cms/{first.slug}/updates")
    visit.look()
    screen.get_by_role("main").get_by_role("link", name="Führerschein").press("Enter")
    screen.locator("ins", has_text="Ab Mai 42 Euro.").wait_for()
    screen.get_by_text("Nur bei Ihnen, bleibt").wait_for()
    visit.look()
    screen.locator("#update").press("j")
    screen.get_by_role("heading", name="Parken", level=1).wait_for()
    screen.locator("#update").press("k")
    screen.get_by_role("heading", name="Führerschein", level=1).wait_for()
    screen.locator("#update").press("a")
    screen.get_by_text("Angenommen.").wait_for()
    screen.get_by_role("heading", name="Parken", level=1).wait_for()
    visit.look()
    screen.locator("#update").press("a")
    screen.get_by_text("Nichts zu entscheiden.").wait_for()
    screen.get_by_role("link", name="Bisher entschieden").press("Enter")
    screen.get_by_role("heading", name="Bisher entschieden").wait_for()
    visit.look()
    said = words(visit, first)
    assert "Zimmer 204" in said["Führerschein"]
    assert "Ab Mai 42 Euro." in said["Führerschein"]
    assert "Ausweis" in said["Parken"]

    visit.open(f"/cms/{second.slug}/updates?standing=conflict")
    screen.get_by_role("main").get_by_role("link", name="Führerschein").press("Enter")
    screen.get_by_role("button", name="Annehmen", exact=True).press("Enter")
    screen.get_by_text("Eine Stelle ist noch offen").wait_for()
    visit.complaints.clear()  # browsers tell their console of every refusal
    visit.look()
    screen.get_by_role("radio", name="Neue Vorlage").check()
    screen.get_by_role("button", name="Bearbeiten …").press("Enter")
    screen.get_by_label("Text", exact=True).filter(has_text="Ab Mai 42 Euro.").wait_for()
    visit.look()
    screen.get_by_role("link", name="Abbrechen").press("Enter")
    screen.get_by_role("radio", name="Neue Vorlage").check()
    screen.get_by_role("button", name="Annehmen", exact=True).press("Enter")
    screen.get_by_text("Angenommen.").wait_for()
    assert "Ab Mai 42 Euro." in words(visit, second)["Führerschein"]

    assert "Ab Mai 42 Euro." in words(visit, third)["Führerschein"]
    assert "Parken" not in words(visit, third)  # somebody looks at a new page first
    visit.check()
