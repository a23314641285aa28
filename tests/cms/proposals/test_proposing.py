"""Members of organizations before their records, without a browser."""

from __future__ import annotations

import pytest

from cityinfo.cms.proposals import records
from cityinfo.features import offers, pages, proposals
from tests.cms.conftest import text_of
from tests.cms.proposals.test_deciding import now, proposed, state
from tests.factories import EDITOR, plant
from tests.factories_entries import found, revision_of, write
from tests.factories_events import hold
from tests.factories_offers import offer
from tests.factories_places import settle
from tests.web.test_statements import Statements


@pytest.fixture
def caritas(city):
    return found(city, "Caritas", website="https://alt.example")


@pytest.fixture
def amal(people, caritas):
    return people("contributor", organization=caritas)


def test_members_see_what_belongs_to_their_organization_and_nothing_else(city, amal, caritas):
    settle(city, "Haus der Caritas", organization=caritas)
    hold(city, "Sommerfest", "2100-05-04T15:00", organization=caritas)
    settle(city, "Rathaus")
    shown = text_of(amal.get("/records"))
    assert all(title in shown for title in ("Caritas", "Haus der Caritas", "Sommerfest"))
    assert "Rathaus" not in shown


def test_records_are_found_by_title(city, amal, caritas):
    settle(city, "Haus", organization=caritas)
    shown = text_of(amal.get("/records?q=haus"))
    assert "Haus" in shown
    assert "Caritas" not in shown
    assert "nirgends" in text_of(amal.get("/records?q=nirgends"))


def test_many_records_come_in_sheets_and_take_as_many_statements(city, amal, caritas, monkeypatch):
    monkeypatch.setattr(records, "SHOWN", 2)
    asked = Statements(city.database.engine)
    short = asked.of(lambda: amal.get("/records"))
    for name in ("Anna", "Ben", "Zora"):
        settle(city, name, organization=caritas)
    assert asked.of(lambda: amal.get("/records")) == short
    assert "Ben" not in text_of(amal.get("/records"))
    assert "Ben" in text_of(amal.get("/records?from=2"))


def test_only_what_was_changed_is_proposed(city, amal, caritas):
    proposal = proposed(amal, caritas, **{"fact-website": "https://neu.example"})
    with city.read() as db:
        kept = proposals.find(db, proposal)
    assert (kept.language, kept.facts) == ("", {"website": "https://neu.example"})


def test_who_changes_nothing_is_told_so_and_loses_no_word(amal, city, caritas):
    refused = amal.post(f"/records/{caritas}", {**now(city, caritas), "message": "Hallo"})
    assert refused.status_code == 422
    assert "Hallo" in text_of(refused)


def test_what_cannot_be_accepted_comes_back_as_it_was_typed(city, amal, caritas):
    refused = amal.post(f"/records/{caritas}", {**now(city, caritas), "title": "Neu", "fact-website": "neu"})
    assert refused.status_code == 422
    assert 'value="neu"' in text_of(refused)
    assert 'value="Neu"' in text_of(refused)


def test_amounts_are_typed_in_euros(city, amal, caritas):
    course = offer(city, "Kurs", provider=caritas)
    fields = {**now(city, course), "fact-sort": "service", "fact-cost_from": "12,50"}
    refused = amal.post(f"/records/{course}", {**fields, "fact-cost_from": "viel"})
    assert "„Kosten ab (Euro)“" in text_of(refused)
    amal.post(f"/records/{course}", fields)
    with city.read() as db:
        (kept,) = proposals.of_entry(db, course)
        assert offers.facts_of(db, offers.find(db, course)).cost_from is None
    assert kept.facts == {"cost_from": 1250}


def test_a_change_from_an_older_record_is_sent_again_after_a_look(city, amal, caritas):
    typed = {**now(city, caritas), "title": "Mein Name"}
    write(city, caritas, "Anders")
    refused = amal.post(f"/records/{caritas}", typed)
    assert refused.status_code == 409
    assert 'value="Mein Name"' in text_of(refused)
    assert f'name="text_revision" value="{now(city, caritas)["text_revision"]}"' in text_of(refused)


def test_pages_of_the_organization_take_words_alone(city, amal, caritas):
    page = plant(city, "Beratung")
    with city.write() as db:
        pages.set_organization(db, page, caritas, revision=revision_of(db, page), actor=EDITOR)
    shown = text_of(amal.get(f"/records/{page}"))
    assert "Beratung" in shown
    assert "fact-" not in shown
    assert amal.post(f"/records/{page}", {**now(city, page), "title": "Rat"}).status_code == 303


def test_what_belongs_to_others_is_not_for_them(city, amal):
    other = found(city, "Diakonie")
    assert amal.get(f"/records/{other}").status_code == 403
    assert amal.post(f"/records/{other}", {**now(city, other), "title": "X"}).status_code == 403


def test_a_proposal_is_taken_back_and_begun_anew_from_what_it_said(city, amal, caritas):
    proposal = proposed(amal, caritas, title="Caritas e. V.", **{"fact-website": "https://neu.example"})
    assert amal.post(f"/proposals/{proposal}/withdraw").status_code == 303
    assert state(city, proposal) == proposals.WITHDRAWN
    again = text_of(amal.get(f"/records/{caritas}?again={proposal}"))
    assert 'value="Caritas e. V."' in again
    assert 'value="https://neu.example"' in again


def test_nobody_sees_what_someone_else_has_proposed(city, amal, people, caritas):
    proposal = proposed(amal, caritas, title="Eins")
    other = people("translator")
    assert other.get(f"/proposals/{proposal}").status_code == 403
