"""What shared links look like, and what search engines find."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import pytest

from cityinfo.features import tenants
from tests.factories import EDITOR, make_city, plant, translate
from tests.factories_offers import offer, publish_imprint

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SITE = "http://127.0.0.1:8000"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def headers(client, path, status=200):
    """Title and properties of a shared address."""
    answer = client.get(f"/api/v3/social/{path}")
    assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8"), answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', answer.text))
    title = re.search("<title>(.*)</title>", answer.text)[1]
    return {"title": unescape(title), **{name: unescape(value) for name, value in found.items()}}


def test_a_page_is_shared_with_its_title_its_words_and_its_picture(client, city):
    plant(city, "Arbeit & <Beruf>", slug="arbeit", content="<p>So „geht“ es.</p>", thumbnail="/media/a.png")
    found = headers(client, "teststadt/de/arbeit/")
    assert found["title"] == found["og:title"] == "Arbeit & <Beruf> | Stadt Teststadt"
    assert found["description"] == found["og:description"] == "So „geht“ es."
    assert (found["og:image"], found["og:url"]) == (f"{SITE}/media/a.png", f"{SITE}/teststadt/de/arbeit")
    assert "<Beruf>" not in client.get("/api/v3/social/teststadt/de/arbeit/").text


def test_a_shared_address_follows_what_is_published(client, city):
    page = plant(city, "Arbeit")
    assert headers(client, "teststadt/de/arbeit")["title"].startswith("Arbeit |")
    translate(city, page, "ar", "عمل")
    assert headers(client, "teststadt/ar/عمل")["title"] == "عمل | Stadt Teststadt"


ADDRESSES = [
    ("", "cityinfo", "Information for newcomers"),
    ("regions/de", "cityinfo", "Informationen"),
    ("landing/ar", "cityinfo", "معلومات"),
    ("teststadt", "Stadt Teststadt", "Informationen"),
    ("TestStadt/en", "Stadt Teststadt", "Information for"),
    ("teststadt/de/events", "Veranstaltungen | Stadt Teststadt", "Informationen"),
    ("teststadt/en/events/fest$2026-12-01", "Events | Stadt Teststadt", "Information for"),
    ("teststadt/en/places", "Places | Stadt Teststadt", "Information for"),
    ("teststadt/ar/news", "الأخبار | Stadt Teststadt", "معلومات"),
    ("teststadt/de/news/local-12", "Nachrichten | Stadt Teststadt", "Informationen"),
    ("teststadt/de/search", "Suche | Stadt Teststadt", "Informationen"),
    ("teststadt/de/offers/kurs", "Kurs | Stadt Teststadt", "Lernen."),
    ("teststadt/de/imprint", "Impressum | Stadt Teststadt", "Wir."),
]


@on_one_database
def test_every_address_of_the_apps_has_headers_in_its_language(client, city):
    offer(city, "Kurs", text="<p>Lernen.</p>")
    publish_imprint(city)
    for path, title, beginning in ADDRESSES:
        found = headers(client, path)
        assert found["title"] == title
        assert found["description"].startswith(beginning)


NOWHERE = ["nirgendwo/de", "teststadt/xx", "teststadt/de/gibtsnicht", '"><script>/de']


@on_one_database
def test_an_address_that_leads_nowhere_shows_what_holds_everywhere(client, city):
    for path in NOWHERE:
        assert headers(client, path, status=404)["title"] == "cityinfo"
        assert "<script>" not in client.get(f"/api/v3/social/{path}").text


def sitemap(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/xml")
    return ElementTree.fromstring(answer.data)  # noqa: S314 - our own


def addresses(root):
    return [one.text for one in root.iterfind(".//s:loc", NAMES)]


def test_search_engines_find_every_page_and_its_other_languages(client, city):
    work = plant(city, "Arbeit")
    plant(city, "Amt", under=work)
    translate(city, work, "ar", "عمل")
    root = sitemap(client, "/teststadt/de/sitemap.xml")
    assert addresses(root) == [f"{SITE}/teststadt/de{path}" for path in ("", "/arbeit", "/arbeit/amt")]
    page = next(one for one in root if addresses(one) == [f"{SITE}/teststadt/de/arbeit"])
    links = {link.get("hreflang"): link.get("href") for link in page.iterfind("x:link", NAMES)}
    assert links == {
        "de": f"{SITE}/teststadt/de/arbeit",
        "ar": f"{SITE}/teststadt/ar/%D8%B9%D9%85%D9%84",
    }


@on_one_database
def test_all_kinds_are_found_but_not_words_that_only_stand_in(client, database):
    city = make_city(database, "teststadt", features={"fallback": True}, app_url="https://app.example")
    offer(city, "Kurs")
    publish_imprint(city)
    german = addresses(sitemap(client, "/teststadt/de/sitemap.xml"))
    assert german == [f"https://app.example/teststadt/de{path}" for path in ("", "/imprint", "/offers/kurs")]
    assert addresses(sitemap(client, "/teststadt/en/sitemap.xml")) == ["https://app.example/teststadt/en"]


@on_one_database
def test_the_sitemap_of_all_cities_leaves_out_who_does_not_want_to_be_found(client, city, other_city):
    everything = addresses(sitemap(client, "/sitemap.xml"))
    assert f"{SITE}/nachbarstadt/ar/sitemap.xml" in everything
    assert len(everything) == 6
    with other_city.write() as db:
        tenants.set_status(db, tenants.HIDDEN, actor=EDITOR)
    assert len(addresses(sitemap(client, "/sitemap.xml"))) == 3
    assert client.get("/nachbarstadt/de/sitemap.xml").status_code == 404
