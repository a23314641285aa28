"""Whoever proposed something gets a letter about what became of it."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import accounts, content, logins, proposals
from cityinfo.features.proposals import Draft
from cityinfo.kernel import jobs
from cityinfo.kernel.facts import SYSTEM
from tests.factories_entries import found, revision_of
from tests.factories_people import actor, member

SITE = logins.Site("https://redaktion.example", logins.Seal("0" * 64))
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def caritas(city):
    return found(city, "Caritas")


@pytest.fixture
def amal(city, caritas):
    return member(city, "contributor", "Amal", organization=caritas)


@pytest.fixture
def mira(city):
    return member(city, "editor", "Mira")


def draft(db, entry_id, title, message=""):
    revisions = {"text_revision": content.find_text(db, entry_id, "de").revision}
    revisions["entry_revision"] = revision_of(db, entry_id)
    return Draft(language="de", title=title, content="<p>Neu.</p>", message=message, **revisions)


def propose(city, who, entry_id):
    with city.write() as db:
        wanted = draft(db, entry_id, "Caritas e. V.")
        return proposals.propose(db, entry_id, wanted, appliers=registry.APPLY_FACTS, actor=actor(db, who)).id


def accept(city, who, proposal_id, **instead):
    with city.write() as db:
        entry_id = proposals.find(db, proposal_id).entry_id
        wanted = draft(db, entry_id, **instead) if instead else None
        proposals.accept(db, proposal_id, instead=wanted, appliers=registry.APPLY_FACTS, actor=actor(db, who))


def give_back(city, who, proposal_id, answer):
    with city.write() as db:
        proposals.return_to_author(db, proposal_id, answer=answer, actor=actor(db, who))


def letters(city):
    sent = []
    mailer = type("Box", (), {"send": lambda _, letter: sent.append(letter)})()
    work = {proposals.DECISION: partial(proposals.send_decision, mailer=mailer, site=SITE)}
    with city.read() as db:
        promised = db.scalars(select(jobs.Job.id).where(jobs.Job.name == proposals.DECISION)).all()
    for job in promised:
        jobs.run_job(city.database, work, city.tenant_id, job)
    return sent


def test_what_was_accepted_is_told_to_whoever_proposed_it(city, caritas, amal, mira):
    proposal = propose(city, amal, caritas)
    assert letters(city) == []
    accept(city, mira, proposal)
    (letter,) = letters(city)
    assert (letter.to, letter.language) == ("amal@example.org", "de")
    assert letter.subject == "Angenommen: Ihr Vorschlag zu „Caritas e. V.“"
    assert "wurde angenommen." in letter.text
    assert f"https://redaktion.example/cms/{city.slug}/proposals/{proposal}" in letter.text
    assert "schreibt:" not in letter.text


def test_what_was_edited_before_it_was_accepted_says_so_with_the_words_of_the_editors(city, caritas, amal, mira):
    accept(city, mira, propose(city, amal, caritas), title="Caritas Musterstadt", message="Kürzer.")
    (letter,) = letters(city)
    assert "wurde mit Änderungen der Redaktion angenommen." in letter.text
    assert "schreibt:\n\nKürzer." in letter.text


def test_what_was_accepted_as_it_is_with_a_word_of_thanks_was_not_edited(city, caritas, amal, mira):
    accept(city, mira, propose(city, amal, caritas), title="Caritas e. V.", message="Danke.")
    (letter,) = letters(city)
    assert "wurde angenommen." in letter.text
    assert "Danke." in letter.text


def test_what_was_returned_is_told_with_the_reason_and_the_signature_of_the_city(city, caritas, amal, mira):
    mara = member(city, "manager", "Mara")
    with city.write() as db:
        style = logins.style.Style(sender="Redaktion", signature="Ihre Stadt")
        logins.style.set_style(db, style, actor=actor(db, mara))
    give_back(city, mira, propose(city, amal, caritas), "Bitte ohne Abkürzung.")
    (letter,) = letters(city)
    assert letter.subject == "Zurückgegeben: Ihr Vorschlag zu „Caritas“"
    assert "Bitte ohne Abkürzung." in letter.text
    assert letter.text.endswith("-- \nIhre Stadt\n")
    assert letter.sender == "Redaktion"


def test_whoever_works_in_english_is_written_to_in_english(city, caritas, amal, mira):
    with city.write() as db:
        accounts.describe(db, amal, name="Amal", language="en")
    give_back(city, mira, propose(city, amal, caritas), "Too short.")
    (letter,) = letters(city)
    assert letter.subject == "Returned: your proposal for “Caritas”"


def test_nobody_is_told_who_no_longer_works_for_the_organization(city, caritas, amal, mira):
    proposal = propose(city, amal, caritas)
    with city.write() as db:
        (row,) = accounts.memberships(db, amal)
        accounts.revoke_membership(db, row.id, actor=SYSTEM)
    give_back(city, mira, proposal, "Zu spät.")
    assert letters(city) == []
