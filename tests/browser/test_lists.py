"""Feedback, background work and what waits, as lists at a desk and on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.features import feedback
from cityinfo.features.feedback import Message
from cityinfo.kernel import jobs
from tests.factories import plant

pytestmark = pytest.mark.browser


def test_lists_are_read_by_everyone_empty_and_full(service, visit):
    visit.come_in("mara@example.org")
    for path in ("", "feedback", "jobs", "pages?waits=review"):
        visit.open(f"/cms/teststadt/{path}")
        visit.look()
    fill(service.city)
    for path in ("", "feedback", "jobs", "pages?waits=stale-12"):
        visit.open(f"/cms/teststadt/{path}")
        visit.look()


def fill(city):
    plant(city, "Wohnen")
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        for comment in ("رقم الهاتف غير صحيح.", "Die Nummer stimmt nicht mehr." * 20):
            said = Message(topic="tenant", rating="down", comment=comment, contact="a@example.org")
            feedback.send(db, said, language="ar", address="1.2.3.4", keep=timedelta(days=9))
    with city.write() as db:
        job_id = jobs.enqueue(db, "media.renditions", media_id=1)
        db.flush()
        jobs.find(db, job_id).run_after, jobs.find(db, job_id).failure = None, "NotFound media.unknown"
