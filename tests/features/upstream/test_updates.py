"""What a template learns reaches the cities made from it, and never costs them a word of their own."""

from __future__ import annotations

import pytest

from cityinfo.features import content, pages, upstream
from cityinfo.features.content import State
from cityinfo.features.upstream import Standing
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from tests.factories import EDITOR, archive, move, plant, save, translate
from tests.features.upstream.conftest import accept_all, fetch, here, said, standings, state, tree

TWO = "<p>Das Amt hilft.</p><p>Der Antrag kostet 35 Euro.</p>"
DEARER = TWO.replace("35", "42")


@pytest.fixture
def page(template):
    """A page of two paragraphs in two languages."""
    page = plant(template, "Führerschein", content=TWO)
    translate(template, page, "en", "Licence", content="<p>The office helps.</p><p>It costs 35 Euro.</p>")
    return page


def accept(town, source_entry_id, language="de", **options):
    with town.write() as db:
        (following,) = upstream.followings(db)
        row = upstream.received_at(db, following.source_id, source_entry_id, language)
        return upstream.accept(db, row.id, actor=EDITOR, **options).batch


def keep(town, source_entry_id, language="de"):
    with town.write() as db:
        (following,) = upstream.followings(db)
        row = upstream.received_at(db, following.source_id, source_entry_id, language)
        return upstream.keep(db, row.id, actor=EDITOR).batch


def undo(town, batch):
    with town.write() as db:
        upstream.undo(db, batch, actor=EDITOR)


def test_a_new_clone_has_nothing_to_decide(template, page, town_of):
    assert standings(town_of(template)) == {}


def test_what_nobody_changed_waits_for_one_click(library, template, page, town_of):
    town = town_of(template)
    save(template, page, content=DEARER)
    fetch(library, town)
    assert standings(town) == {("Führerschein", "de"): Standing.UNTOUCHED}
    assert said(town, here(town, page)) == ("Führerschein", TWO)
    accept(town, page, publish=True)
    assert said(town, here(town, page)) == ("Führerschein", DEARER)
    with town.read() as db:
        text = content.find_text(db, here(town, page), "de")
        assert text.public_version_id == text.current_version_id
    assert standings(town) == {}


def test_lists_say_what_can_be_taken_without_a_choice_and_where_a_page_came_from(library, template, page, town_of):
    ours, theirs = plant(template, "Geld", content=TWO), plant(template, "Recht", content=TWO)
    town = town_of(template)
    save(town, here(town, ours), content=TWO.replace("35", "30"))
    for one in (page, ours):
        save(template, one, content=DEARER)
    new = plant(template, "Steuern")
    fetch(library, town)
    with town.read() as db:
        (following,) = upstream.followings(db)
        source = following.source_id
        assert upstream.clean(db) == [(source, page)]
        assert upstream.clean(db, standing=Standing.NEW, source_id=source) == [(source, new)]
        assert upstream.counts(db, source_id=source)[Standing.CONFLICT] == 1
        assert upstream.inbox(db) == 3
        assert upstream.tie(db, here(town, page)) == upstream.Tie("vorlage", False, (source, page))
        assert upstream.tie(db, here(town, theirs)) == upstream.Tie("vorlage", False, None)
        assert upstream.origins(db, "vorlage", [page]) == {page: here(town, page)}
    with template.read() as db:
        assert upstream.inbox(db) is None
        assert upstream.tie(db, page) is None
    assert upstream.followers_of(town.database, source) == [town.tenant_id]


def test_drafts_of_the_template_reach_nobody(library, template, page, town_of):
    town = town_of(template)
    save(template, page, content=DEARER, public=False)
    plant(template, "Entwurf", public=False)
    fetch(library, town)
    assert standings(town) == {}


def test_a_city_may_let_it_come_by_itself(library, template, page, town_of):
    town = town_of(template, by_itself=True)
    save(template, page, content=DEARER)
    fetch(library, town)
    assert said(town, here(town, page)) == ("Führerschein", DEARER)
    assert standings(town) == {}


def test_changes_in_different_paragraphs_fit(library, template, page, town_of):
    town = town_of(template, by_itself=True)
    save(town, here(town, page), content=TWO.replace("Das Amt", "Das Amt in Zimmer 204"))
    save(template, page, content=DEARER)
    fetch(library, town)
    assert standings(town) == {("Führerschein", "de"): Standing.FITS}  # by itself comes only what nobody changed
    accept(town, page)
    assert said(town, here(town, page))[1] == DEARER.replace("Das Amt", "Das Amt in Zimmer 204")


def test_where_both_changed_the_same_somebody_decides(library, template, page, town_of):
    town = town_of(template)
    save(town, here(town, page), content=TWO.replace("35 Euro", "bei uns nichts"))
    save(template, page, content=DEARER)
    fetch(library, town)
    assert standings(town) == {("Führerschein", "de"): Standing.CONFLICT}
    with pytest.raises(Invalid, match="decide what is to stay") as refused:
        accept(town, page)
    (place,) = refused.value.data["places"]
    accept(town, page, choices={place: "theirs"})
    assert said(town, here(town, page))[1] == DEARER


def test_a_save_here_changes_how_a_waiting_update_fits(library, template, page, town_of):
    town = town_of(template)
    save(template, page, content=DEARER)
    fetch(library, town)
    save(town, here(town, page), content=TWO.replace("35", "30"))
    assert standings(town) == {("Führerschein", "de"): Standing.CONFLICT}
    save(town, here(town, page), content=DEARER)
    assert standings(town) == {}


def test_keeping_ours_asks_again_only_about_what_changes_later(library, template, page, town_of):
    town = town_of(template)
    save(template, page, content=DEARER)
    fetch(library, town)
    keep(town, page)
    fetch(library, town)
    assert standings(town) == {}
    save(template, page, content=DEARER.replace("hilft", "hilft Ihnen"))
    fetch(library, town)
    accept(town, page)
    assert said(town, here(town, page))[1] == TWO.replace("hilft", "hilft Ihnen")


def test_what_the_template_takes_back_no_longer_waits(library, template, page, town_of):
    town = town_of(template)
    save(template, page, content=DEARER)
    fetch(library, town)
    save(template, page, content=TWO)
    fetch(library, town)
    assert standings(town) == {}


def test_a_decision_about_something_else_than_what_was_shown_is_refused(library, template, page, town_of):
    town = town_of(template)
    save(template, page, content=DEARER)
    fetch(library, town)
    with pytest.raises(Conflict, match="changed this again"):
        accept(town, page, digest="other")


def test_a_new_page_is_offered_at_its_place(library, template, page, town_of):
    first, last = plant(template, "Geld"), plant(template, "Recht")
    town = town_of(template, by_itself=True)
    new = plant(template, "Steuern", after=first, content=f'<p><a href="entry:{last}">Recht</a></p>')
    translate(template, new, "en", "Taxes")
    below = plant(template, "Steuernummer", under=new)
    fetch(library, town)
    assert standings(town)[("Steuern", "en")] == Standing.NEW
    with pytest.raises(Invalid, match="above first"):
        accept(town, below, upstream.PLACE)
    accept_all(town)
    assert tree(town) == tree(template)
    assert said(town, here(town, new))[1] == f'<p><a href="entry:{here(town, last)}">Recht</a></p>'
    assert state(town, here(town, new), "en") == State.UP_TO_DATE


def test_new_pages_that_lead_to_each_other_do_so_here(library, template, town_of):
    town = town_of(template)
    plant(template, "Anfang")
    town = town_of(template, "zweitstadt")
    one = plant(template, "Eins")
    two = plant(template, "Zwei", content=f'<p><a href="entry:{one}">Eins</a></p>')
    save(template, one, content=f'<p><a href="entry:{two}">Zwei</a></p>')
    fetch(library, town)
    accept_all(town)
    assert said(town, here(town, one))[1] == f'<p><a href="entry:{here(town, two)}">Zwei</a></p>'
    assert said(town, here(town, two))[1] == f'<p><a href="entry:{here(town, one)}">Eins</a></p>'


def test_a_new_page_that_is_refused_is_not_offered_again(library, template, page, town_of):
    town = town_of(template)
    new = plant(template, "Steuern")
    fetch(library, town)
    batch = keep(town, new, upstream.PLACE)
    save(template, new, title="Steuern zahlen")
    fetch(library, town)
    assert standings(town) == {}
    undo(town, batch)
    fetch(library, town)
    assert standings(town)[("Steuern zahlen", "de")] == Standing.NEW


def test_what_was_moved_there_is_moved_here_unless_it_was_moved_here(library, template, page, town_of):
    parent = plant(template, "Verkehr")
    translate(template, parent, "en", "Traffic")
    town = town_of(template)
    other = town_of(template, "andere")
    move(other, here(other, page), under=here(other, parent))
    move(other, here(other, page), under=None)
    move(template, page, under=parent)
    fetch(library, town)
    fetch(library, other)
    assert standings(town)[("Führerschein", upstream.PLACE)] == Standing.MOVED
    assert standings(other) == {}
    batch = accept(town, page, upstream.PLACE)
    assert tree(town) == tree(template)
    undo(town, batch)
    assert tree(town) == [("Führerschein", None), ("Verkehr", None)]
    assert standings(town)[("Führerschein", upstream.PLACE)] == Standing.MOVED


def test_what_is_withdrawn_there_is_reported_and_never_deleted(library, template, page, town_of):
    town = town_of(template, by_itself=True)
    archive(template, page)
    fetch(library, town)
    assert list(standings(town).values()) == [Standing.REMOVED]
    assert said(town, here(town, page))[1] == TWO
    batch = accept(town, page, upstream.PLACE)
    assert tree(town) == []
    undo(town, batch)
    assert tree(town) == [("Führerschein", None)]
    assert list(standings(town).values()) == [Standing.REMOVED]


def test_a_translation_that_is_withdrawn_is_reported_by_itself(library, template, page, town_of):
    town = town_of(template)
    with template.write() as db:
        pages.take_offline(db, page, ["en"], actor=EDITOR)
    fetch(library, town)
    assert list(standings(town)) == [("Führerschein", "en")]
    keep(town, page, "en")
    fetch(library, town)
    assert standings(town) == {}


def test_who_detaches_a_page_hears_no_more_of_it(library, template, page, town_of):
    town = town_of(template)
    with town.write() as db:
        upstream.detach(db, here(town, page), actor=EDITOR)
    save(template, page, content=DEARER)
    archive(template, page)
    fetch(library, town)
    assert standings(town) == {}


def test_a_page_that_was_deleted_here_does_not_come_back(library, template, page, town_of):
    town = town_of(template)
    save(template, page, content=DEARER)
    fetch(library, town)
    archive(town, here(town, page))
    with town.write() as db:
        entry = content.find_entry(db, here(town, page))
        pages.delete(db, entry.id, revision=entry.revision, actor=EDITOR)
    save(template, page, content=TWO)
    fetch(library, town)
    assert standings(town) == {}


@pytest.mark.parametrize("order", [("de", "en"), ("en", "de")])
def test_a_translation_that_came_along_is_current_whatever_was_taken_first(library, template, page, town_of, order):
    town = town_of(template)
    save(template, page, content=DEARER)
    translate(template, page, "en", "Licence", content="<p>The office helps.</p><p>It costs 42 Euro.</p>")
    _confirm(template, page, "en")
    fetch(library, town)
    for language in order:
        accept(town, page, language, publish=True)
    assert state(town, here(town, page), "en") == State.UP_TO_DATE


def test_a_translation_that_was_outdated_here_stays_outdated(library, template, page, town_of):
    town = town_of(template)
    save(town, here(town, page), content=TWO.replace("Das Amt", "Das Amt in Zimmer 204"))
    save(template, page, content=DEARER)
    translate(template, page, "en", "Licence", content="<p>The office helps.</p><p>It costs 42 Euro.</p>")
    _confirm(template, page, "en")
    fetch(library, town)
    accept(town, page, "de", publish=True)
    accept(town, page, "en", publish=True)
    assert state(town, here(town, page), "en") == State.OUTDATED


@pytest.mark.parametrize("confirmed_before", [True, False])
def test_a_translation_that_was_confirmed_there_is_current_here(library, template, page, town_of, confirmed_before):
    town = town_of(template)
    save(template, page, content=DEARER)
    if confirmed_before:
        _confirm(template, page, "en")
    fetch(library, town)
    accept(town, page, publish=True)
    if not confirmed_before:
        assert state(town, here(town, page), "en") == State.OUTDATED
        _confirm(template, page, "en")
        fetch(library, town)
    assert state(town, here(town, page), "en") == State.UP_TO_DATE


def test_what_the_template_calls_minor_outdates_nothing_here(library, template, page, town_of):
    town = town_of(template)
    save(template, page, content=DEARER, minor=True)
    fetch(library, town)
    accept(town, page, publish=True)
    assert state(town, here(town, page), "en") == State.UP_TO_DATE


def test_facts_of_the_city_stay_open_in_what_is_taken(library, template, page, town_of):
    town = town_of(template)
    words = "<p>Rufen Sie {{ facts.office.phone }} an.</p>"
    save(template, page, content=words)
    fetch(library, town)
    accept(town, page)
    assert said(town, here(town, page))[1] == words


def test_taking_back_is_as_if_nothing_had_been_decided(library, template, page, town_of):
    town = town_of(template)
    save(town, here(town, page), content=TWO.replace("Das Amt", "Das Amt in Zimmer 204"))
    before = said(town, here(town, page))
    save(template, page, content=DEARER)
    fetch(library, town)
    batch = accept(town, page)
    undo(town, batch)
    assert said(town, here(town, page)) == before
    assert standings(town) == {("Führerschein", "de"): Standing.FITS}
    with pytest.raises(NotFound):
        undo(town, batch)


def test_what_was_changed_since_cannot_be_taken_back(library, template, page, town_of):
    town = town_of(template)
    save(template, page, content=DEARER)
    fetch(library, town)
    batch = accept(town, page)
    save(town, here(town, page), content="<p>Ganz anders.</p>")
    with pytest.raises(Conflict, match="since"):
        undo(town, batch)
    assert said(town, here(town, page))[1] == "<p>Ganz anders.</p>"


def test_a_new_page_to_which_somebody_added_words_cannot_be_taken_back(library, template, page, town_of):
    town = town_of(template)
    new = plant(template, "Steuern")
    fetch(library, town)
    with town.write() as db:
        (following,) = upstream.followings(db)
        batch = upstream.accept_entry(db, following.source_id, new, actor=EDITOR)[0].batch
    translate(town, here(town, new), "en", "Taxes")
    with pytest.raises(Conflict, match="since"):
        undo(town, batch)
    assert said(town, here(town, new), "en")[0] == "Taxes"


def test_updates_go_down_one_layer_at_a_time(library, template, page, town_of):
    state_template = town_of(template, "land")
    town = town_of(state_template, "stadt")
    save(template, page, content=DEARER)
    fetch(library, town)
    assert standings(town) == {}
    fetch(library, state_template)
    accept(state_template, page, publish=True)
    fetch(library, town)
    assert standings(town) == {("Führerschein", "de"): Standing.UNTOUCHED}


def _confirm(city, page, language):
    with city.write() as db:
        text, source = content.find_text(db, page, language), content.find_text(db, page, "de")
        shown, revision = source.public_version_id, text.revision
        content.confirm_text(db, page, language, shown=shown, revision=revision, actor=EDITOR)


def test_the_template_learns_who_follows_and_where_cities_differ_but_not_what_they_say(
    library, template, page, town_of
):
    other = plant(template, "Geld")
    towns = [town_of(template, "eins"), town_of(template, "zwei")]
    for town in towns:
        save(town, here(town, page), content=TWO.replace("35", "30"))
    save(template, other, title="Geld und Gebühren")
    for town in towns:
        fetch(library, town)
    with template.read() as db:
        found = {one.slug: (one.same, one.waiting, one.changed) for one in upstream.followers(db)}
        assert found == {"eins": (1, 1, 1), "zwei": (1, 1, 1)}
        assert upstream.most_changed(db) == [(page, "de", 2)]
