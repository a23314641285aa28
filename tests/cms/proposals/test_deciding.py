"""Editors before the inbox of proposals, without a browser."""

from __future__ import annotations

import pytest

from cityinfo import registry
from cityinfo.cms.proposals import views
from cityinfo.cms.proposals.differences import facts_now
from cityinfo.cms.proposals.fields import fields_of
from cityinfo.features import content, locations, organizations, proposals
from tests.cms.conftest import text_of
from tests.factories import plant
from tests.factories_entries import found, write
from tests.factories_offers import offer
from tests.factories_people import actor as acting
from tests.factories_places import introduce, settle
from tests.web.test_statements import Statements


@pytest.fixture
def caritas(city):
    return found(city, "Caritas", website="https://alt.example")


@pytest.fixture
def amal(people, caritas):
    """A member of the organization."""
    return people("contributor", organization=caritas)


@pytest.fixture
def editor(people):
    return people("editor")


def now(city, entry_id):
    """What the form of a record is opened with."""
    with city.read() as db:
        entry, text = content.find_entry(db, entry_id), content.find_text(db, entry_id, "de")
        version = content.version(db, text.current_version_id)
        facts = organizations.facts_of(db, entry_id) if entry.kind == organizations.KIND else None
        return {
            "language": "de",
            "title": version.title,
            "content": "Guten Tag.",
            "text_revision": text.revision,
            "entry_revision": entry.revision,
            **({"fact-sort": facts.sort, "fact-website": facts.website} if facts else {}),
        }


def proposed(someone, entry_id, **changed):
    answer = someone.post(f"/records/{entry_id}", {**now(someone.city, entry_id), **changed})
    assert answer.status_code == 303, text_of(answer)
    return int(answer.headers["Location"].rpartition("/")[2])


def revisions(city, entry_id):
    return {name: value for name, value in now(city, entry_id).items() if name.endswith("revision")}


def title(city, entry_id):
    with city.read() as db:
        return content.titles(db, entry_id)["de"]


def website(city, entry_id):
    with city.read() as db:
        return organizations.facts_of(db, entry_id).website


def state(city, proposal_id):
    with city.read() as db:
        return proposals.find(db, proposal_id).state


def public_name(editor, caritas):
    items = editor.client.get(f"/api/v1/tenants/{editor.city.slug}/de/organizations").json["items"]
    return next(one["title"] for one in items if one["id"] == caritas)


def test_the_inbox_says_what_waits_and_from_whom(amal, editor, caritas):
    proposed(amal, caritas, title="Caritas e. V.")
    shown = text_of(editor.get("/proposals"))
    assert "Ein Vorschlag wartet auf eine Entscheidung." in shown
    assert "Contributor" in shown
    assert "Nichts wurde bisher entschieden." not in shown
    assert "Noch wurde nichts entschieden." in text_of(editor.get("/proposals?show=decided"))


def test_a_proposal_is_shown_as_what_it_changes(amal, editor, caritas):
    fields = {"content": "Guten Tag und Abend.", "fact-website": "https://neu.example", "message": "Bitte bald."}
    shown = text_of(editor.get(f"/proposals/{proposed(amal, caritas, **fields)}"))
    assert "Guten Tag<ins> und Abend</ins>." in shown
    assert "https://alt.example</del>" in shown
    assert "https://neu.example</ins>" in shown
    assert "Internetadresse" in shown
    assert "Bitte bald." in shown


def test_what_is_accepted_is_said_to_readers_at_once(city, amal, editor, caritas):
    proposal = proposed(amal, caritas, title="Caritas e. V.", **{"fact-website": "https://neu.example"})
    editor.post(f"/proposals/{proposal}/accept", {**revisions(city, caritas), "publish": "1"})
    assert public_name(editor, caritas) == "Caritas e. V."
    assert website(city, caritas) == "https://neu.example"
    assert state(city, proposal) == proposals.ACCEPTED


def test_words_can_be_accepted_without_being_published(city, amal, editor, caritas):
    proposal = proposed(amal, caritas, title="Caritas e. V.")
    editor.post(f"/proposals/{proposal}/accept", revisions(city, caritas))
    assert (title(city, caritas), public_name(editor, caritas)) == ("Caritas e. V.", "Caritas")


def test_an_editor_changes_a_proposal_before_accepting_it_and_tells_its_author(city, amal, editor, caritas):
    proposal = proposed(amal, caritas, title="Caritas e. V.", **{"fact-website": "https://neu.example"})
    edited = {
        "edited": "1",
        "title": "Caritas (e. V.)",
        "content": "Willkommen.",
        "fact-website": "https://best.example",
    }
    editor.post(f"/proposals/{proposal}/accept", {**revisions(city, caritas), **edited, "comment": "In Klammern."})
    assert (title(city, caritas), website(city, caritas)) == ("Caritas (e. V.)", "https://best.example")
    assert "In Klammern." in text_of(amal.get(f"/proposals/{proposal}"))


def test_what_was_edited_stays_when_it_is_refused(city, amal, editor, caritas):
    proposal = proposed(amal, caritas, title="Caritas e. V.", **{"fact-website": "https://neu.example"})
    edited = {"edited": "1", "title": "", "content": "Willkommen.", "fact-website": "https://best.example"}
    refused = editor.post(f"/proposals/{proposal}/accept", {**revisions(city, caritas), **edited})
    assert refused.status_code == 422
    assert "Willkommen." in text_of(refused)
    assert 'value="https://best.example"' in text_of(refused)
    assert state(city, proposal) == proposals.PROPOSED


def test_whoever_accepts_what_a_colleague_has_changed_meanwhile_sees_the_difference_anew(city, amal, editor, caritas):
    proposal, before = proposed(amal, caritas, title="Caritas e. V."), revisions(city, caritas)
    write(city, caritas, "Caritas Musterstadt")
    refused = editor.post(f"/proposals/{proposal}/accept", before)
    assert refused.status_code == 409
    assert "<del>Musterstadt</del>" in text_of(refused)
    editor.post(f"/proposals/{proposal}/accept", revisions(city, caritas))
    assert title(city, caritas) == "Caritas e. V."


def test_a_proposal_is_returned_with_a_sentence(city, amal, editor, caritas):
    proposal = proposed(amal, caritas, title="Caritas e. V.")
    assert editor.post(f"/proposals/{proposal}/return", {"answer": " "}).status_code == 422
    assert editor.post(f"/proposals/{proposal}/return", {"answer": "Zu lang."}).status_code == 303
    assert state(city, proposal) == proposals.RETURNED
    assert "Zu lang." in text_of(amal.get("/proposals/mine"))
    assert "Zu lang." in text_of(amal.get("/"))


def test_after_a_decision_the_next_proposal_is_there(city, amal, editor, caritas):
    first, second = proposed(amal, caritas, title="Eins"), proposed(amal, caritas, title="Zwei")
    answer = editor.post(f"/proposals/{first}/return", {"answer": "Nein."})
    assert answer.headers["Location"].endswith(f"/proposals/{second}")
    answer = editor.post(f"/proposals/{second}/return", {"answer": "Nein."})
    assert answer.headers["Location"].endswith("/proposals")


def test_what_was_decided_is_not_decided_again(city, amal, editor, caritas):
    proposal = proposed(amal, caritas, title="Eins")
    editor.post(f"/proposals/{proposal}/return", {"answer": "Nein."})
    assert editor.post(f"/proposals/{proposal}/accept", revisions(city, caritas)).status_code == 409
    assert title(city, caritas) == "Caritas"


def test_people_who_only_write_do_not_see_proposals(amal, people, caritas):
    proposal = proposed(amal, caritas, title="Eins")
    author = people("author")
    assert author.get("/proposals").status_code == 403
    assert author.get(f"/proposals/{proposal}").status_code == 403


def test_a_long_inbox_comes_in_sheets(amal, editor, caritas, monkeypatch):
    monkeypatch.setattr(views, "SHOWN", 2)
    kept = [proposed(amal, caritas, title=f"Name {number}") for number in range(3)]
    first = text_of(editor.get("/proposals"))
    assert f"/proposals/{kept[1]}" in first
    assert f"/proposals/{kept[2]}" not in first
    assert f"/proposals/{kept[2]}" in text_of(editor.get(f"/proposals?after={kept[1]}"))


def test_a_long_inbox_takes_as_many_statements_as_a_short_one(city, amal, editor, caritas):
    proposed(amal, caritas, title="Eins")
    asked = Statements(city.database.engine)
    short = asked.of(lambda: editor.get("/proposals"))
    for number in range(4):
        proposed(amal, caritas, title=f"Name {number}")
    assert asked.of(lambda: editor.get("/proposals")) == short


def test_what_is_chosen_from_lists_is_shown_by_its_name_and_not_by_its_key(city, amal, editor, caritas):
    course = offer(city, "Kurs", provider=caritas, audiences=["single_parents"], spoken=["ar"])
    place = settle(city, "Haus", organization=caritas)
    link = {"sort": "link", "link": "https://x.example", "cost_from": 1250}
    facts = {
        course: {"audiences": ["self_employed"], "spoken": ["en"], **link},
        place: {"categories": ["leisure"], "accessibility": {"lift": "partly"}, "address": {"country": "AT"}},
    }
    shown = ""
    for entry_id, wanted in facts.items():
        with city.write() as db:
            draft = proposals.Draft(facts=wanted, entry_revision=content.find_entry(db, entry_id).revision)
            someone = acting(db, amal.account_id)
            made = proposals.propose(db, entry_id, draft, appliers=registry.APPLY_FACTS, actor=someone).id
        shown += text_of(editor.get(f"/proposals/{made}"))
    for words in ("Selbstständige", "Alleinerziehende", "Englisch", "Arabisch", "Link nach außen", "12,50 Euro"):
        assert f"{words}" in shown, words
    for words in ("Freizeit", "Aufzug: teilweise", "Österreich"):
        assert f"{words}" in shown, words
    for key in ("self employed", "self_employed", "leisure", "lift:", "partly"):
        assert key not in shown.replace("<dt>", ""), key


def test_every_fact_that_can_be_proposed_has_a_name(city, caritas):
    place = settle(city, "Haus", organization=caritas)
    entries = [caritas, place, introduce(city, "Wohnen", organization=caritas), offer(city, "Kurs", provider=caritas)]
    closed = {"organization", "region", "provider"}
    with city.read() as db:
        for entry in (content.find_entry(db, one) for one in entries):
            named = {one.name for one in fields_of(entry.kind)}
            assert facts_now(db, entry).keys() - closed == named, entry.kind


def test_times_and_places_are_proposed_in_words_of_people(city, amal, editor, caritas):
    place = settle(city, "Haus", organization=caritas)
    with city.read() as db:
        entry, facts = content.find_entry(db, place), locations.facts_of(db, place)
    fields = {
        "language": "de",
        "title": "Haus",
        "content": "Offen für alle.",
        "text_revision": now(city, place)["text_revision"],
        "entry_revision": entry.revision,
        "fact-address-street": "Neuer Weg 2",
        "fact-address-postal_code": facts.address.postal_code,
        "fact-address-town": facts.address.town,
        "fact-temporarily_closed": "1",
    }
    answer = amal.post(f"/records/{place}", fields)
    shown = text_of(editor.get(f"/proposals/{answer.headers['Location'].rpartition('/')[2]}"))
    assert "Musterweg 1</del>" in shown
    assert "Neuer Weg 2</ins>" in shown
    assert "ja</ins>" in shown
    assert "address" not in shown.partition('class="diff"')[2].partition("</section>")[0]


def test_a_member_of_an_organization_sees_no_other_page(city, amal, caritas):
    page = plant(city, "Beratung")
    for path in ("/pages", f"/texts/{page}/de", "/translations", "/translations/ar", "/targets/link?q=B"):
        assert amal.get(path).status_code == 403, path
    assert "Seiten" not in text_of(amal.get("/"))
