"""A city says on which terms others may use its pages, without a browser."""

from __future__ import annotations

import pytest

from cityinfo.features import commons, pages
from cityinfo.features.commons import Naming
from tests.cms.conftest import text_of
from tests.factories import EDITOR, plant
from tests.features.commons.commons import subscribe


@pytest.fixture
def editor(people):
    return people("editor")


@pytest.fixture
def own(city):
    return plant(city, "Schule")


def terms(city, page):
    with city.read() as db:
        row = commons.offering(db, page)
        return (row.licence, row.attribution, row.note) if row else None


def test_a_page_is_offered_from_beside_its_text_and_withdrawn_again(city, giver, own, editor):
    assert f"/commons/offered/{own}" in text_of(editor.get(f"/texts/{own}/de"))
    form = text_of(editor.get(f"/commons/offered/{own}"))
    assert 'value="Stadt Nehmerstadt"' in form
    assert 'value="CC-BY-4.0" selected' in form
    sent = {"licence": "CC0-1.0", "attribution": "Stadt Nehmerstadt", "note": "Für alle."}
    assert editor.post(f"/commons/offered/{own}", sent).status_code == 303
    assert terms(city, own) == tuple(sent.values())
    assert "Anderen Städten angeboten." in text_of(editor.get(f"/texts/{own}/de"))
    assert "Noch keine Stadt nutzt sie." in text_of(editor.get("/commons/offered"))
    subscribe(giver, city, own)
    assert "Eine Stadt nutzt sie." in text_of(editor.get("/commons/offered"))
    assert "Das ist eine Seite Ihrer Stadt" in text_of(editor.get(f"/commons/{city.tenant_id}/{own}"))
    editor.post(f"/commons/offered/{own}/withdraw")
    assert terms(city, own) is None


def test_terms_that_are_refused_come_back_as_they_were_typed(city, own, editor):
    typed = {"licence": "CC0-1.0", "attribution": " ", "note": "Für <alle> & jeden."}
    refused = editor.post(f"/commons/offered/{own}", typed)
    assert refused.status_code == 422
    shown = text_of(refused)
    assert "Schreiben Sie, wen andere" in shown
    assert "Für <alle> & jeden." in shown
    assert 'value="CC0-1.0" selected' in shown
    assert terms(city, own) is None
    with city.write() as db:
        draft = pages.plant(db, actor=EDITOR).id
    hidden = editor.post(f"/commons/offered/{draft}", {"licence": "CC0-1.0", "attribution": "Wir", "note": ""})
    assert hidden.status_code == 422
    assert "Veröffentlichen Sie" in text_of(hidden)


def test_what_began_with_words_of_others_is_theirs_to_give(city, own, editor):
    with city.write() as db:
        commons.give_credit(db, own, Naming(source="x", licence="CC0-1.0", attribution="Amt X"), actor=EDITOR)
    shown = text_of(editor.get(f"/commons/offered/{own}"))
    assert "Diese Seite begann mit einem Text von Amt X" in shown
    assert 'name="licence"' not in shown
    assert editor.post(f"/commons/offered/{own}", {"licence": "CC0-1.0", "attribution": "Wir"}).status_code == 409
    assert "Nach einem Text von Amt X, CC0 1.0." in text_of(editor.get(f"/texts/{own}/de"))


def test_only_who_may_publish_gives_something_away(city, own, people):
    author = people("author")
    assert author.get("/commons/offered").status_code == 200
    assert author.get(f"/commons/offered/{own}").status_code == 403
    assert author.post(f"/commons/offered/{own}", {"licence": "CC0-1.0", "attribution": "Wir"}).status_code == 403
    assert author.post(f"/commons/offered/{own}/withdraw").status_code == 403
    assert "Anderen Städten anbieten" not in text_of(author.get(f"/texts/{own}/de"))
    translator = people("translator", may_publish=True)
    assert translator.get(f"/commons/offered/{own}").status_code == 403
    assert "Anderen Städten anbieten" not in text_of(translator.get(f"/texts/{own}/en"))
