"""Every kind of content is listed, created, changed, published, archived and deleted in the same way."""

from __future__ import annotations

import pytest

from tests.editors import Editor
from tests.factories_entries import found

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
FACTS = {  # to create one, and what to change of it
    "pages": ({}, {"thumbnail": "/media/1/a.png"}),
    "events": (
        {"starts": "2100-05-01T18:00:00", "ends": "2100-05-01T20:00:00"},
        {"categories": ["kultur"]},
    ),
    "locations": ({"categories": ["advice"], "address": {"town": "Augsburg"}}, {"temporarily_closed": True}),
    "contacts": ({"phone": "+49 821 3240"}, {"name": "Amal"}),
    "offers": ({"sort": "course"}, {"cost_from": 0}),
    "organizations": ({"sort": "company"}, {"website": "https://example.org"}),
    "news": ({"push": False}, {"mode": "main"}),
    "imprint": ({}, {}),
}


@pytest.fixture
def amal(client, city):
    return Editor(client, city)


@pytest.mark.parametrize("plural", FACTS)
def test_an_entry_lives_from_its_creation_to_its_deletion(amal, plural):
    facts, part = FACTS[plural]
    made = amal.create(plural, "Neu", **facts)
    here = f"/{plural}/{made.json['id']}"
    assert made.headers["Location"] == f"{amal.here}{here}"
    assert [one["id"] for one in amal.get(f"/{plural}?q=neu").json["items"]] == [made.json["id"]]
    changed = amal.patch(here, part, seen=made) if part else made
    assert {name: changed.json["facts"][name] for name in part} == part
    assert all(
        changed.json["facts"][name] == made.json["facts"][name] for name in facts if isinstance(facts[name], str)
    )
    public = amal.publish(plural, amal.get(here))
    assert public.json["stage"] == "public"
    archived = amal.post(f"{here}/archive", seen=public)
    assert archived.json["archived_at"]
    assert [one["id"] for one in amal.get(f"/{plural}?archived=yes").json["items"]] == [made.json["id"]]
    back = amal.post(f"{here}/restore", seen=archived)
    assert back.json["archived_at"] is None
    assert amal.delete(here, seen=back).status_code == 422
    assert amal.delete(here, seen=amal.post(f"{here}/archive", seen=back)).status_code == 204
    assert amal.get(here).status_code == 404


@pytest.mark.parametrize("plural", [plural for plural, (_, part) in FACTS.items() if part])
def test_changed_facts_conflict_with_those_changed_meanwhile(amal, plural):
    facts, part = FACTS[plural]
    made = amal.create(plural, "Neu", **facts)
    here = f"/{plural}/{made.json['id']}"
    amal.patch(here, part, seen=made)
    refused = amal.patch(here, part, seen=made)
    assert (refused.status_code, refused.json["data"]["yours"]["facts"]) == (412, part)
    assert refused.json["data"]["theirs"]["facts"].items() >= part.items()
    assert amal.patch(here, {"unfug": 1}, seen=made).status_code == 422


def test_a_page_is_moved_and_found_in_the_tree(amal):
    top, other = amal.create(title="Oben"), amal.create(title="Unten")
    moved = amal.post(f"/pages/{other.json['id']}/move", {"under": top.json["id"]}, seen=other)
    assert moved.status_code == 200
    tree = amal.get("/pages/tree").json["items"]
    assert [(one["titles"]["de"], one["under"]) for one in tree] == [("Oben", None), ("Unten", top.json["id"])]
    under_itself = amal.post(f"/pages/{top.json['id']}/move", {"under": other.json["id"]}, seen=top)
    assert (under_itself.status_code, under_itself.json["code"]) == (422, "page.under_itself")


def test_what_shows_an_entry_is_listed(amal):
    target = amal.create(title="Ziel").json["id"]
    source = amal.create(title="Quelle")
    words = {"title": "Quelle", "content": f'<p><a href="entry:{target}">hin</a></p>'}
    amal.put(f"/pages/{source.json['id']}/texts/de", words, seen=source)
    assert amal.get(f"/pages/{target}/uses").json["items"] == [
        {"kind": "page", "id": source.json["id"], "role": "link"}
    ]


VIENNA = {"street": "Rathausplatz 1", "postal_code": "1010", "town": "Wien", "country": "AT"}


@pytest.mark.parametrize(
    ("said", "phone", "kept"),
    [
        ({}, "01 51581", "+43 1 51581"),
        ({"region": ""}, "01 51581", "+43 1 51581"),
        ({"region": "DE"}, "0821 3240", "+49 821 3240"),
    ],
)
def test_a_number_is_read_as_people_write_it_where_the_contact_is_unless_its_region_is_said(amal, said, phone, kept):
    office = amal.create("locations", "Amtshaus", categories=["advice"], address=VIENNA).json["id"]
    made = amal.create("contacts", "Rat", phone=phone, location=office, **said)
    assert made.json["facts"]["phone"] == kept


def test_without_a_location_and_a_region_a_number_is_read_as_a_german_one(amal):
    assert amal.create("contacts", "Rat", phone="0821 3240").json["facts"]["phone"] == "+49 821 3240"


def test_a_city_has_one_imprint(amal):
    amal.create("imprint", "Impressum")
    again = amal.post("/imprint", {"facts": {}, "texts": {}})
    assert (again.status_code, again.json["code"]) == (409, "imprint.known")


def test_an_occurrence_is_cancelled_and_an_event_copied(amal):
    facts = {"starts": "2100-05-01T18:00", "ends": "2100-05-01T20:00", "rules": ["FREQ=DAILY;COUNT=3"]}
    made = amal.create("events", "Kurs", **facts)
    here = f"/events/{made.json['id']}"
    cancelled = amal.ask("PUT", f"{here}/occurrences", json={"original": "2100-05-02T18:00"}, seen=made)
    assert cancelled.status_code == 200
    assert amal.post(f"{here}/occurrences/reset", {"original": "2100-05-02T18:00"}, seen=cancelled).status_code == 200
    twin = amal.post(f"{here}/copy", key="c1")
    assert (twin.status_code, twin.json["texts"]["de"]["title"], twin.json["id"] != made.json["id"]) == (
        201,
        "Kurs",
        True,
    )


def test_a_message_needs_a_second_person_where_the_city_wants_it(amal, client, city):
    settings = amal.get("/settings")
    features = {"two_person_news": True, "push_notifications": True}
    assert amal.patch("/settings", {"features": features}, seen=settings).status_code == 200
    made = amal.create("news", "Sperrung")
    asked = amal.post(f"/news/{made.json['id']}/request-approval", seen=made)
    assert asked.json["facts"]["review"] == "requested"
    refused = amal.post(f"/news/{made.json['id']}/approve", seen=asked)
    assert (refused.status_code, refused.json["code"]) == (403, "news.own_work")
    karim = Editor(client, city)
    returned = karim.post(f"/news/{made.json['id']}/return", {"reason": "Wo?"}, seen=asked)
    assert (returned.json["facts"]["review"], returned.json["facts"]["review_message"]) == ("draft", "Wo?")
    approved = karim.post(f"/news/{made.json['id']}/approve", seen=returned)
    assert approved.json["facts"]["stands"] == "approved"
    sent = karim.post(f"/news/{made.json['id']}/send", {}, seen=approved)
    assert sent.json["facts"]["stands"] == "visible"


def test_who_belongs_to_an_organization_sees_only_what_is_its_own(client, city, amal):
    caritas = found(city, "Caritas")
    amal.create("offers", "Fremd")
    own = amal.create("offers", "Eigen", provider=caritas)
    member = Editor(client, city, "contributor", organization=caritas)
    assert [one["id"] for one in member.get("/offers").json["items"]] == [own.json["id"]]
    assert member.get(f"/offers/{own.json['id']}").status_code == 200
    assert member.get("/feedback").status_code == 403
