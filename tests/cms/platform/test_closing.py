"""A city's end on the screens of the platform's staff, and what those see who worked there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.features import deletion, tenants
from cityinfo.kernel import clock
from tests.cms.conftest import logged_in, posted, text_of
from tests.factories import plant
from tests.factories_media import library_of
from tests.factories_people import member
from tests.features.deletion.test_deleting import close, deleted, do_due, state
from tests.web.test_statements import Statements

REASON = {"reason": "Der Vertrag ist beendet"}


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def status(city):
    with city.read() as db:
        return tenants.own(db).status


def test_what_would_go_is_counted_before_anything_happens(city, staff):
    member(city, "manager")
    plant(city, "Wohnen")
    shown = text_of(staff.get(f"/deletions/{city.tenant_id}"))
    for words in ("Seiten: 1", "ein Text in allen Sprachen", "eine Person verliert den Zugang", "30 Tage lang"):
        assert words in shown
    assert "tenants export teststadt teststadt.zip" in shown


def test_only_the_typed_address_closes_it_and_what_was_typed_stays(city, staff):
    answer = staff.post(f"/deletions/{city.tenant_id}", {"typed": "teststatt", **REASON})
    assert answer.status_code == 422
    assert "Tippen Sie die Adresse dieser Stadt ein: „teststadt“." in text_of(answer)
    assert "teststatt" in text_of(answer)
    assert staff.post(f"/deletions/{city.tenant_id}", {"typed": "teststadt", "reason": ""}).status_code == 422
    assert status(city) == tenants.ACTIVE


def test_a_closed_city_stands_in_the_list_with_its_day_and_is_restored_from_there(city, staff):
    staff.post(f"/deletions/{city.tenant_id}", {"typed": "teststadt", **REASON})
    day = clock.now() + timedelta(days=30)
    listed = text_of(staff.get("/deletions"))
    assert "Stadt Teststadt" in listed
    assert f"{day:%d.%m.}" in listed
    assert REASON["reason"] in listed
    assert "Geschlossen. Alles wird gelöscht" in text_of(staff.get(f"/cities/{city.tenant_id}"))
    refused = staff.post(f"/cities/{city.tenant_id}/status", {"status": "active", **REASON})
    assert refused.status_code == 422
    assert "stellen Sie sie zuerst wieder her" in text_of(refused)
    staff.post(f"/deletions/{city.tenant_id}/restore", REASON)
    assert status(city) == tenants.ACTIVE
    assert "Keine Stadt ist geschlossen." in text_of(staff.get("/deletions"))


def test_a_long_list_is_cut_into_sheets_and_takes_no_more_statements(city, other_city, staff, database, monkeypatch):
    close(city)
    asked = Statements(database.engine)
    staff.get("/deletions")
    few = asked.of(lambda: staff.get("/deletions"))
    close(other_city)
    assert asked.of(lambda: staff.get("/deletions")) == few
    monkeypatch.setattr("cityinfo.cms.platform.closing.ON_A_SHEET", 1)
    assert "from=1" in text_of(staff.get("/deletions"))
    assert "Nachbarstadt" in text_of(staff.get("/deletions?from=1"))


def test_who_worked_there_is_told_the_day_and_its_manager_fetches_the_archive(city, other_city, staff, app, library):
    manager, author = (logged_in(app, library.database, member(city, role)) for role in ("manager", "author"))
    stranger = logged_in(app, library.database, member(other_city, "manager"))
    staff.post(f"/deletions/{city.tenant_id}/archive")
    staff.post(f"/deletions/{city.tenant_id}", {"typed": "teststadt", **REASON})
    assert "Das Archiv wird erstellt." in text_of(staff.get(f"/deletions/{city.tenant_id}"))
    do_due(library, city)
    for browser in (manager, author):
        answer = browser.get("/cms/teststadt/pages")
        assert answer.status_code == 403
        assert "Stadt Teststadt ist geschlossen. Alles darin wird gelöscht" in text_of(answer)
        assert "Soll sie bleiben, schreiben Sie dem Betrieb der Plattform." in text_of(answer)
        assert "Stadt Teststadt ist geschlossen" in text_of(browser.get("/cms/"))
    assert stranger.get("/cms/teststadt/pages").status_code == 404
    path = f"/cms/closed/{city.tenant_id}/archive"
    assert manager.get(path).get_data()[:2] == b"PK"
    assert {author.get(path).status_code, stranger.get(path).status_code} == {404}
    fetched = staff.get(f"/deletions/{city.tenant_id}/archive")
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert posted(manager, "/cms/teststadt/settings/features", {}).status_code == 403


def test_what_is_left_of_a_deleted_city_is_the_proof(city, staff, library):
    plant(city, "Wohnen")
    deleted(library, city)
    assert "Stadt Teststadt" in text_of(staff.get("/deletions?show=deleted"))
    shown = text_of(staff.get(f"/deletions/{city.tenant_id}"))
    assert "0 Zeilen waren übrig; 0 Dateien waren übrig." in shown
    assert staff.get(f"/cities/{city.tenant_id}").status_code == 404
    assert staff.post(f"/deletions/{city.tenant_id}/restore", REASON).status_code == 404


def test_a_deletion_that_was_given_up_says_so_and_goes_on(city, staff, library, monkeypatch):
    plant(city, "Wohnen")
    with monkeypatch.context() as patched:
        patched.setattr(library.store.__class__, "keys", lambda *_: iter([f"{city.tenant_id}/bleibt.pdf"]))
        patched.setattr("cityinfo.kernel.jobs.MOST_ATTEMPTS", 1)
        deleted(library, city)
    shown = text_of(staff.get(f"/deletions/{city.tenant_id}"))
    assert "zu oft gescheitert" in shown
    assert "deletion.file_left" in shown
    staff.post(f"/deletions/{city.tenant_id}/again")
    do_due(library, city)
    assert state(city).step == deletion.PROVED
