"""Moving in from the terminal: from a real server that has its moods, and from a folder of answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from cityinfo.adapters.integreat import OldServer
from cityinfo.adapters.outside import networks_of
from cityinfo.cli import main
from cityinfo.features import moving, tenants
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Invalid, NotFound, Unavailable
from cityinfo.settings import variables
from tests.factories import City
from tests.features.moving.moves import a_city, published, version_count

ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
DATA = Path(__file__).parents[3] / "shared" / "data" / "lkaugsburg"
HOME = networks_of("127.0.0.0/8")


class _Answers(BaseHTTPRequestHandler):
    """What the city says, and at odd addresses what odd servers do."""

    def do_GET(self):
        if self.path.startswith("/odd/"):
            return self._oddly(self.path.removeprefix("/odd/"))
        time.sleep(self.server.delay)
        try:
            self._send(200, self.server.city.get(f"http://alt.example{self.path}", most=0, hosts=["alt.example"]))
        except NotFound:
            self._send(404, b"{}")
        return None

    def _oddly(self, how):
        if how == "slow":
            time.sleep(0.5)
        if how.startswith("to/"):
            self.send_response(302)
            self.send_header("Location", how.removeprefix("to/"))
            self.end_headers()
        else:
            self._send(500 if how == "broken" else 200, b"x" * 5_000)

    def _send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nobody reads it."""


@contextmanager
def serving(city, *, delay=0.0):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.city, server.delay = city, delay
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server
    finally:
        server.shutdown()
        server.server_close()


def environment(settings):
    of_settings = {name: str(getattr(settings, one.name)) for name, one in variables().items()}
    return {**os.environ, **of_settings, "CITYINFO_MOVE_IN_NETWORKS": "127.0.0.0/8"}


def invoke(settings, *arguments):
    return CliRunner(env=environment(settings)).invoke(main, ["tenants", *map(str, arguments)])


def opened(database, slug):
    with database.unit_of_work(NO_TENANT) as db:
        return City(slug, tenants.find(db, slug).id, database)


@ON_SQLITE
def test_a_city_comes_from_a_server_again_and_again_until_the_switch(settings, database, tmp_path):
    old, report = a_city(), tmp_path / "report.json"
    with serving(old) as (address, _):
        done = invoke(settings, "move-in", f"{address}/kreis", "neu", "--report", report)
        assert done.exit_code == 0, done.output
        assert "page           3 new" in done.output
        assert json.loads(report.read_bytes())["texts"]["de"] == {"new": 3}
        assert "texts de       3 same" in invoke(settings, "move-in", f"{address}/kreis", "neu").output
        assert invoke(settings, "switch", "neu").exit_code == 0
        refused = invoke(settings, "move-in", f"{address}/kreis", "neu")
    assert refused.exit_code == 1
    assert "This city is written here now" in refused.output
    assert len(published(opened(database, "neu"), "de")) == 3


@ON_SQLITE
def test_a_server_inside_our_network_is_not_asked(settings, database):
    del database
    with serving(a_city()) as (address, _):
        env = {**environment(settings), "CITYINFO_MOVE_IN_NETWORKS": ""}
        done = CliRunner(env=env).invoke(main, ["tenants", "move-in", f"{address}/kreis", "neu"])
    assert done.exit_code == 1
    assert "a network that is not public" in done.output


def test_what_odd_servers_do_ends_in_one_sentence():
    server = OldServer(HOME, patience=httpx.Timeout(0.2))
    with serving(a_city()) as (address, _):

        def get(how):
            return server.get(f"{address}/odd/{how}", most=1_000, hosts=["127.0.0.1"])

        for how, problem in (
            ("broken", Unavailable),
            ("slow", Unavailable),
            ("large", Invalid),
            ("to/http://localhost:1/", Invalid),
            ("to/file:///etc/passwd", Invalid),
            ("to//odd/to//odd/to//odd/to//odd/to//odd/x", Invalid),
        ):
            with pytest.raises(problem):
                get(how)
        with pytest.raises(NotFound):
            server.get(f"{address}/api/v3/anders/languages/", most=1_000, hosts=["127.0.0.1"])
    with pytest.raises(Unavailable):
        server.get(f"{address}/", most=1_000, hosts=["127.0.0.1"])


@ON_SQLITE
@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.skipif(not DATA.is_dir(), reason=f"the published pages of Landkreis Augsburg are not in {DATA}")
def test_real_pages_come_from_a_folder(settings, database):
    done = invoke(settings, "move-in", DATA, "lkaugsburg", "--name", "Landkreis Augsburg")
    assert done.exit_code == 0, done.output
    city = opened(database, "lkaugsburg")
    with city.read() as db:
        report = moving.runs(db)[0].report
    assert report["texts"] == {"de": {"new": 238}, "en": {"new": 233}}
    assert report["references"] > 130  # 81 by whole paths, the rest by their last part
    assert report["notes"] == []
    before = version_count(city)
    assert "texts de       238 same" in invoke(settings, "move-in", DATA, "lkaugsburg").output
    assert version_count(city) == before


@ON_SQLITE
@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_process_that_is_killed_is_followed_by_one_that_ends_the_work(settings, database):
    command = [str(Path(sys.executable).with_name("cityinfo")), "tenants", "move-in"]
    with serving(a_city(), delay=0.15) as (address, server):
        arguments = [*command, f"{address}/kreis", "neu"]
        running = subprocess.Popen(arguments, env=environment(settings), stdout=subprocess.DEVNULL)
        while not _begun(database):
            assert running.poll() is None
            time.sleep(0.1)
        running.send_signal(signal.SIGKILL)
        running.wait()
        server.delay = 0
        city = opened(database, "neu")
        with database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
            db.execute(update(jobs.Job).values(lease_until=None))
        done = subprocess.run(arguments, env=environment(settings), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "going on" in done.stdout
    assert len(published(city, "de")) == 3


def _begun(database):
    with database.unit_of_work(NO_TENANT) as db:
        tenant = tenants.at(db, "neu")
    if tenant is None:
        return False
    with database.unit_of_work(tenant.id) as db:
        return any(one.progress for one in jobs.listing(db))
