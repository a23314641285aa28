"""Moving in, as a worker does it: from a server that is a client of ours, or from what a test says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from cityinfo.features import moving
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import Invalid, NotFound, Unavailable
from cityinfo.kernel.facts import Actor
from tests.factories import City

OLD = "http://alt.example"


class ClientServer:
    """The old server, answered by an application of our own."""

    def __init__(self, client) -> None:
        self._client = client
        self.asked: list[str] = []

    def get(self, address, *, most, hosts):
        parts = urlsplit(address)
        if parts.hostname not in hosts:
            raise Invalid("fetch.host", "another server")
        self.asked.append(address)
        answer = self._client.get(f"{parts.path}?{parts.query}", base_url=OLD)
        if answer.status_code == 404:
            raise NotFound("fetch.none", "nothing there")
        assert answer.status_code == 200, address
        return answer.data


def ask(database, source, choices, server):
    return moving.request(database, source, choices, server=server, actor=Actor("terminal"))


def run(library, requested, server, **options):
    """Do the job once, and raise what goes wrong in it."""

    def job(run, **arguments):
        moving.move_in(
            run, **arguments, store=library.store, limits=library.limits, server=server, **options
        )

    wrong = []

    def watched(run, **arguments):
        try:
            job(run, **arguments)
        except Exception as problem:
            wrong.append(problem)
            raise

    jobs.run_job(library.database, {moving.MOVE_IN: watched}, requested.tenant_id, requested.job_id)
    if wrong:
        raise wrong[0]


def city_of(library, requested, slug="neu") -> City:
    return City(slug, requested.tenant_id, library.database)


def report_of(database, requested):
    with database.unit_of_work(requested.tenant_id) as db:
        return moving.runs(db)[0].report


__all__ = ["OLD", "ClientServer", "Mapping", "Unavailable", "ask", "city_of", "json", "report_of", "run"]
