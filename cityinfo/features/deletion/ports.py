"""What deleting needs from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol


class Store(Protocol):
    """Where the bytes of files are; as `media.ports.ObjectStore`, which stands behind it."""

    def get(self, key: str) -> bytes: ...

    def put_file(self, key: str, file: Path, *, mime: str) -> None: ...

    def size(self, key: str) -> int | None: ...

    def stream(self, key: str, start: int, length: int) -> Iterator[bytes]: ...

    def delete(self, key: str) -> None: ...

    def keys(self, start: str) -> Iterator[str]: ...


Watch = Callable[[int, str], None]  # percent, and what is being done
