"""A city tells another one what its page should say, and reads what became of that, without a browser."""

from __future__ import annotations

import re

import pytest

from cityinfo.features import corrections, proposals
from tests.cms.conftest import text_of
from tests.factories import plant, save
from tests.features.commons.commons import subscribe, work
from tests.features.upstream.conftest import here

WORDS = {"title": "Führerschein", "content": "Das Amt hilft.\n\nDer Antrag kostet 43 Euro.", "message": "Seit Mai."}


@pytest.fixture
def taken(library, city, giver, page):
    """The same page, as it is here."""
    subscribe(city, giver, page, by_itself=True)
    work(library, giver, city)
    return here(city, page)


@pytest.fixture
def editor(people):
    return people("editor")


def proposal(giver):
    with giver.read() as db:
        return proposals.waiting(db)[0].id


def test_the_form_begins_with_our_words_beside_theirs(city, taken, editor):
    save(city, taken, content="<p>Das Amt am Markt hilft.</p><p>Der Antrag kostet 35 Euro.</p>")
    assert f"/commons/corrections/{taken}/de" in text_of(editor.get(f"/texts/{taken}/de"))
    shown = text_of(editor.get(f"/commons/corrections/{taken}/de"))
    assert "Was Stadt Geberstadt schreibt" in shown
    assert "<p>Das Amt hilft.</p>" in shown
    assert "Das Amt am Markt hilft.\n\nDer Antrag kostet 35 Euro.</textarea>" in shown


def test_what_is_refused_comes_back_as_it_was_typed(city, giver, page, taken, editor):
    refused = editor.post(f"/commons/corrections/{taken}/de", {**WORDS, "message": " "})
    assert refused.status_code == 422
    assert "Schreiben Sie, warum" in text_of(refused)
    assert "Der Antrag kostet 43 Euro.</textarea>" in text_of(refused)
    same = {**WORDS, "content": "Das Amt hilft.\n\nDer Antrag kostet 35 Euro."}
    refused = editor.post(f"/commons/corrections/{taken}/de", same)
    assert refused.status_code == 422
    assert "Seit Mai.</textarea>" in text_of(refused)
    editor.post(f"/commons/taken/{giver.tenant_id}/{page}/end")
    late = editor.post(f"/commons/corrections/{taken}/de", WORDS)
    assert late.status_code == 404
    assert "Der Antrag kostet 43 Euro.</textarea>" in text_of(late)
    with city.read() as db:
        assert corrections.count(db) == 0


def test_the_owner_reads_who_proposes_it_and_decides(library, city, giver, page, taken, editor, people_of):
    assert editor.post(f"/commons/corrections/{taken}/de", WORDS).status_code == 303
    assert "unterwegs" in text_of(editor.get("/commons/taken"))
    work(library, giver, city)
    assert "wartet dort auf eine Entscheidung" in text_of(editor.get("/commons/taken"))
    owner = people_of(giver, "editor", name="Geberin")
    inbox = text_of(owner.get("/proposals"))
    assert "Ein Vorschlag wartet auf eine Entscheidung." in inbox
    assert re.search(r"Führerschein</a></h2><p>Seite · Deutsch · <bdi>Stadt Nehmerstadt</bdi>", inbox)
    assert "Ein Vorschlag wartet" in text_of(owner.get("/"))
    path = f"/proposals/{proposal(giver)}"
    shown = text_of(owner.get(path))
    assert "vorgeschlagen von Stadt Nehmerstadt" in shown
    assert "<del>35</del><ins>43</ins>" in shown
    revision = re.search(r'name="text_revision" value="(\d+)"', shown)[1]
    owner.post(f"{path}/accept", {"publish": "1", "text_revision": revision, "entry_revision": "1"})
    work(library, giver, city)
    assert re.search(r"Stadt Geberstadt.*Seit Mai\..*angenommen", text_of(editor.get("/commons/taken")), re.DOTALL)


def test_an_answer_comes_back(library, city, giver, taken, editor, people_of):
    editor.post(f"/commons/corrections/{taken}/de", WORDS)
    work(library, giver, city)
    owner = people_of(giver, "editor", name="Geberin")
    path = f"/proposals/{proposal(giver)}"
    assert "Was antworten Sie Stadt Nehmerstadt?" in text_of(owner.get(path))
    owner.post(f"{path}/return", {"answer": "Bei uns <nicht>."})
    assert "Die andere Stadt liest Ihre Antwort." in text_of(owner.get("/proposals"))
    work(library, giver, city)
    answered = editor.get("/commons/taken").get_data(as_text=True)
    assert "Bei uns &lt;nicht&gt;." in answered
    assert "nicht angenommen" in answered


def test_only_what_came_from_a_city_can_be_corrected_and_only_by_who_writes(city, taken, editor, people):
    own = plant(city, "Eigenes")
    assert editor.get(f"/commons/corrections/{own}/de").status_code == 404
    assert editor.get(f"/commons/corrections/{taken}/en").status_code == 404
    assert people("translator").get(f"/commons/corrections/{taken}/de").status_code == 403
