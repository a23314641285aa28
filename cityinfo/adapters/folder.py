"""Media files in a folder of this machine."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cityinfo.kernel.errors import NotFound, Unavailable
from cityinfo.kernel.i18n import say

PIECE = 1 << 18  # bytes
_KEY = re.compile(r"[a-z0-9]+/[a-z0-9][a-z0-9-]*\.[a-z0-9]+")  # nothing that leads elsewhere


class FolderStore:
    """Fulfils `features.media.ports.ObjectStore`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, data: bytes, *, mime: str) -> None:  # noqa: ARG002 - the key's end says the type
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, data)
        except OSError as error:
            raise Unavailable(
                "media.store", say("The file cannot be kept: {strerror}.", strerror=error.strerror)
            ) from error

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            raise _missing(key) from None

    def size(self, key: str) -> int | None:
        try:
            return self._path(key).stat().st_size
        except (FileNotFoundError, NotFound):
            return None

    def stream(self, key: str, start: int, length: int) -> Iterator[bytes]:
        try:
            file = self._path(key).open("rb", buffering=0)
        except FileNotFoundError:
            raise _missing(key) from None
        with file:
            file.seek(start)
            while length > 0 and (piece := file.read(min(PIECE, length))):
                length -= len(piece)
                yield piece

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def signed_address(self, key: str, *, seconds: int) -> str | None:  # noqa: ARG002 - a folder has no address
        return None

    def check(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder) as file:
                file.write(b"ready")
        except OSError as error:
            raise Unavailable(
                "media.store",
                say("No media can be kept in {folder}: {strerror}.", folder=self._folder, strerror=error.strerror),
            ) from error

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise _missing(key)
        return self._folder / key


def _write_whole(path: Path, data: bytes) -> None:
    """A reader sees the whole file or none, and so does whoever comes after a power cut."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _missing(key: str) -> NotFound:
    return NotFound("media.no_object", say("Nothing is kept under {key}.", key=key[:80]))
