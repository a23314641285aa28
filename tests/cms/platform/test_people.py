"""Everyone on the service, as the platform's staff see them."""

from __future__ import annotations

from cityinfo.cms.platform import people as screens
from cityinfo.features import accounts, audit
from cityinfo.kernel.db import NO_TENANT
from tests.cms.conftest import text_of
from tests.factories_people import give, member, person
from tests.web.test_statements import Statements


def log(database):
    with database.unit_of_work(NO_TENANT) as db:
        rows = db.query(audit.PlatformAuditRow).order_by(audit.PlatformAuditRow.id).all()
        return [(row.action, row.actor, row.note) for row in rows]


def test_people_of_all_cities_are_found_with_their_roles_and_ways_in(city, other_city, staff):
    amal = member(city, "author", "Amal")
    give(other_city, amal, "manager")
    member(city, "editor", "Ben")
    shown = text_of(staff.get("/people?q=AMAL"))
    assert "amal@example.org" in shown
    assert "Texte schreiben in Stadt Teststadt" in shown
    assert "in Stadt Nachbarstadt" in shown
    assert "kein zweiter Faktor" in shown
    assert "ben@example.org" not in shown


def test_some_of_them_alone(city, staff, database):
    member(city, "author", "Amal"), person(database, "Nobody")
    assert "amal@example.org" not in text_of(staff.get("/people?only=nowhere"))
    assert "nobody@example.org" in text_of(staff.get("/people?only=nowhere"))
    assert "sina@example.org" in text_of(staff.get("/people?only=staff"))
    assert "Niemand passt." in text_of(staff.get("/people?only=locked"))


def test_a_person_is_locked_out_everywhere_and_let_in_again(city, people, staff, database):
    editor = people("editor")
    assert editor.get("/").status_code == 200
    staff.post(f"/people/{editor.account_id}/lock")
    assert editor.get("/").status_code in (302, 303, 401)
    assert "gesperrt" in text_of(staff.get(f"/people/{editor.account_id}"))
    staff.post(f"/people/{editor.account_id}/unlock")
    with database.unit_of_work(NO_TENANT) as db:
        assert accounts.account(db, editor.account_id).active
    who = f"staff:{staff.account_id}"
    assert [one for one in log(database) if one[1] == who] == [
        ("AccountChanged", who, "locked"),
        ("SessionEnded", who, ""),
        ("AccountChanged", who, "active"),
    ]


def test_all_logins_end_and_nothing_else(people, staff, database):
    editor = people("editor")
    staff.post(f"/people/{editor.account_id}/end-logins")
    assert editor.get("/").status_code in (302, 303)
    with database.unit_of_work(NO_TENANT) as db:
        assert accounts.account(db, editor.account_id).active


def test_nobody_locks_themselves_out(staff):
    answer = staff.post(f"/people/{staff.account_id}/lock")
    assert answer.status_code == 303
    assert "Sie können sich nicht selbst sperren." in text_of(staff.get(f"/people/{staff.account_id}"))


def test_nothing_that_proves_who_someone_is_is_ever_shown(staff, database):
    amal = person(database, "Amal", password=True)
    shown = text_of(staff.get(f"/people/{amal}")) + text_of(staff.get("/people"))
    assert "argon2" not in shown


def test_a_long_list_takes_as_many_statements_as_a_short_one_and_is_cut(city, staff, database, monkeypatch):
    asked = Statements(database.engine)
    staff.get("/people")
    few = asked.of(lambda: staff.get("/people"))
    for number in range(4):
        member(city, "author", f"Author{number}")
    assert asked.of(lambda: staff.get("/people")) == few
    monkeypatch.setattr(screens, "ON_A_SHEET", 2)
    assert "from=2" in text_of(staff.get("/people"))


def test_somebody_whom_nobody_knows_is_not_found(staff):
    assert staff.get("/people/12345").status_code == 404
    assert staff.post("/people/12345/lock").status_code == 404
