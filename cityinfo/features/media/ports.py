"""Where bytes are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class ObjectStore(Protocol):
    """Bytes under keys. A key is made of their digest, so what stands under it never changes.

    Every method raises `Unavailable` when the store does not answer.
    """

    def put(self, key: str, data: bytes, *, mime: str) -> None:
        """Keep these bytes; a reader sees all of them or none."""
        ...

    def put_file(self, key: str, file: Path, *, mime: str) -> None:
        """The same of what lies in a file that may be larger than memory."""
        ...

    def get(self, key: str) -> bytes:
        """All bytes; `NotFound` when there are none."""
        ...

    def size(self, key: str) -> int | None:
        """How many bytes there are; None when there is no such object."""
        ...

    def stream(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """So many bytes from there on, piece by piece; `NotFound` when there is no such object."""
        ...

    def delete(self, key: str) -> None:
        """Forget these bytes; nothing happens when there are none."""
        ...

    def keys(self, start: str) -> Iterator[str]:
        """Everything that is kept under keys beginning so, with what an interrupted `put` has left."""
        ...

    def signed_address(self, key: str, *, seconds: int) -> str | None:
        """Where anyone may read the object for so long, without us; None when the store has no address of its own."""
        ...

    def check(self) -> None:
        """`Unavailable` while nothing can be kept here."""
        ...
