"""What an Integreat app learns about cities, as the reference of version 3 describes it."""

from __future__ import annotations

import pytest

from cityinfo.features import tenants
from cityinfo.features.tenants import LanguageChoice
from tests.factories import CONTENT_SWITCHES, EDITOR, make_city

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

# Every field an app or an older one reads, with what may stand there.
FIELDS = {
    "id": int,
    "name": str,
    "path": str,
    "live": bool,
    "prefix": str,
    "name_without_prefix": str,
    "plz": str | None,
    "extras": bool,
    "events": bool,
    "pois": bool,
    "contacts": bool,
    "push_notifications": bool,
    "longitude": float | None,
    "latitude": float | None,
    "bounding_box": list,
    "aliases": dict | None,
    "tunews": bool,
    "external_news": bool,
    "zammad_privacy_policy": str | None,
    "languages": list,
    "is_chat_enabled": bool,
}


def region(client, slug):
    return client.get(f"/api/v3/regions/{slug}/").json


@on_one_database
def test_a_region_has_every_field_in_its_type(client, city):
    found = region(client, city.slug)
    assert found.keys() == FIELDS.keys()
    assert [name for name, kind in FIELDS.items() if not isinstance(found[name], kind)] == []


def test_the_list_holds_the_same_object(client, city):
    assert client.get("/api/v3/regions/").json == [region(client, city.slug)]


@on_one_database
def test_a_region_says_what_it_is_called_and_where_it_is(client, database):
    make_city(
        database,
        "musterau",
        name="Musterau",
        prefix="Markt",
        postal_codes=["00001", "00002"],
        bounding_box=[[10.1, 48.1], [10.9, 48.9]],
        aliases={"Vorort": {"latitude": 48.4, "longitude": 10.95}},
    )
    found = region(client, "musterau")
    assert (found["name"], found["prefix"], found["name_without_prefix"]) == ("Markt Musterau", "Markt", "Musterau")
    assert (found["path"], found["plz"], found["live"]) == ("musterau", "00001", True)
    assert found["bounding_box"] == [[10.1, 48.1], [10.9, 48.9]]
    assert found["aliases"] == {"Vorort": {"latitude": 48.4, "longitude": 10.95}}


@on_one_database
def test_a_region_without_postal_codes_and_aliases_has_null_there(client, city):
    found = region(client, city.slug)
    assert (found["plz"], found["aliases"]) == (None, None)


@on_one_database
def test_a_region_without_a_drawn_area_has_a_box_with_an_area_longitude_first(client, city):
    (west, south), (east, north) = region(client, city.slug)["bounding_box"]
    assert west < 10.89 < east
    assert south < 48.37 < north


@on_one_database
@pytest.mark.parametrize(
    ("feature", "fields"),
    [
        ("events", {"events"}),
        ("locations", {"pois"}),
        ("offers", {"extras"}),
        ("contacts", {"contacts"}),
        ("push_notifications", {"push_notifications"}),
        ("external_news", {"tunews", "external_news"}),
        ("chat", {"is_chat_enabled"}),
    ],
)
def test_what_a_city_offers_is_true_and_nothing_else(client, database, feature, fields):
    make_city(database, "musterau", features={**dict.fromkeys(CONTENT_SWITCHES, False), feature: True})
    found = region(client, "musterau")
    offers = "events pois extras contacts push_notifications tunews external_news is_chat_enabled".split()
    assert {name for name in offers if found[name]} == fields


@on_one_database
def test_a_hidden_region_is_in_the_list_and_not_live(client, database):
    make_city(database, "versteckt", status=tenants.HIDDEN)
    assert [(one["path"], one["live"]) for one in client.get("/api/v3/regions/").json] == [("versteckt", False)]
    assert region(client, "versteckt")["live"] is False


def test_an_archived_region_is_gone_from_the_list_and_answers_404(client, city):
    with city.write() as db:
        tenants.set_status(db, tenants.ARCHIVED, actor=EDITOR)
    assert client.get("/api/v3/regions/").json == []
    for address in ("regions/teststadt/", "teststadt/languages/", "teststadt/de/pages/"):
        assert client.get(f"/api/v3/{address}").status_code == 404


def test_without_regions_the_list_is_empty(client):
    assert client.get("/api/v3/regions/").json == []


def test_languages_come_in_the_order_of_the_city_with_their_direction(client, city):
    languages = region(client, city.slug)["languages"]
    assert [(one["code"], one["native_name"], one["dir"]) for one in languages] == [
        ("de", "Deutsch", "ltr"),
        ("en", "English", "ltr"),
        ("ar", "العربية", "rtl"),
    ]
    assert {one["bcp47_tag"] for one in languages} == {"de", "en", "ar"}


@on_one_database
def test_the_languages_have_an_address_of_their_own(client, city):
    assert client.get("/api/v3/teststadt/languages/").json == region(client, city.slug)["languages"]


@on_one_database
def test_every_language_of_the_registry_has_a_number_of_its_own(client, database):
    slugs = [language["slug"] for language in tenants.registry()]
    make_city(database, "vielsprachig", languages=slugs)
    numbers = [language["id"] for language in region(client, "vielsprachig")["languages"]]
    assert len(set(numbers)) == len(slugs)


def test_a_language_that_is_only_prepared_is_not_offered(client, city):
    choices = [LanguageChoice(slug="de"), LanguageChoice(slug="en", source="de", visible=False)]
    with city.write() as db:
        tenants.set_languages(db, choices, actor=EDITOR)
    assert [language["code"] for language in region(client, city.slug)["languages"]] == ["de"]
    assert client.get("/api/v3/teststadt/en/pages/").status_code == 200


def test_a_changed_name_is_read_at_once(client, city):
    assert region(client, city.slug)["name"] == "Stadt Teststadt"
    with city.write() as db:
        tenants.change(db, tenants.TenantDraft(slug="teststadt", name="Neustadt"), actor=EDITOR)
    assert region(client, city.slug)["name"] == "Neustadt"
    assert client.get("/api/v3/regions/").json[0]["name"] == "Neustadt"


@pytest.mark.parametrize("slug", ["Teststadt", "TESTSTADT"])
def test_the_case_of_a_region_does_not_count(client, city, slug):
    assert region(client, slug)["path"] == "teststadt"


@on_one_database
@pytest.mark.parametrize("address", ["regions", "regions/teststadt", "teststadt/languages"])
def test_an_address_answers_with_and_without_slash_and_never_redirects(client, city, address):
    with_slash, without = (client.get(f"/api/v3/{address}{end}") for end in ("/", ""))
    assert (with_slash.status_code, without.status_code) == (200, 200)
    assert with_slash.json == without.json


@on_one_database
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "regions/", 200),
        ("GET", "regions/nirgendwo/", 404),
        ("GET", "nirgendwo/languages/", 404),
        ("GET", "gibt/es/nicht/", 404),
        ("GET", "", 404),
        ("POST", "regions/", 405),
        ("HEAD", "regions/", 200),
        ("OPTIONS", "regions/", 204),
        ("GET", "/regions/", 308),
    ],
)
def test_every_answer_may_be_read_from_any_origin(client, method, address, status):
    answer = client.open(f"/api/v3/{address}", method=method)
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@on_one_database
def test_an_answer_from_the_store_may_be_read_from_any_origin_too(client, city):
    first = client.get("/api/v3/regions/")
    again = client.get("/api/v3/regions/")
    unchanged = client.get("/api/v3/regions/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.data, unchanged.status_code) == (first.data, 304)
    assert [one.headers.getlist("Access-Control-Allow-Origin") for one in (first, again, unchanged)] == [["*"]] * 3


@on_one_database
@pytest.mark.parametrize("address", ["regions/nirgendwo/", "gibt/es/nicht/"])
def test_an_error_is_json_with_a_text(client, address):
    answer = client.get(f"/api/v3/{address}")
    assert answer.content_type == "application/json"
    assert answer.json.keys() == {"error"}
    assert answer.json["error"]


@on_one_database
def test_a_refused_method_says_which_are_allowed(client):
    answer = client.post("/api/v3/regions/")
    assert answer.json.keys() == {"error"}
    assert "GET" in answer.headers["Allow"]


@on_one_database
def test_a_fault_of_ours_is_an_error_like_any_other(client, monkeypatch):
    def break_down(db):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(tenants, "directory", break_down)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/api/v3/regions/")
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (500, "*")
    assert answer.json.keys() == {"error"}
    assert "secret" not in answer.text


@on_one_database
def test_head_has_the_headers_of_get_and_no_body(client, city):
    got, asked = client.get("/api/v3/regions/"), client.head("/api/v3/regions/")
    assert (asked.status_code, asked.data) == (200, b"")
    for name in ("Content-Type", "ETag", "Content-Length"):
        assert asked.headers[name] == got.headers[name]


@on_one_database
@pytest.mark.parametrize("address", ["regions/", "teststadt/de/children/", "gibt/es/nicht/"])
def test_a_browser_may_ask_beforehand(client, address):
    answer = client.options(f"/api/v3/{address}", headers={"Origin": "https://app.example"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert "x-integreat-development" in answer.headers["Access-Control-Allow-Headers"]
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]


@on_one_database
def test_other_faces_say_nothing_about_origins(client):
    assert "Access-Control-Allow-Origin" not in client.get("/gibt-es-nicht").headers
