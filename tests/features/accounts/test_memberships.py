"""People, their roles in cities, and what is kept of every change to them."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from cityinfo.features import accounts, audit
from cityinfo.features.accounts import MembershipDraft
from cityinfo.features.audit import AuditRow, PlatformAuditRow
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cityinfo.kernel.facts import SYSTEM
from tests.factories_people import actor, give, member, person

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def change(city, membership, role, *, by=None, **reach):
    with city.write() as db:
        draft = MembershipDraft(role=role, **reach)
        accounts.change_membership(db, membership, draft, actor=actor(db, by) if by else SYSTEM)


def revoke(city, membership, *, by=None):
    with city.write() as db:
        accounts.revoke_membership(db, membership, actor=actor(db, by) if by else SYSTEM)


def roles(city, account_id):
    with city.read() as db:
        return [row.role for row in accounts.memberships(db, account_id)]


def missing(city):
    with city.read() as db:
        return accounts.managers_missing(db)


def test_someone_has_other_roles_in_other_cities_and_sees_all_of_them(city, other_city, database):
    amal = person(database)
    give(city, amal, "editor", languages=["de"])
    give(other_city, amal, "observer")
    give(other_city, amal, "translator", expires_at=clock.now() + timedelta(days=1))
    found = accounts.cities_of(database, amal)
    assert {tenant: [row.role for row in rows] for tenant, rows in found.items()} == {
        city.tenant_id: ["editor"],
        other_city.tenant_id: ["observer", "translator"],
    }


def test_people_of_other_cities_are_never_listed(city, other_city):
    here, _ = member(city, "editor"), member(other_city, "editor")
    with city.read() as db:
        assert [one.account.id for one in accounts.people(db)] == [here]


def test_a_membership_of_another_city_is_not_there(city, other_city, database):
    membership = give(other_city, person(database), "editor")
    with pytest.raises(NotFound):
        revoke(city, membership)
    assert len(accounts.cities_of(database, 0)) == 0


@on_one_database
class TestTheLastManager:
    @pytest.fixture
    def amal(self, database):
        return person(database, "Amal")

    @pytest.fixture
    def membership(self, city, amal):
        return give(city, amal, "manager")

    def test_keeps_the_role_until_there_is_another_one(self, city, amal, membership):
        for attempt in (
            lambda: revoke(city, membership),
            lambda: change(city, membership, "editor"),
            lambda: change(city, membership, "manager", expires_at=clock.now() + timedelta(days=1)),
        ):
            with pytest.raises(Invalid, match="last manager"):
                attempt()
        member(city, "manager", "Ben")
        change(city, membership, "editor")
        assert roles(city, amal) == ["editor"]

    def test_is_no_less_the_last_beside_one_who_is_there_for_a_time_or_locked_out(self, city, database, membership):
        member(city, "manager", "Guest", expires_at=clock.now() + timedelta(days=1))
        locked = member(city, "manager", "Locked")
        with database.unit_of_work(NO_TENANT, write=True) as db:
            accounts.set_active(db, locked, False, actor=SYSTEM)
        with pytest.raises(Invalid, match="last manager"):
            revoke(city, membership)

    def test_should_be_no_last_one(self, city, membership):
        assert missing(city) == 1
        member(city, "manager", "Ben")
        assert missing(city) == 0


@on_one_database
def test_only_managers_give_roles_and_nobody_more_than_they_have(city, database):
    manager, editor, new = member(city, "manager"), member(city, "editor"), person(database, "New")
    for someone, allowed in ((editor, False), (manager, True)):
        if not allowed:
            with pytest.raises(Forbidden), city.write() as db:
                accounts.grant_membership(db, new, MembershipDraft(role="observer"), actor=actor(db, someone))
        else:
            with city.write() as db:
                accounts.grant_membership(db, new, MembershipDraft(role="manager"), actor=actor(db, someone))
    assert roles(city, new) == ["manager"]


@on_one_database
def test_a_manager_makes_nobody_staff_and_locks_nobody_out(city, database):
    manager, other = member(city, "manager"), person(database, "Other")
    with city.read() as db:
        someone = actor(db, manager)
    for change in (accounts.set_staff, accounts.set_active):
        with pytest.raises(Forbidden), database.unit_of_work(NO_TENANT, write=True) as db:
            change(db, other, change is accounts.set_staff, actor=someone)


@on_one_database
@pytest.mark.parametrize(
    ("role", "reach"),
    [
        ("boss", {}),
        ("manager", {"languages": ["de"]}),
        ("manager", {"subtree": [1]}),
        ("editor", {"may_publish": True}),
        ("editor", {"organization": 1}),
        ("contributor", {}),
        ("translator", {"languages": ["fr"]}),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(city, database, role, reach):
    with pytest.raises(Invalid):
        give(city, person(database), role, **reach)


@on_one_database
def test_a_role_is_given_once(city, database):
    amal = person(database)
    give(city, amal, "author")
    with pytest.raises(Conflict):
        give(city, amal, "author")
    second = give(city, amal, "observer")
    with pytest.raises(Conflict):
        change(city, second, "author")


@on_one_database
def test_one_e_mail_address_is_one_person(database):
    person(database, "Amal")
    for again in (" AMAL@example.org", "amal@EXAMPLE.org"):
        with pytest.raises(Conflict), database.unit_of_work(NO_TENANT, write=True) as db:
            accounts.create_account(db, again, name="Amal", actor=SYSTEM)
    for nonsense in ("amal", "amal@", "a mal@example.org", "@example.org"):
        with pytest.raises(Invalid), database.unit_of_work(NO_TENANT, write=True) as db:
            accounts.create_account(db, nonsense, name="Amal", actor=SYSTEM)


def test_what_happens_to_roles_is_in_the_citys_log_and_what_happens_to_people_in_the_platforms(city, database):
    staff = person(database, "Sam", staff=True)
    membership = give(city, staff, "editor", languages=["de"])
    revoke(city, membership)
    with city.write() as db:
        accounts.enter(db, staff, reason="asked for help with feeds")
    with city.read() as db:
        rows = db.scalars(select(AuditRow).order_by(AuditRow.seq, AuditRow.id)).all()[-3:]
        assert [row.action for row in rows] == ["MembershipGranted", "MembershipRevoked", "StaffEntered"]
        assert (rows[2].actor, rows[2].note) == (f"staff:{staff}", "asked for help with feeds")
        assert audit.verify(db).fault == ""
    with database.unit_of_work(NO_TENANT) as db:
        rows = db.scalars(select(PlatformAuditRow).order_by(PlatformAuditRow.seq, PlatformAuditRow.id)).all()
        assert [(row.action, row.note) for row in rows] == [("AccountCreated", ""), ("AccountChanged", "staff")]
        assert "sam@" not in str([vars(row) for row in rows])
        assert audit.verify(db).fault == ""


@on_one_database
def test_nobody_rewrites_the_platforms_log_unnoticed(database, settings):
    for name in ("Amal", "Ben", "Cem"):
        person(database, name)
    with database.unit_of_work(NO_TENANT) as db:
        _, second, third, *_ = db.scalars(select(PlatformAuditRow.id).order_by(PlatformAuditRow.seq)).all()
    with pytest.raises(DBAPIError, match="never deleted"), database.unit_of_work(NO_TENANT, write=True) as db:
        db.delete(db.get_one(PlatformAuditRow, second))
    with sqlite3.connect(settings.data_dir / "cityinfo.sqlite3", isolation_level=None) as connection:
        connection.execute("DROP TRIGGER platform_audit_lasts")
        connection.execute("DELETE FROM platform_audit WHERE id = ?", [second])
    connection.close()
    with database.unit_of_work(NO_TENANT) as db:
        assert audit.verify(db).broken_at == third


@on_one_database
def test_staff_say_why_they_act_in_a_city(city, database):
    staff, other = person(database, "Sam", staff=True), member(city, "manager")
    for who, reason, problem in ((staff, "  ", Invalid), (other, "just curious", Forbidden)):
        with pytest.raises(problem), city.write() as db:
            accounts.enter(db, who, reason=reason)
