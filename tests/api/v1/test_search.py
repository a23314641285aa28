"""Searching over HTTP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityinfo.app import create_app, open_encoder, open_jobs
from cityinfo.features import tenants
from cityinfo.features.search import ENCODE, enqueue_encoding
from tests.factories import EDITOR, do_promised, make_city, plant, take_offline, translate
from tests.factories_entries import found as found_organization
from tests.factories_news import announce
from tests.factories_offers import offer, publish_imprint
from tests.factories_places import introduce, settle

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
HERE = "/api/v1/tenants/teststadt"


@pytest.fixture
def city(database):
    return make_city(database, "teststadt", features={"fallback": True, "push_notifications": True})


def search(client, query, *, language="de", **options):
    return client.get(f"{HERE}/{language}/search", query_string={"q": query, **options})


def test_a_hit_says_where_it_is_and_what_it_says(client, city):
    parent = plant(city, "Wohnen")
    page = plant(city, "Wohngeld", under=parent, content="<p>Das Wohngeld hilft bei der Miete.</p>")
    answer = search(client, "miete")
    (hit,) = answer.json["items"]
    assert hit.pop("score") > 0
    assert hit == {
        "kind": "page",
        "id": page,
        "path": "wohnen/wohngeld",
        "address_language": "de",
        "title": "Wohngeld",
        "excerpt": "Das Wohngeld hilft bei der <mark>Miete</mark>.",
        "language": "de",
        "fallback": False,
    }
    assert answer.json["query_language"] == "de"
    assert answer.headers["Content-Language"] == "de"


def test_everything_a_city_publishes_is_found(client, city):
    plant(city, "Sonnenblume Seite")
    settle(city, "Sonnenblume Ort")
    introduce(city, "Sonnenblume Kontakt")
    offer(city, "Sonnenblume Angebot")
    found_organization(city, "Sonnenblume e. V.")
    announce(city, "Sonnenblume Nachricht")
    publish_imprint(city, text="<p>Sonnenblume Impressum</p>")
    hits = search(client, "Sonnenblume").json["items"]
    paths = {hit["kind"]: hit["path"] for hit in hits}
    assert paths.keys() == {"page", "location", "contact", "offer", "organization", "news", "imprint"}
    assert (paths["location"], paths["imprint"]) == ("locations/sonnenblume-ort", "imprint")


def test_kinds_can_be_chosen(client, city):
    plant(city, "Sonnenblume Seite")
    settle(city, "Sonnenblume Ort")
    assert [one["kind"] for one in search(client, "Sonnenblume", kind="location").json["items"]] == ["location"]
    both = search(client, "Sonnenblume", kind="page, location").json["items"]
    assert {one["kind"] for one in both} == {"page", "location"}
    assert len(search(client, "Sonnenblume", limit=1).json["items"]) == 1


def test_news_that_the_city_has_switched_off_are_not_found(client, database):
    city = make_city(database, "teststadt", features={"push_notifications": True})
    announce(city, "Rathaus geschlossen")
    assert len(search(client, "Rathaus").json["items"]) == 1
    with city.write() as db:
        tenants.change(db, tenants.TenantDraft(slug="teststadt", name="Teststadt"), actor=EDITOR)
    assert search(client, "Rathaus").json["items"] == []


def test_what_stands_in_for_a_translation_is_marked(client, city):
    settle(city, "Sporthalle")
    (hit,) = search(client, "Sporthalle", language="ar").json["items"]
    assert (hit["language"], hit["fallback"], hit["address_language"]) == ("de", True, "ar")


def test_a_page_that_is_not_translated_leads_to_the_citys_language(client, city):
    plant(city, "Wohngeld")
    (hit,) = search(client, "Wohngeld", language="en").json["items"]
    assert (hit["language"], hit["fallback"], hit["address_language"], hit["path"]) == ("de", True, "de", "wohngeld")


def test_a_query_in_another_language_leads_to_the_parallel_page(client, city):
    page = plant(city, "Wohngeld")
    translate(city, page, "ar", "بدل السكن")
    answer = search(client, "Wohngeld", language="ar").json
    (hit,) = answer["items"]
    assert (hit["title"], hit["language"], hit["fallback"], answer["query_language"]) == (
        "بدل السكن",
        "ar",
        False,
        "de",
    )


def test_what_is_taken_offline_is_gone_from_the_next_answer(client, city):
    page = plant(city, "Wohngeld")
    assert len(search(client, "Wohngeld").json["items"]) == 1
    take_offline(city, page, ["de"])
    assert search(client, "Wohngeld").json["items"] == []


def test_the_same_answer_is_not_sent_twice(client, city):
    plant(city, "Wohngeld")
    first = search(client, "Wohngeld")
    known = {"If-None-Match": first.headers["ETag"]}
    again = client.get(f"{HERE}/de/search?q=Wohngeld", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    plant(city, "Wohngeldstelle")
    later = client.get(f"{HERE}/de/search?q=Wohngeld", headers=known)
    assert later.status_code == 200


def test_answers_to_searches_are_kept_nowhere(client, city, settings):
    plant(city, "Wohngeld")
    search(client, "Wohngeld")
    assert not list((settings.data_dir / "bodies").rglob("*.*"))


@pytest.mark.parametrize(
    ("language", "query", "status"),
    [
        ("de", {}, 422),
        ("de", {"q": ""}, 422),
        ("de", {"q": "   "}, 422),
        ("de", {"q": "x" * 201}, 422),
        ("de", {"q": "x", "limit": 51}, 422),
        ("de", {"q": "x", "limit": 0}, 422),
        ("de", {"q": "x", "kind": "page,media"}, 422),
        ("fr", {"q": "x"}, 404),
        ("xx", {"q": "x"}, 404),
    ],
)
def test_a_search_that_cannot_be_answered_says_why(client, city, language, query, status):
    answer = client.get(f"{HERE}/{language}/search", query_string=query)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize(
    "query", ["'; DROP TABLE published; --", "\x00", "%", "\ud83d", "ﷺ" * 60, "a" * 200, "1 " * 100]
)
def test_nothing_that_is_typed_breaks_the_search(client, city, query):
    plant(city, "Wohngeld")
    assert search(client, query.encode("utf-8", "replace")).status_code in (200, 422)


def test_an_unknown_city_is_not_searched(client, city):
    assert client.get("/api/v1/tenants/nirgendwo/de/search?q=x").status_code == 404


def test_where_the_operator_wants_it_what_a_question_means_decides_between_pages(settings, database, city):
    settings = replace(settings, search_by_meaning=True)
    plant(city, "Hilfe eins", content="<p>Die Tonne wird geleert, wenn Montag ist.</p>")
    plant(city, "Hilfe zwei", content="<p>Die Praxis behandelt Sie, wenn Sie krank sind.</p>")
    reader = create_app(settings, database=database).test_client()
    assert [hit["title"] for hit in search(reader, "Hilfe, médecin").json["items"]] == ["Hilfe eins", "Hilfe zwei"]
    enqueue_encoding(database, encoder=open_encoder(settings))
    assert do_promised(city, ENCODE, open_jobs(settings))
    assert [hit["title"] for hit in search(reader, "Hilfe, médecin").json["items"]] == ["Hilfe zwei", "Hilfe eins"]
