"""Offers of other systems, as the platform's staff keep them for all cities."""

from __future__ import annotations

import pytest

from cityinfo import registry
from cityinfo.features import audit, offers
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Invalid
from tests.cms.conftest import text_of
from tests.factories import EDITOR

NEW = {
    "alias": "lernportal",
    "name": "Lernportal",
    "url": "https://lernen.example.org",
    "thumbnail": "https://lernen.example.org/logo.svg",
    "postal_code": "none",
    "asks_for": "",
    "post": "partner=7\nradius = 50",
}


def found(database, alias):
    with database.unit_of_work(NO_TENANT) as db:
        return offers.templates(db).get(alias)


def seen(staff, alias):
    return text_of(staff.get(f"/offers/{alias}")).partition('name="seen" value="')[2].partition('"')[0]


def switch_on(city, *aliases):
    with city.write() as db:
        offers.set_external(db, dict.fromkeys(aliases, ""), actor=EDITOR)


def shown(client):
    return {one["alias"]: one["name"] for one in client.get("/api/v3/teststadt/de/offers/").json}


def test_a_new_one_can_be_switched_on_by_every_city(city, people, staff, database, client):
    assert staff.post("/offers/new", NEW).status_code == 303
    assert found(database, "lernportal").post == {"partner": "7", "radius": "50"}
    assert "Lernportal" in text_of(people("manager").get("/offers/external"))
    switch_on(city, "lernportal")
    assert shown(client) == {"lernportal": "Lernportal"}
    row = text_of(staff.get("/offers")).partition("offers/lernportal")[2].partition("</tr>")[0]
    assert ">1<" in row
    with database.unit_of_work(NO_TENANT) as db:
        row = db.query(audit.PlatformAuditRow).filter_by(action="OfferTemplateChanged").one()
        assert (row.actor, row.note) == (f"staff:{staff.account_id}", "lernportal")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"alias": "Lern Portal"}, "kleine Buchstaben"),
        ({"alias": "wohnraumboerse"}, "schon bekannt"),
        ({"name": " "}, "höchstens 100"),
        ({"url": "lernen"}, "keine Internetadresse"),
        ({"url": ""}, "Feld"),
        ({"thumbnail": ""}, "Bild"),
        ({"post": "radius"}, "radius=50"),
    ],
)
def test_what_cannot_be_offered_comes_back_as_it_was_typed(staff, database, typed, said):
    answer = staff.post("/offers/new", {**NEW, "asks_for": "", **typed})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "lernen.example.org" in text_of(answer)
    assert found(database, "lernportal") is None


def test_a_new_name_reaches_the_cities_in_which_it_is_on(city, staff, database, client):
    switch_on(city, "wohnraumboerse")
    assert shown(client) == {"wohnraumboerse": "Wohnraumbörse"}
    staff.post("/offers/wohnraumboerse", {**NEW, "name": "Wohnbörse", "seen": seen(staff, "wohnraumboerse")})
    for tenant_id, job_id in jobs.sweep(database):
        jobs.run_job(database, registry.JOBS, tenant_id, job_id)
    assert shown(client) == {"wohnraumboerse": "Wohnbörse"}


def test_a_retired_one_stays_on_and_goes_to_no_other_city(city, other_city, people, staff, client):
    switch_on(city, "wohnraumboerse")
    staff.post("/offers/wohnraumboerse", {**NEW, "retired": "1", "seen": seen(staff, "wohnraumboerse")})
    switch_on(city, "wohnraumboerse", "terminbuchung")
    assert "wohnraumboerse" in shown(client)
    with pytest.raises(Invalid, match="no longer offered"):
        switch_on(other_city, "wohnraumboerse")


def test_a_colleague_who_was_quicker_is_not_overwritten_unseen(staff, database):
    mark = seen(staff, "wohnraumboerse")
    staff.post("/offers/wohnraumboerse", {**NEW, "name": "Von der Kollegin", "seen": mark})
    answer = staff.post("/offers/wohnraumboerse", {**NEW, "name": "Von mir", "seen": mark})
    assert answer.status_code == 409
    assert 'value="Von mir"' in text_of(answer)
    assert found(database, "wohnraumboerse").name == "Von der Kollegin"
