"""Processes that live and die together: a parent that keeps its children alive, and children that follow it."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn, TypeVar

import click

logger = logging.getLogger(__name__)

Command = TypeVar("Command", bound=Callable[..., Any])

GRACE = 10.0  # seconds between asking a child to stop and killing it
LONGEST_PAUSE = 30.0  # seconds before a child that keeps dying is started again
STEADY_AFTER = 60.0  # seconds of life after which earlier deaths no longer count
ROUND = 0.1  # seconds between two looks at the children

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1


# The child's side


def die_with_parent(parent: int) -> None:
    """Let the kernel kill this process when `parent` dies, however it dies. Only Linux can; elsewhere nothing happens.

    `parent` says who the parent should be: it may have died before this process came here.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def lives_with_parent(command: Command) -> Command:
    """Give a command the option by which a supervisor names itself; without it the command stands alone."""
    option = click.option("--parent", type=int, hidden=True, expose_value=False, callback=_on_parent)
    return option(command)


def _on_parent(_ctx: click.Context, _parameter: click.Parameter, parent: int | None) -> None:
    if parent is not None:
        die_with_parent(parent)


# The parent's side


class Child:
    """A `cityinfo` command in a process and session of its own, started again whenever it ends."""

    def __init__(self, *arguments: str) -> None:
        self.deaths = 0
        self._name = arguments[0]
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._born = 0.0
        self._start_at = 0.0

    def look_after(self) -> None:
        """Start the process when it is due, notice when it has died."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_at:
                self._start(now)
        elif self._process.poll() is not None:
            self._mourn(now)

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, *, until: float) -> None:
        """Wait for the end; kill the whole session when it does not come in time."""
        if self._process is None:
            return
        try:
            self._process.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            logger.warning("The %s process did not stop in time and is killed.", self._name)
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _start(self, now: float) -> None:
        command = [sys.executable, sys.argv[0], *self._arguments, "--parent", str(os.getpid())]
        # Its own session: Ctrl-C reaches the supervisor alone, which then stops everyone in order.
        self._process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own command
        self._born = now

    def _mourn(self, now: float) -> None:
        status = self._process.returncode if self._process else None
        self.deaths = 1 if now - self._born > STEADY_AFTER else self.deaths + 1
        pause = min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
        logger.warning("The %s process ended with status %s; next start in %.0f s.", self._name, status, pause)
        self._process, self._start_at = None, now + pause


def keep_alive(children: Sequence[Child], *, each_round: Callable[[], None]) -> None:
    """Look after the children until a signal says stop or `each_round` raises; then none of them is left."""
    with signals_interrupt():
        try:
            while True:
                for child in children:
                    child.look_after()
                each_round()
                time.sleep(ROUND)
        except KeyboardInterrupt:
            logger.info("Stopping.")
        finally:
            _stop(children)


@contextmanager
def signals_interrupt() -> Iterator[None]:
    """Signals that ask to stop raise `KeyboardInterrupt` inside; SIGINT too where a shell started us ignoring it."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    wanted = [number for number in _STOPPING if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN]
    former = {number: signal.signal(number, interrupt) for number in wanted}  # nohup stays in force
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _stop(children: Sequence[Child]) -> None:
    for number in _STOPPING:  # a second Ctrl-C must not leave anyone behind
        signal.signal(number, signal.SIG_IGN)
    until = time.monotonic() + GRACE
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop(until=until)
