"""Where an archive lies: a folder, or a zip of one; what could harm whoever opens it is refused."""

from __future__ import annotations

import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cityinfo.kernel.errors import Invalid, naming
from cityinfo.kernel.i18n import say

from .folders import FILES, OWN_FILES, SETTINGS, TENANT, files_of, read_folder
from .kinds import FOLDERS
from .types import Archive

MOST_FILES = 200_000
MOST_BYTES = 20_000_000_000  # unpacked
MOST_RATIO = 200  # to one: words shrink to a tenth, pictures hardly
_LEAST_BOMB = 1_000_000  # bytes below which a file may shrink as much as it likes
_PIECE = 1 << 20
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@contextmanager
def opened(place: Path) -> Iterator[Archive]:
    """The archive in a folder or a zip, for as long as its files are needed."""
    if place.is_dir():
        yield read_folder(place)
        return
    if not zipfile.is_zipfile(place):
        raise Invalid("archive.none", say("{file}: there is no folder and no zip.", file=place))
    with tempfile.TemporaryDirectory() as folder, naming(str(place)):
        inside = Path(folder) / place.stem
        inside.mkdir()
        _unpack(place, inside)
        yield read_folder(_top(inside))


def write_out(archive: Archive, place: Path) -> int:
    """Write the archive; what lay there of an earlier one and is gone leaves. Returns how many files there are.

    A place that ends in `.zip` becomes a zip. `Invalid` for a folder that holds something else.
    """
    if place.suffix == ".zip":
        return _write_zip(archive, place)
    _check_ours(place)
    written = set[Path]()
    for name, data in files_of(archive):
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_bytes() != data:
            file.write_bytes(data)
        written.add(file)
    _remove_others(place, written)
    return len(written)


def _write_zip(archive: Archive, place: Path) -> int:
    half = place.with_suffix(".part")
    count = 0
    with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in files_of(archive):
            about = zipfile.ZipInfo(name)  # with the same moment always, so that the same archive gives the same bytes
            about.external_attr, about.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            written.writestr(about, data)
            count += 1
    half.replace(place)
    return count


def _check_ours(place: Path) -> None:
    if place.is_dir() and any(place.iterdir()) and not (place / TENANT).exists():
        raise Invalid("archive.folder", say("{folder} holds something else; choose an empty folder.", folder=place))


def _remove_others(place: Path, written: set[Path]) -> None:
    """Files of ours that this archive no longer has, and the folders that are empty then."""
    for name in (SETTINGS, *OWN_FILES.values()):
        if place / name not in written:
            (place / name).unlink(missing_ok=True)
    tops = [place / one for one in (*FOLDERS, FILES) if (place / one).is_dir()]
    for top in tops:
        for file in sorted(top.rglob("*"), reverse=True):
            if file.is_file() and file not in written:
                file.unlink()
            elif file.is_dir() and not any(file.iterdir()):
                file.rmdir()


def _unpack(place: Path, into: Path) -> None:
    try:
        with zipfile.ZipFile(place) as packed:
            members = [one for one in packed.infolist() if not one.is_dir()]
            _check_members(members)
            for member in members:
                _write(packed, member, into / member.filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Invalid("archive.damaged", say("The zip is damaged: {error}.", error=error)) from None


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_FILES or sum(one.file_size for one in members) > MOST_BYTES:
        raise Invalid("archive.too_large", "The zip unfolds into more than an archive can hold.")
    names = set[str]()
    for one in members:
        if not all(_PART.fullmatch(part) for part in one.filename.split("/")):
            raise Invalid("archive.path", say("“{name}” leads out of the archive.", name=one.filename[:100]))
        if one.filename in names or stat.S_ISLNK(one.external_attr >> 16) or one.flag_bits & 1:
            raise Invalid("archive.path", say("“{name}” is no plain file.", name=one.filename[:100]))
        if one.file_size > max(_LEAST_BOMB, one.compress_size * MOST_RATIO):
            raise Invalid("archive.bomb", say("“{name}” unfolds beyond measure.", name=one.filename[:100]))
        names.add(one.filename)


def _write(packed: zipfile.ZipFile, member: zipfile.ZipInfo, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    left = member.file_size
    with packed.open(member) as source, file.open("wb") as target:
        while piece := source.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise Invalid("archive.bomb", say("“{name}” unfolds beyond measure.", name=member.filename[:100]))
            target.write(piece)


def _top(folder: Path) -> Path:
    """The archive itself, also where the zip holds a folder that holds it."""
    inside = [one for one in folder.iterdir() if one.is_dir()]
    return inside[0] if not (folder / TENANT).exists() and len(inside) == 1 else folder
