"""Someone leaves: one screen, one confirmation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.features import accounts, content, tokens
from cityinfo.features.content import TextDraft
from cityinfo.features.tokens import TokenDraft
from cityinfo.kernel import clock
from cityinfo.kernel.facts import Actor
from tests.cms.conftest import text_of
from tests.factories import EDITOR, plant
from tests.factories_people import give, member
from tests.web.test_statements import Statements


@pytest.fixture
def manager(people):
    return people("manager")


@pytest.fixture
def tarek(city):
    return member(city, "editor", "Tarek")


def leaving(city, account_id):
    with city.read() as db:
        return f"/people/{accounts.memberships(db, account_id)[0].id}/leave"


def ask(city, title, of):
    """A text that waits for someone's review."""
    page = plant(city, title)
    with city.write() as db:
        draft = TextDraft(title=title, content="<p>Neu.</p>", revision=content.find_text(db, page, "de").revision)
        content.save_text(db, page, "de", draft, actor=EDITOR)
        revision = content.find_text(db, page, "de").revision
        content.submit_text(db, page, "de", assignee=f"person:{of}", revision=revision, actor=EDITOR)
    return page


def card(city, by):
    draft = TokenDraft(name="Karte im Netz", scopes=["page:read"], expires_at=clock.now() + timedelta(days=9))
    with city.write() as db:
        return tokens.create(db, draft, actor=Actor("person", str(by)))[0].id


def assignee(city, page):
    with city.read() as db:
        return content.find_text(db, page, "de").assignee


def roles(city, account_id):
    with city.read() as db:
        return [row.role for row in accounts.memberships(db, account_id)]


def test_what_waits_is_shown_before_anything_happens(city, manager, tarek):
    ask(city, "Wohngeld", tarek)
    card(city, tarek)
    shown = text_of(manager.get(leaving(city, tarek)))
    assert "Wohngeld" in shown
    assert "wartet auf die Prüfung" in shown
    assert "Karte im Netz" in shown
    assert roles(city, tarek) == ["editor"]


def test_a_colleague_takes_over_and_all_roles_end(city, manager, tarek):
    elif_, page, token = member(city, "editor", "Elif"), ask(city, "Wohngeld", tarek), card(city, tarek)
    give(city, tarek, "observer")
    assert manager.post(leaving(city, tarek), {"to": elif_, "token": token}).status_code == 303
    assert "Elif übernimmt" in text_of(manager.get("/people"))
    assert assignee(city, page) == f"person:{elif_}"
    assert roles(city, tarek) == []
    with city.read() as db:
        assert tokens.find(db, token).revoked_at is not None


def test_nothing_has_happened_when_it_is_refused(city, manager):
    page = ask(city, "Wohngeld", manager.account_id)
    tarek = member(city, "editor", "Tarek")
    refused = manager.post(leaving(city, manager.account_id), {"to": tarek})
    assert refused.status_code == 422
    assert "letzte" in text_of(refused)
    assert f'value="{tarek}" selected' in text_of(refused)
    assert assignee(city, page) == f"person:{manager.account_id}"


def test_a_manager_can_leave_when_there_is_another_one(city, manager):
    member(city, "manager", "Ben")
    answer = manager.post(leaving(city, manager.account_id))
    assert answer.headers["Location"] == "/cms/"
    assert manager.get("/people").status_code == 404


def test_who_has_nothing_waiting_just_leaves(city, manager, tarek):
    shown = text_of(manager.get(leaving(city, tarek)))
    assert "Wer übernimmt" not in shown
    manager.post(leaving(city, tarek))
    assert roles(city, tarek) == []


def test_the_person_leads_there(city, manager, tarek):
    here = leaving(city, tarek)
    assert here in text_of(manager.get(here.removesuffix("/leave")))


def test_editors_let_nobody_leave(city, people, manager):
    assert people("editor").get(leaving(city, manager.account_id)).status_code == 403


def test_much_that_waits_takes_as_many_statements_as_little(city, manager, tarek):
    ask(city, "Wohngeld", tarek)
    asked, here = Statements(city.database.engine), leaving(city, tarek)
    short = asked.of(lambda: manager.get(here))
    for number in range(4):
        ask(city, f"Seite {number}", tarek)
        member(city, "author", f"Author{number}")
    assert asked.of(lambda: manager.get(here)) == short
