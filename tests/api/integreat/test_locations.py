"""Locations as the apps read them: every field of the contract, on the hardest shapes."""

from __future__ import annotations

from datetime import datetime

import pytest

from cityinfo.features import content, locations, media, tenants
from cityinfo.features.locations import COLORS, ICONS, Address, LocationFacts
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR, make_city
from tests.factories_entries import found as found_organization
from tests.factories_entries import revision_of, write, write_in
from tests.factories_places import change_location, introduce, settle
from tests.web.test_statements import Statements

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SITE = "http://127.0.0.1:8000"
NONE = type(None)
# What apps read of a place, and the types it may have; keys must all be there.
FIELDS = {
    "path": str,
    "title": str,
    "content": str,
    "excerpt": str,
    "meta_description": (str, NONE),
    "last_updated": str,
    "available_languages": dict,
    "thumbnail": (str, NONE),
    "location": dict,
    "category": dict,
    "temporarily_closed": bool,
    "opening_hours": (list, NONE),
    "appointment_url": (str, NONE),
    "contacts": list,
    "organization": (dict, NONE),
    "barrier_free": (bool, NONE),
}
POSITION = {
    "id": int, "name": str, "address": str, "town": str, "postcode": str, "country": str,
    "latitude": (int, float), "longitude": (int, float),
}  # fmt: skip
CONTACT = ("name", "area_of_responsibility", "email", "phone_number", "mobile_number", "website")
POINT = {"latitude": 48.3667, "longitude": 10.8946, "on_map": True}
SEVEN_ODD_DAYS = (
    "Mo 08:00-12:00,13:00-16:00; Tu 08:00-12:00; We 00:00-24:00; Th 22:00-02:00; "
    'Fr "by appointment"; Sa 09:00-10:00 "by appointment"; Su off'
)
TIMES = {"allDay": bool, "closed": bool, "appointmentOnly": bool, "timeSlots": list}


def get(client, language="de", *, tenant="teststadt", slash="/", **query):
    return client.get(f"/api/v3/{tenant}/{language}/locations{slash}", query_string=query)


def only(answer):
    assert answer.status_code == 200, answer.text
    (place,) = answer.json
    return place


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(datetime.fromisoformat("2026-11-23T09:00:00+01:00"), tick=False)


def hours_of(client, city, rules):
    settle(city, "Rathaus", hours=rules)
    return only(get(client))["opening_hours"]


def test_a_place_has_every_field_in_its_type(client, city):
    helpers = found_organization(city, "Verein", website="https://verein.example")
    settle(city, "Rathaus", **POINT, hours=SEVEN_ODD_DAYS, organization=helpers, barrier_free=True)
    settle(city, "Leer", text="")
    for place in get(client).json:
        assert [name for name, kind in FIELDS.items() if not isinstance(place[name], kind)] == []
        assert place["category"]["id"] > 0
        assert datetime.fromisoformat(place["last_updated"]).utcoffset() is not None


def test_both_forms_of_the_address_and_any_origin(client, city):
    settle(city, "Rathaus")
    for slash in ("/", ""):
        answer = get(client, slash=slash)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")


def test_an_arabic_slug_stands_in_the_path_as_it_is(client, city):
    centre = settle(city, "Begegnungszentrum")
    with city.write() as db:
        write_in(db, centre, "مركز اللقاء", language="ar")
    place = only(get(client, "ar"))
    assert place["path"] == "/teststadt/ar/locations/مركز-اللقاء/"
    assert place["url"] == SITE + place["path"]
    assert only(get(client))["available_languages"]["ar"]["path"] == place["path"]
    assert "de" not in only(get(client))["available_languages"]


def test_the_position_is_numbers_and_words(client, city):
    settle(city, "Rathaus", **POINT)
    position = only(get(client, on_map="1"))["location"]
    assert [name for name, kind in POSITION.items() if not isinstance(position[name], kind)] == []
    assert (position["address"], position["town"], position["country"]) == ("Musterweg 1", "Augsburg", "Deutschland")
    assert (position["latitude"], position["longitude"]) == (48.3667, 10.8946)


@on_one_database
def test_only_what_is_on_the_map_is_asked_for(client, city):
    settle(city, "Auf der Karte", **POINT)
    settle(city, "Nirgends")
    assert [one["title"] for one in get(client, on_map="1").json] == ["Auf der Karte"]
    assert len(get(client).json) == 2
    assert get(client, on_map="vielleicht").status_code == 400


@on_one_database
def test_without_coordinates_nothing_gets_on_the_map(client, city):
    with pytest.raises(Invalid, match="Without coordinates"):
        settle(city, "Nirgends", on_map=True)
    place = settle(city, "Rathaus", **POINT)
    with pytest.raises(Invalid, match="Without coordinates"):
        change_location(city, place, latitude=None, longitude=None)


def test_the_category_is_the_first_one_in_the_language(client, city):
    house = settle(city, "Rathaus", categories=["meeting-point", "advice"])
    write(city, house, "City hall", language="en")
    category = only(get(client))["category"]
    assert (category["name"], category["icon"], category["color"]) == ("Treffpunkt", "meeting_point", "#1DC6C6")
    assert category["icon_color"] == "meeting_point_#1DC6C6"
    assert category["icon_url"] == f"{SITE}/api/v3/icons/meeting_point.svg"
    assert only(get(client, "en"))["category"]["name"] == "Meeting point"
    assert only(get(client, "en"))["category"]["id"] == category["id"]


@on_one_database
def test_every_icon_is_a_picture_that_scripts_may_load(client):
    answers = [client.get(f"/api/v3/icons/{icon}.svg") for icon in ICONS]
    assert {(one.status_code, one.content_type) for one in answers} == {(200, "image/svg+xml")}
    assert all(one.headers["Access-Control-Allow-Origin"] == "*" for one in answers)
    assert len({one.text for one in answers if one.text.startswith("<svg xmlns=")}) == len(ICONS)


@on_one_database
def test_an_unknown_icon_is_a_404_that_scripts_may_read(client):
    answer = client.get("/api/v3/icons/dragon.svg")
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (404, "*")


def test_categories_have_numbers_names_and_what_maps_know(client, city):
    with city.write() as db:
        locations.save_category(db, "eule", names={"de": "Eulennest"}, icon="other", color="#585858", actor=EDITOR)
    settle(city, "Nest", categories=["eule"])
    for slash in ("/", ""):
        found = client.get(f"/api/v3/teststadt/ar/location-categories{slash}").json
        assert len({one["id"] for one in found}) == len(found) >= 25
    found = client.get("/api/v3/teststadt/de/location-categories/").json
    assert {"Eulennest", "Beratung"} <= {one["name"] for one in found}
    assert all(one["icon"] in ICONS and one["color"] in COLORS for one in found)


# --- opening hours


@on_one_database
def test_seven_odd_days(client, city, monday):
    week = hours_of(client, city, SEVEN_ODD_DAYS)
    zone = {"timezone": "Europe/Berlin"}
    assert [{name: type(day[name]) for name in day} for day in week] == [TIMES] * 7
    assert week[0]["timeSlots"] == [
        {"start": "08:00", "end": "12:00", **zone},
        {"start": "13:00", "end": "16:00", **zone},
    ]
    assert week[1]["timeSlots"] == [{"start": "08:00", "end": "12:00", **zone}]
    assert (week[2]["allDay"], week[2]["closed"], week[2]["timeSlots"]) == (True, False, [])
    assert week[3]["timeSlots"] == [{"start": "22:00", "end": "23:59", **zone}]
    assert (week[4]["appointmentOnly"], week[4]["closed"], week[4]["timeSlots"]) == (True, False, [])
    assert (week[5]["appointmentOnly"], week[5]["timeSlots"][0]["start"]) == (True, "09:00")
    assert (week[6]["closed"], week[6]["timeSlots"]) == (True, [])


@on_one_database
def test_no_slot_crosses_midnight(client, city, monday):
    week = hours_of(client, city, "Th 22:00-02:00")
    assert [slot["end"] for slot in week[3]["timeSlots"]] == ["23:59"]
    assert [(slot["start"], slot["end"]) for slot in week[4]["timeSlots"]] == [("00:00", "02:00")]
    assert all(slot["start"] < slot["end"] for day in week for slot in day["timeSlots"])


@on_one_database
@pytest.mark.parametrize("rules", ["", "off", "Mo-Su off", "2020 Jan 01-2020 Dec 31 10:00-12:00"])
def test_what_never_opens_has_no_hours(client, city, monday, rules):
    assert hours_of(client, city, rules) is None


@on_one_database
def test_a_place_that_is_temporarily_closed_has_no_hours(client, city, monday):
    place = settle(city, "Rathaus", hours="Mo 08:00-12:00", temporarily_closed=True)
    assert (only(get(client))["temporarily_closed"], only(get(client))["opening_hours"]) == (True, None)
    change_location(city, place, temporarily_closed=False)
    assert len(only(get(client))["opening_hours"]) == 7


@on_one_database
def test_holidays_and_exceptions_of_the_coming_days_count(client, database, time_machine):
    city = make_city(database, "muenster", official_key="09761000")
    time_machine.move_to(datetime.fromisoformat("2026-12-21T09:00:00+01:00"), tick=False)
    settle(city, "Rathaus", hours="Mo-Fr 08:00-12:00; PH off; 2026 Dec 24 08:00-10:00")
    week = only(get(client, tenant="muenster"))["opening_hours"]
    assert week[3]["timeSlots"][0]["end"] == "10:00"  # Christmas Eve, Thursday
    assert (week[4]["closed"], week[2]["closed"]) == (True, False)
    time_machine.move_to(datetime.fromisoformat("2026-12-26T00:30:00+01:00"), tick=False)
    week = only(get(client, tenant="muenster", later="1"))["opening_hours"]
    assert (week[3]["timeSlots"][0]["end"], week[4]["closed"]) == ("12:00", True)  # Friday is New Year


# --- contacts, organizations, pictures


def test_contacts_stand_with_their_place_the_primary_first(client, city, monday):
    house = settle(city, "Rathaus", hours="Mo 08:00-12:00")
    introduce(city, "Zweite", location=house)
    introduce(
        city, "Sozialberatung", name="Erika Muster", phone="0821 3240", mobile="0151 23456789",
        email="erika@beispiel.example", website="https://beispiel.example", location=house, primary=True,
        hours="Tu 10:00-11:00",
    )  # fmt: skip
    first, second = only(get(client))["contacts"]
    assert {name: first[name] for name in CONTACT} == {
        "name": "Erika Muster",
        "area_of_responsibility": "Sozialberatung",
        "email": "erika@beispiel.example",
        "phone_number": "+49 821 3240",
        "mobile_number": "+49 1512 3456789",
        "website": "https://beispiel.example",
    }
    assert first["opening_hours"][1]["timeSlots"][0]["start"] == "10:00"
    assert second["opening_hours"][0]["timeSlots"][0]["start"] == "08:00"
    assert {second[name] for name in CONTACT} == {"Zweite", None}


@on_one_database
def test_no_two_contacts_of_a_place_have_the_same_headline(client, city):
    house = settle(city, "Rathaus")
    for area in ("Beratung", "Beratung", "Beratung (2)", "Beratung"):
        introduce(city, area, location=house)
    areas = [one["area_of_responsibility"] for one in only(get(client))["contacts"]]
    assert len(set(areas)) == 4


@on_one_database
def test_an_archived_contact_leaves_its_place(client, city):
    from cityinfo.features import contacts

    house = settle(city, "Rathaus")
    contact = introduce(city, "Beratung", location=house)
    assert len(only(get(client))["contacts"]) == 1
    with city.write() as db:
        contacts.archive(db, contact, revision=revision_of(db, contact), actor=EDITOR)
    assert only(get(client))["contacts"] == []


def test_an_organization_without_a_website_is_null(client, city):
    silent = found_organization(city, "Still")
    loud = found_organization(city, "Laut", website="https://laut.example")
    settle(city, "A", organization=silent)
    settle(city, "B", organization=loud)
    first, second = get(client).json
    assert first["organization"] is None
    assert (second["organization"]["name"], second["organization"]["website"]) == ("Laut", "https://laut.example")


@on_one_database
@pytest.mark.parametrize("given", [True, False, None])
def test_barrier_free_is_yes_no_or_unknown(client, city, given):
    settle(city, "Rathaus", barrier_free=given)
    assert only(get(client))["barrier_free"] is given


# --- how much it costs


@pytest.mark.parametrize(
    "path",
    ["v3/teststadt/de/locations/?on_map=1", "v1/tenants/teststadt/de/locations", "v1/tenants/teststadt/de/contacts"],
)
def test_a_long_list_takes_as_many_statements_as_a_short_one(client, city, database, path):
    statements, counts = Statements(database.engine), []
    client.get(f"/api/{path}")  # what a worker reads once, it has read
    for number in (1, 7):
        for _ in range(number):
            introduce(city, "Beratung", location=settle(city, "Ort", **POINT))
        counts.append(statements.of(lambda: client.get(f"/api/{path}")))
    assert counts[0] == counts[1] <= 9


def test_many_locations_are_projected_in_as_many_statements_as_few(city, database):
    statements, counts = Statements(database.engine), []
    for number in (2, 9):
        helpers = found_organization(city, f"Verein {number}")
        ids = [settle(city, f"Ort {number} {one}", organization=helpers) for one in range(number)]
        with city.read() as db:
            counts.append(statements.of(lambda ids=ids, db=db: locations.LOCATIONS.project(db, ids, ["de"], ["de"])))
    assert counts[0] == counts[1]


# --- who is shown


@on_one_database
def test_only_what_is_public_in_the_language_is_listed(client, city):
    house = settle(city, "Rathaus")
    assert get(client, "en").json == []
    write(city, house, "City hall", language="en", public=False)
    assert get(client, "en").json == []
    with city.write() as db:
        content.take_offline(db, house, ["de"], actor=EDITOR)
    assert get(client).json == []


@on_one_database
def test_a_city_that_falls_back_shows_the_words_it_has(client, database):
    city = make_city(database, "rueckfall", features={"fallback": True})
    settle(city, "Rathaus", categories=["advice"])
    place = only(get(client, "en", tenant="rueckfall"))
    assert (place["title"], place["category"]["name"]) == ("Rathaus", "Advice")
    assert place["path"] == "/rueckfall/en/locations/rathaus/"


@on_one_database
def test_an_archived_place_is_listed_nowhere(client, city):
    house = settle(city, "Rathaus")
    with city.write() as db:
        locations.archive(db, house, revision=revision_of(db, house), actor=EDITOR)
    assert get(client).json == []


@on_one_database
@pytest.mark.parametrize("path", ["/api/v3/nirgends/de/locations/", "/api/v3/teststadt/fr/location-categories/"])
def test_unknown_cities_and_languages_are_404_that_apps_can_read(client, city, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (404, "*")


@on_one_database
def test_a_place_needs_a_category(city):
    with pytest.raises(Invalid, match="at least one category"), city.write() as db:
        locations.create(db, LocationFacts(categories=[], address=Address()), actor=EDITOR)


@on_one_database
def test_a_city_can_change_its_time_zone(client, city, monday):
    settle(city, "Rathaus", hours="Mo 08:00-12:00")
    assert only(get(client))["opening_hours"][0]["timeSlots"][0]["timezone"] == "Europe/Berlin"
    with city.write() as db:
        facts = {"time_zone": "Europe/Lisbon", "features": {"locations": True}}
        draft = tenants.TenantDraft(slug="teststadt", name="Teststadt", **facts)
        tenants.change(db, draft, actor=EDITOR)
    assert only(get(client))["opening_hours"][0]["timeSlots"][0]["timezone"] == "Europe/Lisbon"


@on_one_database
def test_a_picture_has_an_absolute_address(client, city):
    with city.write() as db:
        entry = content.create_entry(db, media.KIND)
        facts = {"folder": "", "name": "haus.png", "type": "image/png", "size": 9, "width": 800, "height": 600}
        db.add(
            media.MediaFile(id=entry.id, key="ab12.png", sought="", focal_x=0.5, focal_y=0.5, renditions={}, **facts)
        )
        picture = entry.id
    house = settle(city, "Rathaus", picture=picture)
    assert only(get(client))["thumbnail"] == f"{SITE}/media/ab12.png"
    ours = client.get(f"/api/v1/tenants/teststadt/de/locations/{house}").json
    assert (ours["picture"]["url"], ours["picture"]["width"]) == (f"{SITE}/media/ab12.png", 800)


@on_one_database
def test_contacts_of_a_place_that_is_closed_for_now_do_not_say_its_hours(client, city, monday):
    house = settle(city, "Rathaus", hours="Mo 08:00-12:00", temporarily_closed=True)
    introduce(city, "Empfang", location=house)
    introduce(city, "Notdienst", location=house, hours="24/7")
    assert [one["opening_hours"] is None for one in only(get(client))["contacts"]] == [True, False]


@on_one_database
def test_a_place_is_listed_only_if_it_is_public_in_the_main_language_too(client, city):
    place = settle(city, "Only here", language="en")
    assert get(client, language="en").json == []
    assert client.get(f"/api/v1/tenants/teststadt/en/locations/{place}").status_code == 200
    write(city, place, "Auch hier")
    assert [one["title"] for one in get(client, language="en").json] == ["Only here"]
