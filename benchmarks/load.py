"""Load: as many requests as a server answers, over connections that stay open, from a process of its own."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import seconds_worked, seconds_worked_by_all
from benchmarks.serving import Server

CONNECTIONS = 16
_SCRIPT = Path(__file__).parent / "wrk.lua"
_GRACE = 60.0  # seconds for a load generator to end


class Failed(Exception):
    """Some answers were errors, so the figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Load:
    """One measurement. Times in milliseconds, `cpu` in microseconds of the server's processes for each request.

    `others` says how many processors were busy with something else, neither this server nor the load generator.
    """

    per_second: float
    p50: float
    p99: float
    bytes: float
    cpu: float
    others: float


def generator(seconds: float) -> str:
    """What makes loads of this duration, in words for people."""
    if _wrk(seconds):
        return f"wrk, {CONNECTIONS} connections"
    return (
        f"a client in Python, {CONNECTIONS} connections (wrk is not installed, or takes no such part of a second)."
        " It works about as long on a request as the server, on both sides of every comparison, so ratios of requests"
        " per second look better than they are; those of processor time do not"
    )


def measure(server: Server, path: str, *, seconds: float, headers: Mapping[str, str] | None = None) -> Load:
    """Ask for one address all the time. Raises `Failed` when an answer was no success."""
    lines = [f"{name}: {value}" for name, value in (headers or {}).items()]
    pids = server.workers()
    before = _Clocks.now(pids)
    output = subprocess.run(
        _command(server.port, path, seconds, lines),
        check=True,
        capture_output=True,
        text=True,
        timeout=seconds + _GRACE,
    ).stdout
    after = _Clocks.now(pids)
    found = json.loads(output.splitlines()[-1])
    if found["failures"] or not found["requests"] or server.workers() != pids:
        raise Failed(f"{server.name} {path}: {found['failures']} of {found['requests']:.0f} answers failed.")
    return Load(
        per_second=found["requests"] / found["seconds"],
        p50=found["p50"] * 1e3,
        p99=found["p99"] * 1e3,
        bytes=found["bytes"] / found["requests"],
        cpu=(after.server - before.server) / found["requests"] * 1e6,
        others=max((after.others - before.others) / found["seconds"], 0.0),
    )


@dataclass(frozen=True, slots=True)
class _Clocks:
    server: float
    others: float

    @classmethod
    def now(cls, pids: list[int]) -> _Clocks:
        server = seconds_worked(pids)
        usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        ours = sum(each.ru_utime + each.ru_stime for each in usage)
        return cls(server, seconds_worked_by_all() - server - ours)


def _command(port: int, path: str, seconds: float, headers: list[str]) -> list[str]:
    wrk = _wrk(seconds)
    if wrk is None:
        return [sys.executable, "-m", "benchmarks.client", str(port), path, str(seconds), str(CONNECTIONS), *headers]
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "--timeout", "30s", "-s", str(_SCRIPT)]
    return [wrk, *options, *(part for line in headers for part in ("-H", line)), f"http://127.0.0.1:{port}{path}"]


def _wrk(seconds: float) -> str | None:
    return shutil.which("wrk") if seconds == round(seconds) else None  # wrk takes whole seconds only
