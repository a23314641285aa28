"""Reading pages through version 1."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, unquote

import pytest

from cityinfo.features import tenants
from cityinfo.features.pages import Place
from tests.factories import EDITOR, archive, move, plant, save, take_offline, translate

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

ALL = ["arbeit", "arbeit/suche", "arbeit/suche/amt", "arbeit/recht", "wohnen", "wohnen/miete"]
HERE = "/api/v1/tenants/teststadt"


def get(client, address="", language="de", **query):
    return client.get(f"{HERE}/{language}/pages{address}", query_string=query)


def paths(answer):
    assert answer.status_code == 200, answer.text
    return [page["path"] for page in answer.json["items"]]


@pytest.fixture
def tree(city):
    """Arbeit (Suche (Amt), Recht) and Wohnen (Miete), in German."""
    work, home = plant(city, "Arbeit"), plant(city, "Wohnen")
    search, law = plant(city, "Suche", under=work), plant(city, "Recht", under=work)
    return {
        "work": work,
        "home": home,
        "search": search,
        "law": law,
        "office": plant(city, "Amt", under=search),
        "rent": plant(city, "Miete", under=home),
    }


def test_pages_come_in_the_order_of_the_tree(client, city, tree):
    assert paths(get(client)) == ALL


@on_one_database
def test_a_page_says_what_it_is_and_where_it_stands(client, city, tree):
    save(city, tree["search"], content="<p>Neu.</p>", changed_at=datetime(2023, 11, 20, 13, 6, 57, 529_000, UTC))
    translate(city, tree["work"], "en", "Work")
    translate(city, tree["search"], "en", "Search")
    assert get(client, f"/{tree['search']}").json == {
        "id": tree["search"],
        "kind": "page",
        "language": "de",
        "parent": tree["work"],
        "order": 0,
        "slug": "suche",
        "path": "arbeit/suche",
        "title": "Suche",
        "content": "<p>Neu.</p>",
        "excerpt": "Neu.",
        "thumbnail": None,
        "changed_at": "2023-11-20T14:06:57.529+01:00",
        "origin": "human",
        "credit": None,
        "organization": None,
        "languages": {"de": {"path": "arbeit/suche"}, "en": {"path": "work/search"}},
        "embedded_offers": [],
    }


def test_a_page_is_the_same_by_identity_by_path_and_in_the_list(client, city, tree):
    for page in get(client).json["items"]:
        assert get(client, f"/{page['id']}").json == page
        assert get(client, f"/by-path/{page['path']}").json == page


@pytest.mark.parametrize(
    ("parent", "depth", "expected"),
    [
        (None, 1, ["arbeit", "wohnen"]),
        (None, 2, ["arbeit", "arbeit/suche", "arbeit/recht", "wohnen", "wohnen/miete"]),
        (None, 100, ALL),
        ("work", None, ["arbeit/suche", "arbeit/suche/amt", "arbeit/recht"]),
        ("work", 1, ["arbeit/suche", "arbeit/recht"]),
        ("office", None, []),
    ],
)
def test_a_part_of_the_tree_is_read_by_parent_and_depth(client, city, tree, parent, depth, expected):
    query = {"parent": tree.get(parent), "depth": depth}
    found = get(client, **{name: value for name, value in query.items() if value is not None})
    assert paths(found) == expected


@on_one_database
def test_the_order_among_siblings_is_the_same_in_every_part(client, city, tree):
    plant(city, "Zuerst", after=Place.FIRST)
    order = {page["id"]: page["order"] for page in get(client).json["items"]}
    assert (order[tree["work"]], order[tree["home"]], order[tree["law"]]) == (1, 2, 1)
    assert get(client, f"/{tree['law']}").json["order"] == 1
    assert [page["order"] for page in get(client, parent=tree["work"], depth=1).json["items"]] == [0, 1]


def test_a_long_list_is_read_in_portions_and_parents_stay_before_children(client, city, tree):
    found, cursor = [], None
    for _ in range(10):
        answer = get(client, limit=2, **({"cursor": cursor} if cursor else {})).json
        found += [page["path"] for page in answer["items"]]
        cursor = answer["cursor"]
        if not answer["more"]:
            break
    assert (found, cursor) == (ALL, None)


def test_a_portion_goes_on_although_something_was_published_in_between(client, city, tree):
    cursor = get(client, limit=2).json["cursor"]
    plant(city, "Zuerst", after=Place.FIRST)
    assert paths(get(client, cursor=cursor)) == ALL[2:]


@on_one_database
def test_a_place_in_the_list_that_has_gone_is_said(client, city, tree):
    cursor = get(client, limit=2).json["cursor"]
    take_offline(city, tree["search"], ["de"])
    answer = get(client, cursor=cursor)
    assert (answer.status_code, answer.json["code"]) == (410, "list.gone")


@on_one_database
def test_links_are_written_out_to_where_pages_are_now(client, city, tree):
    text = f'<p><a href="entry:{tree["office"]}">Amt</a> <a href="entry:{tree["rent"]}">Miete</a></p>'
    page = plant(city, "Verweis", content=text)
    move(city, tree["search"], under=None)
    take_offline(city, tree["rent"], ["de"])
    content = get(client, f"/{page}").json["content"]
    assert content == '<p><a href="http://127.0.0.1:8000/teststadt/de/suche/amt">Amt</a> <a>Miete</a></p>'


@on_one_database
def test_a_link_may_insist_on_a_language(client, city):
    page = plant(city, "Arbeit")
    translate(city, page, "en", "Work")
    link = plant(city, "Verweis", content=f'<p><a href="entry:{page}/en">Work</a></p>')
    assert "http://127.0.0.1:8000/teststadt/en/work" in get(client, f"/{link}").json["content"]


@on_one_database
def test_no_page_is_public_without_those_above_it(client, city, tree):
    translate(city, tree["search"], "en", "Search")
    assert paths(get(client, language="en")) == []
    assert get(client, f"/{tree['search']}", "en").status_code == 404
    assert get(client, "/by-path/search", "en").status_code == 404
    archive(city, tree["work"])
    assert paths(get(client)) == ["wohnen", "wohnen/miete"]


@on_one_database
def test_the_answer_names_its_language(client, city):
    page = plant(city, "Arbeit")
    translate(city, page, "ar", "عمل")
    for address in ("", f"/{page}"):
        assert get(client, address, "ar").headers["Content-Language"] == "ar"


@pytest.mark.parametrize("path", ["arbeit", "Arbeit/", "recht", "wohnen/recht", "arbeit/RECHT"])
def test_a_path_is_looked_up_by_its_last_segment(client, city, tree, path):
    answer = client.get(f"{HERE}/de/pages/by-path/{path}", follow_redirects=True)
    assert answer.json["slug"] == path.strip("/").lower().rpartition("/")[2]


def test_a_renamed_page_is_found_through_its_old_path(client, city, tree):
    save(city, tree["work"], slug="beruf")
    answer = get(client, "/by-path/arbeit")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{HERE}/de/pages/by-path/beruf")


def test_a_moved_page_is_found_through_its_old_path(client, city, tree):
    move(city, tree["search"], under=tree["home"])
    answer = get(client, "/by-path/arbeit/suche/amt")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{HERE}/de/pages/by-path/wohnen/suche/amt")


@on_one_database
def test_a_redirect_is_never_kept_because_pages_move_back(client, city, tree):
    move(city, tree["search"], under=tree["home"])
    assert get(client, "/by-path/arbeit/suche").headers["Cache-Control"] == "no-cache"
    move(city, tree["search"], under=tree["work"])
    assert get(client, "/by-path/arbeit/suche").status_code == 200
    assert get(client, "/by-path/wohnen/suche").status_code == 301


def test_paths_in_other_scripts_are_raw_in_bodies_and_encoded_in_redirects(client, city, tree):
    translate(city, tree["work"], "ar", "عمل")
    translate(city, tree["law"], "ar", "القانون")
    assert get(client, f"/{tree['law']}", "ar").json["path"] == "عمل/القانون"
    assert client.get(f"{HERE}/ar/pages/by-path/{quote('عمل/القانون')}").json["title"] == "القانون"
    location = client.get(f"{HERE}/ar/pages/by-path/{quote('القانون')}").headers["Location"]
    assert location.isascii()
    assert unquote(location) == f"{HERE}/ar/pages/by-path/عمل/القانون"


@on_one_database
@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("nirgendwo/de/pages", "tenant.unknown"),
        ("teststadt/fr/pages", "language.unknown"),
        ("teststadt/de/pages/1", "page.unknown"),
        ("teststadt/de/pages/99999999999999999999999", "http.not_found"),
        ("teststadt/de/pages/by-path/gibt-es-nicht", "page.unknown"),
        ("teststadt/de/pages?parent=1", "page.unknown"),
        ("teststadt/de/pages/abc", "http.not_found"),
    ],
)
def test_what_does_not_exist_is_a_problem_with_a_code(client, city, tree, address, code):
    answer = client.get(f"/api/v1/tenants/{address}")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json["code"] == code


@on_one_database
@pytest.mark.parametrize("query", ["depth=abc", "depth=0", "depth=101", "parent=abc", "limit=0", "limit=5001"])
def test_a_parameter_that_cannot_be_used_is_named(client, city, query):
    answer = client.get(f"{HERE}/de/pages?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"]["query"].keys() == {query.split("=")[0]}


def test_a_language_that_is_switched_off_is_not_found_at_once(client, city):
    page = plant(city, "Arbeit")
    translate(city, page, "en", "Work")
    assert get(client, language="en").status_code == 200
    with city.write() as db:
        tenants.set_languages(db, [tenants.LanguageChoice(slug="de")], actor=EDITOR)
    assert get(client, language="en").status_code == 404
    assert get(client, f"/{page}").json["languages"].keys() == {"de"}


@pytest.mark.parametrize("address", ["", "/by-path/arbeit"])
def test_an_answer_is_confirmed_cheaply_until_something_is_published(client, city, tree, address):
    tag = get(client, address).headers["ETag"]
    same = client.get(f"{HERE}/de/pages{address}", headers={"If-None-Match": tag})
    save(city, tree["work"], title="Beruf")
    changed = client.get(f"{HERE}/de/pages{address}", headers={"If-None-Match": tag})
    assert (same.status_code, changed.status_code) == (304, 200)


@on_one_database
def test_head_has_no_body_and_the_headers_of_get(client, city, tree):
    asked = client.head(f"{HERE}/de/pages")
    assert (asked.status_code, asked.data) == (200, b"")
    assert asked.headers["ETag"] == get(client).headers["ETag"]
