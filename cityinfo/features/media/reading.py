"""Reading what someone uploads: what it is by its content, whether it hides something, and what of it may be kept."""

from __future__ import annotations

import io
import re
import zipfile

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

from . import rules
from .types import (
    AVIF,
    DOCUMENT,
    DRAWING,
    GIF,
    JPEG,
    M4A,
    MP3,
    OGG,
    PDF,
    PICTURE,
    PNG,
    RECORDING,
    SVG,
    WEBP,
    Cleaned,
    FileType,
)

_BEGINNINGS = (
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"GIF8[79]a"), GIF),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), WEBP),
    (re.compile(rb".{4}ftyp(?:avif|avis)", re.DOTALL), AVIF),
    (re.compile(rb".{4}ftyp(?:M4A |M4B |mp42|mp41|isom|iso2|dash)", re.DOTALL), M4A),
    (re.compile(rb"%PDF-[12]\."), PDF),
    (re.compile(rb"OggS\x00"), OGG),
    (re.compile(rb"ID3[\x02-\x04]|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]"), MP3),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[[^\]]*\])?[^>]*>|\s)*<(?:\w+:)?svg[\s>/]",
                re.DOTALL | re.IGNORECASE), SVG),
)  # fmt: skip
# What makes another program take a picture or a recording for something it may run.
_HIDDEN = re.compile(rb"<script|<html|<!doctype html|<\?php|<iframe|<svg[\s>]|%PDF-[12]\.[0-9]", re.IGNORECASE)
_STARTS_PROGRAMS = re.compile(rb"/Launch\b")
_FRAME = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]")
_TRACK = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)
_BEGINNING = 4_096  # bytes in which a drawing has begun
_UNTOLD = (b"udta", b"meta", b"uuid")  # boxes of a recording that say who made it, when and where


def read(name: str, data: bytes, *, most: int) -> Cleaned:
    """What of an uploaded file may be kept; `Invalid` says in one sentence why nothing of it may.

    Takes as long as decoding and writing the picture does: call it outside every unit of work.
    """
    rules.check_size(name, len(data), most)
    file_type = detect(data)
    if file_type is None:
        raise Invalid(
            "media.unknown_type",
            say("“{name}” is none of these: {rules}; convert it first.", name=name, rules=rules.known_endings()),
        )
    rules.check_ending(name, file_type)
    _check_single(name, data, file_type)
    return _clean(name, data, file_type)


def detect(data: bytes) -> FileType | None:
    """The type of a file by its first bytes, whatever it is called."""
    beginning = data[:_BEGINNING]
    return next((file_type for pattern, file_type in _BEGINNINGS if pattern.match(beginning)), None)


def _check_single(name: str, data: bytes, file_type: FileType) -> None:
    """A file that is two at once is meant to get past someone who looks at one of them."""
    hidden = file_type.sort in (PICTURE, RECORDING) and _HIDDEN.search(data)
    if hidden or (file_type is not SVG and zipfile.is_zipfile(io.BytesIO(data))):
        raise Invalid(
            "media.polyglot",
            say(
                "“{name}” is {name2} with another file hidden in it; export the picture again.",
                name=name,
                name2=file_type.name,
            ),
        )
    if file_type is PDF and _STARTS_PROGRAMS.search(data):
        raise Invalid(
            "media.pdf_launch",
            say("“{name}” would start a program on the reader's device; print it to PDF.", name=name),
        )


def _clean(name: str, data: bytes, file_type: FileType) -> Cleaned:
    if file_type.sort == PICTURE:
        from . import pixels  # ten megabytes that a process which only serves does not need

        return pixels.clean(name, data, file_type)
    if file_type.sort == DRAWING:
        from . import drawings

        return drawings.clean(name, data)
    if file_type.sort == DOCUMENT:
        return Cleaned(file_type, _whole_document(name, data))
    return Cleaned(file_type, {MP3: _mp3, OGG: _ogg, M4A: _m4a}[file_type](name, data))


def _whole_document(name: str, data: bytes) -> bytes:
    end = data.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in data:
        raise _damaged(name)
    if data[end + 5 :].strip(b"\r\n\t \0"):
        raise Invalid("media.polyglot", say("“{name}” goes on behind its end; export the document again.", name=name))
    return data


def _mp3(name: str, data: bytes) -> bytes:
    """Sound alone, without the tags before and behind it."""
    while data.startswith(b"ID3") and len(data) > 10:
        size = sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        data = data[10 + size :].lstrip(b"\0")
    if len(data) > 128 and data[-128:-125] == b"TAG":
        data = data[:-128]
    if not _FRAME.match(data[:2]):
        raise _damaged(name)
    return data


def _ogg(name: str, data: bytes) -> bytes:
    if not any(codec in data[:256] for codec in (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex")):
        raise _damaged(name)
    return data


def _m4a(name: str, data: bytes) -> bytes:
    """The recording with what is said about it blanked; nothing moves, so that all offsets stay true."""
    kept = bytearray(data)
    try:
        boxes = _blank(kept, 0, len(kept))
    except (ValueError, RecursionError):
        raise _damaged(name) from None
    if b"moov" not in boxes or {one[1] for one in _TRACK.finditer(data)} != {b"soun"}:
        raise Invalid(
            "media.not_audio", say("“{name}” is no audio recording; videos are shown from a video service.", name=name)
        )
    return bytes(kept)


def _blank(data: bytearray, start: int, end: int) -> set[bytes]:
    """Blank what stands about a recording between two places; returns the kinds of boxes found there."""
    found: set[bytes] = set()
    while start + 8 <= end:
        size, kind = int.from_bytes(data[start : start + 4]), bytes(data[start + 4 : start + 8])
        head = 16 if size == 1 else 8
        size = int.from_bytes(data[start + 8 : start + 16]) if size == 1 else size or end - start
        if size < head or start + size > end:
            raise ValueError(kind)
        if kind in _UNTOLD:
            data[start + 4 : start + 8] = b"free"
            data[start + head : start + size] = bytes(size - head)
        elif kind in (b"moov", b"trak"):
            _blank(data, start + head, start + size)
        found.add(kind)
        start += size
    return found


def _damaged(name: str) -> Invalid:
    return Invalid("media.corrupt", say("“{name}” is damaged and cannot be used; export it again.", name=name))
