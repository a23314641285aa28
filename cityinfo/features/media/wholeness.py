"""Whether a picture's bytes are those of its pixels and nothing else. Pure; what is not understood is not whole."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping

from .types import AVIF, JPEG, WEBP, FileType

_JPEG_PARTS = {0xC0, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA, 0xE0}  # frame, tables, scans and the mark of the format
_SCAN, _MARK = 0xDA, 0xE0
_JFIF_LENGTH = 16  # of a mark without a small picture in it
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7]")
_WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
_AVIF_BOXES = [b"ftyp", b"meta", b"mdat"]
_AVIF_EXTRAS = (b"Exif", b"mime", b"uri ", b"uuid")


def is_bare(data: bytes, file_type: FileType) -> bool:
    """Whether the file has no part that could tell or hide anything, from its first byte to its last."""
    check = _CHECKS.get(file_type.mime)
    try:
        return check is not None and check(data)
    except (struct.error, IndexError):
        return False


def _bare_jpeg(data: bytes) -> bool:
    at = 2
    while data[at : at + 2] != b"\xff\xd9":
        if data[at] != 0xFF or data[at + 1] not in _JPEG_PARTS:
            return False
        length: int = struct.unpack_from(">H", data, at + 2)[0]
        if data[at + 1] == _MARK and length != _JFIF_LENGTH:
            return False
        part, at = data[at + 1], at + 2 + length
        if part == _SCAN:
            end = _SCAN_END.search(data, at)
            if end is None:
                return False
            at = end.start()
    return at + 2 == len(data)


def _bare_webp(data: bytes) -> bool:
    at = 12
    while at < len(data):
        if data[at : at + 4] not in _WEBP_CHUNKS:
            return False
        size: int = struct.unpack_from("<I", data, at + 4)[0]
        at += 8 + size + size % 2
    whole: int = struct.unpack_from("<I", data, 4)[0] + 8
    return at == whole == len(data)


def _bare_avif(data: bytes) -> bool:
    at, found = 0, []
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        if size < 8 or (name == b"meta" and any(extra in data[at : at + size] for extra in _AVIF_EXTRAS)):
            return False
        found.append(name)
        at += size
    return at == len(data) and found == _AVIF_BOXES


_CHECKS: Mapping[str, Callable[[bytes], bool]] = {
    JPEG.mime: _bare_jpeg,
    WEBP.mime: _bare_webp,
    AVIF.mime: _bare_avif,
}
