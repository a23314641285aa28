"""Integer identities made in the application, below 2^53 so that JavaScript keeps them exact.

41 bits of milliseconds since 2026-01-01, 5 bits of slot, 7 bits of counter. The slot is a lock file: the kernel frees
it when the process dies, however it dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path
from typing import IO

from .errors import Invalid, Unavailable
from .i18n import say

EPOCH_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
SLOTS = 32
PER_MILLISECOND = 128


class Identities:
    """Hands out identities for one process; claims its slot with the first one, again after a fork."""

    def __init__(self, folder: Path, slots: range = range(SLOTS)) -> None:
        self._folder = folder
        self._slots = slots
        self._lock = threading.Lock()
        self._pid = 0
        self._last = 0
        self._held: IO[str] | None = None

    def next(self) -> int:
        """A new identity, greater than every one this process has given out before."""
        return self.several(1)[0]

    def several(self, count: int) -> list[int]:
        """As many new identities, ascending. They also fill the milliseconds that passed since the last ones."""
        with self._lock:
            if self._pid != os.getpid():
                self._claim()
            now = _milliseconds()
            first = max(self._last + 1, now * PER_MILLISECOND - count + 1)
            self._last = max(self._last, first + count - 1)
            # A slot must not run ahead of the clock: its next holder starts from the clock. That one may be set back.
            if (ahead := self._last // PER_MILLISECOND - now) > 0:
                time.sleep(min(ahead, count // PER_MILLISECOND + 1) / 1000)
            return [self._identity(stamp) for stamp in range(first, first + count)]

    def _identity(self, stamp: int) -> int:
        milliseconds, counter = divmod(stamp, PER_MILLISECOND)
        return (milliseconds * SLOTS + self._slot) * PER_MILLISECOND + counter

    def release(self) -> None:
        """Give the slot back. The next identity claims one again."""
        with self._lock:
            if self._held is not None:
                self._held.close()
            self._held, self._pid = None, 0

    def _claim(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for slot in self._slots:
            file = (self._folder / f"{slot:02}").open("w")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                continue
            self._held, self._slot, self._pid = file, slot, os.getpid()
            self._last = (_milliseconds() + 1) * PER_MILLISECOND
            return
        raise Unavailable(
            "ids.no_slot",
            say(
                "All {number} identity slots in {folder} are taken; stop a process or set CITYINFO_SLOTS.",
                number=len(self._slots),
                folder=self._folder,
            ),
        )


def parse_slots(text: str) -> range:
    """Read ``first-last``; raises `Invalid` outside 0-31."""
    first, _, last = text.partition("-")
    try:
        slots = range(int(first), int(last or first) + 1)
    except ValueError:
        slots = range(0)
    if not slots or slots[0] < 0 or slots[-1] >= SLOTS:
        raise Invalid(
            "settings.slots",
            say("CITYINFO_SLOTS is {text}; write first-last within 0-{slots}.", text=f"{text!r}", slots=SLOTS - 1),
        )
    return slots


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000 - EPOCH_MS
