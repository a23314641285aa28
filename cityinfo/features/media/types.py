"""What files can be, and what is known of one that was read."""

from __future__ import annotations

from dataclasses import dataclass

from cityinfo.kernel.i18n import Sentence, say

PICTURE, DRAWING, DOCUMENT, RECORDING = "picture", "drawing", "document", "recording"


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file. `endings` are those its name may have, the first one is that of its address.

    `name` is what one such file is called within a sentence."""

    mime: str
    sort: str
    name: Sentence
    endings: tuple[str, ...]


JPEG = FileType("image/jpeg", PICTURE, say("a JPEG picture"), ("jpg", "jpeg", "jpe", "jfif"))
PNG = FileType("image/png", PICTURE, say("a PNG picture"), ("png", "apng"))
GIF = FileType("image/gif", PICTURE, say("a GIF picture"), ("gif",))
WEBP = FileType("image/webp", PICTURE, say("a WebP picture"), ("webp",))
AVIF = FileType("image/avif", PICTURE, say("an AVIF picture"), ("avif",))
SVG = FileType("image/svg+xml", DRAWING, say("an SVG drawing"), ("svg",))
PDF = FileType("application/pdf", DOCUMENT, say("a PDF document"), ("pdf",))
MP3 = FileType("audio/mpeg", RECORDING, say("an MP3 recording"), ("mp3",))
OGG = FileType("audio/ogg", RECORDING, say("an OGG recording"), ("ogg", "oga", "opus"))
M4A = FileType("audio/mp4", RECORDING, say("an M4A recording"), ("m4a", "mp4"))

TYPES = (JPEG, PNG, GIF, WEBP, AVIF, SVG, PDF, MP3, OGG, M4A)
BY_MIME = {one.mime: one for one in TYPES}
BY_ENDING = {one.endings[0]: one for one in TYPES}  # as addresses end


@dataclass(frozen=True, slots=True)
class Size:
    """Of a picture, in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file as it may be kept: without what its maker did not mean to tell, and without what could harm a reader."""

    type: FileType
    data: bytes
    size: Size | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much there may be, in bytes: of one file, and of all files of a city that has no limit of its own."""

    file: int
    tenant: int


@dataclass(frozen=True, slots=True)
class Words:
    """What a file says in a language: alternative text of a picture or name of a document, and a transcript."""

    title: str
    transcript: str = ""
