"""What the template has learned waits in an inbox until somebody decides, without a browser."""

from __future__ import annotations

import re

import pytest

from cityinfo.cms.upstream import lists
from cityinfo.features import content, upstream
from cityinfo.kernel import jobs
from tests.cms.conftest import text_of
from tests.factories import archive, move, plant, save, translate
from tests.features.upstream.conftest import fetch, here, said, standings, state, tree
from tests.web.test_statements import Statements

TWO = "<p>Das Amt hilft.</p><p>Der Antrag kostet 35 Euro.</p>"
DEARER = TWO.replace("35", "42")
OFFICE = TWO.replace("Das Amt", "Das Amt in Zimmer 204")
FREE = TWO.replace("35 Euro", "bei uns nichts")


@pytest.fixture
def page(template):
    page = plant(template, "Führerschein", content=TWO)
    translate(template, page, "en", "Licence", content="<p>The office helps.</p>")
    return page


@pytest.fixture
def town(template, page, town_of):
    return town_of(template)


@pytest.fixture
def editor(people_of, town):
    return people_of(town, "editor")


def address(town, source_entry_id):
    with town.read() as db:
        (following,) = upstream.followings(db)
    return f"/updates/{following.source_id}/{source_entry_id}"


def fields(answer, *names):
    """The fields of the form as the screen has them: hidden ones, and by prefix those to choose from."""
    html = text_of(answer)
    hidden = dict(re.findall(r'type="hidden" name="((?:digest|seen)[^"]*)" value="([^"]*)"', html))
    chosen = {name: re.findall(rf'name="({name}-[^"]+)"', html)[0] for name in names}
    return hidden, chosen


def decide(someone, path, do="accept", **sent):
    hidden, _ = fields(someone.get(path))
    return someone.post(path, {**hidden, "do": do, **sent})


def is_public(town, entry_id, language="de"):
    with town.read() as db:
        text = content.find_text(db, entry_id, language)
        return text.public_version_id == text.current_version_id


def test_what_fits_is_shown_and_taken_with_one_press(library, template, page, town, editor):
    save(town, here(town, page), content=OFFICE)
    save(template, page, content=DEARER)
    fetch(library, town)
    assert "Ein Text der Vorlage ist neu oder hat sich geändert" in text_of(editor.get("/updates"))
    shown = text_of(editor.get(address(town, page)))
    assert "<del>35</del><ins>42</ins>" in shown
    assert "Passt von selbst" in shown
    assert "Nur bei Ihnen, bleibt" in shown
    assert "Danach ist Englisch veraltet" not in shown  # it is already, since ours was changed
    answer = decide(editor, address(town, page), publish="1")
    assert answer.status_code == 303
    assert said(town, here(town, page))[1] == DEARER.replace("Das Amt", "Das Amt in Zimmer 204")
    assert is_public(town, here(town, page))
    assert "Angenommen." in text_of(editor.get("/updates"))


def test_translations_that_fall_behind_are_named_before(library, template, page, town, editor):
    save(template, page, content=DEARER)
    fetch(library, town)
    assert "Englisch veraltet" in text_of(editor.get(address(town, page)))
    decide(editor, address(town, page), publish="1")
    assert state(town, here(town, page), "en") == "outdated"


def test_where_both_changed_the_same_somebody_chooses_and_choices_stay(library, template, page, town, editor):
    save(town, here(town, page), content=FREE)
    save(template, page, title="Führerschein umschreiben", content=DEARER)
    fetch(library, town)
    path = address(town, page)
    refused = decide(editor, path)
    assert refused.status_code == 422
    assert "Eine Stelle ist noch offen" in text_of(refused)
    _, chosen = fields(refused, "choice")
    save(template, page, title="Führerschein tauschen", content=DEARER)
    hidden, _ = fields(refused)
    fetch(library, town)
    overtaken = editor.post(path, {**hidden, "do": "accept", chosen["choice"]: "theirs"})
    assert overtaken.status_code == 409
    assert re.search(rf'name="{chosen["choice"]}" value="theirs"\s+checked', text_of(overtaken))
    assert said(town, here(town, page))[1] == FREE
    assert decide(editor, path, **{chosen["choice"]: "theirs"}).status_code == 303
    assert said(town, here(town, page)) == ("Führerschein tauschen", DEARER)


def test_it_can_be_taken_in_other_words_unless_ours_changed_meanwhile(library, template, page, town, editor):
    save(town, here(town, page), content=FREE)
    save(template, page, content=DEARER)
    fetch(library, town)
    path = address(town, page)
    hidden, _ = fields(editor.get(path))
    number = next(iter(hidden)).removeprefix("digest-")
    opened = editor.post(path, {**hidden, "do": f"edit-{number}"})
    assert "bei uns nichts.\n\nDer Antrag kostet 42 Euro." in text_of(opened)
    hidden, _ = fields(opened)
    typed = {**hidden, "title": "Führerschein", "content": "Er kostet 42 Euro, bei uns 30.", "do": f"edited-{number}"}
    save(town, here(town, page), content=FREE.replace("nichts", "wenig"))
    refused = editor.post(path, typed)
    assert refused.status_code == 409
    assert "Er kostet 42 Euro, bei uns 30." in text_of(refused)
    again, _ = fields(refused)
    assert editor.post(path, {**typed, **again}).status_code == 303
    assert said(town, here(town, page))[1] == "<p>Er kostet 42 Euro, bei uns 30.</p>"


def test_many_are_taken_at_once_and_what_cannot_be_is_named(library, template, page, town, editor, monkeypatch):
    other = plant(template, "Geld", content=TWO)
    above = plant(template, "Steuern")
    below = plant(template, "Steuernummer", under=above)
    fetch(library, town)
    decide(editor, address(town, other))
    save(town, here(town, other), content=FREE)
    for one in (page, other):
        save(template, one, content=DEARER)
    fetch(library, town)
    shown = text_of(editor.get("/updates"))
    assert "Das eine passende annehmen" in shown  # new pages are looked at first, conflicts are decided
    (following,) = _followings(town)
    ticked = [f"{following.source_id}-{one}" for one in (below, above, page, other)]
    answer = editor.post("/updates", {"do": "ticked", "entry": ticked, "publish": "1"})
    assert answer.status_code == 409
    assert re.search(r"Geld</a>: Davon lässt sich nichts", text_of(answer))
    assert ("Steuernummer", "Steuern") in tree(town)
    assert said(town, here(town, page))[1] == DEARER
    undo = re.search(rf"/cms/{town.slug}(/updates/decisions/\d+/undo)", text_of(answer))[1]
    assert editor.post(undo).status_code == 303
    assert said(town, here(town, page))[1] == TWO
    assert ("Steuernummer", "Steuern") not in tree(town)
    monkeypatch.setattr(lists, "SHOWN", 1)
    editor.post("/updates", {"do": "all"})
    assert said(town, here(town, page))[1] == DEARER


def test_a_moved_page_and_a_withdrawn_one_are_decided_about(library, template, page, town_of, people_of):
    parent, old = plant(template, "Verkehr"), plant(template, "Altes")
    translate(template, parent, "en", "Traffic")
    town = town_of(template)
    editor = people_of(town, "editor")
    move(template, page, under=parent)
    archive(template, old)
    fetch(library, town)
    moved = text_of(editor.get(address(town, page)))
    assert "auf der ersten Ebene" in moved
    assert "Verkehr" in moved
    decide(editor, address(town, page))
    assert ("Führerschein", "Verkehr") in tree(town)
    path = address(town, old)
    hidden, _ = fields(editor.get(path))
    number = next(iter(hidden)).removeprefix("digest-")
    editor.post(path, {**hidden, "do": f"accept-{number}"})
    assert ("Altes", None) not in tree(town)
    assert standings(town) == {}


def test_decisions_are_told_and_taken_back(library, template, page, town, editor):
    save(template, page, content=DEARER)
    fetch(library, town)
    decide(editor, address(town, page), do="keep")
    told = text_of(editor.get("/updates/decisions"))
    assert "eigene Fassung behalten" in told
    assert "Editor" in told
    undo = re.search(rf"/cms/{town.slug}(/updates/decisions/\d+/undo)", told)[1]
    editor.post(undo)
    assert ("Führerschein", "de") in standings(town)
    assert "Nicht zurückgenommen." in text_of(editor.post(undo, follow_redirects=True))


def test_a_text_says_where_it_comes_from_and_can_leave_and_come_back(library, template, page, town, editor):
    save(template, page, content=DEARER)
    fetch(library, town)
    entry = here(town, page)
    desk = text_of(editor.get(f"/texts/{entry}/de"))
    assert "Aus der Vorlage Stadt Vorlage" in desk
    assert f"/cms/{town.slug}{address(town, page)}" in desk
    assert "Ein Text der Vorlage wartet" in text_of(editor.get("/"))
    editor.post(f"/updates/entries/{entry}/detach", {"text": entry, "language": "de"})
    assert standings(town) == {}
    assert "Wieder folgen" in text_of(editor.get(f"/texts/{entry}/de"))
    editor.post(f"/updates/entries/{entry}/attach", {"text": entry, "language": "de"})
    fetch(library, town)
    assert ("Führerschein", "de") in standings(town)


def test_translators_decide_about_their_languages_alone(library, template, page, town, people_of):
    save(template, page, content=DEARER)
    translate(template, page, "en", "Licence", content="<p>The office helps you.</p>")
    fetch(library, town)
    translator = people_of(town, "translator")
    assert "Ihre Rolle umfasst diese Sprache nicht" in text_of(translator.get(address(town, page)))
    decide(translator, address(town, page), publish="1")
    assert standings(town) == {("Führerschein", "de"): "untouched"}
    assert not is_public(town, here(town, page), "en")


def test_a_manager_says_how_the_city_follows(template, page, town, people_of):
    manager = people_of(town, "manager")
    (following,) = _followings(town)
    shown = text_of(manager.get("/settings/updates"))
    assert "Vorlage" in shown
    path = f"/settings/updates/{following.source_id}"
    manager.post(path, {"by_itself": "1"})
    assert _followings(town)[0].by_itself
    manager.post(f"{path}/look")
    with town.read() as db:
        assert list(jobs.open_jobs(db, upstream.RECEIVE))
    manager.post(f"{path}/stop")
    assert _followings(town) == []
    assert "folgt keiner Vorlage" in text_of(manager.get("/settings/updates"))


def test_many_updates_take_as_many_statements_as_few(library, template, page, town, editor):
    asked = Statements(town.database.engine)

    def count():
        return asked.of(lambda: editor.get("/updates"))

    save(template, page, content=DEARER)
    fetch(library, town)
    editor.get("/updates")
    few = count()
    for number in range(6):
        plant(template, f"Neu {number}")
    fetch(library, town)
    assert count() == few


def _followings(town):
    with town.read() as db:
        return upstream.followings(db)
