"""What editors find among the entries of a kind."""

from __future__ import annotations

import pytest

from cityinfo.features import content, events, pages
from cityinfo.features.content import Search, Stage, State
from tests.factories import archive, make_city, plant, save, translate
from tests.factories_events import hold
from tests.web.test_statements import Statements

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def found(city, kind=pages.PAGES, **wanted):
    with city.read() as db:
        return [one.entry.id for one in content.listing(db, kind, Search(**wanted))[0]]


@pytest.fixture
def three(city):
    """Public in two languages, changed since, and never published."""
    done, changed, new = plant(city, "Ärzte"), plant(city, "Arbeit"), plant(city, "Wohnen", public=False)
    translate(city, done, "en", "Doctors")
    save(city, changed, title="Arbeit und Geld", public=False)
    return done, changed, new


def test_texts_are_found_by_how_far_they_are(city, three):
    done, changed, new = three
    assert found(city, stage=Stage.PUBLIC) == [done]
    assert found(city, stage=Stage.CHANGED) == [changed]
    assert found(city, stage=Stage.DRAFT, language="de") == [new]
    assert found(city, stage=Stage.DRAFT, language="en") == []


def test_entries_are_found_by_what_a_language_lacks(city, three):
    done, changed, new = three
    assert found(city, language="en", state=State.MISSING) == [changed, new]
    assert found(city, language="en", state=State.UP_TO_DATE) == [done]


def test_titles_are_found_whatever_their_case_and_script(city, three):
    done, changed, _ = three
    assert found(city, q="ärzte") == [done]
    assert found(city, q="GELD") == [changed]
    assert found(city, q="doctors", language="de") == []


def test_archived_entries_show_when_asked_for(city, three):
    archive(city, three[0])
    assert three[0] not in found(city)
    assert found(city, archived=True) == [three[0]]
    assert set(found(city, archived=None)) == set(three)


def test_a_long_list_comes_in_portions_and_each_entry_once(city):
    ids = [plant(city, f"Seite {number}", public=number % 2 == 0) for number in range(7)]
    seen, after = [], 0
    while after is not None:
        with city.read() as db:
            portion, after = content.listing(db, pages.PAGES, Search(most=2, after=after, stage=Stage.PUBLIC))
        seen += [one.entry.id for one in portion]
    assert seen == ids[::2]


def test_what_stands_in_is_said_to_fall_back(database):
    city = make_city(database, "rueckfall", features={"fallback": True})
    page, date = plant(city, "Seite"), hold(city, "Fest", "2100-05-01T18:00")
    with city.read() as db:
        assert content.draft(db, pages.PAGES, page).states["en"] is State.MISSING
        assert content.draft(db, events.EVENTS, date).states["en"] is State.FALLBACK
    hidden = hold(city, "Geheim", "2100-05-01T18:00", public=False)
    with city.read() as db:
        assert content.draft(db, events.EVENTS, hidden).states["en"] is State.MISSING


def test_what_is_shown_in_another_language_is_told_from_what_is_not_shown(database):
    city = make_city(database, "rueckfall", features={"fallback": True})
    shown, hidden = hold(city, "Fest", "2100-05-01T18:00"), hold(city, "Geheim", "2100-05-01T18:00", public=False)
    assert found(city, events.EVENTS, language="en", state=State.FALLBACK) == [shown]
    assert found(city, events.EVENTS, language="en", state=State.MISSING) == [hidden]


def test_entries_are_found_by_a_state_in_any_language(city, three):
    done, changed, new = three
    save(city, done, content="<p>Neu</p>")
    assert found(city, state=State.OUTDATED) == [done]
    assert found(city, state=State.MISSING) == [done, changed, new]
    assert found(city, state=State.OUTDATED, language="ar") == []


def test_a_sheet_is_full_however_far_apart_lies_what_fits(city):
    ids = [plant(city, f"Seite {number}", public=number % 4 == 0) for number in range(12)]
    with city.read() as db:
        sheet, after = content.listing(db, pages.PAGES, Search(most=2, stage=Stage.PUBLIC))
    assert ([one.entry.id for one in sheet], after is not None) == ([ids[0], ids[4]], True)


def test_a_portion_costs_the_same_number_of_statements_whatever_its_length(city, database):
    statements = Statements(database.engine)
    counts = []
    for number in (1, 9):
        for one in range(number):
            page = plant(city, f"Seite {number} {one}")
            translate(city, page, "en", "Page")
            save(city, page, title="Neu")
        with city.read() as db:
            counts.append(statements.of(lambda db=db: content.listing(db, pages.PAGES, Search(q="e"))))
    assert counts[0] == counts[1] <= 8
