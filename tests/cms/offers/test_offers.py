"""Offers as editors write them, without a browser."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cityinfo.cms.entries import screens
from cityinfo.cms.offers import needs
from cityinfo.features import content, offers
from cityinfo.features.offers import AUDIENCES, SORTS
from cityinfo.kernel import clock
from tests.cms.conftest import text_of
from tests.factories_entries import found, revision_of
from tests.factories_offers import offer
from tests.web.test_statements import Statements

DAY = (clock.now() + timedelta(days=40)).date()
COURSE = {
    "title": "Deutschkurs",
    "content": "Für Anfänger.",
    "sort": "course",
    "audiences": ["newcomers", "women"],
    "age_from": "16",
    "cost": "amount",
    "cost_from": "12,50",
    "slot_day": ["mo", "we"],
    "slot_from": ["09:00", ""],
    "slot_to": ["10:30", ""],
    "deadline_on": f"{DAY}",
    "link": "https://vhs.example/kurs",
}


@pytest.fixture
def editor(people):
    return people("editor")


def made(editor, **fields):
    answer = editor.post("/offers/new", {**COURSE, **fields})
    assert answer.status_code == 303, text_of(answer)
    return int(answer.headers["Location"].rpartition("/")[2])


def facts(city, offer_id):
    with city.read() as db:
        return offers.facts_of(db, offers.find(db, offer_id))


def fields_of(city, offer_id, **changed):
    with city.read() as db:
        text = content.find_text(db, offer_id, "de")
        return {**COURSE, "revision": revision_of(db, offer_id), "text_revision": text.revision, **changed}


def public(editor, city):
    return editor.client.get(f"/api/v1/tenants/{city.slug}/de/offers").json["items"]


def test_an_offer_is_written_and_published(city, editor):
    provider = found(city, "Volkshochschule")
    made(editor, do="publish", provider=provider, documents="Pass\nFoto")
    (shown,) = public(editor, city)
    assert (shown["title"], shown["sort"]) == ("Deutschkurs", "course")
    assert shown["organization"]["name"] == "Volkshochschule"
    assert shown["audiences"] == ["newcomers", "women"]
    assert shown["age"] == {"from": 16, "to": None}
    assert shown["cost"] == {"from": 12.5, "to": None}
    assert shown["schedule"] == [{"day": "mo", "from": "09:00", "to": "10:30"}]
    assert shown["sections"]["documents"] == "<ul><li>Pass</li><li>Foto</li></ul>"
    assert datetime.fromisoformat(shown["deadline"]).astimezone(clock.now().tzinfo).date() == DAY


def test_who_changes_nothing_makes_no_version_and_changes_no_offer(city, editor):
    offer_id = made(editor, steps="Anrufen\nKommen", cost_words="Ermäßigt mit Pass.")
    shown = fields_of(city, offer_id, steps="Anrufen\nKommen", cost_words="Ermäßigt mit Pass.")
    editor.post(f"/offers/{offer_id}", shown)
    now = fields_of(city, offer_id)
    assert (now["revision"], now["text_revision"]) == (shown["revision"], shown["text_revision"])


def test_a_moment_that_another_door_has_set_stays_as_exact_as_it_was(city, editor):
    moment = (clock.now() + timedelta(days=9)).replace(microsecond=123_000)
    offer_id = offer(city, "Zuschuss", valid_until=moment)
    shown = text_of(editor.get(f"/offers/{offer_id}"))
    (day, at) = (
        shown.partition(f'id="{name}"')[2].partition('value="')[2].partition('"')[0]
        for name in ("valid_on", "valid_at")
    )
    editor.post(f"/offers/{offer_id}", fields_of(city, offer_id, valid_on=day, valid_at=at, title="Neu"))
    assert facts(city, offer_id).valid_until == moment


@pytest.mark.parametrize("sort", SORTS)
def test_the_form_asks_for_what_the_kind_needs(editor, sort):
    shown = text_of(editor.post("/offers/new", {**COURSE, "sort": sort, "do": "show"}))
    asked = needs.asked(sort)
    assert ("Unterlagen</label>" in shown) == ("documents" in asked)
    assert ("Zeiten in der Woche" in shown.partition("Bleibt erhalten")[0]) == ("schedule" in asked)
    assert ('type="hidden" name="deadline_on"' in shown) != ("deadline" in asked)


def test_what_a_kind_does_not_need_is_kept_and_named(city, editor):
    shown = editor.post("/offers/new", {**COURSE, "sort": "link", "do": "show"})
    assert shown.status_code == 200
    assert "Bleibt erhalten, obwohl diese Art es nicht braucht: Alter, Zeiten in der Woche, Kosten, Frist." in text_of(
        shown
    )
    with city.read() as db:
        assert list(offers.OFFERS.all_ids(db)) == []
    kept = facts(city, made(editor, sort="link"))
    assert (kept.age_from, kept.cost_from, len(kept.schedule)) == (16, 1250, 1)
    everything = text_of(editor.post("/offers/new", {**COURSE, "sort": "link", "everything": "1", "do": "show"}))
    assert 'type="hidden" name="age_from"' not in everything


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"cost_from": "teuer"}, "Betrag in Euro"),
        ({"cost_from": ""}, "wie viel es kostet"),
        ({"age_from": "alt"}, "ganzen Jahren"),
        ({"age_from": "20", "age_to": "10"}, "20"),
        ({"deadline_on": "bald"}, "Wählen Sie einen Tag"),
        ({"slot_to": ["08:00", ""]}, "09:00"),
        ({"link": "nirgends"}, "Webadresse"),
        ({"sort": "link", "link": ""}, "https://"),
        ({"title": " "}, "Titel"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(city, editor, fields, sentence):
    refused = editor.post("/offers/new", {**COURSE, **fields})
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert "Für Anfänger." in text_of(refused)
    with city.read() as db:
        assert list(offers.OFFERS.all_ids(db)) == []


def test_what_is_wrong_is_shown_though_the_kind_does_not_need_it(editor):
    refused = editor.post("/offers/new", {**COURSE, "sort": "link", "cost_from": "teuer"})
    assert refused.status_code == 422
    assert 'type="hidden" name="cost_from"' not in text_of(refused)
    assert 'value="teuer"' in text_of(refused)


def test_times_that_no_form_of_ours_sends_are_refused_too(editor):
    refused = editor.post("/offers/new", {**COURSE, "slot_day": ["mo|x"], "slot_from": ["09:00"], "slot_to": ["1|0"]})
    assert refused.status_code == 422


def test_free_is_free_and_nothing_said_is_not_stated(city, editor):
    assert (facts(city, made(editor, cost="free")).cost_from, facts(city, made(editor, cost="free")).cost_to) == (0, 0)
    assert facts(city, made(editor, cost="")).cost_from is None


def test_a_colleague_who_was_quicker_is_not_overwritten_unseen(city, editor):
    offer_id = made(editor)
    mine = fields_of(city, offer_id, title="Mein Titel", age_from="18")
    editor.post(f"/offers/{offer_id}", fields_of(city, offer_id, age_from="17"))
    overtaken = editor.post(f"/offers/{offer_id}", mine)
    assert overtaken.status_code == 409
    assert 'value="Mein Titel"' in text_of(overtaken)
    assert facts(city, offer_id).age_from == 17


def test_the_list_says_what_it_is_and_until_when(city, editor):
    offer(city, "Kurs", sort="course", valid_until=clock.now() - timedelta(days=1))
    offer(city, "Zuschuss", sort="funding", deadline=clock.now() + timedelta(days=1))
    listed = text_of(editor.get("/offers"))
    assert "Kurs · abgelaufen am" in listed
    assert "Förderung · Frist" in listed


def test_every_target_group_has_a_word(editor):
    shown = text_of(editor.get("/offers/new"))
    assert all(f'name="audiences" value="{one}"' in shown for one in AUDIENCES)


def test_a_long_list_comes_in_sheets_with_as_many_statements_as_a_short_one(city, editor, monkeypatch):
    monkeypatch.setattr(screens, "ON_A_SHEET", 3)
    offer(city, "Kurs")
    asked = Statements(city.database.engine)
    short = asked.of(lambda: editor.get("/offers"))
    for number in range(4):
        offer(city, f"Kurs {number}")
    assert asked.of(lambda: editor.get("/offers")) == short
    assert "after=" in text_of(editor.get("/offers"))


def test_members_of_an_organization_see_only_its_offers(city, people):
    own = found(city, "Caritas")
    theirs, other = offer(city, "Beratung", provider=own), offer(city, "Deutschkurs")
    member = people("contributor", organization=own)
    listed = text_of(member.get("/offers"))
    assert "Beratung" in listed
    assert "Deutschkurs" not in listed
    assert member.get(f"/offers/{theirs}").status_code == 200
    assert member.get(f"/offers/{other}").status_code == 403


def test_offers_of_other_systems_are_switched_on_in_an_order(city, people):
    manager = people("manager")
    shown = text_of(manager.get("/offers/external"))
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    wanted = {"seen": seen, "on": ["wohnraumboerse", "help"], "place-wohnraumboerse": "2", "place-help": "1"}
    refused = manager.post("/offers/external", wanted)
    assert refused.status_code == 422
    assert "eigene Webadresse" in text_of(refused)
    assert 'value="wohnraumboerse" checked' in text_of(refused)
    address = {"address-help": "https://hilfe.musterstadt.example"}
    assert manager.post("/offers/external", {**wanted, **address}).status_code == 303
    with city.read() as db:
        assert [(one.alias, one.address) for one in offers.external(db)] == [
            ("help", "https://hilfe.musterstadt.example"),
            ("wohnraumboerse", ""),
        ]
    assert manager.post("/offers/external", {"seen": seen}).status_code == 409
