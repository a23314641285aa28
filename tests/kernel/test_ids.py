"""Identities: unique over processes, rising within one, small enough for JavaScript, never without a slot."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import pytest

from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.ids import Identities, parse_slots

MANY = 20_000


def make(folder, queue):
    identities = Identities(folder)
    made = [identities.next() for _ in range(MANY)]
    queue.put(made)


def hold(folder, queue):
    identities = Identities(folder, range(1))
    queue.put(identities.next())
    time.sleep(60)


@pytest.fixture
def processes():
    """Starts processes and leaves none."""
    started = []
    context = multiprocessing.get_context("spawn")

    def start(work, folder):
        queue = context.Queue()
        process = context.Process(target=work, args=(folder, queue))
        process.start()
        started.append(process)
        return process, queue

    yield start
    for process in started:
        process.kill()
        process.join()


@pytest.mark.slow
def test_four_processes_never_make_the_same_identity(tmp_path, processes):
    queues = [processes(make, tmp_path)[1] for _ in range(4)]
    made = [queue.get(timeout=60) for queue in queues]
    assert len({one for some in made for one in some}) == 4 * MANY
    assert all(some == sorted(some) for some in made)
    assert max(one for some in made for one in some) < 2**53


@pytest.mark.slow
def test_a_killed_process_gives_its_slot_back(tmp_path, processes):
    process, queue = processes(hold, tmp_path)
    assert queue.get(timeout=60)
    with pytest.raises(Unavailable, match="CITYINFO_SLOTS"):
        Identities(tmp_path, range(1)).next()
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    identities = Identities(tmp_path, range(1))
    assert identities.next() > 0
    identities.release()


def test_whoever_takes_over_a_slot_makes_greater_identities(tmp_path):
    first, second = Identities(tmp_path, range(1)), Identities(tmp_path, range(1))
    before = max(first.next() for _ in range(1_000))
    first.release()
    assert second.next() > before
    second.release()


def test_many_at_once_rise_after_all_before_and_their_successor_takes_over_after_them(tmp_path):
    first, second = Identities(tmp_path, range(1)), Identities(tmp_path, range(1))
    made = [first.next(), *first.several(5_000), first.next(), *first.several(3), *first.several(0), first.next()]
    assert made == sorted(set(made))
    assert len(made) == 5_006
    first.release()
    assert second.next() > made[-1]
    second.release()


def test_a_clock_that_is_set_back_holds_nobody_up(tmp_path, monkeypatch):
    identities = Identities(tmp_path)
    before = identities.next()
    yesterday = time.time_ns() - 86_400_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: yesterday)
    started = time.monotonic()
    assert before < identities.next() < identities.several(300)[0]
    assert time.monotonic() - started < 1
    identities.release()


def test_slots_are_written_as_a_range():
    assert parse_slots("4-7") == range(4, 8)
    assert parse_slots("3") == range(3, 4)


@pytest.mark.parametrize("text", ["", "a-b", "7-4", "0-32", "-1-3"])
def test_slots_that_do_not_exist_are_refused(text):
    with pytest.raises(Invalid, match="CITYINFO_SLOTS"):
        parse_slots(text)
