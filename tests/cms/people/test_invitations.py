"""Who was invited to a city and has not come yet, as its managers see and change it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.cms.people import invitations
from cityinfo.features import accounts
from cityinfo.kernel import clock
from tests.cms.conftest import text_of
from tests.factories_entries import found
from tests.factories_logins import invite, letters, token_in
from tests.factories_people import give
from tests.web.test_statements import Statements

PASSWORD = {"password": "ein langer Satz als Passwort"}


@pytest.fixture
def manager(people):
    return people("manager")


@pytest.fixture
def nour(city):
    return invite(city, "nour@example.org", role="editor")


def opened(manager, token):
    return manager.client.get(f"/cms/invitation/{token}")


def said_of(manager, email):
    """What the list says of someone."""
    return text_of(manager.get("/people/invitations")).partition(f"<bdi>{email}")[2].partition("</li>")[0]


def roles(city, account_id):
    with city.read() as db:
        return [row.role for row in accounts.memberships(db, account_id)]


def end_role(city, manager, account_id):
    with city.read() as db:
        (row,) = accounts.memberships(db, account_id)
    manager.post(f"/people/{row.id}/end")


def test_invitations_that_wait_are_listed_with_when_they_end(city, manager, nour, settings):
    assert "Der Brief ist unterwegs" in text_of(manager.get("/people/invitations"))
    letters(settings, city.database)
    shown = text_of(manager.get("/people/invitations"))
    assert "nour@example.org" in shown
    assert "Redakteur" in shown or "Redaktion" in shown
    assert "Brief gesendet: heute" in shown
    assert "noch nicht gekommen" in text_of(manager.get("/people"))


def test_who_has_come_is_not_among_them(city, manager, nour, settings):
    (letter,) = letters(settings, city.database)
    manager.client.post(f"/cms/invitation/{token_in(letter)}", data=PASSWORD)
    assert "nour@example.org" not in text_of(manager.get("/people/invitations"))


def test_the_letter_is_sent_again_with_another_link(city, manager, nour, settings):
    first = token_in(letters(settings, city.database)[0])
    manager.post(f"/people/invitations/{nour}/again")
    assert "Ein Brief an nour@example.org ist unterwegs." in text_of(manager.get("/people/invitations"))
    second = token_in(letters(settings, city.database)[-1])
    assert opened(manager, first).status_code == 410
    assert opened(manager, second).status_code == 200


def test_a_lapsed_invitation_can_be_sent_again(city, manager, nour, settings, monkeypatch):
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "öffnet nichts mehr" in said_of(manager, "nour@example.org")
    manager.post(f"/people/invitations/{nour}/again")
    assert "öffnet nichts mehr" not in said_of(manager, "nour@example.org")


def test_an_invitation_is_taken_back_with_all_that_it_gave(city, manager, nour, settings):
    token = token_in(letters(settings, city.database)[0])
    manager.post(f"/people/invitations/{nour}/take-back")
    assert "nour@example.org ist zurückgenommen" in text_of(manager.get("/people/invitations"))
    assert roles(city, nour) == []
    assert opened(manager, token).status_code == 410


def test_a_role_that_ends_closes_the_link_of_its_invitation(city, manager, nour, settings):
    token = token_in(letters(settings, city.database)[0])
    assert opened(manager, token).status_code == 200
    end_role(city, manager, nour)
    assert opened(manager, token).status_code == 410
    assert manager.client.post(f"/cms/invitation/{token}", data=PASSWORD).status_code == 410


def test_the_link_goes_on_opening_when_another_city_waits_too(city, other_city, manager, nour, settings):
    give(other_city, nour, "author")
    token = token_in(letters(settings, city.database)[0])
    manager.post(f"/people/invitations/{nour}/take-back")
    assert opened(manager, token).status_code == 200


def test_no_letter_goes_out_once_the_invitation_is_taken_back(city, manager, nour, settings):
    manager.post(f"/people/invitations/{nour}/take-back")
    assert letters(settings, city.database) == []


def test_who_has_come_meanwhile_keeps_the_role(city, manager, nour, settings):
    (letter,) = letters(settings, city.database)
    manager.client.post(f"/cms/invitation/{token_in(letter)}", data=PASSWORD)
    manager.post(f"/people/invitations/{nour}/take-back")
    assert "hat die Einladung schon angenommen" in text_of(manager.get("/people/invitations"))
    assert roles(city, nour) == ["editor"]


def test_a_member_of_an_organization_is_invited_for_it(city, manager):
    caritas = found(city, "Caritas")
    fields = {"name": "Amal", "email": "amal@example.org", "role": "contributor"}
    assert manager.post("/people", fields).status_code == 422
    assert manager.post("/people", {**fields, "organization": caritas}).status_code == 303
    with city.read() as db:
        (row,) = accounts.memberships(db, accounts.account_of(db, "amal@example.org").id)
    assert (row.role, row.organization_id) == ("contributor", caritas)
    end_role(city, manager, row.account_id)
    assert roles(city, row.account_id) == []


def test_many_invitations_come_in_sheets_and_take_as_many_statements(city, manager, nour, monkeypatch):
    monkeypatch.setattr(invitations, "SHOWN", 2)
    asked = Statements(city.database.engine)
    short = asked.of(lambda: manager.get("/people/invitations"))
    for name in ("Anna", "Ben", "Zora"):
        invite(city, f"{name.lower()}@example.org", name=name)
    assert asked.of(lambda: manager.get("/people/invitations")) == short
    assert "zora@example.org" not in text_of(manager.get("/people/invitations"))
    assert "zora@example.org" in text_of(manager.get("/people/invitations?from=4"))


def test_editors_see_no_invitations(people, nour):
    assert people("editor").get("/people/invitations").status_code == 403
