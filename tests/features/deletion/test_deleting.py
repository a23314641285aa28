"""A city is closed, can come back as it was, and in the end leaves nothing: no row, no file, a free address."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select, text

from cityinfo import registry
from cityinfo.features import archives, audit, deletion, logins, publishing, tenants
from cityinfo.features.audit import PlatformAuditRow
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import NO_TENANT, Base
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.facts import Actor
from tests.factories import City, make_city, plant, rebuild
from tests.factories_media import DOCUMENT, kept, put
from tests.factories_people import member
from tests.factories_webhooks import Receiver, subscribe
from tests.factories_webhooks import work as tell
from tests.features.onboarding.test_clones import documents, every_row, random_city

STAFF = Actor("staff", "sina")
MONTH = timedelta(days=30)


def close(city, *, grace=MONTH, typed=None, reason="Vertrag beendet"):
    with city.write() as db:
        return deletion.close(db, typed or city.slug, grace=grace, reason=reason, actor=STAFF)


def restore(city):
    with city.write() as db:
        deletion.restore(db, reason="Doch nicht", actor=STAFF)


def work_of(library, **options):
    wired = {name: partial(job, store=library.store) for name, job in registry.STORE_JOBS.items()}
    return {**registry.JOBS, **wired, deletion.DELETE: partial(deletion.delete_city, store=library.store, **options)}


def do_due(library, city, **options):
    """What a worker does in the city now."""
    for tenant_id, job_id in jobs.sweep(library.database):
        if tenant_id == city.tenant_id:
            jobs.run_job(library.database, work_of(library, **options), tenant_id, job_id)


def deleted(library, city):
    """Closed without a time of grace, and gone."""
    close(city, grace=timedelta())
    do_due(library, city)


def state(city):
    with city.database.unit_of_work(NO_TENANT) as db:
        return deletion.find(db, city.tenant_id)


def platform_log(city):
    with city.database.unit_of_work(NO_TENANT) as db:
        rows = db.scalars(select(PlatformAuditRow).where(PlatformAuditRow.entry_id == city.tenant_id)).all()
        assert not audit.verify(db).fault
        return [(row.action, row.note) for row in rows]


def remains(city):
    """Rows of the city, table by table as the database itself lists them: not by what the product believes."""
    with city.read() as db:
        found = {}
        for name, table in Base.metadata.tables.items():
            column = "tenant_id" if "tenant_id" in table.c else table.info.get("tenant_column")
            if column:
                statement = text(f'SELECT count(*) FROM "{name}" WHERE {column} = :one')
                options = {"crosses": "looks for what is left of a city"}
                found[name] = db.execute(statement, {"one": city.tenant_id}, execution_options=options).scalar()
        return {name: number for name, number in found.items() if number}


def own_files(settings, city):
    return [key for key in kept(settings) if key.startswith(f"{city.tenant_id}/")]


@pytest.mark.slow
@pytest.mark.timeout(300)
@examples(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_no_row_and_no_file_is_left_and_other_cities_stay_as_they_were(seed, library, settings):
    """Byte for byte, with random cities of every kind of content."""
    number = library.database.identities.next()
    city = random_city(library, f"weg-{number}", seed, acts=25)
    other = random_city(library, f"bleibt-{number}", seed + 1, acts=20)
    put(library, city, DOCUMENT, name="plan.pdf")
    put(library, other, DOCUMENT, name="plan.pdf")
    with city.read() as db:
        chain = audit.verify(db)
    member(city, "manager")
    rows, readers = every_row(other), documents(other)
    files = {key: library.store.get(key) for key in own_files(settings, other)}
    assert own_files(settings, city)
    deleted(library, city)
    assert remains(city) == {}
    assert own_files(settings, city) == []
    assert (every_row(other), documents(other)) == (rows, readers)
    assert {key: library.store.get(key) for key in own_files(settings, other)} == files
    found = state(city)
    assert found.step == deletion.PROVED
    assert (found.proof["rows"], found.proof["files"]) == (0, 0)
    assert found.proof["tables"] == len([one for one in Base.metadata.tables.values() if "tenant_id" in one.c]) + 1
    assert found.counts["audit"] > chain.count
    (sealed, note), (proved, said) = platform_log(city)
    assert (sealed, proved) == ("TenantDeleted", "DeletionProved")
    assert f"its log of {found.counts['audit']} rows was whole" in note
    assert "0 rows in" in said


def test_what_the_schema_says_is_all_there_is():
    """A table that no class knows, or rows that lead in a circle nobody can open, would keep a city from going."""
    owned = {name for name, table in Base.metadata.tables.items() if "tenant_id" in table.c}
    assert set(deletion.tables()) == owned
    for table in (Base.metadata.tables[name] for name in owned):
        for key in table.foreign_key_constraints:
            if key.use_alter or key.referred_table is table:
                assert all(table.c[one].nullable for one in key.column_keys if one != "tenant_id"), table.name


def test_readers_lose_the_city_at_once_and_its_status_comes_back(client, library, city, other_city):
    plant(city, "Wohnen")
    with city.write() as db:
        tenants.set_status(db, tenants.HIDDEN, actor=STAFF)
    rebuild(city)
    before = documents(city)
    assert client.get("/api/v1/tenants/teststadt/de/pages").status_code == 200
    close(city)
    do_due(library, city)
    for path in ("/api/v1/tenants/teststadt", "/api/v1/tenants/teststadt/de/changes", "/api/v3/teststadt/de/pages/"):
        assert client.get(path).status_code == 404
    assert [one["path"] for one in client.get("/api/v3/regions/").json] == ["nachbarstadt"]
    assert documents(city) == {}
    restore(city)
    do_due(library, city)
    assert client.get("/api/v1/tenants/teststadt/de/pages").status_code == 200
    assert documents(city) == before
    with city.read() as db:
        assert tenants.own(db).status == tenants.HIDDEN
        assert deletion.deletion_of(db, city.tenant_id) is None
        assert not list(registry.PROJECTOR.verify(db))


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_its_webhooks_hear_that_everything_is_withdrawn(city, httpserver):
    plant(city, "Wohnen")
    receiver = Receiver(httpserver)
    subscribe(city, receiver.address)
    close(city)
    for _ in range(2):
        tell(city)
    assert [(item["kind"], item["removed"]) for item in receiver.items if item["kind"] == "page"] == [("page", True)]


def test_editing_tables_are_the_same_after_closing_and_restoring(library, city):
    random = random_city(library, "hin-und-her", 7, acts=25)
    before = every_row(random)
    close(random)
    do_due(library, random)
    restore(random)
    do_due(library, random)
    after = every_row(random)
    moved = {name for name in after if after[name] != before[name]}
    assert moved <= {"audit", "audit_head", "clock", "job", "published", "head", "due"}


def test_it_waits_for_the_end_of_the_time_of_grace(library, city, monkeypatch):
    plant(city, "Wohnen")
    due = close(city)
    do_due(library, city)
    assert state(city).step == deletion.CLOSED
    later = due + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    do_due(library, city)
    assert remains(city) == {}


def test_only_who_types_its_address_closes_it_and_only_once(city):
    with pytest.raises(Invalid, match="“teststadt”"):
        close(city, typed="nachbarstadt")
    close(city, typed=" Teststadt ")
    with pytest.raises(Conflict, match="closed already"):
        close(city)


def test_it_comes_back_only_by_being_restored(city):
    close(city)
    with pytest.raises(Conflict, match="restore it first"), city.write() as db:
        tenants.set_status(db, tenants.ACTIVE, actor=STAFF)


def test_once_the_deletion_has_begun_nothing_comes_back(library, city, monkeypatch):
    close(city, grace=timedelta())
    monkeypatch.setattr(library.store.__class__, "keys", lambda *_: iter([f"{city.tenant_id}/bleibt.pdf"]))
    do_due(library, city)
    assert state(city).step == deletion.FILES
    with pytest.raises(Conflict, match="has begun"):
        restore(city)


def test_nobody_deletes_a_city_that_is_open(library, city):
    close(city, grace=timedelta())
    with city.write() as db:
        job = state(city).job_id
        db.delete(deletion.find(db, city.tenant_id))
        db.flush()
        tenants.set_status(db, tenants.ACTIVE, actor=STAFF)
    jobs.run_job(library.database, work_of(library), city.tenant_id, job)
    with city.read() as db:
        assert jobs.find(db, job).failure == "NotFound deletion.unknown"
        assert tenants.own(db).status == tenants.ACTIVE


def test_its_address_is_free_afterwards_and_no_one_acts_in_it(library, database, city):
    account = member(city, "manager")
    with database.unit_of_work(NO_TENANT, write=True) as db:
        session = logins.sessions.begin(db, account)
        logins.sessions.act_in(db, session.id, city.tenant_id)
    deleted(library, city)
    again = make_city(database, "teststadt")
    plant(again, "Neu")
    assert remains(again)
    with database.unit_of_work(NO_TENANT) as db:
        assert logins.sessions.session_of(db, session.id, account).acting_in is None
        assert deletion.closed_at(db, "teststadt") is None


def test_the_preview_counts_what_would_go(library, city):
    member(city, "manager")
    plant(city, "Wohnen")
    put(library, city, DOCUMENT, name="plan.pdf")
    with city.read() as db:
        found = deletion.preview(db)
    assert found.entries == {"media": 1, "page": 1}
    assert (found.files, found.bytes, found.people, found.texts) == (1, len(DOCUMENT), 1, 1)
    assert found.rows == sum(count for count in remains(city).values()) - 1  # the row of the city itself


def test_an_archive_is_kept_where_nobody_can_ask_for_it_and_goes_with_the_city(client, library, settings, tmp_path):
    city = random_city(library, "abschied", 8, acts=20)
    with city.write() as db:
        job = deletion.ask_for_archive(db, actor=STAFF)
        assert deletion.ask_for_archive(db, actor=STAFF) == job
    close(city)
    do_due(library, city)
    (archive,) = deletion.archives_of(library.store, city.tenant_id)
    assert client.get(f"/media/{archive.key}").status_code == 404
    (tmp_path / "geholt.zip").write_bytes(library.store.get(archive.key))
    archives.write_out(archives.collect(library, "abschied", archives.CHOICES), tmp_path / "jetzt.zip")
    one, other = (zipfile.ZipFile(tmp_path / name) for name in ("geholt.zip", "jetzt.zip"))
    assert {name: one.read(name) for name in one.namelist()} == {name: other.read(name) for name in other.namelist()}
    with city.write() as db:
        deletion.hasten(db, "abschied")
    do_due(library, city)
    assert own_files(settings, city) == []


def test_the_archive_of_a_restored_city_is_forgotten(library, city):
    with city.write() as db:
        deletion.ask_for_archive(db, actor=STAFF)
    close(city)
    do_due(library, city)
    assert deletion.archives_of(library.store, city.tenant_id)
    restore(city)
    do_due(library, city)
    assert not deletion.archives_of(library.store, city.tenant_id)


def test_the_log_of_a_city_cannot_go_before_the_platforms_says_how_it_ended(city):
    """Not even by statements of the serving role itself, on either database."""
    for table in ("audit", "tenant"):
        with pytest.raises(Exception, match="never deleted"), city.write() as db:
            db.execute(text(f"DELETE FROM {table}"), execution_options={"crosses": "test"})


def test_what_comes_too_late_is_taken_away_and_proved_again(library, city, monkeypatch):
    """A request that was under way when everything went, and a worker that died before the proof."""
    plant(city, "Wohnen")
    with monkeypatch.context() as patched:
        patched.setattr("cityinfo.features.deletion.jobs.prove", lambda *_: False)
        deleted(library, city)
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        db.add(publishing.Due(kind="page", entry_id=1, at=clock.now()))
    library.store.put(f"{city.tenant_id}/{'0' * 32}.pdf", DOCUMENT, mime="application/pdf")
    assert state(city).step == deletion.GONE
    assert not deletion.prove(library.database, library.store, city.tenant_id)
    assert state(city).proof["rows"] == 1
    assert deletion.finish(library.database, store=library.store) == 1
    assert state(city).step == deletion.PROVED
    assert remains(city) == {}
    assert deletion.finish(library.database, store=library.store) == 0


def test_a_city_that_nobody_closed_is_not_found(city):
    with pytest.raises(NotFound), city.database.unit_of_work(NO_TENANT) as db:
        deletion.find(db, city.tenant_id)
    assert isinstance(city, City)
