"""The first screen: what needs whom."""

from __future__ import annotations

import re

from cityinfo.cms.dashboard import views
from cityinfo.features import content
from tests.cms.conftest import text_of
from tests.factories import plant, translate
from tests.factories_events import hold
from tests.web.test_statements import Statements


def submit(city, someone, page, **said):
    with city.read() as db:
        revision = content.find_text(db, page, "de").revision
    words = {"title": f"Neu {page}", "content": "<p>x</p>", "revision": revision, "do": "submit", **said}
    someone.post(f"/texts/{page}/de", words)


def test_a_day_on_which_nothing_waits_is_calm(people):
    assert "Nichts braucht Sie." in text_of(people("editor").get("/"))


def test_the_number_leads_to_a_list_of_as_many(city, people):
    author, editor = people("author"), people("editor")
    for number in range(6):
        submit(city, author, plant(city, f"Seite {number}"), message="Bitte bald.")
    shown = text_of(editor.get("/"))
    assert "Alle 6 zeigen" in shown
    assert shown.count("Bitte bald.") == 4
    assert text_of(editor.get("/waiting/review")).count("Bitte bald.") == 6
    assert "6 Seiten: Wartet auf meine Prüfung" in text_of(editor.get("/pages?waits=review"))
    assert "Wartet auf meine Prüfung" not in text_of(author.get("/"))


def test_much_takes_as_many_statements_as_little(city, people):
    author, editor, asked = people("author"), people("editor"), Statements(city.database.engine)
    submit(city, author, plant(city, "Seite"))
    little = asked.of(lambda: editor.get("/"))
    for number in range(8):
        submit(city, author, plant(city, f"Seite {number}"))
    assert asked.of(lambda: editor.get("/")) == little


def test_translations_lead_to_lists_of_as_many(city, people):
    pages = [plant(city, f"Seite {number}") for number in range(3)]
    translate(city, pages[0], "en", "Page")
    translator = people("translator", languages=["en"])
    shown = text_of(translator.get("/"))
    assert "Fehlt: 2" in shown
    assert "Arabisch" not in shown
    assert "2 Texte" in text_of(translator.get("/translations/en/texts?standing=missing"))


def test_events_wait_like_pages(city, people):
    event = hold(city, "Sprachcafé", "2100-05-04T15:00")
    submit(city, people("author"), event, message="Neue Zeit.")
    editor = people("editor")
    shown = text_of(editor.get("/"))
    assert "Veranstaltung · Deutsch" in shown
    assert f"/texts/{event}/de" in shown
    assert "Neue Zeit." in text_of(editor.get("/waiting/review"))


def test_a_long_list_of_what_waits_comes_in_sheets(city, people, monkeypatch):
    monkeypatch.setattr(views, "ON_A_SHEET", 3)
    author, editor = people("author"), people("editor")
    for number in range(5):
        submit(city, author, plant(city, f"Seite {number}"), message="Bitte bald.")
    first = text_of(editor.get("/waiting/review"))
    assert ("5 Einträge" in first, first.count("Bitte bald.")) == (True, 3)
    further = re.search(r'href="/cms/teststadt(/waiting/review[^"]*after=[^"]*)"', first)[1]
    assert text_of(editor.get(further)).count("Bitte bald.") == 2
    assert editor.get("/waiting/nothing").status_code == 404
