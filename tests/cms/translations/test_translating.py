"""Translating by plain forms, as it works without scripts, and how far every language is."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from cityinfo.features import content
from tests.cms.conftest import text_of
from tests.factories import plant, save, translate
from tests.web.test_statements import Statements


@pytest.fixture
def page(city):
    """A page whose German has changed since it was translated."""
    page_id = plant(city, "Wohnung anmelden", content="<p>Sie haben eine Woche Zeit.</p><p>Ausweis.</p>")
    translate(city, page_id, "en", "Register", content="<p>One week.</p><p>Passport.</p>")
    save(city, page_id, content="<p>Sie haben zwei Wochen Zeit.</p><p>Ausweis.</p>")
    return page_id


def form(shown):
    """The fields of the form, as a browser sends them."""
    found: dict[str, list[str]] = {}
    for field in LexborHTMLParser(shown).css("#writing input, #writing textarea"):
        if field.attributes.get("type") != "checkbox":
            value = field.text() if field.tag == "textarea" else field.attributes.get("value") or ""
            found.setdefault(field.attributes["name"], []).append(value.removeprefix("\n"))
    return found


def said(sent, before, after):
    """The form with this passage said otherwise."""
    return {**sent, "target": [after if one == before else one for one in sent["target"]]}


def words_of(city, page, language="en"):
    with city.read() as db:
        return content.version(db, content.find_text(db, page, language).current_version_id).content


def test_what_changed_in_the_source_is_marked_and_the_rest_is_settled(people, page):
    shown = text_of(people("translator", languages=["en"]).get(f"/translations/en/{page}"))
    assert shown.count("pair--open") == 1
    marked = LexborHTMLParser(shown)
    assert [one.text(strip=True) for one in marked.css(".src ins")] == ["neu:zwei", "neu:Wochen"]


def test_a_passage_is_translated_and_no_other_word_is_touched(city, people, page):
    someone = people("translator", languages=["en"], may_publish=True)
    sent = form(text_of(someone.get(f"/translations/en/{page}")))
    sent = said(sent, "<p>One week.</p>", "<p>Two weeks.</p>") | {"settled": [*sent["settled"], "1"], "do": "publish"}
    assert someone.post(f"/translations/en/{page}", sent).status_code == 303
    assert words_of(city, page) == "<p>Two weeks.</p><p>Passport.</p>"
    with city.read() as db:
        assert content.states(db, [page])[page, "en"] is content.State.UP_TO_DATE


def test_nobody_translates_into_a_language_that_is_not_theirs(people, page):
    someone = people("translator", languages=["ar"])
    sent = form(text_of(people("editor").get(f"/translations/en/{page}")))
    sent = said(sent, "<p>One week.</p>", "<p>Two weeks.</p>") | {"do": "save"}
    assert someone.post(f"/translations/en/{page}", sent).status_code == 403


def test_a_form_that_lost_a_passage_changes_nothing(city, people, page):
    someone = people("editor")
    sent = form(text_of(someone.get(f"/translations/en/{page}"))) | {"target": ["Register"], "do": "save"}
    assert someone.post(f"/translations/en/{page}", sent).status_code == 422
    assert words_of(city, page) == "<p>One week.</p><p>Passport.</p>"


def test_progress_leads_to_the_text_that_asks_for_work_next(people, page):
    someone = people("translator", languages=["en"])
    assert "/translations/en/next" in text_of(someone.get("/translations"))
    assert someone.get("/translations/en/next").headers["Location"].endswith(f"/translations/en/{page}")
    assert "Wohnung anmelden" in text_of(someone.get("/translations/en/texts?standing=outdated"))


def test_progress_takes_as_many_statements_for_many_pages(city, people, page):
    someone, asked = people("editor"), Statements(city.database.engine)
    few = asked.of(lambda: someone.get("/translations"))
    for number in range(6):
        plant(city, f"Seite {number}", under=page)
    assert asked.of(lambda: someone.get("/translations")) == few


def test_what_readers_have_of_a_text_now_is_said_while_it_is_translated(city, people, page):
    someone = people("editor")
    assert 'id="readers"' not in text_of(someone.get(f"/translations/en/{page}"))
    missing = text_of(someone.get(f"/translations/ar/{page}"))
    assert "Leser dieser Sprache sehen diesen Text noch nicht." in missing
    assert "Öffentlich ist sie auf: Deutsch, Englisch." in missing
    hidden = plant(city, "Entwurf", public=False)
    assert "Sie ist in keiner Sprache öffentlich." in text_of(someone.get(f"/translations/ar/{hidden}"))


def test_a_text_by_machine_is_named_until_a_person_has_checked_and_published_it(city, people, page):
    save(city, page, "en", content="<p>Two weeks.</p><p>Passport.</p>", origin="machine")
    someone = people("editor")
    assert "die eine Maschine gemacht hat" in text_of(someone.get(f"/translations/en/{page}"))
    sent = form(text_of(someone.get(f"/translations/en/{page}")))
    someone.post(f"/translations/en/{page}", {**sent, "do": "confirm"})
    assert "die eine Maschine gemacht hat" not in text_of(someone.get(f"/translations/en/{page}"))
