"""For each followed city one job waits to fetch what is new, however often that is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.features import upstream
from cityinfo.features.upstream import reading
from cityinfo.kernel import clock, jobs
from tests.factories import EDITOR, plant, save
from tests.features.upstream.conftest import fetch, here, standings

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def page(template):
    return plant(template, "Führerschein")


@pytest.fixture
def town(page, town_of, template):
    return town_of(template)


def ask(town, template):
    with town.write() as db:
        upstream.fetch_soon(db, template.tenant_id)


def waiting(town):
    with town.read() as db:
        return [job.id for job in upstream.fetches(db)]


def change_job(town, **values):
    with town.write() as db:
        (job,) = upstream.fetches(db)
        for name, value in values.items():
            setattr(job, name, value)
        return job.id


def test_asking_in_every_way_promises_once(template, page, town):
    ask(town, template)
    with town.write() as db:
        upstream.change_following(db, template.tenant_id, by_itself=True, actor=EDITOR)
        upstream.detach(db, here(town, page), actor=EDITOR)
        upstream.attach(db, here(town, page), actor=EDITOR)
    upstream.enqueue_followers(town.database, only=template.tenant_id)
    assert len(waiting(town)) == 1


def test_a_job_that_runs_has_read_already_so_whoever_asks_is_promised_another_one(template, page, town):
    ask(town, template)
    change_job(town, lease_until=clock.now() + timedelta(seconds=60))
    save(template, page, content="<p>Neu.</p>")
    upstream.enqueue_followers(town.database)
    assert len(waiting(town)) == 1
    ask(town, template)
    assert len(waiting(town)) == 2


def test_a_job_that_was_given_up_does_not_cut_the_city_off(template, page, town):
    ask(town, template)
    change_job(town, run_after=None, failure="Unavailable")
    save(template, page, content="<p>Neu.</p>")
    upstream.enqueue_followers(town.database)
    assert len(waiting(town)) == 1


def test_who_asks_does_not_wait_for_the_next_attempt_but_the_worker_does(template, page, town):
    ask(town, template)
    later = clock.now() + timedelta(hours=1)
    job = change_job(town, run_after=later, failure="Unavailable")
    save(template, page, content="<p>Neu.</p>")
    upstream.enqueue_followers(town.database)
    with town.read() as db:
        assert jobs.find(db, job).run_after == later
    woken = []
    town.database.wake = lambda _city, number: woken.append(number)
    ask(town, template)
    with town.read() as db:
        assert jobs.find(db, job).run_after <= clock.now()
    assert (woken, waiting(town)) == ([job], [job])


def test_what_is_wanted_anew_while_it_is_being_read_comes_all_the_same(library, template, page, town, monkeypatch):
    entry, read = here(town, page), reading.read
    with town.write() as db:
        upstream.detach(db, entry, actor=EDITOR)
    save(template, page, content="<p>Neu.</p>")
    fetch(library, town)

    def attached_meanwhile(*asked):
        found = read(*asked)
        monkeypatch.undo()
        with town.write() as db:
            upstream.attach(db, entry, actor=EDITOR)
        return found

    monkeypatch.setattr(reading, "read", attached_meanwhile)
    fetch(library, town)
    assert standings(town) == {}
    fetch(library, town)
    assert standings(town) == {("Führerschein", "de"): "untouched"}
