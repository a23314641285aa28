"""What failed in the background, and trying it again."""

from __future__ import annotations

import pytest

from cityinfo.app import open_jobs
from cityinfo.cms.jobs.words import names, states
from cityinfo.kernel import jobs
from tests.cms.conftest import text_of


@pytest.fixture
def failed(city):
    with city.write() as db:
        job_id = jobs.enqueue(db, "media.renditions", media_id=1)
        db.flush()
        jobs.find(db, job_id).run_after, jobs.find(db, job_id).failure = None, "NotFound media.unknown"
    return job_id


def test_a_manager_sees_what_failed_and_tries_it_again(city, people, failed):
    manager = people("manager")
    shown = text_of(manager.get("/jobs"))
    assert "Ein Auftrag ist gescheitert." in shown
    assert "Kleine Kopien eines Bildes anlegen" in shown
    manager.post(f"/jobs/{failed}/retry", {"state": "failed"})
    assert "Kein Auftrag ist gescheitert." in text_of(manager.get("/jobs"))
    with city.read() as db:
        assert jobs.state_of(jobs.find(db, failed)) == jobs.WAITING


def test_a_job_that_is_called_off_no_longer_counts_as_failed(people, failed):
    manager = people("manager")
    manager.post(f"/jobs/{failed}/cancel")
    assert "Kein Auftrag ist gescheitert." in text_of(manager.get("/jobs"))


def test_editors_do_not_see_jobs(people, failed):
    assert people("editor").get("/jobs").status_code == 403


def test_every_job_and_state_has_a_word(settings):
    assert names().keys() == open_jobs(settings).keys()
    assert states().keys() == set(jobs.STATES)
