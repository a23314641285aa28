"""However often a run is interrupted, the city that comes of it is the same, and so is what is said of it."""

from __future__ import annotations

import re
from contextlib import contextmanager

import orjson
import pytest
from sqlalchemy import update

from cityinfo.features import moving
from cityinfo.features.moving import CityChoices, portions
from cityinfo.kernel import jobs
from tests.factories import City
from tests.factories_media import library_of
from tests.features.moving.moves import OLD, a_full_city, ask, move, published, report_of, run, version_count

KINDS = ("page", "location", "contact", "event", "news", "media", "organization")


class Killed(BaseException):
    """Stands for a process that dies: nothing after it runs."""


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def dies_at(library, requested, old, monkeypatch, moment):
    """Let the process die once so many units of work have been kept."""
    left, whole = [moment], jobs.Run.unit_of_work

    @contextmanager
    def unit_of_work(self, **options):
        with whole(self, **options) as db:
            yield db
        if options.get("write"):
            if left[0] == 0:
                raise Killed
            left[0] -= 1

    monkeypatch.setattr(jobs.Run, "unit_of_work", unit_of_work)
    try:
        run(library, requested, old)
    except Killed:
        return True
    finally:
        monkeypatch.setattr(jobs.Run, "unit_of_work", whole)
    return False


def everything(city):
    """What readers see in every language, without numbers of our own."""
    found = [published(city, language, kind) for kind in KINDS for language in ("de", "en")]
    ours = rb'\d{12,}|[0-9a-f]{32}|"(?:changed|created)_at":"[^"]*"|"number":\d+'
    return re.sub(ours, b"N", orjson.dumps(found)).replace(city.slug.encode(), b"CITY")


def tallies(city):
    return {name: value for name, value in report_of(city).items() if name != "files"}


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_killed_after_every_write_it_ends_as_if_nothing_had_happened(library, monkeypatch):
    monkeypatch.setattr(portions, "PORTION", 2)
    old = a_full_city()
    calm = move(library, old, slug="ruhig")
    requested = ask(library.database, OLD, CityChoices(slug="wirr", region=old.slug), old)
    city, kills = City("wirr", requested.tenant_id, library.database), 0
    with monkeypatch.context() as patched:
        while dies_at(library, requested, old, patched, kills % 4):
            kills += 1
            with library.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
                db.execute(update(jobs.Job).values(lease_until=None, attempts=0, run_after=jobs.Job.created_at))
    assert kills > 12
    assert everything(city) == everything(calm)
    assert version_count(city) == version_count(calm)
    assert tallies(city) == tallies(calm)


def test_a_run_that_is_called_off_stops_and_the_next_one_goes_on(library):
    old = a_full_city()
    requested = ask(library.database, OLD, CityChoices(slug="neu", region=old.slug), old)

    def call_off(percent, text):
        if text == "writing texts":
            with library.database.unit_of_work(requested.tenant_id, write=True, numbered=False) as db:
                jobs.cancel(db, requested.job_id)

    with pytest.raises(jobs.JobStopped):
        run(library, requested, old, show=call_off)
    city = City("neu", requested.tenant_id, library.database)
    assert not published(city, "de").get("Seite 103")
    move(library, old)
    assert published(city, "de")["Seite 103"]
    assert report_of(city)["files"] == {"new": 0, "same": 3, "failed": 0}
    with city.read() as db:
        assert [one.ended_at is None for one in moving.runs(db)] == [False, True]
