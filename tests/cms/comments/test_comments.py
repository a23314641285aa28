"""Comments on a text as people read and write them, without scripts and as the part that scripts ask for."""

from __future__ import annotations

import pytest

from cityinfo.features import comments
from tests.cms.conftest import text_of
from tests.factories import plant
from tests.web.test_statements import Statements

PART = {"HX-Request": "true"}


@pytest.fixture
def page(city):
    return plant(city, "Amt", content="<p>Wir haben am Montag auf.</p>")


@pytest.fixture
def editor(people):
    return people("editor")


def at(page, rest="", language="de"):
    return f"/texts/{page}/{language}/comments{rest}"


def said(city, page, language="de"):
    with city.read() as db:
        return comments.conversations(db, page, language)


def test_a_comment_is_written_answered_and_resolved_without_scripts(city, people, editor, page):
    author = people("author")
    written = author.post(at(page), {"words": "Stimmt <b>das</b>?", "quote": "am Montag", "mention": editor.name})
    assert written.status_code == 303
    (one,) = said(city, page)
    shown = editor.get(at(page)).get_data(as_text=True)
    assert "Stimmt &lt;b&gt;das&lt;/b&gt;?" in shown
    editor.post(at(page, f"/{one.thread.id}/answer"), {"words": "Ja."})
    editor.post(at(page, f"/{one.thread.id}/resolve"))
    assert "Nichts ist offen." in text_of(editor.get(at(page)))
    assert "Erledigt von Editor" in text_of(editor.get(at(page, "?show=resolved")))
    editor.post(at(page, f"/{one.thread.id}/reopen"), {"show": "resolved"})
    assert "Ja." in text_of(author.get(at(page)))


def test_what_cannot_be_taken_comes_back_as_it_was_typed(editor, page):
    refused = editor.post(at(page), {"words": " ", "quote": "am Montag"}, headers=PART)
    assert refused.status_code == 422
    assert "Schreiben Sie, was Sie sagen möchten." in text_of(refused)
    assert ">\nam Montag</textarea>" in text_of(refused)
    assert "<html" not in text_of(refused)


def test_a_passage_that_has_gone_is_shown_with_a_word_about_it(editor, page):
    editor.post(at(page), {"words": "Hier?", "quote": "am Dienstag"})
    shown = text_of(editor.get(at(page)))
    assert "am Dienstag" in shown
    assert "data-gone>Diese Stelle steht nicht mehr im Text." in shown


def test_only_ones_own_comment_can_be_changed_or_deleted(city, people, editor, page):
    editor.post(at(page), {"words": "Meins"})
    (one,) = said(city, page)
    observer = people("observer")
    assert "Löschen" not in text_of(observer.get(at(page)))
    assert observer.post(at(page, f"/{one.thread.id}/delete")).status_code == 422
    editor.post(at(page, f"/{one.thread.id}/change"), {"words": "Anders"})
    assert "Anders" in text_of(editor.get(at(page)))
    editor.post(at(page, f"/{one.thread.id}/delete"))
    assert said(city, page) == []


def test_a_comment_on_another_text_is_not_found_here(city, editor, page):
    editor.post(at(page), {"words": "Meins"})
    (one,) = said(city, page)
    assert editor.post(at(page, f"/{one.thread.id}/resolve", language="en")).status_code == 404
    assert editor.post(at(plant(city, "Anderswo"), f"/{one.thread.id}/resolve")).status_code == 404


def test_open_comments_are_counted_at_the_text_and_in_the_tree(people, editor, page):
    editor.post(at(page), {"words": "Eins"})
    editor.post(at(page, language="en"), {"words": "Two"})
    assert "<span data-number>1</span>" in text_of(editor.get(f"/texts/{page}/de"))
    assert "<span data-number>1</span>" in text_of(editor.get(f"/translations/en/{page}"))
    assert "2 Kommentare" in text_of(editor.get("/pages"))


def test_what_waits_for_me_stands_on_the_first_screen_and_leads_to_the_list(people, editor, page):
    people("author").post(at(page), {"words": "Bitte ansehen", "mention": editor.name})
    shown = text_of(editor.get("/"))
    assert "Kommentare, die auf mich warten" in shown
    assert "Bitte ansehen" in shown
    assert f"/texts/{page}/de#comments" in shown
    assert "Eine Seite: Kommentare, die auf mich warten" in text_of(editor.get("/pages?waits=comments"))


def test_many_comments_take_as_many_statements_as_one(city, editor, page):
    asked = Statements(city.database.engine)
    editor.post(at(page), {"words": "Eins", "quote": "am Montag"})
    few = asked.of(lambda: editor.get(at(page)))
    for number in range(5):
        editor.post(at(page), {"words": f"Noch {number}", "quote": "am Montag"})
    assert asked.of(lambda: editor.get(at(page))) == few
