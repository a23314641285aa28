"""What Linux says about processes: their children, the time they worked, the memory they hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")  # seconds
_PARENT, _USER, _SYSTEM = 1, 11, 12  # fields of /proc/PID/stat behind the name
_IDLE = (3, 4)  # fields of the first line of /proc/stat: idle, waiting for a disk
_ACCOUNTED_TWICE = 8  # guests count as users already


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one process, in bytes; `fair` counts a page that n processes share as one nth."""

    pid: int
    resident: int
    fair: int


def children(parent: int) -> list[int]:
    """Processes started by this one."""
    return sorted(pid for pid, fields in _all_fields() if int(fields[_PARENT]) == parent)


def command_of(pid: int) -> list[str]:
    """The command line."""
    return Path(f"/proc/{pid}/cmdline").read_text("utf-8").rstrip("\0").split("\0")


def seconds_worked(pids: Iterable[int]) -> float:
    """Processor time of these processes, all their threads included."""
    fields = (_fields(Path(f"/proc/{pid}/stat")) for pid in pids)
    return sum(int(each[_USER]) + int(each[_SYSTEM]) for each in fields) * _TICK


def seconds_worked_by_all() -> float:
    """Processor time of the whole machine, time that a host took away included."""
    line = Path("/proc/stat").read_text("ascii").partition("\n")[0]
    fields = [int(value) for value in line.split()[1:]]
    busy = (value for place, value in enumerate(fields[:_ACCOUNTED_TWICE]) if place not in _IDLE)
    return sum(busy) * _TICK


def memory(pid: int) -> Memory:
    """What the process holds now."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in text.splitlines()[1:]}
    return Memory(pid, sizes["Rss"], sizes["Pss"])


def _all_fields() -> Iterator[tuple[int, list[str]]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                yield int(folder.name), _fields(folder / "stat")
            except (FileNotFoundError, ProcessLookupError):  # it has ended in between
                continue


def _fields(file: Path) -> list[str]:
    return file.read_text("utf-8", errors="replace").rpartition(")")[2].split()
