"""What a city insists on before a text is published."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo import registry
from cityinfo.features import content, pages, publishing, quality
from cityinfo.features.audit import AuditRow
from cityinfo.features.quality import Flaw, Gates
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Forbidden, Invalid
from cityinfo.kernel.facts import SYSTEM
from tests.factories import archive, plant, save
from tests.factories_people import actor, member

VAGUE = '<p>Klicken Sie <a href="https://example.org">hier</a>.</p>'
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def insist(city, *flaws, **more):
    with city.write() as db:
        quality.set_gates(db, Gates(frozenset(flaws), **more), actor=SYSTEM)


def publish(city, page, *, by, language="de"):
    with city.write() as db:
        revision = content.find_text(db, page, language).revision
        pages.publish(db, page, language, revision=revision, actor=actor(db, by))


def plan(city, page, *, by, **moments):
    with city.write() as db:
        revision = content.find_text(db, page, "de").revision
        pages.schedule(db, page, "de", **moments, revision=revision, actor=actor(db, by))


def is_public(city, page):
    with city.read() as db:
        return content.is_public(db, page)


@pytest.fixture
def elif_(city):
    return member(city, "editor")


def test_a_text_with_a_flaw_at_a_gate_is_not_published_and_nothing_changes(city, elif_):
    page = plant(city, "Amt", content=VAGUE, public=False)
    insist(city, Flaw.VAGUE_LINK)
    with pytest.raises(Invalid, match="the link text “hier” must say where it leads") as refused:
        publish(city, page, by=elif_)
    assert refused.value.data["flaws"] == [{"flaw": "vague_link", "words": "hier"}]
    assert not is_public(city, page)
    with city.read() as db:
        assert content.find_text(db, page, "de").revision == 1


@on_one_database
def test_what_is_no_gate_stays_advice(city, elif_):
    page = plant(city, "Amt", content=VAGUE, public=False)
    insist(city, Flaw.UNDESCRIBED_PICTURE)
    publish(city, page, by=elif_)
    assert is_public(city, page)


@on_one_database
def test_imports_are_not_held_up(city):
    insist(city, Flaw.VAGUE_LINK)
    assert is_public(city, plant(city, "Amt", content=VAGUE))


@on_one_database
def test_a_text_with_a_flaw_cannot_be_planned_but_can_be_planned_to_go(city, elif_):
    page = plant(city, "Amt", content=VAGUE)
    insist(city, Flaw.VAGUE_LINK)
    soon = clock.now() + timedelta(hours=1)
    with pytest.raises(Invalid):
        plan(city, page, by=elif_, publish_at=soon)
    plan(city, page, by=elif_, offline_at=soon)


@on_one_database
def test_what_was_planned_comes_as_it_was_planned(city, elif_):
    """Nobody is there at night to be told; the city's readers expect it."""
    page = plant(city, "Amt", content=VAGUE, public=False)
    plan(city, page, by=elif_, publish_at=clock.now() - timedelta(minutes=1))
    insist(city, Flaw.VAGUE_LINK)
    publishing.project_due(city.database, projector=registry.PROJECTOR)
    assert is_public(city, page)


@on_one_database
def test_words_that_readers_see_already_are_confirmed_all_the_same(city, elif_):
    page = plant(city, "Amt", content=VAGUE)
    save(city, page, "en", title="Office", content=VAGUE)
    source = save(city, page, content=f"{VAGUE}<p>Neu.</p>")
    insist(city, Flaw.VAGUE_LINK)
    with city.write() as db:
        revision = content.find_text(db, page, "en").revision
        content.confirm_text(db, page, "en", shown=source, revision=revision, actor=actor(db, elif_))
        assert content.find_text(db, page, "en").revision > revision


@on_one_database
def test_a_text_harder_to_read_than_the_city_wants_is_not_published(city, elif_):
    hard = "<p>Die Inanspruchnahme der Leistungen setzt voraus, dass sämtliche Unterlagen vorliegen.</p>" * 5
    page = plant(city, "Amt", content=hard, public=False)
    insist(city, Flaw.HARD_TEXT, most_year=8)
    with pytest.raises(Invalid, match="easier to read"):
        publish(city, page, by=elif_)


@on_one_database
def test_a_link_to_what_is_not_public_stops_and_one_to_the_page_itself_does_not(city, elif_):
    other = plant(city, "Kita")
    page = plant(city, "Amt", content=f'<p><a href="entry:{other}">Kita</a></p>', public=False)
    save(city, page, content=f'<p><a href="entry:{other}">Kita</a> <a href="entry:{page}">oben</a></p>', public=False)
    insist(city, Flaw.LINK_TO_NOWHERE)
    archive(city, other)
    with pytest.raises(Invalid, match="“Kita”"):
        publish(city, page, by=elif_)
    save(city, page, content=f'<p><a href="entry:{page}">oben</a></p>', public=False)
    publish(city, page, by=elif_)


@on_one_database
def test_only_managers_set_gates_and_the_record_says_so(city, elif_):
    mara = member(city, "manager")
    with pytest.raises(Forbidden), city.write() as db:
        quality.set_gates(db, Gates(frozenset({Flaw.VAGUE_LINK})), actor=actor(db, elif_))
    with city.write() as db:
        quality.set_gates(db, Gates(frozenset({Flaw.HARD_TEXT}), 7), actor=actor(db, mara))
    with city.read() as db:
        assert quality.gates(db) == Gates(frozenset({Flaw.HARD_TEXT}), 7)
        assert "GatesChanged" in {row.action for row in db.query(AuditRow)}


@on_one_database
def test_gates_can_be_opened_again(city):
    insist(city, Flaw.VAGUE_LINK, Flaw.HARD_TEXT, most_year=6)
    insist(city)
    with city.read() as db:
        assert quality.gates(db) == Gates()
