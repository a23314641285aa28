"""Finding and replacing across the city, without a browser."""

from __future__ import annotations

import re

import pytest

from cityinfo.features import content, replacements
from tests.cms.conftest import text_of
from tests.factories import plant, save, translate
from tests.factories_events import hold
from tests.web.test_statements import Statements

CHANGE = {"words": "Bürgerbüro", "instead": "Rathaus", "minor": "1"}


@pytest.fixture
def editor(people):
    return people("editor")


@pytest.fixture
def texts(city):
    """A page with two sentences, another, and an event."""
    page = plant(city, "Bürgerbüro", content="<p>Das Bürgerbüro hat offen.</p><p>Anderes bleibt.</p>")
    return [page, plant(city, "Umzug", content="<p>Gehen Sie ins Bürgerbüro.</p>"), held(city)]


def held(city):
    return hold(city, "Fest", "2100-05-04T15:00", text="<p>Am Bürgerbüro.</p>")


def look(someone, **fields):
    query = {**CHANGE, **fields}
    return text_of(someone.get("/replacements?" + "&".join(f"{name}={value}" for name, value in query.items())))


def chosen(shown):
    return re.findall(r'name="text" value="(\d+:\d+)"', shown)


def says(city, entry_id, language="de", *, public=True):
    with city.read() as db:
        text = content.find_text(db, entry_id, language)
        return content.version(db, text.public_version_id if public else text.current_version_id).content


def test_what_would_change_is_seen_before_anything_does(city, editor, texts):
    shown = look(editor)
    assert "3 Texte" in shown
    assert "<del>" in shown
    assert "Anderes bleibt." not in shown
    assert "Bürgerbüro" in says(city, texts[0])


def test_all_of_it_is_replaced_and_published_and_taken_back_in_one_step(city, editor, texts):
    before = [says(city, one) for one in texts]
    editor.post("/replacements", {**CHANGE, "text": chosen(look(editor))})
    assert [says(city, one) for one in texts] == [one.replace("Bürgerbüro", "Rathaus") for one in before]
    shown = text_of(editor.get("/replacements"))
    assert "3 Texte geändert." in shown
    editor.post(re.search(r'action="/cms/teststadt(/replacements/\d+/undo)"', shown)[1])
    assert [says(city, one) for one in texts] == before
    assert "zurückgenommen" in text_of(editor.get("/replacements"))


def test_what_was_not_ticked_stays(city, editor, texts):
    editor.post("/replacements", {**CHANGE, "text": chosen(look(editor))[:1]})
    assert ["Rathaus" in says(city, one) for one in texts] == [True, False, False]


def test_drafts_stay_drafts(city, editor, texts):
    save(city, texts[1], content="<p>Neu: ins Bürgerbüro.</p>", public=False)
    editor.post("/replacements", {**CHANGE, "text": chosen(look(editor))})
    assert says(city, texts[1]) == "<p>Gehen Sie ins Bürgerbüro.</p>"
    assert says(city, texts[1], public=False) == "<p>Neu: ins Rathaus.</p>"
    assert "Einer davon ist nicht veröffentlicht." in text_of(editor.get("/replacements"))


def test_translations_stay_up_to_date_only_when_it_is_said(city, editor, texts):
    translate(city, texts[1], "en", "Moving", content="<p>Go there.</p>")
    editor.post("/replacements", {**CHANGE, "text": chosen(look(editor))})
    assert state(city, texts[1]) is content.State.UP_TO_DATE
    back = {"words": "Rathaus", "instead": "Amt", "minor": ""}
    editor.post("/replacements", {**back, "text": chosen(look(editor, **back))})
    assert state(city, texts[1]) is content.State.OUTDATED


def state(city, page):
    with city.read() as db:
        return content.states(db, [page])[page, "en"]


def test_whoever_saved_meanwhile_keeps_their_words(city, editor, texts):
    seen = chosen(look(editor))
    save(city, texts[1], content="<p>Ganz neu im Bürgerbüro.</p>")
    editor.post("/replacements", {**CHANGE, "text": seen})
    assert says(city, texts[1]) == "<p>Ganz neu im Bürgerbüro.</p>"
    shown = text_of(editor.get("/replacements"))
    assert "2 Texte geändert." in shown
    assert "Nicht alles war möglich." in shown


def test_what_was_changed_since_is_not_taken_back(city, editor, texts):
    editor.post("/replacements", {**CHANGE, "text": chosen(look(editor))})
    save(city, texts[1], content="<p>Heute anders.</p>")
    shown = text_of(editor.get("/replacements"))
    editor.post(re.search(r'action="/cms/teststadt(/replacements/\d+/undo)"', shown)[1])
    assert says(city, texts[1]) == "<p>Heute anders.</p>"
    assert "Bürgerbüro" in says(city, texts[0])


def test_nobody_finds_or_changes_what_they_may_not_write(city, people, texts):
    manager, everything = people("event_manager"), chosen(look(people("editor")))
    assert chosen(look(manager)) == everything[2:]
    manager.post("/replacements", {**CHANGE, "text": everything})
    assert "Bürgerbüro" in says(city, texts[0])
    assert "Rathaus" in says(city, texts[2])


def test_whoever_may_not_publish_leaves_drafts(city, people, texts):
    author = people("author")
    author.post("/replacements", {**CHANGE, "text": chosen(look(author))[:1]})
    assert "Bürgerbüro" in says(city, texts[0])
    assert "Rathaus" in says(city, texts[0], public=False)


def test_nothing_chosen_and_nothing_to_look_for_are_said(editor, texts):
    assert "Wählen Sie mindestens einen Text." in text_of(editor.post("/replacements", CHANGE))
    assert "Sagen Sie, welche Worte" in look(editor, words="")
    assert "stehen in keinem Text" in look(editor, words="Wolkenkratzer")


def test_many_hits_come_in_sheets_with_as_many_statements(city, editor, monkeypatch):
    monkeypatch.setattr(replacements.queries, "MOST_AT_ONCE", 3)
    monkeypatch.setattr("cityinfo.cms.replacements.views.MOST_AT_ONCE", 3)
    asked = Statements(city.database.engine)
    plant(city, "Amt", content="<p>Bürgerbüro</p>")
    little = asked.of(lambda: look(editor))
    for number in range(5):
        plant(city, f"Amt {number}", content="<p>Bürgerbüro</p>")
    assert asked.of(lambda: look(editor)) == little
    assert "after=" in look(editor)
