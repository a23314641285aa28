"""Files as people have them, and those that people with other intentions make."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image

from cityinfo.adapters.folder import FolderStore
from cityinfo.features import media
from cityinfo.features.media import Library, Limits, Upload, Words
from cityinfo.features.media.jobs import FORGET
from cityinfo.kernel import jobs
from tests.factories import EDITOR, City

AUGSBURG = {1: "N", 2: (48.0, 22.0, 12.0), 3: "E", 4: (10.0, 53.0, 54.0)}
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" /></svg>'
DOCUMENT = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\nstartxref\n9\n%%EOF\n"


def picture(width: int = 400, height: int = 300, *, kind: str = "JPEG", colour: str = "teal", **options) -> bytes:
    """A picture with a corner of another colour, so that one sees which way up it is."""
    image = Image.new("RGB", (width, height), colour)
    image.paste("yellow", (0, 0, max(1, width // 4), max(1, height // 4)))
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def photo(width: int = 400, height: int = 300, *, orientation: int = 1) -> bytes:
    """A picture as a telephone takes it: it says where, when and with what."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = orientation, "GeheimPhone", AUGSBURG
    return picture(width, height, exif=exif, comment=b"bei Familie Sommer")


def bomb(side: int = 60_000) -> bytes:
    """A few bytes that unfold into gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("Start.class", "program")
    return written.getvalue()


def mp3(tag: bytes = b"") -> bytes:
    """Sound with what some recorder noted about it."""
    size = bytes((len(tag) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    before = b"ID3\x04\0\0" + size + tag if tag else b""
    return before + (b"\xff\xfb\x90\x00" + b"\0" * 413) * 4


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def m4a(note: bytes = b"", *, handler: bytes = b"soun") -> bytes:
    track = box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 8 + handler + b"\0" * 13)))
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", track + box(b"udta", note)) + box(b"mdat", b"\x21" * 50)


def library_of(database, settings, **limits: int) -> Library:
    """The door for bytes, to a folder."""
    limits = {"file": 20_000_000, "tenant": 100_000_000, **limits}
    return Library(database=database, store=FolderStore(settings.data_dir / "media"), limits=Limits(**limits))


def put(library: Library, city: City, data: bytes | None = None, *, name: str = "bild.jpg", folder: str = "", **alt):
    """Upload a file with alternative texts by language; returns its entry."""
    words = {language: Words(text) for language, text in alt.items()}
    upload = Upload(name=name, data=picture() if data is None else data, folder=folder, words=words)
    return library.upload(city.tenant_id, upload, actor=EDITOR)


def kept(settings) -> list[str]:
    """Keys of all bytes in the folder."""
    root = settings.data_dir / "media"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def work(library: Library, city: City) -> None:
    """Do all jobs for files that are due, as a worker would."""
    wired = {
        media.RENDITIONS: lambda run, **given: media.make_renditions(run, store=library.store, **given),
        FORGET: lambda run, **given: media.forget(run, store=library.store, **given),
    }
    for tenant_id, job_id in jobs.sweep(library.database):
        if tenant_id == city.tenant_id:
            jobs.run_job(library.database, wired, tenant_id, job_id)
