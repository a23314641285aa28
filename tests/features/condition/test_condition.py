"""How cities are doing: measured in each of them, listed without entering any."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import condition, tenants
from cityinfo.features.condition import NEEDS, Wanted, needs_of
from cityinfo.features.events import CalendarDraft, add_calendar, all_calendars
from cityinfo.kernel import clock, jobs
from tests.factories import EDITOR, make_city, plant, save, translate
from tests.factories_people import member
from tests.web.test_statements import Statements

QUOTA = 1_000_000


def measured(city):
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        return condition.measure(db)


def wanted(**facts):
    return Wanted(quota=QUOTA, now=clock.now(), **facts)


def found(database, **facts):
    rows, total = condition.sheet(database, wanted(**facts), start=0, most=50)
    assert total == len(rows)
    return [row.tenant.slug for row in rows]


def test_translations_are_counted_as_editors_see_them(city):
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    assert [measured(city).current, measured(city).missing] == [1, 1]
    save(city, page, content="<p>Neu.</p>")
    row = measured(city)
    assert (row.texts, row.current, row.outdated, row.missing) == (2, 0, 1, 1)


def test_pages_entries_and_the_last_edit_are_noted(city):
    before = clock.now()
    plant(city, "Wohnen")
    plant(city, "Entwurf", public=False)
    row = measured(city)
    assert (row.pages_public, row.entries) == (1, 2)
    assert row.edited_at >= before - timedelta(seconds=1)


def test_managers_and_what_is_broken_are_counted(city):
    member(city, "manager")
    with city.write() as db:
        add_calendar(
            db,
            CalendarDraft(name="Haus", address="https://example.org/a.ics", category="", language="de"),
            actor=EDITOR,
        )
        all_calendars(db)[0].last_error = "Nobody answers."
        job = db.get(jobs.Job, (db.tenant_id, jobs.enqueue(db, "media.forget")))
        db.flush()
        job.run_after = None
    row = measured(city)
    assert (row.managers, row.calendars_broken, row.jobs_failed) == (1, 1, 1)
    assert "broken" in needs_of(row, quota=QUOTA, now=clock.now())
    assert "managers" in needs_of(row, quota=QUOTA, now=clock.now())


def test_measuring_again_changes_the_one_row_of_the_city(city, other_city):
    measured(city), measured(city)
    measured(other_city)
    with city.read() as db:
        assert len(db.scalars(select(condition.TenantCondition)).all()) == 1


def test_measuring_shows_nothing_to_readers(city):
    with city.read() as db:
        before = db.scalar(select(tenants.Directory.seq))
    measured(city)
    with city.read() as db:
        assert db.scalar(select(tenants.Directory.seq)) == before


def test_a_city_that_was_never_measured_says_so(database, city):
    assert found(database, need="unmeasured") == ["teststadt"]
    measured(city)
    assert found(database, need="unmeasured") == []


@pytest.mark.parametrize("need", NEEDS)
def test_the_list_and_the_report_agree_on_what_is_needed(database, city, other_city, need):
    plant(city, "Wohnen")
    translate(city, plant(city, "Arbeiten"), "en", "Work")
    member(other_city, "manager", "Ben"), member(other_city, "manager", "Cem")
    make_city(database, "drittstadt")
    rows = {one.slug: measured(one) for one in (city, other_city)} | {"drittstadt": None}
    with other_city.database.unit_of_work(other_city.tenant_id, write=True, numbered=False) as db:
        kept = db.get(condition.TenantCondition, db.tenant_id)
        kept.texts, kept.outdated, kept.waiting, kept.media_bytes, kept.jobs_failed = 100, 11, 2, 800_000, 1
        rows["nachbarstadt"] = kept
    asked = {slug for slug, row in rows.items() if need in needs_of(row, quota=QUOTA, now=clock.now())}
    assert set(found(database, need=need)) == asked


def test_cities_are_found_by_name_and_status_and_sorted_by_figures(database, city, other_city):
    plant(city, "Wohnen")
    measured(city), measured(other_city)
    assert found(database, q="NACH") == ["nachbarstadt"]
    assert found(database, sort="edited") == ["teststadt", "nachbarstadt"]
    assert found(database, sort="current") == ["teststadt", "nachbarstadt"]
    assert found(database, sort="current", falling=True) == ["nachbarstadt", "teststadt"]
    with city.write() as db:
        tenants.set_status(db, tenants.ARCHIVED, actor=EDITOR)
    assert found(database) == ["nachbarstadt"]
    assert found(database, status="archived") == ["teststadt"]


def test_a_sheet_takes_two_statements_however_many_cities_there_are(database, city):
    asked = Statements(database.engine)
    few = asked.of(lambda: found(database))
    for number in range(5):
        measured(make_city(database, f"stadt-{number}"))
    assert asked.of(lambda: found(database)) == few == 2


def test_the_worker_measures_every_city_once_a_day(database, city, other_city):
    measured(other_city)
    assert condition.enqueue_measures(database) == 1
    due = jobs.sweep(database)
    assert [tenant_id for tenant_id, _ in due] == [city.tenant_id]
    for tenant_id, job_id in due:
        jobs.run_job(database, registry.JOBS, tenant_id, job_id)
    assert found(database, need="unmeasured") == []
    assert condition.enqueue_measures(database) == 0
