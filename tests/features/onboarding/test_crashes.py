"""However often a clone is interrupted, the city that comes of it is the same, and comes once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import update

from cityinfo import registry
from cityinfo.features import onboarding, tenants
from cityinfo.features.onboarding import CityDraft
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Conflict
from cityinfo.settings import variables
from tests.factories import City
from tests.factories_media import library_of
from tests.features.onboarding.test_clones import (
    all_names,
    ask,
    cloned,
    documents,
    every_row,
    failure,
    random_city,
    run,
)

ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


class Killed(BaseException):
    """Stands for a process that dies: nothing after it runs."""


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def free(database, requested):
    """The moment at which the lease of a process that died is over."""
    with database.unit_of_work(requested.tenant_id, write=True, numbered=False) as db:
        db.execute(update(jobs.Job).values(lease_until=None, attempts=0, run_after=jobs.Job.created_at))


def dies_at(library, requested, monkeypatch, moment):
    """Let the process die at this moment: when a step is told, or when a unit of work has been kept."""
    left, whole = [moment], jobs.Run.unit_of_work

    def live_or_die(*_):
        if left[0] == 0:
            raise Killed
        left[0] -= 1

    @contextmanager
    def unit_of_work(run, **options):
        with whole(run, **options) as db:
            yield db
        live_or_die()

    monkeypatch.setattr(jobs.Run, "unit_of_work", unit_of_work)
    try:
        run(library, requested, watch=live_or_die)
    except Killed:
        return True
    finally:
        monkeypatch.setattr(jobs.Run, "unit_of_work", whole)
    return False


def counted(city):
    return {name: len(rows) for name, rows in every_row(city).items() if rows and name not in ("audit", "job", "clock")}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_at_every_step_it_ends_as_if_nothing_had_happened(library, monkeypatch):
    source = random_city(library, "quelle", 4, acts=60)
    undisturbed = cloned(library, source, CityDraft(slug="ruhig", name="Neu"))
    monkeypatch.setattr(onboarding.writing, "PORTION", 150)
    requested, kills = ask(library, source, CityDraft(slug="wirr", name="Neu")), 0
    city = City("wirr", requested.tenant_id, library.database)
    with monkeypatch.context() as patched:
        while dies_at(library, requested, patched, kills):
            kills += 1
            free(library.database, requested)
    assert kills > 12
    assert failure(city, requested) is None
    assert counted(city) == counted(undisturbed)
    assert documents(city, all_names(source, city)) == documents(undisturbed, all_names(source, undisturbed))


def test_the_same_key_finds_the_clone_that_was_asked_for_before(library, city):
    first = ask(library, city, CityDraft(slug="neu", name="Neu"))
    again = ask(library, city, CityDraft(slug="neu", name="Anders"))
    assert (again.tenant_id, again.job_id, again.known) == (first.tenant_id, first.job_id, True)
    other = ask(library, city, CityDraft(slug="zwei", name="Zwei"), key="auftrag")
    assert ask(library, city, CityDraft(slug="drei", name="Drei"), key="auftrag").tenant_id == other.tenant_id
    with library.database.unit_of_work(NO_TENANT) as db:
        assert tenants.at(db, "drei") is None


def test_an_address_of_another_city_is_refused(library, city, other_city):
    with pytest.raises(Conflict):
        ask(library, city, CityDraft(slug=other_city.slug, name="Neu"))


def test_a_clone_that_was_called_off_stops_and_stays_hidden(library, city):
    requested = ask(library, city)
    with library.database.unit_of_work(requested.tenant_id, write=True, numbered=False) as db:
        jobs.cancel(db, requested.job_id)
    run(library, requested)
    with library.database.unit_of_work(requested.tenant_id) as db:
        assert onboarding.clone_of(db).step != onboarding.DONE
        assert tenants.own(db).status == tenants.HIDDEN


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_process_that_is_killed_is_followed_by_one_that_ends_the_work(settings, library):
    source = random_city(library, "quelle", 8, acts=60)
    environment = {**os.environ, **{name: str(getattr(settings, one.name)) for name, one in variables().items()}}
    command = [str(Path(sys.executable).with_name("cityinfo")), "tenants", "clone", "quelle", "neu", "--name", "Neu"]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    requested = _begun(library, running)
    running.send_signal(signal.SIGKILL)
    running.wait()
    free(library.database, requested)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "going on" in done.stdout
    city = City("neu", requested.tenant_id, library.database)
    undisturbed = cloned(library, source, CityDraft(slug="ruhig", name="Neu"))
    assert documents(city, all_names(source, city)) == documents(undisturbed, all_names(source, undisturbed))
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


def _begun(library, running):
    """Once the clone has begun and is under way."""
    while running.poll() is None:
        with library.database.unit_of_work(NO_TENANT) as db:
            tenant = tenants.at(db, "neu")
        if tenant is not None:
            with library.database.unit_of_work(tenant.id) as db:
                state = onboarding.clone_of(db)
                if jobs.find(db, state.job_id).progress > 0:
                    return onboarding.Requested(tenant.id, state.job_id, known=True)
        time.sleep(0.01)
    raise AssertionError("it was faster than we looked")
