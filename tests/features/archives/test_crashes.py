"""Applying an archive is one transaction: killed in the middle, nothing of it is there, and the next run is whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from cityinfo.features import tenants
from cityinfo.kernel import jobs
from cityinfo.kernel.db import EVERY_TENANT, NO_TENANT
from cityinfo.settings import variables
from tests.factories import City
from tests.factories_media import kept, library_of, work
from tests.features.archives.test_round_trip import exported
from tests.features.deletion.test_deleting import deleted
from tests.features.onboarding.test_clones import random_city


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_while_it_is_applied_a_city_is_not_there_and_the_next_run_brings_all_of_it(database, settings, tmp_path):
    library = library_of(database, settings)
    city = random_city(library, "umzug", 8, acts=25)
    files = exported(library, "umzug", tmp_path / "archiv")
    deleted(library, city)
    assert kept(settings) == []
    environment = {**os.environ, **{name: str(getattr(settings, one.name)) for name, one in variables().items()}}
    command = [str(Path(sys.executable).with_name("cityinfo")), "tenants", "apply", str(tmp_path / "archiv")]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    half = unfinished(database, running)
    running.send_signal(signal.SIGKILL)
    running.wait()
    with database.unit_of_work(NO_TENANT) as db:
        assert tenants.at(db, "umzug") is None
    an_hour_later(library, City("umzug", half, database))
    assert kept(settings) == []
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert exported(library, "umzug", tmp_path / "wieder") == files


def unfinished(database, running):
    """The number of the city that is being made, once bytes of files are kept for it and its rows are under way."""
    while running.poll() is None:
        with database.unit_of_work(EVERY_TENANT, reason="test") as db:
            waiting = db.scalar(select(func.max(jobs.Job.tenant_id)).where(jobs.Job.finished_at.is_(None)))
        if waiting is not None:
            time.sleep(0.1)
            return waiting
        time.sleep(0.01)
    raise AssertionError("it was faster than we looked")


def an_hour_later(library, city):
    """When the promise to delete bytes that no row names comes due."""
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        db.execute(update(jobs.Job).values(run_after=jobs.Job.created_at))
    work(library, city)
