"""Following a city through version 1, as a phone does that keeps a copy."""

from __future__ import annotations

import pytest

from cityinfo.features import publishing
from tests.factories import archive, make_city, move, plant, save, take_offline, translate

HERE = "/api/v1/tenants/teststadt"


class Follower:
    """Keeps what the feed delivers, by kind and identity."""

    def __init__(self, client, language="de"):
        self.client, self.language = client, language
        self.kept, self.cursor, self.received = {}, None, []

    def start(self):
        bundle = self.client.get(f"{HERE}/{self.language}/bundle").json
        self.kept = {}
        self._take(bundle["items"])
        self.cursor = bundle["cursor"]
        return self

    def follow(self, limit=500):
        more, self.received = True, []
        while more:
            query = {"limit": limit, **({"since": self.cursor} if self.cursor else {})}
            answer = self.client.get(f"{HERE}/{self.language}/changes", query_string=query)
            assert answer.status_code == 200, answer.text
            self._take(answer.json["items"])
            self.cursor, more = answer.json["cursor"], answer.json["more"]
        return self

    def _take(self, items):
        self.received += items
        for item in items:
            if item["removed"]:
                self.kept.pop((item["kind"], item["id"]), None)
            else:
                self.kept[item["kind"], item["id"]] = item["document"]

    def titles(self):
        return sorted(document["title"] for (kind, _), document in self.kept.items() if kind == "page")

    def path(self, page_id):
        outline = self.kept["outline", page_id]
        above = f"{self.path(outline['parent'])}/" if outline["parent"] else ""
        return above + outline["texts"][self.language]["slug"]


@pytest.fixture
def tree(city):
    work = plant(city, "Arbeit")
    return {"work": work, "search": plant(city, "Suche", under=work), "home": plant(city, "Wohnen")}


def test_a_follower_from_the_beginning_has_everything(client, city, tree):
    follower = Follower(client).follow()
    assert follower.titles() == ["Arbeit", "Suche", "Wohnen"]
    assert follower.path(tree["search"]) == "arbeit/suche"


def test_a_bundle_holds_the_same_as_the_feed_from_the_beginning(client, city, tree):
    take_offline(city, tree["home"], ["de"])
    bundle = client.get(f"{HERE}/de/bundle").json
    feed = client.get(f"{HERE}/de/changes").json
    assert (bundle["items"], bundle["cursor"]) == (feed["items"], feed["cursor"])
    assert bundle["tenant"] == client.get(HERE).json
    assert bundle["language"] == bundle["tenant"]["languages"][0]


def test_after_the_bundle_only_changes_are_sent(client, city, tree):
    follower = Follower(client).start()
    assert follower.follow().received == []
    save(city, tree["work"], title="Beruf")
    follower.follow()
    assert [(item["kind"], item["id"]) for item in follower.received] == [("page", tree["work"])]
    assert follower.titles() == ["Beruf", "Suche", "Wohnen"]


def test_the_cursor_stays_when_nothing_happened(client, city, tree):
    follower = Follower(client).start()
    before = follower.cursor
    assert follower.follow().cursor == before


def test_what_was_taken_offline_is_taken_out_with_all_below(client, city, tree):
    follower = Follower(client).start()
    take_offline(city, tree["work"], ["de"])
    follower.follow()
    assert follower.titles() == ["Wohnen"]
    assert all(item["document"] is None for item in follower.received if item["removed"])


def test_what_is_archived_is_taken_out(client, city, tree):
    follower = Follower(client).start()
    archive(city, tree["home"])
    assert follower.follow().titles() == ["Arbeit", "Suche"]
    assert ("outline", tree["home"]) not in follower.kept


def test_a_move_sends_one_text_and_makes_all_paths_right(client, city, tree):
    office = plant(city, "Amt", under=tree["search"])
    follower = Follower(client).start()
    move(city, tree["search"], under=tree["home"])
    follower.follow()
    assert follower.path(office) == "wohnen/suche/amt"
    assert [item["id"] for item in follower.received if item["kind"] == "page"] == [tree["search"]]


def test_another_language_is_learned_without_texts_of_it(client, city, tree):
    follower = Follower(client).start()
    translate(city, tree["work"], "en", "Work")
    follower.follow()
    assert {item["kind"] for item in follower.received} == {"outline"}
    assert follower.kept["outline", tree["work"]]["texts"]["en"]["slug"] == "work"


def test_small_portions_add_up_to_the_same(client, city, tree):
    for number in range(5):
        plant(city, f"Seite {number}")
    assert Follower(client).follow(limit=1).kept == Follower(client).follow().kept


def test_documents_are_sent_as_published_with_references_instead_of_addresses(client, city, tree):
    page = plant(city, "Verweis", content=f'<p><a href="entry:{tree["work"]}">Arbeit</a></p>')
    document = Follower(client).start().kept["page", page]
    assert document["content"] == f'<p><a href="entry:{tree["work"]}">Arbeit</a></p>'
    with city.read() as db:
        stored = publishing.payloads_of(db, "de", "page", [page])[0]
    assert stored in client.get(f"{HERE}/de/changes").data


def test_numbers_grow(client, city, tree):
    numbers = [item["seq"] for item in client.get(f"{HERE}/de/changes").json["items"]]
    assert numbers == sorted(numbers)


def test_a_feed_that_cannot_be_continued_says_so(client, city, tree):
    cursor = Follower(client).start().cursor
    with city.write() as db:
        publishing.new_epoch(db)
    answer = client.get(f"{HERE}/de/changes", query_string={"since": cursor})
    assert (answer.status_code, answer.content_type) == (410, "application/problem+json")
    assert answer.json["code"] == "feed.gone"
    assert Follower(client).start().follow().titles() == ["Arbeit", "Suche", "Wohnen"]


def test_a_cursor_from_the_future_cannot_be_continued(client, city, tree):
    epoch, seq, *_ = Follower(client).start().cursor.split("-")
    answer = client.get(f"{HERE}/de/changes", query_string={"since": f"{epoch}-{int(seq) + 100}"})
    assert answer.status_code == 410


@pytest.mark.parametrize(("query", "code"), [("since=quatsch", "feed.cursor"), ("limit=2001", "request.invalid")])
def test_what_cannot_be_used_is_refused(client, city, query, code):
    answer = client.get(f"{HERE}/de/changes?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, code)


@pytest.mark.parametrize("what", ["changes", "bundle"])
def test_an_unknown_city_or_language_is_not_found(client, city, what):
    for place in ("nirgendwo/de", "teststadt/fr"):
        assert client.get(f"/api/v1/tenants/{place}/{what}").status_code == 404


def test_no_city_appears_in_the_feed_of_another(client, city, tree, database):
    make_city(database, "nachbarstadt")
    assert client.get("/api/v1/tenants/nachbarstadt/de/bundle").json["items"] == []


def test_the_feed_is_confirmed_cheaply(client, city, tree):
    for what in ("changes", "bundle"):
        first = client.get(f"{HERE}/de/{what}")
        again = client.get(f"{HERE}/de/{what}", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, first.headers["Content-Language"]) == (304, "de")
