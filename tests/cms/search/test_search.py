"""What readers look for in vain, and the words that help them."""

from __future__ import annotations

from cityinfo.cms.search import views
from cityinfo.features import search
from cityinfo.kernel import clock
from tests.cms.conftest import text_of

RUBBISH = {"language": "de", "words": "Sperrmüll, Möbel abholen"}


def groups(city):
    with city.read() as db:
        return [list(one.words) for one in search.synonym_groups(db)]


def missed(city, query, times=5):
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        search.count_misses(db, clock.now().date(), {("de", query): times})


def test_an_editor_sees_what_was_missed_and_names_words_for_it(city, people):
    missed(city, "sperrmüll")
    editor = people("editor")
    shown = text_of(editor.get("/search"))
    assert "<bdi>sperrmüll</bdi>" in shown
    assert "5-mal" in shown
    editor.post("/search/words", RUBBISH)
    assert groups(city) == [["Sperrmüll", "Möbel abholen"]]
    assert "Sperrmüll, Möbel abholen" in text_of(editor.get("/search"))


def test_what_hardly_anyone_typed_is_not_shown(city, people):
    missed(city, "herr müller", times=2)
    assert "herr müller" not in text_of(people("editor").get("/search"))


def test_what_was_typed_stays_when_it_is_refused(city, people):
    refused = people("editor").post("/search/words", {"language": "de", "words": "allein"})
    assert refused.status_code == 422
    assert "allein</textarea>" in text_of(refused)
    assert groups(city) == []


def test_words_are_changed_and_removed(city, people):
    editor = people("editor")
    editor.post("/search/words", RUBBISH)
    with city.read() as db:
        (group,) = search.synonym_groups(db)
    here = f"/search/words/{group.id}"
    editor.post(here, {"words": "Sperrmüll\nSofa", "revision": "1"})
    assert groups(city) == [["Sperrmüll", "Sofa"]]
    overtaken = editor.post(here, {"words": "Sperrmüll, Bett", "revision": "1"})
    assert overtaken.status_code == 409
    assert "Sperrmüll, Bett</textarea>" in text_of(overtaken)
    editor.post(f"{here}/remove", {"words": "x", "revision": "2"})
    assert groups(city) == []


def test_long_lists_come_in_sheets(city, people, monkeypatch):
    monkeypatch.setattr(views, "ON_A_SHEET", 1)
    missed(city, "sperrmüll", times=9)
    missed(city, "waschmaschine", times=4)
    editor = people("editor")
    assert "waschmaschine" not in text_of(editor.get("/search"))
    assert "waschmaschine" in text_of(editor.get("/search?from=1"))


def test_authors_do_not_see_searches(people):
    assert people("author").get("/search").status_code == 403
