"""What an Integreat app learns about pages, as the reference of version 3 describes it."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from cityinfo.features import content, tenants
from cityinfo.features.pages import Place
from tests.factories import EDITOR, archive, move, plant, save, take_offline, translate

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

FIELDS = {
    "id": int,
    "url": str,
    "path": str,
    "title": str,
    "modified_gmt": str,
    "last_updated": str,
    "excerpt": str,
    "content": str,
    "parent": dict,
    "order": int,
    "available_languages": dict,
    "thumbnail": str | None,
    "organization": dict | None,
    "hash": None | str,
    "embedded_offers": list,
}
SITE = "http://127.0.0.1:8000"
ALL = ["arbeit", "arbeit/suche", "arbeit/suche/amt", "arbeit/recht", "wohnen", "wohnen/miete"]


def get(client, what, language="de", **query):
    return client.get(f"/api/v3/teststadt/{language}/{what}/", query_string=query)


def paths(answer):
    assert answer.status_code == 200, answer.text
    return [page["path"].removeprefix("/teststadt/de/").strip("/") for page in answer.json]


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


# --- one page


@on_one_database
def test_a_page_has_every_field_in_its_type(client, city, tree):
    for page in get(client, "pages").json:
        assert page.keys() == FIELDS.keys()
        assert [name for name, kind in FIELDS.items() if not isinstance(page[name], kind)] == []


@on_one_database
def test_a_page_says_where_it_is_and_what_it_says(client, city, tree):
    page = get(client, "page", url="/teststadt/de/arbeit/suche/amt/").json
    assert page["path"] == "/teststadt/de/arbeit/suche/amt/"
    assert page["url"] == f"{SITE}/teststadt/de/arbeit/suche/amt/"
    assert (page["title"], page["content"], page["excerpt"]) == ("Amt", "<p>Guten Tag.</p>", "Guten Tag.")
    assert (page["thumbnail"], page["organization"], page["hash"], page["embedded_offers"]) == (None, None, None, [])


@on_one_database
def test_a_thumbnail_is_its_address(client, city):
    plant(city, "Arbeit", thumbnail="https://bilder.example/a.png")
    assert get(client, "pages").json[0]["thumbnail"] == "https://bilder.example/a.png"


@on_one_database
def test_the_parent_is_named_by_its_page_and_its_path_in_the_same_language(client, city, tree):
    page = get(client, "page", url="/teststadt/de/arbeit/recht").json
    path = "/teststadt/de/arbeit/"
    assert page["parent"] == {"id": tree["work"], "url": f"{SITE}{path}", "path": path}


@on_one_database
def test_a_page_of_the_first_level_has_a_parent_without_path(client, city, tree):
    page = get(client, "page", url="/teststadt/de/arbeit").json
    assert page["parent"] == {"id": 0, "url": None, "path": None}


def test_other_languages_are_named_and_the_own_is_not(client, city):
    page = plant(city, "Arbeit")
    translate(city, page, "en", "Work")
    translate(city, page, "ar", "عمل", public=False)
    found = get(client, "pages").json[0]["available_languages"]
    english = get(client, "pages", "en").json[0]
    assert found == {"en": {"id": english["id"], "url": english["url"], "path": "/teststadt/en/work/"}}
    assert english["available_languages"].keys() == {"de"}


@on_one_database
def test_a_language_is_not_offered_when_the_page_above_lacks_it(client, city, tree):
    translate(city, tree["search"], "en", "Search")
    assert get(client, "page", url="/teststadt/de/arbeit/suche").json["available_languages"] == {}


@on_one_database
def test_a_language_that_is_switched_off_is_neither_offered_nor_delivered(client, city):
    translate(city, plant(city, "Arbeit"), "en", "Work")
    with city.write() as db:
        tenants.set_languages(db, [tenants.LanguageChoice(slug="de")], actor=EDITOR)
    assert get(client, "pages").json[0]["available_languages"] == {}
    assert get(client, "pages", "en").status_code == 404


@on_one_database
@pytest.mark.parametrize(
    ("moment", "in_utc", "in_the_city"),
    [
        (datetime(2023, 11, 20, 13, 6, 57, 529_000, UTC), "2023-11-20T13:06:57.529Z", "2023-11-20T14:06:57.529+01:00"),
        (datetime(2023, 11, 20, 13, 6, 57, 0, UTC), "2023-11-20T13:06:57Z", "2023-11-20T14:06:57+01:00"),
        (datetime(2024, 7, 1, 22, 30, 0, 80_000, UTC), "2024-07-01T22:30:00.080Z", "2024-07-02T00:30:00.080+02:00"),
    ],
)
def test_moments_have_an_offset_and_milliseconds_only_if_there_are_any(client, city, moment, in_utc, in_the_city):
    save(city, plant(city, "Arbeit"), content="<p>Neu.</p>", changed_at=moment)
    page = get(client, "pages").json[0]
    assert (page["modified_gmt"], page["last_updated"]) == (in_utc, in_the_city)


def test_order_counts_the_public_siblings(client, city, tree):
    first = plant(city, "Zuerst", after=Place.FIRST)
    plant(city, "Entwurf", after=first, public=False)
    order = {page["title"]: page["order"] for page in get(client, "pages").json}
    assert (order["Zuerst"], order["Arbeit"], order["Wohnen"]) == (0, 1, 2)
    assert (order["Suche"], order["Recht"], order["Miete"]) == (0, 1, 0)


@on_one_database
@pytest.mark.parametrize("what", ["page", "children", "parents"])
def test_order_is_the_same_in_every_answer(client, city, tree, what):
    order = {page["path"]: page["order"] for page in get(client, "pages").json}
    found = get(client, what, url="/teststadt/de/wohnen/miete").json
    for page in [found] if what == "page" else found:
        assert page["order"] == order[page["path"]]


@on_one_database
def test_texts_are_never_null(client, city):
    plant(city, "Leer", content="")
    page = get(client, "pages").json[0]
    assert (page["content"], page["excerpt"]) == ("", "")


def test_a_page_is_found_by_its_number_too(client, city, tree):
    page = get(client, "page", url="/teststadt/de/arbeit/suche").json
    assert get(client, "page", id=tree["search"]).json == page
    assert get(client, "page", id=page["id"]).json == page
    assert get(client, "page", id=1).status_code == 404


def test_imported_numbers_are_kept(client, city):
    above = plant(city, "Arbeit", v3_id=20)
    save(city, above, title="Arbeit!", v3_id=210)
    plant(city, "Suche", under=above)
    found = get(client, "pages").json
    assert found[0]["id"] == 210
    assert found[1]["parent"]["id"] == 20
    assert get(client, "page", id=20).json["id"] == 210


@on_one_database
def test_post_is_another_word_for_page(client, city, tree):
    url = "/teststadt/de/arbeit/suche"
    assert get(client, "post", url=url).json == get(client, "page", url=url).json


@on_one_database
@pytest.mark.parametrize("what", ["page", "post", "parents"])
def test_without_a_page_to_look_for_the_request_is_refused(client, city, what):
    for query in ({}, {"url": ""}, {"url": "/teststadt/de/"}, {"url": "https://["}):
        answer = get(client, what, **query)
        assert (answer.status_code, answer.json.keys()) == (400, {"error"})


@on_one_database
@pytest.mark.parametrize("number", ["abc", "-1", "1.5", "٣"])
def test_a_number_that_is_none_is_refused(client, city, number):
    assert get(client, "page", id=number).status_code == 400


# --- links


def test_links_lead_to_where_pages_are_now(client, city, tree):
    plant(city, "Verweis", content=f'<p><a href="entry:{tree["office"]}">Amt</a></p>')
    move(city, tree["search"], under=tree["home"])
    text = get(client, "page", url="verweis").json["content"]
    assert text == '<p><a href="/teststadt/de/wohnen/suche/amt/">Amt</a></p>'


@on_one_database
def test_a_link_may_insist_on_a_language(client, city):
    page = plant(city, "Arbeit")
    translate(city, page, "en", "Work")
    plant(city, "Verweis", content=f'<p><a href="entry:{page}/en">Work</a></p>')
    assert 'href="/teststadt/en/work/"' in get(client, "page", url="verweis").json["content"]


@on_one_database
def test_a_link_to_what_is_not_public_leaves_its_words(client, city, tree):
    plant(city, "Verweis", content=f'<p><a href="entry:{tree["rent"]}">Miete</a></p>')
    take_offline(city, tree["home"], ["de"])
    assert get(client, "page", url="verweis").json["content"] == "<p><a>Miete</a></p>"


@on_one_database
def test_links_lead_into_the_app_of_the_city(client, city, tree):
    with city.write() as db:
        draft = tenants.TenantDraft(slug="teststadt", name="Teststadt", app_url="https://app.example")
        tenants.change(db, draft, actor=EDITOR)
    plant(city, "Verweis", content=f'<p><a href="entry:{tree["work"]}">Arbeit</a></p>')
    page = get(client, "page", url="verweis").json
    assert 'href="https://app.example/teststadt/de/arbeit/"' in page["content"]
    assert page["url"] == f"{SITE}/teststadt/de/verweis/"


# --- the list of all


def test_all_pages_come_in_the_order_of_the_tree(client, city, tree):
    assert paths(get(client, "pages")) == ALL


@on_one_database
def test_no_page_comes_without_its_parent(client, city, tree):
    translate(city, tree["search"], "en", "Search")
    translate(city, tree["home"], "en", "Living")
    assert [page["title"] for page in get(client, "pages", "en").json] == ["Living"]
    archive(city, tree["search"])
    assert paths(get(client, "pages")) == ["arbeit", "arbeit/recht", "wohnen", "wohnen/miete"]


@on_one_database
def test_a_city_without_pages_has_an_empty_list(client, city):
    assert get(client, "pages").json == []
    assert get(client, "children").json == []


def test_what_is_not_public_is_not_there(client, city):
    plant(city, "Entwurf", public=False)
    assert get(client, "pages").json == []
    assert get(client, "page", url="/teststadt/de/entwurf").status_code == 404


def test_a_publication_is_read_at_once(client, city):
    page = plant(city, "Arbeit")
    assert [one["title"] for one in get(client, "pages").json] == ["Arbeit"]
    save(city, page, title="Beruf")
    assert [one["title"] for one in get(client, "pages").json] == ["Beruf"]
    take_offline(city, page, ["de"])
    assert get(client, "pages").json == []


@on_one_database
def test_the_answer_names_its_language(client, city):
    translate(city, plant(city, "Arbeit"), "ar", "عمل")
    assert get(client, "pages", "de").headers["Content-Language"] == "de"


@on_one_database
@pytest.mark.parametrize("address", ["nirgendwo/de/pages/", "teststadt/fr/pages/", "teststadt/xx/children/"])
def test_an_unknown_region_or_language_is_not_found(client, city, address):
    answer = client.get(f"/api/v3/{address}")
    assert (answer.status_code, answer.json.keys()) == (404, {"error"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@on_one_database
def test_the_case_of_region_and_language_does_not_count(client, city, tree):
    assert client.get("/api/v3/Teststadt/DE/pages/").json == get(client, "pages").json


# --- children


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["arbeit", "wohnen"]),
        ({"depth": "0"}, []),
        ({"depth": "1"}, ["arbeit", "wohnen"]),
        ({"depth": "2"}, ["arbeit", "arbeit/suche", "arbeit/recht", "wohnen", "wohnen/miete"]),
        ({"url": "/teststadt/de/arbeit", "depth": "0"}, ["arbeit"]),
        ({"url": "/teststadt/de/arbeit"}, ["arbeit", "arbeit/suche", "arbeit/recht"]),
        (
            {"url": "/teststadt/de/arbeit", "depth": "2"},
            ["arbeit", "arbeit/suche", "arbeit/suche/amt", "arbeit/recht"],
        ),
        ({"url": "/teststadt/de/arbeit/suche/amt", "depth": "2"}, ["arbeit/suche/amt"]),
        ({"url": "", "depth": "1"}, ["arbeit", "wohnen"]),
        ({"url": "/teststadt/de/", "depth": "1"}, ["arbeit", "wohnen"]),
        ({"depth": "99999999999999999999"}, ALL),
        ({"depth": "007"}, ALL),
    ],
)
def test_children_are_the_page_first_and_what_hangs_below_it(client, city, tree, query, expected):
    assert paths(get(client, "children", **query)) == expected


@on_one_database
@pytest.mark.parametrize("depth", ["abc", "-1", "1.5", "", "٣", "1 2", "1e3"])
def test_a_depth_that_is_no_whole_number_is_refused(client, city, depth):
    answer = get(client, "children", depth=depth)
    assert (answer.status_code, answer.json.keys()) == (400, {"error"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@on_one_database
@pytest.mark.parametrize("what", ["children", "parents", "page"])
@pytest.mark.parametrize(
    "url",
    [
        "/teststadt/de/gibt-es-nicht",
        "/teststadt/de/arbeit/gibt-es-nicht",
        "/teststadt/de/events",
        "/teststadt/de/events/arbeit",
        "/teststadt/de/imprint/",
        "/teststadt/de/" + "a" * 3000,
        "/teststadt/de/%ff",
    ],
)
def test_what_does_not_exist_is_not_found_and_never_empty(client, city, tree, what, url):
    answer = get(client, what, url=url)
    assert (answer.status_code, answer.json.keys()) == (404, {"error"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@on_one_database
def test_a_page_below_one_that_lacks_the_language_is_not_found(client, city, tree):
    translate(city, tree["search"], "en", "Search")
    for what in ("children", "parents", "page"):
        assert get(client, what, "en", url="/teststadt/en/search").status_code == 404


# --- parents


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/teststadt/de/arbeit/suche/amt", ["arbeit", "arbeit/suche"]),
        ("/teststadt/de/wohnen/miete", ["wohnen"]),
        ("/teststadt/de/wohnen", []),
    ],
)
def test_parents_are_the_ancestors_first_level_first(client, city, tree, url, expected):
    assert paths(get(client, "parents", url=url)) == expected


@on_one_database
def test_whatever_has_children_has_parents(client, city, tree):
    for page in get(client, "pages").json:
        assert get(client, "children", url=page["path"]).json[0] == page
        assert get(client, "parents", url=page["path"]).status_code == 200


# --- addresses


@pytest.mark.parametrize(
    "url",
    [
        "/teststadt/de/arbeit/suche/",
        "teststadt/de/arbeit/suche",
        "//teststadt//de/arbeit//suche//",
        "/Teststadt/DE/Arbeit/Suche",
        "/teststadt/de/wohnen/suche",
        "suche",
        "https://app.example/teststadt/de/arbeit/suche/",
        "https://app.example/teststadt/de/arbeit/suche?q=1#amt",
    ],
)
def test_a_page_is_found_by_the_last_segment(client, city, tree, url):
    assert get(client, "page", url=url).json["title"] == "Suche"


def test_an_old_address_leads_to_the_present_page_first(client, city, tree):
    save(city, tree["work"], slug="beruf")
    for what in ("children", "parents", "page"):
        assert get(client, what, url="/teststadt/de/arbeit").status_code == 200
    assert paths(get(client, "children", url="/teststadt/de/arbeit")) == ["beruf", "beruf/suche", "beruf/recht"]


def test_a_moved_page_is_found_under_its_former_path(client, city, tree):
    move(city, tree["search"], under=tree["home"], after=Place.FIRST)
    found = paths(get(client, "children", url="/teststadt/de/arbeit/suche", depth="2"))
    assert found == ["wohnen/suche", "wohnen/suche/amt"]
    assert paths(get(client, "parents", url="/teststadt/de/arbeit/suche/amt")) == ["wohnen", "wohnen/suche"]


def test_a_slug_in_use_wins_over_one_from_before(client, city):
    translated = {}
    for title in ("Eins", "Zwei"):
        translated[title] = plant(city, title)
    save(city, translated["Eins"], slug="drei")
    with city.read() as db:
        roles = {(one.slug, one.role) for one in content.addresses(db, [translated["Eins"]])}
    assert ("eins", content.FORMER) in roles
    assert get(client, "page", url="/teststadt/de/zwei").json["title"] == "Zwei"
    assert get(client, "page", url="/teststadt/de/eins").json["title"] == "Eins"


def test_paths_are_raw_unicode_and_found_raw_and_percent_encoded(client, city):
    page = plant(city, "Willkommen")
    translate(city, page, "ar", "أهلا وسهلا")
    path = "/teststadt/ar/أهلا-وسهلا/"
    assert get(client, "pages", "ar").json[0]["path"] == path
    for url in (path, quote(path), quote(path.rstrip("/"), safe="")):
        assert [one["path"] for one in get(client, "children", "ar", url=url).json] == [path]
        assert get(client, "parents", "ar", url=url).json == []


def test_a_slug_with_capital_letters_of_any_script_is_found_in_any_case(client, city):
    plant(city, "Übergänge")
    assert get(client, "page", url="/teststadt/de/ÜBERGÄNGE").json["path"] == "/teststadt/de/übergänge/"
    assert get(client, "page", url="/teststadt/de/U\u0308berga\u0308nge").json["title"] == "Übergänge"


@on_one_database
@pytest.mark.parametrize("what", ["pages", "children", "parents", "page", "post"])
def test_both_forms_of_an_address_are_answered_directly(client, city, tree, what):
    with_slash, without = (
        client.get(f"/api/v3/teststadt/de/{what}{end}?url=/teststadt/de/arbeit") for end in ("/", "")
    )
    assert (with_slash.status_code, without.status_code) == (200, 200)
    assert with_slash.json == without.json


@on_one_database
def test_unknown_parameters_do_not_count(client, city, tree):
    assert get(client, "pages", utm_source="x").json == get(client, "pages").json


# --- HTTP


@on_one_database
@pytest.mark.parametrize("what", ["pages", "children", "parents", "page"])
def test_answers_may_be_read_from_any_origin_and_asked_for_again_cheaply(client, city, tree, what):
    first = get(client, what, url="/teststadt/de/arbeit")
    again = client.get(first.request.full_path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert [one.headers["Access-Control-Allow-Origin"] for one in (first, again)] == ["*", "*"]


@on_one_database
def test_head_has_no_body_and_the_same_status(client, city, tree):
    found = client.head("/api/v3/teststadt/de/pages/")
    missing = client.head("/api/v3/teststadt/de/page/?url=gibt-es-nicht")
    assert (found.status_code, found.data) == (200, b"")
    assert (missing.status_code, missing.data) == (404, b"")


@on_one_database
@pytest.mark.parametrize("what", ["pages", "children", "parents", "page"])
def test_a_page_cannot_be_sent(client, city, what):
    answer = client.post(f"/api/v3/teststadt/de/{what}/")
    assert (answer.status_code, answer.json.keys()) == (405, {"error"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
