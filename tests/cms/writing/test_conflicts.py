"""Two people save the same text: both are kept, and merged as one of them decides."""

from __future__ import annotations

import re

import pytest

from cityinfo.cms.writing.merging import shown
from cityinfo.features import content
from cityinfo.features.content import Wording, merge
from tests.cms.conftest import text_of
from tests.factories import plant, save

BASE = "<p>Eins.</p><p>Zwei.</p><p>Drei.</p>"


@pytest.fixture
def page(city):
    return plant(city, "Wohnung", content=BASE)


def opened(city, page):
    """What the form holds of someone who opened the text now."""
    with city.read() as db:
        text = content.find_text(db, page, "de")
        return {"title": "Wohnung", "revision": text.revision, "version": text.current_version_id}


def said(city, page):
    with city.read() as db:
        return content.version(db, content.find_text(db, page, "de").current_version_id).content


def test_changes_in_different_places_fit_by_themselves(city, people, page):
    elif_, seen = people("editor"), opened(city, page)
    save(city, page, content="<p>Eins.</p><p>Zwei.</p><p>Drei, von Tarek.</p>")
    answer = elif_.post(f"/texts/{page}/de", {**seen, "content": "<p>Eins, von Elif.</p><p>Zwei.</p><p>Drei.</p>"})
    shown = text_of(elif_.client.get(answer.location))
    assert "2 Änderungen passen von selbst." in shown
    assert 'type="radio"' not in shown
    elif_.post(f"/texts/{page}/de/merge", {"revision": _revision(shown)})
    assert said(city, page) == "<p>Eins, von Elif.</p><p>Zwei.</p><p>Drei, von Tarek.</p>"


@pytest.mark.parametrize(
    ("choice", "middle"),
    [
        ("ours", "<p>Zwei, von Elif.</p>"),
        ("theirs", "<p>Zwei, von Tarek.</p>"),
        ("both", "<p>Zwei, von Elif.</p><p>Zwei, von Tarek.</p>"),
    ],
)
def test_where_both_changed_the_same_one_decides(city, people, page, choice, middle):
    elif_, seen = people("editor"), opened(city, page)
    save(city, page, content="<p>Eins.</p><p>Zwei, von Tarek.</p><p>Drei.</p>")
    elif_.post(f"/texts/{page}/de", {**seen, "content": "<p>Eins.</p><p>Zwei, von Elif.</p><p>Drei.</p>"})
    shown = text_of(elif_.get(f"/texts/{page}/de/merge"))
    assert "<ins>, von Tarek</ins>" in shown
    (name,) = set(re.findall(r'type="radio" name="(c\d+)"', shown))
    elif_.post(f"/texts/{page}/de/merge", {"revision": _revision(shown), name: choice})
    assert said(city, page) == f"<p>Eins.</p>{middle}<p>Drei.</p>"
    assert elif_.get(f"/texts/{page}/de/merge").status_code == 303


def test_nothing_is_saved_while_a_place_is_undecided(city, people, page):
    elif_, seen = people("editor"), opened(city, page)
    save(city, page, content="<p>Von Tarek.</p>")
    elif_.post(f"/texts/{page}/de", {**seen, "content": "<p>Von Elif.</p>"})
    answer = elif_.post(f"/texts/{page}/de/merge", {"revision": opened(city, page)["revision"]})
    assert answer.status_code == 422
    assert "Eine Stelle ist offen." in text_of(answer)
    assert said(city, page) == "<p>Von Tarek.</p>"


def test_a_script_is_told_where_both_texts_are(city, people, page):
    elif_, seen = people("editor"), opened(city, page)
    save(city, page, content="<p>Von Tarek.</p>")
    answer = elif_.post(f"/texts/{page}/de/autosave", json={**seen, "content": "<p>Von Elif.</p>"})
    assert answer.status_code == 409
    assert answer.get_json() == {"merge": f"/cms/teststadt/texts/{page}/de/merge"}
    assert "Elif</ins>" in text_of(elif_.get(f"/texts/{page}/de/merge"))


def test_without_a_common_beginning_no_word_of_either_side_is_left_out():
    merging = merge(None, Wording("A", "<p>Gleich.</p><p>Meins.</p>"), Wording("A", "<p>Gleich.</p><p>Deins.</p>"))
    both = merging.result({place.name: "both" for place in merging.open})
    assert both.title == "A"
    assert {"Gleich.", "Meins.", "Deins."} <= set(re.findall(r"\w+\.", both.content))


def test_a_title_with_markup_in_it_is_shown_as_words():
    merging = merge(Wording("A", ""), Wording("A <b>", ""), Wording("B & C", ""))
    assert "&lt;b&gt;" in shown(merging.title, "ours")
    assert merging.result({"title": "theirs"}).title == "B & C"


def _revision(shown):
    return re.search(r'name="revision" value="(\d+)"', shown)[1]


LIST = "<p>Mitbringen:</p><ul><li>Ausweis</li><li>Foto</li></ul>"


def test_items_of_one_list_fit_by_themselves():
    ours = Wording("A", LIST.replace("Ausweis", "Reisepass"))
    theirs = Wording("A", LIST.replace("Foto", "Foto, biometrisch"))
    merging = merge(Wording("A", LIST), ours, theirs)
    assert not merging.open
    assert merging.result({}).content == LIST.replace("Ausweis", "Reisepass").replace("Foto", "Foto, biometrisch")


def test_the_same_item_changed_twice_is_shown_as_an_item():
    ours, theirs = Wording("A", LIST.replace("Foto", "Bild")), Wording("A", LIST.replace("Foto", "Passbild"))
    merging = merge(Wording("A", LIST), ours, theirs)
    (place,) = merging.open
    assert str(shown(place, "theirs")) == "<ul><li><del>Foto</del><ins>Passbild</ins></li></ul>"
    assert merging.result({place.name: "theirs"}) == theirs
