"""However often a deletion is interrupted, what is left in the end is nothing, and other cities notice none of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from cityinfo.features import deletion
from cityinfo.features.deletion import emptying
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from cityinfo.settings import variables
from tests.features.deletion.test_deleting import (
    close,
    do_due,
    documents,
    every_row,
    own_files,
    platform_log,
    random_city,
    remains,
    state,
)


class Killed(BaseException):
    """Stands for a process that dies: nothing after it runs."""


def free(city):
    """The moment at which the lease of a process that died is over."""
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        db.execute(update(jobs.Job).values(lease_until=None, attempts=0, run_after=jobs.Job.created_at))


def dies_at(library, city, moment):
    """Let the process die at this moment: after a unit of work of whatever kind, or after a file was deleted."""
    left = [moment]

    def live_or_die():
        if left[0] == 0:
            raise Killed
        left[0] -= 1

    @contextmanager
    def unit_of_work(*given, **options):
        with whole(*given, **options) as db:
            yield db
        live_or_die()

    def forget(key):
        delete(key)
        live_or_die()

    with pytest.MonkeyPatch.context() as patched:
        whole, delete = library.database.unit_of_work, library.store.delete
        patched.setattr(library.database, "unit_of_work", unit_of_work)
        patched.setattr(library.store, "delete", forget)
        try:
            do_due(library, city)
        except Killed:
            return True
    return False


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_at_every_step_it_ends_as_if_nothing_had_happened(library, settings, monkeypatch):
    monkeypatch.setattr(emptying, "PORTION", 30)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    city, other = random_city(library, "weg", 4, acts=30), random_city(library, "bleibt", 6, acts=20)
    rows, readers, files = every_row(other), documents(other), own_files(settings, other)
    close(city, grace=timedelta())
    died_in = []
    while dies_at(library, city, len(died_in)):
        died_in.append(state(city).step)
        if remains(city):  # with its last row went the job
            free(city)
    deletion.finish(library.database, store=library.store)
    assert len(died_in) > 10
    assert {deletion.CLOSED, deletion.FILES, deletion.CONTENT, deletion.RECORD} <= set(died_in)
    assert remains(city) == {}
    assert own_files(settings, city) == []
    assert [action for action, _ in platform_log(city)] == ["TenantDeleted", "DeletionProved"]
    assert state(city).step == deletion.PROVED
    assert (every_row(other), documents(other), own_files(settings, other)) == (rows, readers, files)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_process_that_is_killed_is_followed_by_one_that_ends_the_work(settings, library):
    city = random_city(library, "weg", 8, acts=30)
    environment = {**os.environ, **{name: str(getattr(settings, one.name)) for name, one in variables().items()}}
    command = [str(Path(sys.executable).with_name("cityinfo")), "tenants", "delete", "weg", "--now"]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    wait_until_it_has_begun(city, running)
    running.send_signal(signal.SIGKILL)
    running.wait()
    free(city)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no row and no file is left" in done.stdout
    assert remains(city) == {}
    assert own_files(settings, city) == []


def wait_until_it_has_begun(city, running):
    while running.poll() is None:
        with city.database.unit_of_work(NO_TENANT) as db:
            row = deletion.deletion_of(db, city.tenant_id)
            if row is not None and row.step != deletion.CLOSED:
                return
        time.sleep(0.005)
    raise AssertionError("it was faster than we looked")


def test_rows_go_in_portions_so_that_other_cities_writers_wait_for_one_at_most(library, monkeypatch):
    monkeypatch.setattr(emptying, "PORTION", 20)
    city = random_city(library, "weg", 4, acts=30)
    close(city, grace=timedelta())
    taken, whole = [], emptying._delete_portion

    def count(db, waiting):
        taken.append(whole(db, waiting))
        return taken[-1]

    monkeypatch.setattr(emptying, "_delete_portion", count)
    do_due(library, city)
    assert max(taken) == 20
    assert len(taken) > 3
    assert remains(city) == {}
