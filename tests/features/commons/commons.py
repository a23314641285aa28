"""Two cities that give pages to each other, and what the worker does between them."""

from __future__ import annotations

from functools import partial

import orjson

from cityinfo import registry
from cityinfo.features import commons, publishing, upstream
from cityinfo.kernel import jobs
from tests.factories import EDITOR

BY = commons.Terms(licence="CC-BY-4.0", attribution="Stadt Geberstadt")


def offer(city, entry_id, terms=BY):
    with city.write() as db:
        commons.offer(db, entry_id, terms, actor=EDITOR)


def subscribe(city, giver, entry_id, *, under=None, by_itself=False):
    wanted = commons.find(city.database, giver.tenant_id, entry_id)
    with city.write() as db:
        upstream.subscribe(db, wanted, under=under, by_itself=by_itself, actor=EDITOR)


def work(library, *cities):
    """Let the worker do all that is promised in these cities, until nothing is left."""
    functions = {**registry.JOBS, upstream.RECEIVE: partial(registry.STORE_JOBS[upstream.RECEIVE], store=library.store)}
    upstream.enqueue_followers(library.database)
    left = True
    while left:
        left = False
        for city in cities:
            with city.read() as db:
                promised = [job.id for name in functions for job in jobs.open_jobs(db, name)]
            for job in promised:
                jobs.run_job(city.database, functions, city.tenant_id, job)
                with city.read() as db:
                    assert jobs.find(db, job).failure is None
            left = left or bool(promised)


def readers_see(city, language="de"):
    """All pages as readers have them, by title."""
    with city.read() as db:
        bodies = [orjson.loads(one) for one in publishing.payloads(db, language, "page")]
    return {body["title"]: body for body in bodies}
