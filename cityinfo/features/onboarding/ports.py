"""What cloning needs from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from cityinfo.kernel.db import Work


class Store(Protocol):
    """Where the bytes of files are; as `media.ports.ObjectStore`, which stands behind it."""

    def put(self, key: str, data: bytes, *, mime: str) -> None: ...

    def get(self, key: str) -> bytes: ...

    def size(self, key: str) -> int | None: ...

    def delete(self, key: str) -> None: ...

    def keys(self, start: str) -> Iterator[str]: ...


class Projector(Protocol):
    """What keeps published documents."""

    def parts(self, db: Work) -> list[tuple[str, list[int]]]: ...

    def rebuild_parts(self, db: Work, parts: Iterable[tuple[str, list[int]]]) -> None: ...

    def verify(self, db: Work) -> Iterable[object]: ...


Watch = Callable[[int, str], None]  # percent, and what is being done
