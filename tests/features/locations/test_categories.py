"""Categories of places: those of a city's own in their order, and those of all cities."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import audit, locations
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.kernel.facts import SYSTEM
from tests.factories import EDITOR
from tests.factories_places import category_of, change_location, settle

LOOK = {"icon": "culture", "color": "#FF3333"}


def own(city):
    with city.read() as db:
        return [one.slug for one in locations.all_categories(db).values() if one.own]


def categories_of(city, location):
    with city.read() as db:
        return locations.of_locations(db, [location])[location]


def shown(client, path="/api/v1/tenants/teststadt/de/locations"):
    return {one["title"]: [each["name"] for each in one["categories"]] for one in client.get(path).json["items"]}


def given(client):
    return [one["slug"] for one in client.get("/api/v1/tenants/teststadt/de/location-categories").json["items"]]


def test_own_categories_stand_in_the_citys_order(city, other_city):
    for slug in ("teestuben", "baeder", "museen"):
        category_of(city, slug, de=slug.title())
    assert own(city) == ["teestuben", "baeder", "museen"]
    with city.write() as db:
        locations.order_categories(db, ["museen", "nirgends", "teestuben"], actor=EDITOR)
    assert own(city) == ["museen", "teestuben", "baeder"]
    assert own(other_city) == []


def test_a_retired_one_stays_with_its_places_and_comes_to_no_other(city, client):
    category_of(city, "teestuben", de="Teestuben")
    old, new = settle(city, "Alte Stube", categories=["teestuben"]), settle(city, "Neue Stube")
    with city.write() as db:
        locations.save_category(db, "teestuben", names={"de": "Teestuben"}, **LOOK, retired=True, actor=EDITOR)
    with pytest.raises(Invalid, match="no longer given"):
        change_location(city, new, categories=["teestuben"])
    change_location(city, old, categories=["advice", "teestuben"])
    assert shown(client)["Alte Stube"] == ["Beratung", "Teestuben"]


def test_a_change_that_does_not_say_it_brings_none_back(city):
    category_of(city, "teestuben", de="Teestuben")
    with city.write() as db:
        locations.save_category(db, "teestuben", names={"de": "Tee"}, **LOOK, retired=True, actor=EDITOR)
        assert locations.save_category(db, "teestuben", names={"de": "Tee"}, **LOOK, actor=EDITOR).retired


def test_merging_moves_every_place_once_and_readers_see_it(city, client):
    category_of(city, "teestuben", de="Teestuben"), category_of(city, "cafes", de="Cafés")
    tea = settle(city, "Stube", categories=["teestuben", "advice"])
    both = settle(city, "Beides", categories=["cafes", "teestuben"])
    with city.write() as db:
        assert locations.merge_category(db, "teestuben", into="cafes", actor=EDITOR) == 2
    assert categories_of(city, tea) == ["cafes", "advice"]
    assert categories_of(city, both) == ["cafes"]
    assert shown(client) == {"Stube": ["Cafés", "Beratung"], "Beides": ["Cafés"]}
    assert own(city) == ["cafes"]
    with city.read() as db:
        row = db.scalars(select(audit.AuditRow).where(audit.AuditRow.note != "")).all()[-1]
        assert (row.action, row.note) == ("CategoryChanged", "teestuben → cafes")


@pytest.mark.parametrize("into", ["teestuben", "nirgends", "alt"])
def test_merging_into_what_is_not_given_is_refused(city, into):
    category_of(city, "teestuben", de="Teestuben"), category_of(city, "alt", de="Alt")
    with city.write() as db:
        locations.save_category(db, "alt", names={"de": "Alt"}, **LOOK, retired=True, actor=EDITOR)
    with pytest.raises(Invalid), city.write() as db:
        locations.merge_category(db, "teestuben", into=into, actor=EDITOR)
    with pytest.raises(NotFound), city.write() as db:
        locations.merge_category(db, "advice", into="teestuben", actor=EDITOR)


def test_words_for_new_ones_are_made_of_names(city):
    category_of(city, "schwimm-baeder", de="Schwimmbäder")
    with city.read() as db:
        assert locations.free_slug(db, "Große Häuser & Höfe") == "grosse-haeuser-hoefe"
        assert locations.free_slug(db, "Schwimm-Bäder") == "schwimm-baeder-2"
        assert locations.free_slug(db, "مقهى") == "category"
        assert locations.free_slug(db, "Advice") == "advice-2"


def common(database, slug, **facts):
    with database.unit_of_work(NO_TENANT, write=True) as db:
        return locations.save_common(
            db, slug, **{"names": {"de": "Rat", "en": "Counsel"}, **LOOK, **facts}, actor=SYSTEM
        )


def follow(city, slug):
    with city.write() as db:
        job = jobs.enqueue(db, locations.FOLLOW, category=slug)
    jobs.run_job(city.database, registry.JOBS, city.tenant_id, job)


def test_what_all_cities_have_is_called_otherwise_everywhere(database, city, other_city, client):
    settle(city, "Amt", categories=["advice"])
    number = {
        one["slug"]: one["id"] for one in client.get("/api/v1/tenants/teststadt/de/location-categories").json["items"]
    }
    common(database, "advice")
    follow(city, "advice")
    assert shown(client)["Amt"] == ["Rat"]
    with other_city.read() as db:
        known = locations.all_categories(db)["advice"]
        assert (known.name("en"), known.number, known.own) == ("Counsel", number["advice"], False)


def test_one_that_is_new_can_be_used_by_every_city_and_a_retired_one_by_none(database, city, client):
    common(database, "counsel")
    settle(city, "Amt", categories=["counsel"])
    assert shown(client)["Amt"] == ["Rat"]
    common(database, "counsel", retired=True)
    with pytest.raises(Invalid, match="no longer given"):
        settle(city, "Anderes Amt", categories=["counsel"])
    common(database, "media", retired=True)
    assert "media" not in given(client)


def test_the_one_that_everything_else_is_stays(database):
    with pytest.raises(Invalid, match="stays"):
        common(database, "other", retired=True)


def test_it_is_known_which_cities_use_one(database, city, other_city):
    settle(city, "Amt", categories=["advice", "health"]), settle(city, "Amt 2", categories=["advice"])
    settle(other_city, "Amt", categories=["advice"])
    found = locations.cities_with(database)
    assert set(found["advice"]) == {city.tenant_id, other_city.tenant_id}
    assert found["health"] == [city.tenant_id]
