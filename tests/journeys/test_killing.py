"""A process is killed in the worst moment: what was acknowledged is there, what was promised is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import audit, content
from cityinfo.features.content import Version
from cityinfo.kernel import jobs
from cityinfo.settings import variables
from tests.factories import make_city, plant

pytestmark = pytest.mark.slow

SAVES = 200


@contextmanager
def process(settings, module, *arguments):
    """A process of ours under these settings; killed at the end if it still lives."""
    environment = {**os.environ, **{name: str(getattr(settings, one.name)) for name, one in variables().items()}}
    command = [sys.executable, "-m", module, *arguments]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.wait()
        running.stdout.close()


def wait_for(condition, *, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def faults(city):
    with city.read() as db:
        return [*registry.PROJECTOR.verify(db), *filter(None, [audit.verify(db).fault])]


def test_every_acknowledged_save_outlives_the_server_that_made_it(settings, database):
    cities = [make_city(database, f"stadt-{number}") for number in range(4)]
    pages = {city.tenant_id: plant(city, "Anfang") for city in cities}
    targets = [f"{tenant}:{page}" for tenant, page in pages.items()]
    acknowledged = []
    for _ in range(2):
        with process(settings, "tests.journeys.saving", *targets) as saving:
            for _, line in zip(range(SAVES // 2), saving.stdout, strict=False):
                acknowledged.append(tuple(map(int, line.split())))
            saving.send_signal(signal.SIGKILL)
            acknowledged += [tuple(map(int, line.split())) for line in saving.stdout if line.endswith("\n")]

    assert len(acknowledged) >= SAVES
    for city in cities:
        with city.read() as db:
            versions = set(db.scalars(select(Version.id)))
            promised = set(db.scalars(select(jobs.Job.id)))
        own = [(version, job) for tenant, version, job in acknowledged if tenant == city.tenant_id]
        assert own
        assert {version for version, _ in own} <= versions
        assert {job for _, job in own} <= promised
        assert faults(city) == []


def test_a_job_whose_worker_was_killed_is_done_by_the_next_one(settings, database, city, tmp_path):
    page = plant(city, "Anfang")
    marks = tmp_path / "marks"
    marks.mkdir()
    with city.write() as db:
        job = jobs.enqueue(db, "test.write_slowly", page=page, marks=str(marks))

    for _ in range(2):
        seen = len(list(marks.iterdir()))
        with process(settings, "tests.journeys.slow_worker") as worker:
            wait_for(lambda seen=seen: len(list(marks.iterdir())) >= seen + 3)
            worker.send_signal(signal.SIGKILL)
    with city.read() as db:
        assert db.scalar(select(jobs.Job).where(jobs.Job.id == job)).finished_at is None
        assert content.version(db, content.find_text(db, page, "de").public_version_id).title == "Anfang"

    with process(settings, "tests.journeys.slow_worker"):
        wait_for(lambda: _is_finished(city, job))
    with city.read() as db:
        assert content.version(db, content.find_text(db, page, "de").public_version_id).title == "Vom Auftrag"
        assert len(content.versions(db, page, "de")) == 2
    assert faults(city) == []


def _is_finished(city, job):
    with city.read() as db:
        return db.scalar(select(jobs.Job).where(jobs.Job.id == job)).finished_at is not None
