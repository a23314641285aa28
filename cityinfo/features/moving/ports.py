"""What moving in needs from outside."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class Server(Protocol):
    """Reads what a server of the old system has under an address."""

    def get(self, address: str, *, most: int, hosts: Collection[str]) -> bytes:
        """The whole answer, from one of these hosts only, wherever it is redirected to.

        `NotFound` when there is none, `Invalid` when it may not be read or has more bytes, `Unavailable` when nobody
        answers.
        """
        ...
