"""“Why may this person publish this?” is answered in sentences, and never otherwise than it is decided."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from cityinfo import registry
from cityinfo.features import accounts
from cityinfo.features.accounts import ROLES
from cityinfo.features.accounts.rules import PERMISSIONS, TABLE
from cityinfo.features.accounts.words import EXPLANATIONS, REASONS, ROLE_NAMES
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Forbidden, NotFound
from cityinfo.kernel.facts import SYSTEM
from tests.factories import plant
from tests.factories_people import actor, give, member, person

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def why(city, account_id, permission, **about):
    with city.read() as db:
        return accounts.explain(db, account_id, permission, places=registry.PLACES, **about)


def test_an_editor_of_a_chapter_may_publish_there_and_is_told_why_not_elsewhere(city):
    chapter, other = plant(city, "Arbeit"), plant(city, "Wohnen")
    editor = member(city, "editor", "Eva", subtree=[chapter], languages=["de"])
    inside = why(city, editor, "page:publish", entry_id=plant(city, "Lohn", under=chapter), language="de")
    assert inside.allowed
    assert inside.sentences == [
        "Eva may do this as editor, which includes page:publish.",
        "The role is given for some pages and all below them, and this is one of these.",
        "The role is given for these languages: de.",
    ]
    outside = why(city, editor, "page:publish", entry_id=other, language="de")
    assert (outside.allowed, outside.sentences) == (False, ["This lies outside the pages for which Eva is editor."])
    english = why(city, editor, "page:publish", entry_id=chapter, language="en")
    assert english.sentences == ["The role editor is not given for this language (en)."]


def test_every_role_has_its_say(city):
    author = member(city, "author", "Amal")
    give(city, author, "translator")
    give(city, author, "observer", expires_at=clock.now() + timedelta(seconds=1))
    refused = why(city, author, "page:publish", entry_id=plant(city, "Arbeit"), language="en")
    assert not refused.allowed
    assert [reason.code for reason in refused.reasons] == ["permission", "translations", "permission"]
    assert "only if the membership says so" in refused.sentences[1]


def test_what_readers_see_needs_publishing(city):
    author = member(city, "author", "Amal")
    assert why(city, author, "page:edit", entry_id=plant(city, "Entwurf", public=False)).allowed
    told = why(city, author, "page:edit", entry_id=plant(city, "Arbeit"))
    assert told.sentences == ["Readers see this already, and the role author does not include publishing it."]


def test_locked_accounts_and_staff_are_named(city, database):
    locked, staff = member(city, "editor", "Eva"), person(database, "Sam", staff=True)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        accounts.set_active(db, locked, False, actor=SYSTEM)
    told = why(city, locked, "page:publish")
    assert (told.allowed, told.sentences[0]) == (False, "Eva's account is locked.")
    assert "after entering the city with a reason" in why(city, staff, "page:publish").sentences[1]


def test_people_of_other_cities_are_not_explained(city, other_city):
    with pytest.raises(NotFound):
        why(city, member(other_city, "editor"), "page:publish")


@pytest.mark.parametrize("role", ROLES)
def test_the_answer_is_what_the_rules_decide(city, role):
    reach = {"organization": 7} if role == "contributor" else {}
    someone, page = member(city, role, **reach), plant(city, "Arbeit")
    with city.read() as db:
        rights = actor(db, someone).rights
        for permission, language in product(sorted(PERMISSIONS), ["", "de", "en"]):
            told = accounts.explain(db, someone, permission, entry_id=page, language=language, places=registry.PLACES)
            assert told.allowed == decides(rights, permission, page, language), permission


def decides(rights, permission, entry_id, language):
    kind, _, verb = permission.partition(":")
    try:
        rights.check(verb, kind, entry_id=entry_id, language=language)
    except Forbidden:
        return False
    return True


def test_the_table_is_complete_and_every_code_has_its_words(city):
    assert all(len(marks.split()) == len(ROLES) + 1 for _, _, marks in TABLE)
    assert ROLE_NAMES.keys() == set(ROLES)
    assert REASONS.keys() - EXPLANATIONS.keys() == {"kind", "review"}  # of tokens, whose scopes say it themselves
