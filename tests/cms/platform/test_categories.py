"""The categories that all cities have, as the platform's staff keep them."""

from __future__ import annotations

import pytest

from cityinfo import registry
from cityinfo.features import audit, locations
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from tests.cms.conftest import text_of
from tests.factories_places import settle

NEW = {"name-de": "Teestuben", "name-en": "Tea rooms", "name-ar": "مقهى", "icon": "gastronomy", "color": "#C38E03"}


def found(database, slug):
    with database.unit_of_work(NO_TENANT) as db:
        return locations.common(db).get(slug)


def seen(staff, slug):
    return text_of(staff.get(f"/categories/{slug}")).partition('name="seen" value="')[2].partition('"')[0]


def work(database):
    """What a worker does until nothing is left to do."""
    for tenant_id, job_id in jobs.sweep(database):
        jobs.run_job(database, registry.JOBS, tenant_id, job_id)


def test_they_are_listed_with_the_cities_that_use_them(city, other_city, staff):
    settle(city, "Amt", categories=["advice"]), settle(other_city, "Amt", categories=["advice"])
    row = text_of(staff.get("/categories")).partition("categories/advice")[2].partition("</tr>")[0]
    assert "Beratung" in row
    assert ">2<" in row


def test_a_new_one_reaches_every_city_and_its_readers(city, people, staff, database, client):
    client.get("/api/v1/tenants/teststadt/de/location-categories")
    assert staff.post("/categories/new", NEW).status_code == 303
    assert found(database, "tea-rooms").names["ar"] == "مقهى"
    work(database)
    items = client.get("/api/v1/tenants/teststadt/de/location-categories").json["items"]
    assert "Teestuben" in [one["name"] for one in items]
    assert "Teestuben" in text_of(people("manager").get("/locations/new"))
    with database.unit_of_work(NO_TENANT) as db:
        row = db.query(audit.PlatformAuditRow).filter_by(action="CommonCategoryChanged").one()
        assert (row.actor, row.note) == (f"staff:{staff.account_id}", "tea-rooms")


@pytest.mark.parametrize(
    ("typed", "said"), [({"name-de": ""}, "deutschen und einen englischen"), ({"icon": "x"}, "kein Symbol")]
)
def test_what_cannot_be_one_comes_back_as_it_was_typed(staff, database, typed, said):
    answer = staff.post("/categories/new", {**NEW, **typed})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="مقهى"' in text_of(answer)
    assert found(database, "tea-rooms") is None


def test_a_new_name_reaches_places_that_are_in_it(city, staff, database, client):
    settle(city, "Amt", categories=["advice"])
    given = {"name-de": "Rat", "name-en": "Advice", "icon": "advice", "color": "#3700D2", "seen": seen(staff, "advice")}
    staff.post("/categories/advice", given)
    work(database)
    place = client.get("/api/v1/tenants/teststadt/de/locations").json["items"][0]
    assert [one["name"] for one in place["categories"]] == ["Rat"]


def test_a_colleague_who_was_quicker_is_not_overwritten_unseen(staff, database):
    mark = seen(staff, "advice")
    given = {"name-en": "Advice", "icon": "advice", "color": "#3700D2", "seen": mark}
    staff.post("/categories/advice", {**given, "name-de": "Von der Kollegin"})
    answer = staff.post("/categories/advice", {**given, "name-de": "Von mir"})
    assert answer.status_code == 409
    assert 'value="Von mir"' in text_of(answer)
    assert found(database, "advice").names["de"] == "Von der Kollegin"


def test_the_one_that_everything_else_is_cannot_be_retired(staff, database):
    given = {"name-de": "Sonstiges", "name-en": "Other", "icon": "other", "color": "#585858", "retired": "1"}
    answer = staff.post("/categories/other", {**given, "seen": seen(staff, "other")})
    assert answer.status_code == 422
    assert "Diese bleibt" in text_of(answer)


def test_what_nobody_knows_is_not_found(staff):
    assert staff.get("/categories/nirgends").status_code == 404
