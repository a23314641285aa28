"""`cityinfo serve`: one command starts everything, keeps it alive and leaves nothing behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from cityinfo.adapters.huey_queue import make_queue
from cityinfo.kernel.db import Database
from cityinfo.kernel.ids import Identities
from cityinfo.kernel.jobs import Job, enqueue
from cityinfo.settings import Settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]

COMMAND = Path(sys.executable).with_name("cityinfo")
CITY = 1


@pytest.fixture
def folder(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "cityinfo.sqlite3")
    return tmp_path


@pytest.fixture
def server(folder):
    server = Server(folder)
    yield server
    server.end()


def _hears_hangups():
    """Tests that were started by nohup ignore the signal, and what they start would too."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Server:
    """`cityinfo serve --with-worker` in a folder of its own, as somebody starts it in a terminal."""

    def __init__(self, folder, **environment):
        self.port = free_port()
        self.output = folder / "output.txt"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [COMMAND, "serve", "--with-worker", "--port", str(self.port)],
                env=environment_for(folder, **environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_hears_hangups,  # noqa: PLW1509 - no thread holds a lock here
            )

    def start(self):
        wait_until(lambda: "Stop with Ctrl-C" in self.text() or self.process.poll() is not None, seconds=60)
        assert self.process.poll() is None, self.text()
        return self

    def text(self):
        return self.output.read_text()

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return json.load(answer)

    def family(self):
        """The supervisor, its children and granian's processes."""
        return [self.process.pid, *descendants(self.process.pid)]

    def child(self, name):
        return next(pid for pid in self.family() if name in arguments(pid))

    def end(self):
        family = self.family()
        self.process.kill()
        self.process.wait()
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def environment_for(folder, **more):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CITYINFO_")}
    return {**inherited, "CITYINFO_DATA_DIR": str(folder), **more}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, *, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def process_state(pid):
    """State letter and parent, as /proc tells them; None when there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return fields[0], int(fields[1])


def descendants(pid):
    parents = {int(path.name): process_state(path.name) for path in Path("/proc").glob("[0-9]*")}
    children = [child for child, state in parents.items() if state and state[1] == pid]
    return [one for child in children for one in (child, *descendants(child))]


def arguments(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def alive(pids):
    """Those that still run. One that is dead and waits for its status to be read does not."""
    return [pid for pid in pids if (state := process_state(pid)) and state[0] != "Z"]


def test_it_says_what_to_open_once_it_answers(server):
    server.start()
    assert server.get("/healthz") == {"status": "ok"}
    assert f"http://127.0.0.1:{server.port}/api/v1/docs" in server.text()
    assert f"http://127.0.0.1:{server.port}/api/v3/musterstadt/de/pages/" in server.text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_process(server, number):
    family = server.start().family()
    assert len(family) == 5  # supervisor, granian and its two processes, worker
    server.process.send_signal(number)
    assert server.process.wait(20) == 0
    assert alive(family) == []


def test_no_process_outlives_a_supervisor_that_is_killed(server):
    family = server.start().family()
    server.process.kill()
    server.process.wait()
    wait_until(lambda: alive(family) == [], seconds=5)


def test_no_process_outlives_a_supervisor_that_is_killed_while_it_starts(server):
    wait_until(lambda: len(server.family()) > 1, seconds=30)
    family = server.family()
    server.process.kill()
    server.process.wait()
    wait_until(lambda: alive(family) == [], seconds=5)


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_child_that_dies_is_started_again(server, name):
    former = server.start().child(name)
    os.kill(former, signal.SIGKILL)
    wait_until(lambda: any(name in arguments(pid) and pid != former for pid in alive(server.family())), seconds=20)
    wait_until(lambda: answers(server), seconds=40)
    assert former not in alive(server.family())


def answers(server):
    try:
        return server.get("/healthz") == {"status": "ok"}
    except (OSError, urllib.error.URLError):
        return False


def test_a_promised_job_reaches_the_worker(server, folder):
    server.start()
    settings = Settings(data_dir=folder)
    database = Database(settings.database, identities=Identities(folder / "slots"))
    database.wake = make_queue(settings).wake
    with database.unit_of_work(CITY, write=True) as db:
        job = enqueue(db, "unknown_to_every_release")

    def failure():
        with database.unit_of_work(CITY) as db:
            return db.scalar(select(Job.failure).where(Job.id == job))

    wait_until(lambda: failure() == "NotFound job.unknown", seconds=20)
    database.dispose()


def test_a_port_that_is_taken_is_refused_in_one_line(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = subprocess.run(
            [COMMAND, "serve", "--port", str(port)],
            env=environment_for(folder),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert outcome.returncode == 1
    assert outcome.stderr == f"error: Cannot listen on 127.0.0.1, port {port}: Address already in use.\n"


def test_a_server_that_cannot_start_says_why_and_leaves_nothing_behind(folder):
    server = Server(folder, CITYINFO_SLOTS="none")
    family = []
    while server.process.poll() is None:
        family = [*family, *server.family()]
        time.sleep(0.05)
    assert server.process.returncode == 1
    assert "error: CITYINFO_SLOTS is 'none'" in server.text()
    assert alive(set(family)) == []
