"""Importing an Integreat region: what is kept, what a second run does, and what is refused with one sentence."""

from __future__ import annotations

import copy
import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
import orjson
import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from cityinfo.adapters.integreat import IntegreatServer
from cityinfo.cli import main
from cityinfo.features import content, imports, pages, publishing, tenants
from cityinfo.features.content import State
from cityinfo.kernel.db import EVERY_TENANT, NO_TENANT, Base
from cityinfo.kernel.errors import Conflict, Invalid, Unavailable
from tests.factories import City, archive, move, plant, save, take_offline

APP = "https://integreat.app"
DATA = Path(__file__).parents[4] / "shared" / "data" / "lkaugsburg"
EARLY, LATE = "2024-01-01T10:00:00.123+01:00", "2024-06-01T10:00:00.456+02:00"

real_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the published pages of Landkreis Augsburg are not in {DATA}")


def page(number, path, *, parent=None, order=1, others=None, words="<p>Guten Tag.</p>", updated=EARLY, **facts):
    """A page as an Integreat server sends it; `parent` is its number and path."""
    parent_id, parent_path = parent or (0, None)
    return {
        "id": number,
        "url": f"https://admin.integreat-app.de{path}",
        "path": path,
        "title": f"Seite {number}",
        "modified_gmt": updated,
        "last_updated": updated,
        "excerpt": "",
        "content": words,
        "parent": {"id": parent_id, "url": None, "path": parent_path},
        "order": order,
        "available_languages": {
            language: {"id": other, "url": "", "path": f"/kreis/{language}/{other}/"}
            for language, other in (others or {}).items()
        },
        "thumbnail": None,
        "organization": None,
        "hash": None,
        "embedded_offers": [],
        **facts,
    }


def region():
    """Three pages in German, their translations, and one page in English alone."""
    welcome, office = "/kreis/de/willkommen/", "/kreis/de/willkommen/amt/"
    return {
        "de": [
            page(101, welcome, order=10, others={"en": 201}, thumbnail="https://cdn.example/welcome.png"),
            page(
                102,
                office,
                parent=(7001, welcome),
                order=20,
                others={"en": 202, "ar": 302},
                words=f'<p style="color:red">Zum <a href="{APP}{welcome}">Anfang</a>.</p>',
            ),
            page(103, "/kreis/de/müll/", order=40, others={"en": 203}),
        ],
        "en": [
            page(201, "/kreis/en/welcome/", order=10, others={"de": 101}, updated=LATE),
            page(202, "/kreis/en/welcome/office/", parent=(7001, "/kreis/en/welcome/"), order=20, others={"de": 102}),
            page(204, "/kreis/en/english-only/", order=30),
            page(203, "/kreis/en/waste/", order=40, others={"de": 103}),
        ],
    }


def texts_of(files):
    return {one["id"]: one for language in files.values() for one in language}


def planned(files, **options):
    return imports.plan(
        [
            imports.parse(orjson.dumps(found), name=f"pages.{language}.json", language=language, **options)
            for language, found in files.items()
        ]
    )


def run(database, files, *, slug="kreis", name="Landkreis Kreis", **facts):
    return imports.import_pages(database, planned(files), imports.CityFacts(slug=slug, name=name, **facts))


def opened(database, slug="kreis"):
    with database.unit_of_work(NO_TENANT) as db:
        return City(slug, tenants.find(db, slug).id, database)


def everything(database):
    """Every row of every table."""
    with database.unit_of_work(EVERY_TENANT, reason="compares all rows") as db:
        return {
            name: sorted(map(repr, db.execute(select(table), execution_options={"crosses": "compares all rows"})))
            for name, table in Base.metadata.tables.items()
        }


def published(database, language, slug="kreis"):
    """Published pages by their v3 id, each with its path, its parent's path and its v3 ids in other languages."""
    with opened(database, slug).read() as db:
        outline = publishing.outline(db, "page")
        bodies = [orjson.loads(one) for one in publishing.payloads(db, language, "page")]
        outlines = publishing.payloads(db, publishing.EVERY_LANGUAGE, publishing.outline_kind("page"))
        nodes = {one["id"]: one for one in map(orjson.loads, outlines)}

    def path(entry_id, of):
        return f"/{slug}/{of}/{outline.path(entry_id, of)}/".replace("//", "/")

    for body in bodies:
        body["path"] = path(body["id"], language)
        body["parent_path"] = path(body["parent"], language) if body["parent"] else None
        body["others"] = {of: text["v3_id"] for of, text in nodes[body["id"]]["texts"].items() if of != language}
        body["address_of"] = path
    return {body["v3"]["id"]: body for body in bodies}


def numbers_under(found, parent_path):
    """v3 ids of the pages under a parent, in order."""
    below = [one for one in found.values() if one["parent_path"] == parent_path]
    return [one["v3"]["id"] for one in sorted(below, key=lambda one: (one["position"], one["id"]))]


def versions(database):
    with database.unit_of_work(EVERY_TENANT, reason="counts versions") as db:
        return len(db.scalars(select(content.Version.id)).all())


# What is kept


def test_a_new_city_is_created_from_its_name(database):
    report = run(database, region(), official_key="09772000", postal_codes=["86150"])
    assert report.new_tenant
    with database.unit_of_work(NO_TENANT) as db:
        city = tenants.find(db, "kreis")
    assert (city.prefix, city.name, city.languages) == ("Landkreis", "Kreis", ["de", "en"])
    assert (city.official_key, city.postal_codes, city.time_zone) == ("09772000", ["86150"], "Europe/Berlin")
    assert not any(city.features.values())
    assert city.app_url == APP


def test_ids_paths_titles_times_and_thumbnails_are_kept(database):
    files = region()
    run(database, files)
    for language, source in files.items():
        found = published(database, language)
        assert {number: one["path"] for number, one in found.items()} == {one["id"]: one["path"] for one in source}
        for one in source:
            here = found[one["id"]]
            assert here["title"] == one["title"]
            assert datetime.fromisoformat(here["changed_at"]) == datetime.fromisoformat(one["last_updated"])
            assert here["parent_path"] == one["parent"]["path"]
    assert published(database, "en")[201]["thumbnail"] == "https://cdn.example/welcome.png"


def test_the_two_languages_become_texts_of_the_same_entries(database):
    report = run(database, region())
    assert (report.pages.created, report.texts.created) == (4, 7)
    found = published(database, "de")
    assert [found[number]["others"] for number in (101, 102, 103)] == [{"en": 201}, {"en": 202}, {"en": 203}]


def test_entry_ids_are_kept_where_children_reveal_them(database):
    run(database, region())
    assert published(database, "de")[101]["v3"]["entry_id"] == 7001


def test_a_page_that_the_first_language_lacks_is_placed_by_its_order(database):
    run(database, region())
    assert numbers_under(published(database, "en"), None) == [201, 204, 203]


def test_a_translation_older_than_its_source_is_outdated(database):
    files = region()
    files["de"][2]["last_updated"] = LATE
    run(database, files)
    with opened(database).read() as db:
        states = content.states(db, pages.PAGES.all_ids(db))
    assert Counter(states[key] for key in states if key[1] == "en") == {State.UP_TO_DATE: 3, State.OUTDATED: 1}


def test_small_icons_keep_their_size(database):
    files = region()
    files["de"][0]["content"] = '<p><img src="https://cdn.example/i.png" style="width: 15px; height: 15px;" alt=""></p>'
    report = run(database, files)
    assert 'width="15" height="15"' in published(database, "de")[101]["content"]
    assert "img[style]" not in report.findings.removed


def test_an_existing_city_keeps_its_tree_of_languages(database):
    run(database, {"en": [page(1, "/kreis/en/a/")]})
    run(database, {"de": [page(2, "/kreis/de/a/", others={"en": 1})]}, name="")
    with opened(database).read() as db:
        tree = {slug: row.source for slug, row in tenants.tree(db).items()}
    assert tree == {"en": None, "de": "en"}
    assert published(database, "de")[2]["others"] == {"en": 1}


def test_a_new_city_needs_a_name(database):
    before = everything(database)
    with pytest.raises(Invalid, match="“kreis” is a new city; give its name"):
        run(database, region(), name="")
    assert everything(database) == before


# Links


def links_in(database, words):
    files = region()
    files["de"][2]["content"] = words
    report = run(database, files)
    found = {language: published(database, language) for language in files}
    return (
        found["de"][103]["content"],
        {number: one["id"] for of in found.values() for number, one in of.items()},
        report,
    )


@pytest.mark.parametrize(
    ("address", "number", "language"),
    [
        (f"{APP}/kreis/de/willkommen/", 101, ""),
        (f"{APP}/kreis/de/willkommen", 101, ""),
        (f"{APP}/kreis/de/m%C3%BCll/", 103, ""),
        (f"{APP}/Kreis/de/Willkommen/amt/", 102, ""),
        ("https://cms.integreat-app.de/kreis/de/willkommen/", 101, ""),
        (f"{APP}/kreis/en/welcome/", 201, "/en"),
        (f"{APP}/kreis/en/english-only/", 204, "/en"),
    ],
)
def test_links_to_own_pages_become_references(database, address, number, language):
    words, ids, report = links_in(database, f'<p><a href="{address}">dort</a></p>')
    assert words == f'<p><a href="entry:{ids[number]}{language}">dort</a></p>'
    assert report.findings.references == 2
    assert report.findings.nowhere == []


@pytest.mark.parametrize(
    "address",
    [
        f"{APP}/kreis/de/willkommen/?a=b",
        f"{APP}/kreis/de/willkommen/#unten",
        f"{APP}/kreis/de/",
        f"{APP}/kreis/de/events",
        f"{APP}/anderswo/de/willkommen/",
        f"{APP}/kreis/ar/302/",
        "https://cms.integreat-app.de/kreis/wp-content/uploads/a.png",
        "https://cms.integreat-app.de/media/regions/1/a.pdf",
        "https://elsewhere.example/kreis/de/willkommen/",
        "mailto:amt@kreis.example",
    ],
)
def test_other_links_stay_as_they_are(database, address):
    words, _, report = links_in(database, f'<p><a href="{address}">dort</a></p>')
    assert words == f'<p><a href="{address}">dort</a></p>'
    assert report.findings.nowhere == []


def test_links_that_point_nowhere_are_reported_with_the_page_they_may_mean(database):
    gone, old = f"{APP}/kreis/de/weg/", f"{APP}/kreis/de/frueher/amt/"
    words, _, report = links_in(database, f'<p><a href="{gone}">a</a><a href="{old}">b</a></p>')
    assert gone in words
    assert old in words
    assert [(link.file, link.page, link.address, link.instead) for link in report.findings.nowhere] == [
        ("pages.de.json", "/kreis/de/müll/", gone, ""),
        ("pages.de.json", "/kreis/de/müll/", old, "/kreis/de/willkommen/amt/"),
    ]


def test_the_host_the_file_was_fetched_from_is_an_own_one(database):
    files = region()
    files["de"][2]["content"] = '<p><a href="https://infos.example/kreis/de/willkommen/">dort</a></p>'
    assert planned(files, host="infos.example").findings.references == 2


def test_the_report_says_what_the_sanitiser_removed_and_where(database):
    report = run(database, region())
    assert report.findings.removed == {"p[style]": {"/kreis/de/willkommen/amt/": 1}}


# A second run


def test_a_second_run_changes_nothing_and_says_so(database):
    run(database, region())
    before = everything(database)
    report = run(database, region())
    assert everything(database) == before
    assert report.nothing_changed
    assert (report.pages.unchanged, report.texts.unchanged, report.documents) == (4, 7, 0)


@pytest.mark.parametrize("field", ["title", "content"])
def test_one_changed_page_changes_one_document(database, field):
    files = region()
    run(database, files)
    before = versions(database)
    texts_of(files)[203].update({field: "Neues", "last_updated": LATE})
    report = run(database, files)
    assert (report.documents, report.texts.changed, report.pages.changed) == (1, 1, 0)
    assert versions(database) == before + 1


def test_a_changed_source_that_is_not_newer_than_its_translation_changes_one_text(database):
    files = region()
    run(database, files)
    texts_of(files)[103]["content"] = "<p>Neu</p>"
    report = run(database, files)
    assert (report.documents, report.texts.changed) == (1, 1)
    assert run(database, files).nothing_changed


def test_a_changed_source_outdates_its_older_translation(database):
    files = region()
    run(database, files)
    texts_of(files)[103].update(content="<p>Neu</p>", last_updated=LATE)
    assert run(database, files).documents == 1
    with opened(database).read() as db:
        states = content.states(db, [published(database, "de")[103]["id"]])
    assert [state for (_, language), state in states.items() if language == "en"] == [State.OUTDATED]
    assert run(database, files).nothing_changed


def test_texts_are_found_again_when_their_ids_are_new(database):
    files = region()
    run(database, files)
    entries = {number: one["id"] for number, one in published(database, "de").items()}
    renumbered = json.loads(json.dumps(files).replace("101", "901").replace("201", "911"))
    report = run(database, renumbered)
    assert (report.pages.created, report.texts.created, report.texts.changed) == (0, 0, 2)
    assert published(database, "de")[901]["id"] == entries[101]


def test_a_text_is_found_by_its_counterpart_when_id_and_address_are_new(database):
    files = region()
    run(database, files)
    entry = published(database, "en")[203]["id"]
    files["de"][2]["available_languages"]["en"]["id"] = 933
    files["en"][3].update(id=933, path="/kreis/en/rubbish/")
    assert run(database, files).pages.created == 0
    assert published(database, "en")[933]["id"] == entry
    with pytest.raises(Conflict, match="belong to different pages here"):
        run(database, crossed(files))


def crossed(files):
    """One page whose languages are texts of two pages here."""
    wrong = copy.deepcopy(files)
    wrong["de"][0]["available_languages"]["en"]["id"] = 933
    wrong["en"][3]["available_languages"]["de"]["id"] = 101
    wrong["de"][2]["available_languages"] = {}
    wrong["en"][0]["available_languages"] = {}
    wrong["en"] = wrong["en"][:1] + wrong["en"][2:]
    return wrong


def test_only_pages_that_changed_their_place_move(database):
    files = {"de": [page(number, f"/kreis/de/p{number}/", order=number) for number in range(1, 9)]}
    run(database, files)
    texts_of(files)[2]["order"] = 99
    report = run(database, files)
    assert (report.pages.changed, report.texts.changed, report.documents) == (1, 0, 1)
    assert numbers_under(published(database, "de"), None) == [1, 3, 4, 5, 6, 7, 8, 2]


def test_new_and_moved_pages_find_their_place_among_what_stands(database):
    files = {"de": [page(number, f"/kreis/de/p{number}/", order=number) for number in range(1, 5)]}
    run(database, files)
    city = opened(database)
    own = plant(city, "Eigene Seite")
    files["de"][0].update(order=7)
    files["de"].append(page(5, "/kreis/de/p2/p5/", parent=(70, "/kreis/de/p2/")))
    files["de"].append(page(6, "/kreis/de/p6/", order=0))
    report = run(database, files)
    assert (report.pages.created, report.pages.changed, report.pages.unchanged) == (2, 2, 2)
    found = published(database, "de")
    assert [one for one in numbers_under(found, None) if one < 100] == [6, 2, 3, 4, 1]
    assert numbers_under(found, "/kreis/de/p2/") == [5]
    assert own in {one["id"] for one in found.values()}


def test_a_page_can_change_places_with_its_parent(database):
    above, below = "/kreis/de/a/", "/kreis/de/b/"
    run(database, {"de": [page(1, above), page(2, "/kreis/de/a/b/", parent=(70, above))]})
    run(database, {"de": [page(1, "/kreis/de/b/a/", parent=(71, below)), page(2, below)]})
    assert {number: one["path"] for number, one in published(database, "de").items()} == {1: "/kreis/de/b/a/", 2: below}


def test_another_thumbnail_changes_the_page(database):
    files = region()
    run(database, files)
    files["de"][0]["thumbnail"] = "https://cdn.example/new.png"
    report = run(database, files)
    assert (report.pages.changed, report.texts.changed, report.documents) == (1, 0, 2)


def test_pages_that_the_file_no_longer_has_are_reported_and_stay(database):
    files = region()
    run(database, files)
    del files["en"][2]
    report = run(database, files)
    assert report.missing == ["/kreis/en/english-only/"]
    assert report.nothing_changed
    assert 204 in published(database, "en")


def test_facts_of_the_city_change_when_they_are_given(database):
    run(database, region())
    report = run(database, region(), name="Kreis Kreis", postal_codes=["86150"])
    assert report.tenant_changed
    with database.unit_of_work(NO_TENANT) as db:
        city = tenants.find(db, "kreis")
    assert (city.full_name, city.postal_codes, city.app_url) == ("Kreis Kreis", ["86150"], APP)
    assert run(database, region(), name="").nothing_changed
    run(database, region(), name="Kreis")
    with database.unit_of_work(NO_TENANT) as db:
        assert tenants.find(db, "kreis").full_name == "Kreis"


# What editors did in between


def test_words_edited_here_stay_while_the_file_says_nothing_new(database):
    run(database, region())
    city = opened(database)
    entry = published(database, "de")[103]["id"]
    save(city, entry, content="<p>Von Hand</p>")
    report = run(database, region())
    assert report.nothing_changed
    assert [(note.where, note.language) for note in report.notes] == [("pages.de.json, page /kreis/de/müll/", "de")]
    assert published(database, "de")[103]["content"] == "<p>Von Hand</p>"


def test_words_edited_here_and_in_the_file_are_kept_as_a_version_and_reported(database):
    files = region()
    run(database, files)
    city = opened(database)
    entry = published(database, "de")[103]["id"]
    save(city, entry, content="<p>Von Hand</p>")
    texts_of(files)[103].update(content="<p>Neu</p>", last_updated=LATE)
    report = run(database, files)
    assert "edited here and changed in the file" in report.notes[0].what
    with city.read() as db:
        assert [one.content for one in content.versions(db, entry, "de")][:2] == ["<p>Neu</p>", "<p>Von Hand</p>"]


def test_a_text_that_was_taken_offline_stays_offline(database):
    files = region()
    run(database, files)
    take_offline(opened(database), published(database, "de")[103]["id"], ["de"])
    assert run(database, files).nothing_changed
    texts_of(files)[103].update(content="<p>Neu</p>")
    report = run(database, files)
    assert "not public here" in report.notes[0].what
    assert 103 not in published(database, "de")


def test_the_file_decides_where_pages_stand(database):
    run(database, region())
    found = published(database, "de")
    move(opened(database), found[103]["id"], under=found[101]["id"])
    assert run(database, region()).pages.changed == 1
    assert published(database, "de")[103]["parent_path"] is None


def test_a_page_is_not_planted_where_the_parent_is_archived(database):
    files = region()
    run(database, files)
    archive(opened(database), published(database, "de")[103]["id"])
    files["de"].append(page(105, "/kreis/de/müll/neu/", parent=(70, "/kreis/de/müll/")))
    with pytest.raises(Invalid, match=r"^pages\.de\.json, page /kreis/de/müll/neu/: .*archived"):
        run(database, files)


def test_an_id_that_belongs_to_another_text_here_is_refused(database):
    run(database, region())
    before = everything(database)
    with pytest.raises(Conflict, match="the id 201 belongs to another text here"):
        run(database, {"de": [page(201, "/kreis/de/neu/")]})
    assert everything(database) == before


def test_an_address_that_belongs_to_another_page_here_is_refused(database):
    files = region()
    run(database, files)
    files["de"][2]["path"] = "/kreis/de/neu/"
    run(database, files)
    files["de"][0]["path"] = "/kreis/de/müll/"
    files["de"][1].update(path="/kreis/de/müll/amt/", parent={"id": 7001, "path": "/kreis/de/müll/"})
    before = everything(database)
    with pytest.raises(Conflict, match=r"page /kreis/de/müll/: .*is free"):
        run(database, files)
    assert everything(database) == before


# What is refused


def changed(language, index, **facts):
    def change(files):
        files[language][index].update(facts)

    return change


def without(field):
    def change(files):
        del files["de"][1][field]

    return change


OFFICE = "pages.de.json, page /kreis/de/willkommen/amt/"
REFUSED = {
    "a missing parent": (
        changed("de", 1, parent={"id": 5, "path": "/kreis/de/weg/"}),
        f"{OFFICE}: its parent /kreis/de/weg/ is not in the file",
    ),
    "a page that is its own parent": (
        changed("de", 1, parent={"id": 5, "path": "/kreis/de/willkommen/amt/"}),
        f"{OFFICE}: its parents go round in a circle",
    ),
    "a cycle": (
        changed("de", 0, parent={"id": 5, "path": "/kreis/de/willkommen/amt/"}),
        "page /kreis/de/willkommen/: its parents go round in a circle",
    ),
    "a path that is not its parent's": (
        changed("de", 1, path="/kreis/de/anderswo/amt/"),
        "page /kreis/de/anderswo/amt/: the path does not lie directly below that of its parent",
    ),
    "two pages with one path": (changed("de", 2, path="/kreis/de/willkommen/"), "two pages have this path"),
    "two pages with one last segment": (
        changed("de", 2, path="/kreis/de/amt/"),
        "page /kreis/de/amt/: the last segment “amt” is also that of /kreis/de/willkommen/amt/",
    ),
    "one id twice": (changed("de", 1, id=101), f"{OFFICE}: the id 101 is also that of /kreis/de/willkommen/"),
    "one id in both files": (changed("en", 2, id=101), "page /kreis/en/english-only/: the id 101 is also that of"),
    "an id of a wrong type": (changed("de", 1, id="102"), f"{OFFICE}: “id” is text, not a whole number"),
    "an id that is true": (changed("de", 1, id=True), f"{OFFICE}: “id” is true or false, not a whole number"),
    "an id of nought": (changed("de", 1, id=0), f"{OFFICE}: “id” is 0"),
    "an id too great": (changed("de", 1, id=2**53), f"{OFFICE}: “id” is {2**53}; it must be below 2^53"),
    "a title that is empty": (changed("de", 1, title=None), f"{OFFICE}: “title” is empty, not text"),
    "a title without words": (changed("de", 1, title="  "), f"{OFFICE}: A text needs a title"),
    "a title too long": (changed("de", 1, title="x" * 1001), f"{OFFICE}: The title has 1001 characters"),
    "content that is a list": (changed("de", 1, content=[]), f"{OFFICE}: “content” is a list, not text"),
    "a NUL character": (changed("de", 1, content="a\0b"), f"{OFFICE}: “content” holds a NUL character"),
    "a body of 50 MB": (changed("de", 1, content="x" * 50_000_000), f"{OFFICE}: the text has 50000000 characters"),
    "an order of a wrong type": (changed("de", 1, order=1.5), f"{OFFICE}: “order” is a decimal number"),
    "a time without a zone": (changed("de", 1, last_updated="2024-01-01T10:00:00"), f"{OFFICE}: “last_updated” is"),
    "a time that is none": (changed("de", 1, last_updated="yesterday"), f"{OFFICE}: “last_updated” is “yesterday”"),
    "a parent of a wrong type": (changed("de", 1, parent=7), f"{OFFICE}: “parent” is a whole number, not an object"),
    "languages of a wrong type": (
        changed("de", 1, available_languages=[]),
        f"{OFFICE}: “available_languages” is a list",
    ),
    "a thumbnail that is a script": (changed("de", 1, thumbnail="javascript:1"), f"{OFFICE}: “thumbnail” is"),
    "a thumbnail of a wrong type": (changed("de", 1, thumbnail=5), f"{OFFICE}: “thumbnail” is a whole number"),
    "a missing field": (without("order"), f"{OFFICE}: “order” is missing"),
    "a missing path": (without("path"), "pages.de.json, page 2: “path” is missing"),
    "a page that is no object": (lambda files: files["de"].append(7), "pages.de.json, page 4: a whole number stands"),
    "a path that is none": (changed("de", 2, path="/kreis/"), "page /kreis/: “path” must read /REGION/de/"),
    "a path in another language": (changed("de", 2, path="/kreis/en/neu/"), "belongs to the language “en”"),
    "a path in another region": (changed("de", 2, path="/stadt/de/neu/"), "belongs to another region than"),
    "a reserved path": (changed("de", 2, path="/kreis/de/news/"), "“news” is reserved on the first level"),
    "a path that breaks requests": (changed("de", 2, path="/kreis/de/a&b/"), "page /kreis/de/a&b/: “a&b” cannot stand"),
    "languages that contradict each other": (
        changed("de", 2, available_languages={"en": {"id": 201}}),
        "page /kreis/de/müll/: it names 201 as its text in “en”, but that one names 101",
    ),
    "an id of another language": (
        changed("de", 2, available_languages={"en": {"id": 101}}),
        "it names 101 as its text in “en”, but that one is in “de”",
    ),
    "languages with different parents": (
        lambda files: files["en"][1].update(
            path="/kreis/en/waste/office/", parent={"id": 7009, "path": "/kreis/en/waste/"}
        ),
        "page /kreis/en/waste/office/: its parent is another page than that of /kreis/de/willkommen/amt/",
    ),
    "a parent with two ids": (
        changed("en", 1, parent={"id": 7002, "path": "/kreis/en/welcome/"}),
        "page /kreis/en/welcome/office/: it names 7002 as its parent, another page names 7001",
    ),
}


@pytest.mark.parametrize(("break_it", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_wrong_is_refused_naming_file_and_page(break_it, sentence):
    files = region()
    break_it(files)
    with pytest.raises(Invalid) as refused:
        planned(files)
    assert sentence in refused.value.message
    assert refused.value.message.startswith(("pages.de.json, page ", "pages.en.json, page "))
    assert "\n" not in refused.value.message
    assert len(refused.value.message) < 300


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (orjson.dumps(region()["de"])[:-40], "the file is no complete JSON"),
        (b"", "the file is no complete JSON"),
        (b"[" * 100_000, "the file is no complete JSON"),
        ("[\u00fc]".encode("latin-1"), "byte 1 is not UTF-8"),
        (b'{"error": "no"}', "the file holds an object, not a list of pages"),
        (b"[]", "the list of pages is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(raw, sentence):
    with pytest.raises(Invalid) as refused:
        imports.parse(raw, name="pages.de.json", language="de")
    assert refused.value.message.startswith(f"pages.de.json: {sentence}")


def test_a_byte_order_mark_does_no_harm():
    raw = b"\xef\xbb\xbf" + orjson.dumps(region()["de"])
    assert len(imports.parse(raw, name="pages.de.json", language="de").pages) == 3


def test_a_language_nobody_knows_and_one_given_twice_are_refused():
    with pytest.raises(Invalid, match=r"^pages\.xx\.json: “xx” is not in the registry"):
        imports.parse(b"[]", name="pages.xx.json", language="xx")
    dump = imports.parse(orjson.dumps(region()["de"]), name="pages.de.json", language="de")
    with pytest.raises(Invalid, match="“de” was given twice"):
        imports.plan([dump, dump])


# The terminal


@pytest.fixture
def terminal(settings, database, tmp_path):
    """Runs `cityinfo import integreat kreis` on files in a folder."""

    def call(files, *more):
        for language, found in files.items():
            raw = found if isinstance(found, bytes) else orjson.dumps(found)
            (tmp_path / f"pages.{language}.json").write_bytes(raw)
        sources = [f"--language={language}={tmp_path / f'pages.{language}.json'}" for language in files]
        return called(settings, "import", "integreat", "kreis", "--name", "Landkreis Kreis", *sources, *more)

    return call


def called(settings, *words):
    environment = {
        "CITYINFO_DATA_DIR": str(settings.data_dir),
        "CITYINFO_DATABASE_URL": settings.database,
        "CITYINFO_PLATFORM_ROLE": settings.platform_role,
    }
    return CliRunner().invoke(main, [*words], env=environment)


def test_the_terminal_reports_and_says_when_nothing_changed(terminal, tmp_path):
    first = terminal(region(), "--report", str(tmp_path / "report.json"))
    assert first.exit_code == 0
    assert "kreis: created; 7 published documents changed." in first.stdout
    assert "Texts: 7 (7 new, 0 changed, 0 unchanged)" in first.stdout
    assert "Links turned into references: 1" in first.stdout
    assert json.loads((tmp_path / "report.json").read_text())["findings"]["removed"] == {
        "p[style]": {"/kreis/de/willkommen/amt/": 1}
    }
    second = terminal(region())
    assert second.exit_code == 0
    assert "kreis: nothing changed" in second.stdout


def test_long_lists_are_cut(terminal):
    files = region()
    files["de"][0]["content"] = "".join(f'<a href="{APP}/kreis/de/weg-{number}/">x</a>' for number in range(30))
    out = terminal(files).stdout
    assert "Links that point nowhere: 30" in out
    assert "  … and 10 more" in out


BROKEN = {
    "truncated": (
        lambda files: files.update(de=orjson.dumps(files["de"])[:500]),
        "pages.de.json: the file is no complete JSON",
    ),
    "not UTF-8": (
        lambda files: files.update(en="[ü]".encode("latin-1")),
        "pages.en.json: byte 1 is not UTF-8",
    ),
    "an unknown language": (
        lambda files: files.update(xx=[page(1, "/kreis/xx/a/")]),
        "pages.xx.json: “xx” is not in the registry",
    ),
    **{
        name: REFUSED[name]
        for name in (
            "a missing parent",
            "a cycle",
            "two pages with one path",
            "an order of a wrong type",
            "a body of 50 MB",
        )
    },
}


@pytest.mark.parametrize(("break_it", "sentence"), BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("is_new", [True, False], ids=["new city", "existing city"])
def test_bad_input_ends_with_one_sentence_and_not_a_row_changed(database, terminal, break_it, sentence, is_new):
    if not is_new:
        run(database, region())
    files = region()
    texts_of(files)[101]["title"] = "Etwas Neues"
    break_it(files)
    before = everything(database)
    result = terminal(files)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert everything(database) == before


@pytest.mark.parametrize("source", ["de", "de=", "=pages.json", "de=/no/such/file.json", "de=ftp://kreis.example/"])
def test_a_source_that_is_none_is_refused_in_one_line(settings, database, source):
    result = called(settings, "import", "integreat", "kreis", "--name", "Kreis", "--language", source)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1


# Addresses


def server(answer):
    return IntegreatServer(httpx.MockTransport(answer))


def test_an_address_is_read_across_a_few_redirects():
    def answer(request):
        if request.url.path == "/pages":
            return httpx.Response(301, headers={"location": "/pages/"})
        return httpx.Response(200, content=b"[1]")

    assert server(answer).fetch("https://cms.example/pages", most=10) == b"[1]"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda request: httpx.Response(404), Invalid),
        (lambda request: httpx.Response(503), Unavailable),
        (lambda request: httpx.Response(200, content=b"x" * 11), Invalid),
        (lambda request: httpx.Response(302, headers={"location": str(request.url)}), Invalid),
        (lambda request: httpx.Response(302, headers={"location": "file:///etc/passwd"}), Invalid),
    ],
)
def test_an_address_that_gives_no_pages_is_refused_by_name(answer, problem):
    with pytest.raises(problem, match=r"^https://cms\.example/pages/: "):
        server(answer).fetch("https://cms.example/pages/", most=10)


def test_a_server_that_cannot_be_reached_may_answer_later():
    def fail(request):
        raise httpx.ConnectTimeout("too slow", request=request)

    with pytest.raises(Unavailable, match="takes too long"):
        server(fail).fetch("https://cms.example/pages/", most=10)


# Real pages


def seen(markup):
    """What a browser shows of markup: words, addresses of links, addresses of images."""
    body = LexborHTMLParser(f"<body>{markup}").body
    return (
        " ".join(body.text().split()),
        [normal(link.attributes["href"] or "") for link in body.css("a[href]")],
        [image.attributes["src"] for image in body.css("img")],
    )


def normal(address):
    return unquote(address).lower().rstrip("/") if urlsplit(address).netloc == "integreat.app" else address


@pytest.fixture(scope="module")
def augsburg():
    return {language: json.loads((DATA / f"pages.{language}.json").read_text()) for language in ("de", "en")}


@real_data
@pytest.mark.slow
def test_real_pages_come_out_as_they_went_in(database, augsburg):
    report = run(database, augsburg, slug="lkaugsburg", name="Landkreis Augsburg")
    assert (report.pages.created, report.texts.created, report.documents) == (238, 471, 471)
    for language, source in augsburg.items():
        found = published(database, language, "lkaugsburg")
        assert found.keys() == {one["id"] for one in source}
        for one in source:
            assert_same(one, found[one["id"]], augsburg)
        for parent in {one["parent"]["path"] for one in source}:
            below = sorted((one for one in source if one["parent"]["path"] == parent), key=lambda one: one["order"])
            assert numbers_under(found, parent) == [one["id"] for one in below]


def assert_same(source, here, files):
    assert (here["path"], here["title"]) == (source["path"], source["title"])
    assert here["parent_path"] == source["parent"]["path"]
    assert datetime.fromisoformat(here["changed_at"]) == datetime.fromisoformat(source["last_updated"])
    assert here["thumbnail"] == source["thumbnail"]
    assert here["others"] == {of: one["id"] for of, one in source["available_languages"].items() if of in files}
    assert seen(written_out(here)) == seen(source["content"])


def written_out(here):
    from cityinfo.kernel import html

    def address(entry_id, language):
        return APP + here["address_of"](entry_id, language or here["language"])

    return html.resolve_references(here["content"], address)


@real_data
@pytest.mark.slow
def test_real_pages_a_second_time(database, augsburg):
    run(database, augsburg, slug="lkaugsburg", name="Landkreis Augsburg")
    before = everything(database)
    assert run(database, augsburg, slug="lkaugsburg", name="Landkreis Augsburg").nothing_changed
    assert everything(database) == before
    files = copy.deepcopy(augsburg)
    one = files["de"][100]
    newer = datetime.fromisoformat(one["last_updated"]) + timedelta(days=1)
    one.update(content="<p>Neu</p>", last_updated=newer.isoformat())
    report = run(database, files, slug="lkaugsburg", name="Landkreis Augsburg")
    assert (report.documents, report.texts.changed, report.pages.changed) == (1, 1, 0)
