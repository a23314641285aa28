"""How far one person's role reaches, and why they may do something."""

from __future__ import annotations

import pytest

from cityinfo.features import accounts
from tests.cms.conftest import text_of
from tests.factories import plant
from tests.factories_people import member


@pytest.fixture
def tarek(city):
    account_id = member(city, "author", "Tarek")
    with city.read() as db:
        (row,) = accounts.memberships(db, account_id)
        return row


def role(city, row):
    with city.read() as db:
        return accounts.membership(db, row.id)


def test_a_manager_lets_a_role_reach_to_one_chapter_in_one_language(city, people, tarek):
    chapter = plant(city, "Wohnen")
    manager, here = people("manager"), f"/people/{tarek.id}"
    assert "Wohnen" in text_of(manager.get(here))
    manager.post(here, {"role": "translator", "languages": "en", "subtree": chapter, "may_publish": "1"})
    now = role(city, tarek)
    assert (now.role, now.languages, now.subtree, now.may_publish) == ("translator", ["en"], [chapter], True)
    assert f'value="{chapter}" checked' in text_of(manager.get(here))


def test_what_was_chosen_stays_when_it_is_refused(city, people, tarek):
    refused = people("manager").post(f"/people/{tarek.id}", {"role": "manager", "languages": "en"})
    assert refused.status_code == 422
    assert 'name="languages" value="en" checked' in text_of(refused)
    assert role(city, tarek).role == "author"


def test_it_is_said_why_someone_may_write_and_not_publish(people, tarek):
    manager, here = people("manager"), f"/people/{tarek.id}"
    assert "Ja." in text_of(manager.get(f"{here}?verb=write&kind=page"))
    answer = text_of(manager.get(f"{here}?verb=publish&kind=page"))
    assert "Nein." in answer
    assert "umfasst page:publish nicht" in answer


def test_it_is_said_who_has_no_second_factor(people, tarek):
    assert "kein zweiter Faktor" in text_of(people("manager").get(f"/people/{tarek.id}"))


def test_editors_see_nobodys_role(people, tarek):
    assert people("editor").get(f"/people/{tarek.id}").status_code == 403
