"""From the template to a city that readers have, in minutes of clicking."""

from __future__ import annotations

import time
from functools import partial

import httpx
import pytest

from cityinfo import registry
from cityinfo.features import archives, onboarding, tenants
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from tests.browser.conftest import ROOT
from tests.browser.desks import write
from tests.factories_media import library_of
from tests.factories_people import listed, person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST = 180  # seconds of clicking
SAID = {"tel": "030 23125000", "email": "amt@heide.example", "url": "https://heide.example/amt", "text": "Amt in Heide"}


@pytest.fixture
def staff(visit, service):
    """Sina, who runs the platform, where the template and the directory of municipalities are at hand."""
    library = library_of(service.database, service.settings)
    archives.apply(library, archives.read_folder(ROOT / "tenants" / "municipality-de"))
    listed(service.database)
    person(service.database, "Sina", staff=True, password=True)
    visit.come_in("sina@example.org")
    return visit


def work(service):
    """What the worker does meanwhile."""
    store = library_of(service.database, service.settings).store
    clone = {onboarding.CLONE: partial(registry.STORE_JOBS[onboarding.CLONE], store=store)}
    with service.database.unit_of_work(NO_TENANT) as db:
        city_id = tenants.find(db, "heide").id
    for tenant_id, job_id in jobs.sweep(service.database):
        if tenant_id == city_id:
            jobs.run_job(service.database, clone, tenant_id, job_id)


def make(staff, service):
    page = staff.page
    staff.open("/cms/platform/cities")
    page.get_by_role("link", name="Neue Stadt").press("Enter")
    page.get_by_label("Name, Gemeindeschlüssel").press_sequentially("Heid")
    page.get_by_role("button", name="Stadt Heide").press("Enter")
    page.wait_for_url("**municipality=**")
    assert page.get_by_label("Postleitzahlen").input_value() == "25746"
    page.get_by_role("button", name="Weiter: Inhalte").press("Enter")
    page.get_by_role("button", name="Weiter: Plan").press("Enter")
    page.get_by_text("Jeder Link, jede Karte und jede Beziehung findet ihr Ziel").wait_for()
    page.get_by_role("button", name="Stadt anlegen").press("Enter")
    page.get_by_text("die Stadt entsteht im Hintergrund").wait_for()
    work(service)
    page.get_by_text("Die Stadt ist verborgen, bis Sie sie zeigen.").wait_for()
    staff.look()
    page.get_by_role("link", name="Weiter zu dem, was noch zu tun ist").press("Enter")


def fill_in(staff):
    page = staff.page
    page.get_by_role("heading", name="Bis zur Freischaltung").wait_for()
    staff.look()
    page.locator("#why").fill("Neue Stadt einrichten")
    page.locator("#why").press("Enter")
    page.get_by_role("heading", name="Bis zur Freischaltung").wait_for()
    staff.look()
    page.get_by_role("link", name="Angaben in Texten").first.press("Enter")
    for field in page.locator("#facts input:not([type=hidden])").all():
        field.fill(SAID[field.get_attribute("type")])
    page.get_by_role("button", name="Speichern").press("Enter")
    page.get_by_text("Angaben sind neu").wait_for()
    staff.open("/cms/heide/imprint")
    page.locator("html[data-ready=true]").wait_for()
    write(staff, "Zimmer 7 im Erdgeschoss.")
    page.get_by_role("button", name="Veröffentlichen", exact=True).press("Enter")
    page.get_by_text("Veröffentlicht.").wait_for()


def test_a_template_becomes_a_city_that_both_apis_know_in_less_than_three_minutes(staff, service):
    begun = time.monotonic()
    make(staff, service)
    fill_in(staff)
    staff.open("/cms/heide/")
    page = staff.page
    page.get_by_text("Alles, was Leserinnen und Leser brauchen, ist eingetragen.").wait_for()
    page.get_by_role("button", name="Ich habe sie angesehen").press("Enter")
    page.get_by_text("Jemand hat sie angesehen.").wait_for()
    page.get_by_role("button", name="Freischalten").press("Enter")
    page.get_by_text("Die Stadt ist freigeschaltet.").wait_for()
    staff.check()
    assert time.monotonic() - begun < MOST
    cities = httpx.get(f"{service.url}/api/v3/regions/").json()
    assert [one["name"] for one in cities if one["path"] == "heide"] == ["Stadt Heide"]
    imprint = httpx.get(f"{service.url}/api/v1/tenants/heide/de/imprint").text
    assert "amt@heide.example" in imprint
    assert "Zimmer 7" in imprint
    pages = {lang: httpx.get(f"{service.url}/api/v3/heide/{lang}/pages/").json() for lang in ("de", "en")}
    assert len(pages["de"]) == len(pages["en"]) == 49
    assert "+49 30 23125000" in "".join(one["content"] for one in pages["en"])
    assert "{{" not in "".join(one["content"] for one in [*pages["de"], *pages["en"]])
