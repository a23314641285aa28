"""What asks for a translator, and in which order."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from cityinfo.features import content, pages, translation
from cityinfo.features.translation import Need, Standing, Urgency
from tests.factories import EDITOR, archive, plant, save, take_offline, translate

# The rules are the same on every database; tests/features/content/test_freshness.py asks the statements on both.
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def look(city):
    with city.read() as db:
        tree = {node.id: node.parent_id for node in pages.tree(db)}
        return translation.survey(db, "page", ["de", "en", "ar"], parents=tree)


def needs(city, *languages, **given):
    return [(one.entry_id, one.urgency) for one in look(city).needs(languages or ["en"], **given)]


@on_one_database
def test_what_misleads_readers_comes_first_then_what_they_would_find(city):
    parent = plant(city, "Wohnen")
    translate(city, parent, "en", "Housing")
    child = plant(city, "Anmelden", under=parent)
    deep = plant(city, "Kosten", under=child)
    begun = plant(city, "Begonnen")
    translate(city, begun, "en", "Begun", public=False)
    machine = plant(city, "Maschine")
    save(city, machine, "en", title="Machine", content="<p>Hi</p>", origin="machine")
    changed = plant(city, "Alltag")
    translate(city, changed, "en", "Everyday life")
    save(city, changed, content="<p>Neu</p>")
    assert needs(city) == [
        (changed, Urgency.MISLEADING),
        (child, Urgency.AWAITED),
        (machine, Urgency.UNCHECKED),
        (begun, Urgency.BEGUN),
        (deep, Urgency.LATER),
    ]


@on_one_database
def test_a_draft_of_the_source_is_translated_last(city):
    draft = plant(city, "Entwurf", public=False)
    assert needs(city) == [(draft, Urgency.LATER)]


@on_one_database
def test_what_nobody_has_written_cannot_be_translated(city):
    page = plant(city, "Only English", language="en")
    assert needs(city, "ar") == []
    assert look(city).figures("ar") == {}
    assert look(city).figures("en") == {page: {Standing.CURRENT: 1}}


@on_one_database
def test_what_waits_for_review_or_is_done_asks_for_nobody(city):
    done, waiting = plant(city, "Fertig"), plant(city, "Wartet")
    translate(city, done, "en", "Done")
    translate(city, waiting, "en", "Waits", public=False)
    with city.write() as db:
        content.submit_text(db, waiting, "en", revision=1, actor=EDITOR)
    assert needs(city) == []
    assert look(city).figures("en") == {done: {Standing.CURRENT: 1}, waiting: {Standing.REVIEW: 1}}


@on_one_database
def test_chapters_count_everything_below_them_and_nothing_archived(city):
    parent, gone = plant(city, "Wohnen"), plant(city, "Weg")
    child = plant(city, "Anmelden", under=parent)
    plant(city, "Unter Weg", under=gone)
    archive(city, gone)
    translate(city, parent, "en", "Housing")
    take_offline(city, parent, ["en"])
    found = look(city)
    assert found.figures("en") == {parent: {Standing.DRAFT: 1, Standing.MISSING: 1}}
    assert found.texts("en", standing=Standing.MISSING) == [child]
    assert found.texts("en", chapter=parent) == [parent, child]
    assert found.texts("en", chapter=child) == []


@on_one_database
def test_only_what_someone_may_translate_is_offered(city):
    mine, other = plant(city, "Meins"), plant(city, "Anderes")
    assert needs(city, "en", allowed=lambda entry, _language: entry == mine) == [(mine, Urgency.AWAITED)]
    assert other


@on_one_database
def test_the_source_language_is_never_offered(city):
    plant(city, "Wohnen", public=False)
    assert needs(city, "de") == []


def test_after_a_text_comes_the_one_behind_it_in_the_same_language():
    one, two, three = (Need(number, "en", Urgency.AWAITED) for number in (1, 2, 3))
    needs = [one, two, three]
    assert translation.following(needs, 1) == two
    assert translation.following(needs, 3) == one
    assert translation.following(needs, 9) == one
    assert translation.following([one], 1) is None


@on_one_database
def test_the_number_of_statements_does_not_grow(city):
    statements = []
    event.listen(city.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    counts = []
    for number in range(2):
        for more in range(number * 5):
            plant(city, f"Seite {more}")
        statements.clear()
        look(city)
        counts.append(len(statements))
    assert counts[0] == counts[1]
