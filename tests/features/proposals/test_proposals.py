"""Members of an organization propose what their own records should say; editors decide."""

from __future__ import annotations

import orjson
import pytest

from cityinfo import registry
from cityinfo.features import audit, content, offers, organizations, pages, proposals, publishing
from cityinfo.features.content import TextDraft
from cityinfo.features.locations import Address
from cityinfo.features.proposals import Draft
from cityinfo.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cityinfo.kernel.facts import Actor
from tests.factories import EDITOR, plant
from tests.factories_entries import found, revision_of, write
from tests.factories_offers import offer
from tests.factories_people import actor as person_acting
from tests.factories_people import member
from tests.factories_places import introduce, settle

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
AMAL, BEN = Actor("member", "amal"), Actor("member", "ben")


@pytest.fixture
def caritas(city):
    """An organization with one member."""
    organization = found(city, "Caritas")
    with city.write() as db:
        organizations.set_members(db, organization, [str(AMAL)], actor=EDITOR)
    return organization


def shown(city, kind, entry_id):
    with city.read() as db:
        return orjson.loads(publishing.payloads_of(db, "de", kind, [entry_id])[0])


def propose(city, entry_id, *, actor=AMAL, title="Neuer Name", words=True, facts=(), message=""):
    with city.write() as db:
        draft = Draft(
            language="de" if words else "",
            title=title,
            content="<p>Neu.</p><script>alert(1)</script>",
            text_revision=content.find_text(db, entry_id, "de").revision,
            facts=dict(facts),
            entry_revision=revision_of(db, entry_id),
            message=message,
        )
        return proposals.propose(db, entry_id, draft, appliers=registry.APPLY_FACTS, actor=actor).id


def accept(city, proposal_id, **how):
    with city.write() as db:
        proposals.accept(db, proposal_id, appliers=registry.APPLY_FACTS, actor=EDITOR, **how)


def state(city, proposal_id):
    with city.read() as db:
        return proposals.find(db, proposal_id).state


def test_readers_see_a_proposal_once_an_editor_has_accepted_and_published_it(city, caritas):
    proposal = propose(city, caritas)
    assert shown(city, "organization", caritas)["title"] == "Caritas"
    accept(city, proposal, publish=True)
    assert shown(city, "organization", caritas)["title"] == "Neuer Name"
    assert shown(city, "organization", caritas)["content"] == "<p>Neu.</p>"
    assert state(city, proposal) == proposals.ACCEPTED


@on_one_database
def test_accepted_words_can_wait_for_publication(city, caritas):
    accept(city, propose(city, caritas))
    assert shown(city, "organization", caritas)["title"] == "Caritas"
    with city.read() as db:
        assert content.versions(db, caritas, "de")[0].title == "Neuer Name"


@on_one_database
def test_members_propose_for_what_belongs_to_their_organization(city, caritas):
    page, course = plant(city, "Beratung"), offer(city, "Kurs", provider=caritas)
    with city.write() as db:
        pages.set_organization(db, page, caritas, revision=revision_of(db, page), actor=EDITOR)
    propose(city, page)
    propose(city, course)
    with city.read() as db:
        assert [one.entry_id for one in proposals.waiting(db)] == [page, course]
        assert [one.entry_id for one in proposals.of_author(db, AMAL)] == [course, page]


@on_one_database
def test_who_is_no_member_is_refused(city, caritas):
    free = plant(city, "Niemandes Seite")
    others = offer(city, "Kurs", provider=found(city, "Diakonie"))
    for entry, actor in ((caritas, BEN), (free, AMAL), (others, AMAL)):
        with pytest.raises(Forbidden, match="Only members"):
            propose(city, entry, actor=actor)


def test_facts_of_an_offer_can_be_proposed_with_or_without_words(city, caritas):
    course = offer(city, "Kurs", provider=caritas)
    accept(city, propose(city, course, words=False, facts={"cost_from": 0, "cost_to": 0}))
    assert shown(city, offers.KIND, course)["cost"] == {"from": 0, "to": 0}
    assert shown(city, offers.KIND, course)["title"] == "Kurs"


@on_one_database
def test_for_other_kinds_words_alone_can_be_proposed(city, caritas):
    page = plant(city, "Beratung")
    with city.write() as db:
        pages.set_organization(db, page, caritas, revision=revision_of(db, page), actor=EDITOR)
    with pytest.raises(Invalid, match="only words"):
        propose(city, page, facts={"thumbnail": "https://neu.example/a.png"})


def entries_of(city, organization):
    """One entry of every kind that can be proposed for, by kind."""
    place = settle(city, "Haus", organization=organization, address=Address(street="Weg 1", town="Augsburg"))
    return {
        "organization": organization,
        "location": place,
        "contact": introduce(city, "Wohnen", organization=organization, location=place),
        "offer": offer(city, "Kurs", provider=organization),
    }


@on_one_database
@pytest.mark.parametrize(
    ("kind", "facts", "shown_as"),
    [
        ("organization", {"website": "https://neu.example"}, {"website": "https://neu.example"}),
        ("location", {"hours": "Mo 08:00-12:00"}, {"opening_hours": "Mo 08:00-12:00"}),
        ("contact", {"email": "neu@Example.org"}, {"email": "neu@example.org"}),
        ("offer", {"cost_from": 0, "cost_to": 0}, {"cost": {"from": 0, "to": 0}}),
    ],
)
def test_facts_of_whatever_belongs_to_them_can_be_proposed(city, caritas, kind, facts, shown_as):
    entry = entries_of(city, caritas)[kind]
    before = shown(city, kind, entry)
    proposal = propose(city, entry, words=False, facts=facts)
    assert shown(city, kind, entry) == before
    accept(city, proposal)
    after = shown(city, kind, entry)
    assert shown_as.items() <= after.items()
    assert {name for name in before if before[name] != after[name]} <= {*shown_as, "changed_at", "own_hours"}


@on_one_database
def test_a_part_of_an_address_leaves_the_rest_of_it(city, caritas):
    place = entries_of(city, caritas)["location"]
    accept(city, propose(city, place, words=False, facts={"address": {"street": "Weg 2"}}))
    address = shown(city, "location", place)["address"]
    assert (address["street"], address["town"]) == ("Weg 2", "Augsburg")


@on_one_database
@pytest.mark.parametrize(
    ("kind", "facts", "sentence"),
    [
        ("organization", {"members": ["amal"]}, "“members” cannot be changed this way"),
        ("organization", {"sort": "empire"}, "no sort of organization"),
        ("organization", {"website": 5}, "“website” has the wrong type"),
        ("organization", {"partners": [1]}, "organization 1, which does not exist here"),
        ("location", {"organization": None}, "cannot be changed this way"),
        ("location", {"address": {"planet": "Mars"}}, "“planet” cannot be changed"),
        ("location", {"hours": "immer"}, "write opening hours such as"),
        ("location", {"latitude": "48"}, "“latitude” has the wrong type"),
        ("contact", {"phone": "ruf mich an"}, "no phone number"),
        ("contact", {"region": "AT"}, "cannot be changed this way"),
        ("offer", {"provider": 1}, "cannot be changed this way"),
        ("offer", {"age_from": 400}, "no age"),
        ("offer", {"deadline": "2027-03-31T12:00:00"}, "with its offset"),
    ],
)
def test_what_makes_no_sense_is_refused_when_it_is_proposed(city, caritas, kind, facts, sentence):
    entry = entries_of(city, caritas)[kind]
    before = shown(city, kind, entry)
    with pytest.raises((Invalid, NotFound), match=sentence) as refused:
        propose(city, entry, facts=facts)
    assert "\n" not in refused.value.message
    with city.read() as db:
        assert proposals.waiting(db) == []
        assert len(content.versions(db, entry, "de")) == 1
    assert shown(city, kind, entry) == before


def test_a_first_translation_can_be_proposed(city, caritas):
    with city.write() as db:
        draft = Draft(language="en", title="Caritas office", content="<p>Welcome.</p>")
        proposal = proposals.propose(db, caritas, draft, appliers=registry.APPLY_FACTS, actor=AMAL).id
    with city.read() as db:
        assert content.text_of(db, caritas, "en") is None
        assert audit.verify(db).fault == ""
    accept(city, proposal, publish=True)
    with city.read() as db:
        body = orjson.loads(publishing.payloads_of(db, "en", "organization", [caritas])[0])
        assert content.states(db, [caritas])[caritas, "en"] == content.State.UP_TO_DATE
    assert (body["title"], body["delivered_language"]) == ("Caritas office", "en")


@on_one_database
def test_words_in_a_language_the_city_does_not_speak_are_refused(city, caritas):
    draft = Draft(language="tlh", title="Qapla", content="<p>nuqneH</p>")
    with pytest.raises(NotFound, match="does not write"), city.write() as db:
        proposals.propose(db, caritas, draft, appliers=registry.APPLY_FACTS, actor=AMAL)


def test_a_proposal_does_not_overwrite_what_was_saved_in_between(city, caritas):
    proposal = propose(city, caritas)
    write(city, caritas, "Caritas Teststadt")
    with pytest.raises(Conflict):
        accept(city, proposal, publish=True)
    assert shown(city, "organization", caritas)["title"] == "Caritas Teststadt"


@on_one_database
def test_an_editor_returns_a_proposal_with_a_message(city, caritas):
    proposal = propose(city, caritas)
    with pytest.raises(Invalid, match="what to change"), city.write() as db:
        proposals.return_to_author(db, proposal, answer=" ", actor=EDITOR)
    with city.write() as db:
        proposals.return_to_author(db, proposal, answer="Bitte kürzer.", actor=EDITOR)
    with city.read() as db:
        assert (proposals.find(db, proposal).answer, proposals.find(db, proposal).decided_by) == (
            "Bitte kürzer.",
            "editor:eva",
        )
        assert not proposals.waiting(db)


@on_one_database
def test_a_proposal_is_decided_once(city, caritas):
    proposal = propose(city, caritas)
    accept(city, proposal)
    with pytest.raises(Conflict, match="accepted already"):
        accept(city, proposal)


@on_one_database
def test_only_its_author_withdraws_a_proposal(city, caritas):
    proposal = propose(city, caritas)
    with pytest.raises(Forbidden), city.write() as db:
        proposals.withdraw(db, proposal, actor=BEN)
    with city.write() as db:
        proposals.withdraw(db, proposal, actor=AMAL)
    assert state(city, proposal) == proposals.WITHDRAWN


@on_one_database
def test_nothing_and_what_is_not_there_cannot_be_proposed(city, caritas):
    with pytest.raises(Invalid, match="other words or other facts"):
        propose(city, caritas, words=False)
    draft = Draft(language="en", title="Caritas", content="")
    with pytest.raises(NotFound), city.write() as db:
        proposals.propose(db, caritas + 1, draft, appliers={}, actor=AMAL)


@on_one_database
def test_one_city_does_not_see_the_proposals_of_another(city, other_city, caritas):
    proposal = propose(city, caritas)
    with pytest.raises(NotFound), other_city.read() as db:
        proposals.find(db, proposal)


@on_one_database
def test_a_contributor_proposes_for_the_own_organization_and_changes_nothing(city, caritas):
    """People with a role in the city need not be named by the organization besides: their role names it."""
    contributor = member(city, "contributor", organization=caritas)
    theirs, foreign = offer(city, "Kurs", provider=caritas), offer(city, "Anderer Kurs")
    for entry_id in (caritas, theirs):
        assert propose_as(city, contributor, entry_id).author == f"person:{contributor}"
    with pytest.raises(Forbidden, match="your organization"):
        propose_as(city, contributor, foreign)
    with pytest.raises(Forbidden):
        save_as(city, contributor, theirs)


def propose_as(city, account_id, entry_id):
    with city.write() as db:
        draft = Draft(language="de", title="Neu", content="", text_revision=text_revision(db, entry_id))
        who = person_acting(db, account_id)
        return proposals.propose(db, entry_id, draft, appliers=registry.APPLY_FACTS, actor=who)


def save_as(city, account_id, entry_id):
    with city.write() as db:
        words = TextDraft(title="Neu", content="", revision=text_revision(db, entry_id))
        content.save_text(db, entry_id, "de", words, actor=person_acting(db, account_id))


def text_revision(db, entry_id):
    return content.find_text(db, entry_id, "de").revision
