"""The first screen of a new city says what is left until readers come."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cityinfo.app import create_app
from cityinfo.features import placeholders, tenants
from tests.cms.conftest import Someone, Staff, text_of
from tests.factories import EDITOR, ask_for_facts, make_city, plant
from tests.factories_people import member
from tests.web.test_statements import Statements


@pytest.fixture
def new_city(database):
    return make_city(database, "neustadt", languages=("de", "en"), status=tenants.HIDDEN)


@pytest.fixture
def app(settings, database):
    return create_app(settings, database=database)


@pytest.fixture
def manager(app, new_city):
    return Someone(app, new_city, "manager")


def status(city):
    with city.read() as db:
        return tenants.own(db).status


def test_every_step_says_what_is_so_and_leads_to_where_it_is_done(new_city, manager):
    ask_for_facts(new_city)
    with new_city.write() as db:
        placeholders.fill(db, {("youth_office.name", "de"): "Jugendamt"}, actor=EDITOR)
    plant(new_city, "Wohnen")
    shown = text_of(manager.get("/"))
    assert "5 Schritte fehlen" in shown
    for said in ("Eine Angabe fehlt", "Noch niemand aus der Leitung hat einen Zugang. Eine Person ist eingeladen."):
        assert said in shown
    assert "Deutsch: vollständig, Englisch: eine Seite fehlt" in shown
    for path in ("settings/placeholders", "imprint", "people", "settings/languages"):
        assert f'href="/cms/neustadt/{path}"' in shown
        assert manager.get(f"/{path}").status_code == 200


def test_a_phone_opens_the_first_page_or_the_app(new_city, manager, app):
    assert "Auf einem Telefon öffnen" not in text_of(manager.get("/"))
    plant(new_city, "Wohnen", content="<p>Kommen Sie zum Amt.</p>")
    shown = text_of(manager.get("/"))
    assert "<svg" in shown
    assert "Der Link gilt eine Woche." in shown
    link = re.search(r'href="http://localhost(/cms/preview/[^"]+)"', shown)[1]
    assert "Kommen Sie zum Amt." in text_of(app.test_client().get(link))
    with new_city.write() as db:
        tenants.change(db, replace(tenants.facts_of(db), app_url="https://app.example"), actor=EDITOR)
    assert 'href="https://app.example/neustadt/de/"' in text_of(manager.get("/"))


def test_what_only_people_know_is_ticked_and_taken_back(manager):
    manager.post("/opening/test", {"done": "1"})
    assert "Jemand hat sie angesehen." in text_of(manager.get("/"))
    manager.post("/opening/test", {})
    assert "Noch niemand hat sie angesehen." in text_of(manager.get("/"))


def test_a_manager_goes_live_although_steps_are_left_and_once_only(new_city, manager):
    assert "Sie entscheiden, ob die Stadt trotzdem" in text_of(manager.get("/"))
    manager.post("/opening/live")
    assert status(new_city) == tenants.ACTIVE
    shown = text_of(manager.get("/"))
    assert "Die Stadt ist freigeschaltet." in shown
    assert "Bis zur Freischaltung" not in shown
    with new_city.write() as db:
        tenants.set_status(db, tenants.HIDDEN, actor=EDITOR)
    assert "war schon freigeschaltet" in text_of(manager.get("/"))
    manager.post("/opening/live")
    assert status(new_city) == tenants.HIDDEN
    assert "Bitten Sie die Betreiber" in text_of(manager.get("/"))


def test_who_does_not_manage_the_city_sees_no_list_and_goes_nowhere(app, new_city):
    editor = Someone(app, new_city, "editor")
    assert "Bis zur Freischaltung" not in text_of(editor.get("/"))
    assert editor.post("/opening/live").status_code == 403
    assert status(new_city) == tenants.HIDDEN


def test_many_pages_take_as_many_statements_as_few(new_city, manager, database):
    asked = Statements(database.engine)
    plant(new_city, "Seite")
    few = asked.of(lambda: manager.get("/"))
    for number in range(5):
        plant(new_city, f"Seite {number}")
        member(new_city, "manager", f"M{number}")
    assert asked.of(lambda: manager.get("/")) == few


def test_the_platforms_staff_see_the_list_and_invite_managers(app, new_city, database):
    staff = Staff(app, database)
    staff.post(f"/cities/{new_city.tenant_id}/measure")
    assert "Neu: 4 Schritte fehlen bis zur Freischaltung" in text_of(staff.get("/cities"))
    path = f"/cities/{new_city.tenant_id}/managers"
    refused = staff.post(path, {"manager": "Layla", "email": "layla"})
    assert refused.status_code == 422
    assert 'value="Layla"' in text_of(refused)
    staff.post(path, {"manager": "Layla", "email": "layla@example.org"})
    shown = text_of(staff.get(f"/cities/{new_city.tenant_id}"))
    assert "Die Einladung ist unterwegs." in shown
    assert "Eine Person ist eingeladen." in shown
