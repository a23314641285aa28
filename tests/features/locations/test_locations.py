"""Locations: what is refused, who keeps them, and their categories."""

from __future__ import annotations

import orjson
import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from cityinfo import registry
from cityinfo.adapters.nominatim import NominatimServer
from cityinfo.app import open_geocoder
from cityinfo.features import audit, contacts, content, locations, publishing, tenants
from cityinfo.features.locations import Address, LocationFacts
from cityinfo.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from cityinfo.settings import Settings
from tests.factories import EDITOR, make_city, plant
from tests.factories_entries import found as found_organization
from tests.factories_entries import revision_of
from tests.factories_places import HOME, change_location, introduce, settle

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def document(city, location_id, language="de"):
    with city.read() as db:
        rows = publishing.payloads_of(db, language, "location", [location_id])
    return orjson.loads(rows[0]) if rows else None


def save_category(city, slug="eule", *, names=None, icon="other", color="#585858"):
    with city.write() as db:
        return locations.save_category(
            db, slug, names=names or {"de": "Eulennest"}, icon=icon, color=color, actor=EDITOR
        )


def archive(city, location_id):
    with city.write() as db:
        locations.archive(db, location_id, revision=revision_of(db, location_id), actor=EDITOR)


def delete(city, location_id):
    with city.write() as db:
        locations.delete_for_good(db, location_id, revision=revision_of(db, location_id), actor=EDITOR)


@on_one_database
@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"address": Address(postal_code="123")}, "no postal code"),
        ({"address": Address(country="Deutschland")}, "no country"),
        ({"address": Address(street="x" * 400)}, "too long"),
        ({"latitude": 48.0}, "together, or neither"),
        ({"latitude": 10.0, "longitude": 200.0}, "no place on earth"),
        ({"on_map": True}, "Without coordinates"),
        ({"hours": "immer"}, "cannot be read as opening hours"),
        ({"appointment_url": "termin.example"}, "no web address"),
        ({"accessibility": {"pool": "yes"}}, "is not asked"),
        ({"accessibility": {"toilet": "perhaps"}}, "is no answer"),
        ({"categories": []}, "at least one category"),
        ({"categories": ["dragons"]}, "is no category"),
        ({"picture": 12}, "does not exist here"),
    ],
)
def test_what_would_break_an_app_is_refused_and_leaves_nothing(city, facts, sentence):
    with pytest.raises(Invalid, match=sentence):
        settle(city, "Rathaus", **facts)
    with city.read() as db:
        assert not registry.CONTENT_TYPES[3].all_ids(db)


def test_what_is_said_of_a_location_is_published_and_can_be_changed(city):
    helpers = found_organization(city, "Verein")
    place = settle(
        city, "Rathaus", accessibility={"toilet": "yes", "lift": "unknown"}, hours="Mo  08:00-12:00 ;",
        organization=helpers,
    )  # fmt: skip
    shown = document(city, place)
    assert (shown["accessibility"], shown["opening_hours"]) == ({"toilet": "yes"}, "Mo 08:00-12:00")
    assert shown["address"] == {
        "street": "Musterweg 1", "addition": "", "postal_code": "86150", "town": "Augsburg", "country": "DE",
        "country_name": "Deutschland",
    }  # fmt: skip
    change_location(city, place, latitude=48.4, longitude=10.9, on_map=True, categories=["health", "advice"])
    shown = document(city, place)
    assert [one["slug"] for one in shown["categories"]] == ["health", "advice"]
    assert (shown["latitude"], shown["organization"]["name"]) == (48.4, "Verein")
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
def test_two_editors_do_not_overwrite_each_other(city):
    place = settle(city, "Rathaus")
    change_location(city, place, temporarily_closed=True)
    with pytest.raises(Conflict), city.write() as db:
        locations.change(db, place, LocationFacts(categories=["advice"]), revision=1, actor=EDITOR)


def test_a_location_that_a_contact_is_at_is_neither_archived_nor_deleted(city):
    place = settle(city, "Rathaus")
    contact = introduce(city, "Beratung", location=place)
    with pytest.raises(Invalid, match="still that of 1 contact"):
        archive(city, place)
    assert document(city, place) is not None
    with city.write() as db:
        contacts.archive(db, contact, revision=revision_of(db, contact), actor=EDITOR)
    archive(city, place)
    assert document(city, place) is None
    with pytest.raises(Invalid, match="lead here or show this"):
        delete(city, place)
    with city.write() as db:
        contacts.delete_for_good(db, contact, revision=revision_of(db, contact), actor=EDITOR)
    delete(city, place)
    with city.read() as db, pytest.raises(NotFound):
        locations.find(db, place)


@on_one_database
def test_a_location_that_a_page_leads_to_is_not_deleted(city):
    place = settle(city, "Rathaus")
    plant(city, "Wege", content=f'<p><a href="entry:{place}">Rathaus</a></p>')
    archive(city, place)
    with pytest.raises(Invalid, match="lead here or show this"):
        delete(city, place)


@on_one_database
def test_an_archived_location_comes_back_as_it_was(city):
    place = settle(city, "Rathaus")
    before = document(city, place)
    archive(city, place)
    with city.write() as db:
        locations.restore(db, place, revision=revision_of(db, place), actor=EDITOR)
    assert document(city, place) == before


# --- categories


def test_every_category_has_what_maps_and_readers_need():
    numbers = set()
    for category in locations.registry().values():
        assert category.icon in locations.ICONS
        assert category.color in locations.COLORS
        assert {"de", "en", "ar", "uk", "tr", "fr", "ru", "fa"} <= category.names.keys()
        numbers.add(category.number)
    assert len(numbers) == len(locations.registry())
    assert {one.icon for one in locations.registry().values()} == set(locations.ICONS)


def test_a_language_without_a_name_shows_the_english_one():
    advice = locations.registry()["advice"]
    assert (advice.name("vi"), advice.name("de-si"), advice.name("ar")) == ("Advice", "Beratung", "استشارة")


def test_a_category_of_a_citys_own_has_a_number_nobody_else_has(city):
    own = [save_category(city, slug) for slug in ("eule", "igel")]
    assert len({one.number for one in own} | {one.number for one in locations.registry().values()}) == (
        len(locations.registry()) + 2
    )
    assert save_category(city, "eule", names={"de": "Eulenhaus"}).number == own[0].number


@on_one_database
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"slug": "Große Eule"}, "cannot name"),
        ({"slug": "advice"}, "of all cities"),
        ({"names": {"de": " "}}, "needs a name"),
        ({"icon": "dragon"}, "is no icon"),
        ({"color": "red"}, "is no colour"),
    ],
)
def test_a_category_that_maps_could_not_show_is_refused(city, given, sentence):
    with pytest.raises((Invalid, Conflict), match=sentence):
        save_category(city, **given)


def test_locations_follow_when_their_category_is_renamed(city):
    save_category(city)
    place = settle(city, "Nest", categories=["eule"])
    save_category(city, names={"de": "Eulenhaus", "en": "Owl house"}, color="#FF3333")
    assert document(city, place)["categories"][0]["name"] == "Eulenhaus"
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
def test_what_happens_to_a_category_is_written_down_though_nothing_is_in_it(city):
    save_category(city)
    with city.write() as db:
        locations.delete_category(db, "eule", actor=EDITOR)
    with city.read() as db:
        rows = db.scalars(select(audit.AuditRow).where(audit.AuditRow.kind == "location_category")).all()
    assert [row.action for row in rows] == ["CategoryChanged"] * 2


@on_one_database
def test_a_category_in_use_stays(city):
    save_category(city)
    place = settle(city, "Nest", categories=["eule"])
    with pytest.raises(Invalid, match="1 locations are in"), city.write() as db:
        locations.delete_category(db, "eule", actor=EDITOR)
    change_location(city, place, categories=["advice"])
    with city.write() as db:
        locations.delete_category(db, "eule", actor=EDITOR)
    with pytest.raises(NotFound), city.write() as db:
        locations.delete_category(db, "eule", actor=EDITOR)


@on_one_database
def test_a_category_of_another_city_is_unknown(city, other_city):
    save_category(other_city)
    with pytest.raises(Invalid, match="is no category"):
        settle(city, "Nest", categories=["eule"])


# --- coordinates


def geocoder(server: HTTPServer):
    return NominatimServer(server.url_for("/"), site="https://stadt.example")


def knows(server, *places, status=200):
    request = server.expect_request("/search")
    if status != 200:
        request.respond_with_data("down", status=status)
    else:
        request.respond_with_json(list(places))


PLACE = {"lat": "48.3667", "lon": "10.8946", "display_name": "Musterweg 1, Augsburg"}


def test_an_address_leads_to_a_point(httpserver):
    knows(httpserver, PLACE)
    found = locations.propose_point(geocoder(httpserver), HOME)
    assert (found.latitude, found.longitude, found.warning) == (48.3667, 10.8946, "")
    request = httpserver.log[0][0]
    assert request.args["q"] == "Musterweg 1, 86150 Augsburg, Deutschland"
    assert request.headers["User-Agent"] == "cityinfo (https://stadt.example)"


def test_a_point_far_from_its_address_is_warned_about(httpserver):
    knows(httpserver, PLACE)
    far = locations.propose_point(geocoder(httpserver), HOME, point=(48.4667, 10.8946))
    near = locations.propose_point(geocoder(httpserver), HOME, point=(48.3668, 10.8947))
    assert "11.12 km away from “Musterweg 1, Augsburg”" in far.warning
    assert near.warning == ""


def test_an_address_nobody_knows_leads_nowhere(httpserver):
    knows(httpserver)
    assert locations.propose_point(geocoder(httpserver), HOME) is None


@pytest.mark.parametrize("answer", [{"status": 500}, {"status": 200, "bad": True}])
def test_a_map_server_in_trouble_is_said_in_a_sentence(httpserver, answer):
    knows(httpserver, *([{"lat": "x"}] if answer.get("bad") else []), status=answer["status"])
    with pytest.raises(Unavailable, match="set the point by hand"):
        locations.propose_point(geocoder(httpserver), HOME)


def test_nobody_is_asked_unless_the_settings_name_a_server():
    assert open_geocoder(Settings()) is None
    assert open_geocoder(Settings(nominatim_url="https://karte.example")) is not None


@on_one_database
def test_the_calendar_of_a_city_is_its_own(database):
    city = make_city(database, "berlin", official_key="11000000")
    with city.read() as db:
        assert locations.calendar(db).state == "BE"
        assert db.get(tenants.Tenant, db.tenant_id).official_key == "11000000"
        assert content.falls_back(db)(1) is False
