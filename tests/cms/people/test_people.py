"""Who works in a city, as its managers see and change it."""

from __future__ import annotations

from cityinfo.cms.people import views
from cityinfo.features import accounts
from tests.cms.conftest import text_of
from tests.factories_people import member
from tests.web.test_statements import Statements

LAYLA = {"name": "Layla", "email": "layla@example.org", "role": "translator", "languages": "de"}


def roles(city):
    with city.read() as db:
        return {one.account.name: one.membership.role for one in accounts.people(db)}


def test_a_manager_finds_people_by_name(city, people):
    member(city, "author", "Tarek")
    shown = text_of(people("manager").get("/people?q=TAR"))
    assert "tarek@example.org" in shown
    assert "manager@example.org" not in shown


def test_a_long_list_comes_in_sheets(city, people, monkeypatch):
    monkeypatch.setattr(views, "SHOWN", 2)
    for name in ("Aylin", "Ben", "Zora"):
        member(city, "author", name)
    manager = people("manager")
    first = text_of(manager.get("/people"))
    assert "Ben" in first
    assert "Zora" not in first
    assert "from=2" in first
    assert "Zora" in text_of(manager.get("/people?from=2"))


def test_someone_is_invited_and_stands_in_the_list(city, people):
    manager = people("manager")
    assert manager.post("/people", LAYLA).status_code == 303
    assert "Ein Brief an layla@example.org ist unterwegs." in text_of(manager.get("/people"))
    assert roles(city)["Layla"] == "translator"


def test_what_was_typed_stays_when_it_is_refused(city, people):
    refused = people("manager").post("/people", {**LAYLA, "email": "layla"})
    assert refused.status_code == 422
    assert 'value="Layla"' in text_of(refused)
    assert "Layla" not in roles(city)


def test_fewer_than_two_managers_are_warned_of_and_the_last_one_stays(city, people):
    manager = people("manager")
    assert "mindestens zwei" in text_of(manager.get("/people"))
    with city.read() as db:
        (own,) = accounts.memberships(db, manager.account_id)
    manager.post(f"/people/{own.id}/end")
    assert "letzte" in text_of(manager.get("/people"))
    member(city, "manager", "Ben")
    assert "mindestens zwei" not in text_of(manager.get("/people"))
    assert roles(city)["Manager"] == "manager"


def test_a_role_is_ended(city, people):
    tarek = member(city, "author", "Tarek")
    with city.read() as db:
        (row,) = accounts.memberships(db, tarek)
    people("manager").post(f"/people/{row.id}/end")
    assert "Tarek" not in roles(city)


def test_editors_do_not_see_people(people):
    assert people("editor").get("/people").status_code == 403


def test_a_long_list_takes_as_many_statements_as_a_short_one(city, people):
    manager, asked = people("manager"), Statements(city.database.engine)
    short = asked.of(lambda: manager.get("/people"))
    for number in range(5):
        member(city, "author", f"Author{number}")
    assert asked.of(lambda: manager.get("/people")) == short
