"""Media files in a folder of this machine."""

from __future__ import annotations

import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from cityinfo.kernel.errors import NotFound, Unavailable
from cityinfo.kernel.i18n import say

PIECE = 1 << 18  # bytes
_KEY = re.compile(r"[a-z0-9]+/[a-z0-9][a-z0-9-]*\.[a-z0-9]+")  # nothing that leads elsewhere
_OWNER = re.compile(r"[a-z0-9]+")
_LISTED = re.compile(r"[a-z0-9]+/(?!\.{1,2}$)[^/\0]+")  # what a folder can hold, whoever put it there


class FolderStore:
    """Fulfils `features.media.ports.ObjectStore`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, data: bytes, *, mime: str) -> None:  # noqa: ARG002 - the key's end says the type
        self._write(key, io.BytesIO(data))

    def put_file(self, key: str, file: Path, *, mime: str) -> None:  # noqa: ARG002 - likewise
        with file.open("rb") as data:
            self._write(key, data)

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
        path = self._folder / key if _LISTED.fullmatch(key) else self._path(key)
        path.unlink(missing_ok=True)
        with suppress(OSError):  # others are in it, or it went just now
            path.parent.rmdir()

    def keys(self, start: str) -> Iterator[str]:
        folder, _, name = start.partition("/")
        if not _OWNER.fullmatch(folder) or not (self._folder / folder).is_dir():
            return
        for file in os.scandir(self._folder / folder):
            if file.name.startswith(name):
                yield f"{folder}/{file.name}"

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

    def _write(self, key: str, data: BinaryIO) -> None:
        path = self._path(key)
        try:
            _write_whole(path, data)
        except OSError as error:
            raise Unavailable(
                "media.store", say("The file cannot be kept: {strerror}.", strerror=error.strerror)
            ) from error

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise _missing(key)
        return self._folder / key


def _write_whole(path: Path, data: BinaryIO) -> None:
    """A reader sees the whole file or none, and so does whoever comes after a power cut."""
    handle, draft = _begin(path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(data, file, PIECE)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _begin(folder: Path) -> tuple[int, str]:
    """A new file in a folder, which goes with its last file and may have gone just now."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return tempfile.mkstemp(dir=folder, prefix=".")
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.mkstemp(dir=folder, prefix=".")


def _missing(key: str) -> NotFound:
    return NotFound("media.no_object", say("Nothing is kept under {key}.", key=key[:80]))
