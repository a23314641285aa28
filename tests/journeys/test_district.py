"""A real district: its published pages go in, a phone gets them out as they were."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner

from cityinfo.app import create_app
from cityinfo.cli import main
from cityinfo.features import pages, tenants
from cityinfo.kernel.db import NO_TENANT
from cityinfo.settings import variables
from tests.conftest import REPOSITORY
from tests.factories import City, save

DATA = REPOSITORY.parent / "shared" / "data" / "lkaugsburg"
LANGUAGES = ("de", "en")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.exists(), reason="the district's published pages are not beside this checkout"),
]


class Seen(HTMLParser):
    """What a reader meets: words, links, pictures."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.pictures = [], [], []
        self.feed(html)
        self.close()

    def handle_data(self, data):
        self.words.append(data)

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        if tag == "a" and facts.get("href") is not None:
            self.links.append(same_place(facts["href"]))
        if tag == "img":
            self.pictures.append(facts.get("src"))

    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words)).strip()


def same_place(address):
    """Two ways to write the address of an own page are one: encoded or not, with a final slash or without."""
    if urlsplit(address).hostname != "integreat.app":
        return address
    return unquote(address).rstrip("/").lower()


@pytest.fixture
def district(settings, database, monkeypatch):
    """The district as the terminal imports it, and someone who reads it."""
    for name, field in variables().items():
        monkeypatch.setenv(name, str(getattr(settings, field.name)))
    languages = [f"--language={one}={DATA / f'pages.{one}.json'}" for one in LANGUAGES]
    command = ["import", "integreat", "lkaugsburg", "--name", "Landkreis Augsburg", *languages]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    with database.unit_of_work(NO_TENANT) as db:
        city = City("lkaugsburg", tenants.find(db, "lkaugsburg").id, database)
    return city, create_app(settings, database=database).test_client()


def published(language):
    return json.loads((DATA / f"pages.{language}.json").read_text("utf-8"))


def places(pages):
    """Identities of siblings in their order, by parent."""
    found = defaultdict(list)
    for page in sorted(pages, key=lambda page: page["order"]):
        found[page["parent"]["path"]].append(page["id"])
    return found


def facts(page):
    seen = Seen(page["content"])
    others = page["available_languages"].items()
    return {
        "path": page["path"],
        "title": page["title"],
        "parent": page["parent"]["path"],
        "last_updated": datetime.fromisoformat(page["last_updated"]),
        "thumbnail": page["thumbnail"],
        "languages": {code: (one["id"], one["path"]) for code, one in others if code in LANGUAGES},
        "text": seen.text(),
        "pictures": seen.pictures,
    }


def test_a_phone_gets_the_district_as_it_was_published(district):
    _, phone = district
    for language in LANGUAGES:
        before, after = published(language), phone.get(f"/api/v3/lkaugsburg/{language}/pages/").get_json()
        now = {page["id"]: page for page in after}
        assert now.keys() == {page["id"] for page in before}
        assert places(after) == places(before)
        for page in before:
            assert facts(now[page["id"]]) == facts(page)
            # Links that stand inside links are written apart, as browsers read them; none is lost or changed.
            assert set(Seen(now[page["id"]]["content"]).links) == set(Seen(page["content"]).links)


def test_entries_keep_the_numbers_that_the_files_reveal(district):
    _, phone = district
    for language in LANGUAGES:
        now = {
            page["id"]: page["parent"]["id"] for page in phone.get(f"/api/v3/lkaugsburg/{language}/pages/").get_json()
        }
        assert now == {page["id"]: page["parent"]["id"] for page in published(language)}


def test_one_edited_page_costs_a_phone_a_few_kilobytes(district):
    city, phone = district
    everything = phone.get("/api/v1/tenants/lkaugsburg/de/bundle")
    with city.read() as db:
        page = pages.tree(db)[1].id
    save(city, page, title="Herzlich willkommen im Landkreis")
    news = phone.get(f"/api/v1/tenants/lkaugsburg/de/changes?since={everything.get_json()['cursor']}")
    assert [(item["kind"], item["id"]) for item in news.get_json()["items"]] == [("page", page)]
    assert len(news.data) < 10_000 < len(everything.data) / 50
