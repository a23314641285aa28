"""Where finished answers are kept: in the memory of a worker, and on a disk that all workers share."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import brotli
import orjson
from isal import isal_zlib

import cityinfo
from cityinfo.settings import Settings

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Token = tuple[int, ...]
Headers = list[tuple[str, str]]

ENCODINGS = ("br", "zstd", "gzip", "identity")  # in the order in which we like to serve them
WORTH_ENCODING = 700  # bytes; below, the headers of an encoded answer cost what encoding saves
WORTH_SQUEEZING = 16_384  # bytes of the cheaply encoded answer
LOOK_AGAIN = 1.0  # seconds between two looks for a better encoding on disk
_QUEUE = "squeeze"
_OF = "of-"  # begins the folder of a city
_CITY = re.compile("[a-z0-9-]+")
_GZIP = 31  # zlib's word for: with gzip's header


@dataclass(frozen=True, slots=True)
class Stored:
    """One answer in one encoding, ready to be sent."""

    etag: str
    headers: Headers
    body: bytes
    not_modified: Headers = field(default_factory=list)

    @classmethod
    def make(cls, body: bytes, encoding: str, headers: Headers) -> Stored:
        """Add what depends on the bytes: their length and a strong ETag of this encoding."""
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        kept = [*headers, ("ETag", etag)]
        encoded = [] if encoding == "identity" else [("Content-Encoding", encoding)]
        full = [*kept, *encoded, ("Content-Length", str(len(body)))]
        return cls(etag, full, body, [(name, value) for name, value in kept if name != "Content-Type"])


def encode(body: bytes, encoding: str) -> bytes:
    """Encode cheaply: someone is waiting for this answer."""
    if encoding == "zstd":
        return zstd.compress(body, level=1)  # who takes zstd takes br too, which replaces it soon
    if encoding == "gzip":
        squeezer = isal_zlib.compressobj(2, isal_zlib.DEFLATED, _GZIP)  # three times as fast as zlib's fastest
        return squeezer.compress(body) + squeezer.flush()
    return brotli.compress(body, quality=4) if encoding == "br" else body


def encoded(accepted: tuple[str, ...], body: bytes, headers: Headers) -> tuple[str, Stored]:
    """An answer in the encoding that costs least of those a client takes, and which one that is."""
    encoding = cheapest(accepted) if len(body) >= WORTH_ENCODING else "identity"
    return encoding, Stored.make(encode(body, encoding), encoding, headers)


def decode(body: bytes, encoding: str) -> bytes:
    if encoding == "zstd":
        return zstd.decompress(body)
    if encoding == "gzip":
        return gzip.decompress(body)
    return brotli.decompress(body) if encoding == "br" else body


@dataclass(slots=True)
class _Variants:
    """The encodings of one answer that are in memory."""

    by_encoding: dict[str, Stored] = field(default_factory=dict)
    looked_at: float = 0.0

    @property
    def size(self) -> int:
        return sum(len(stored.body) for stored in self.by_encoding.values())


class Memory:
    """Answers of this worker, the least recently used thrown out first. Bounded by bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._size = 0
        self._lock = threading.Lock()
        self._variants: OrderedDict[tuple[str, Token], _Variants] = OrderedDict()

    def get(self, key: str, token: Token) -> _Variants | None:
        known = (key, token)
        try:
            variants = self._variants[known]
            self._variants.move_to_end(known)
        except KeyError:  # never there, or thrown out by another thread in between
            return None
        return variants

    def put(self, key: str, token: Token, encoding: str, stored: Stored) -> None:
        if len(stored.body) > self._most // 2:
            return
        with self._lock:
            variants = self._variants.setdefault((key, token), _Variants())
            before = variants.size
            variants.by_encoding[encoding] = stored
            self._size += variants.size - before
            while self._size > self._most and len(self._variants) > 1:
                _, thrown_out = self._variants.popitem(last=False)
                self._size -= thrown_out.size


class Disk:
    """Answers of all workers: a folder for each key, in it one file for each state of the content and encoding.

    Folders of a city's keys lie in one of its own, so that they can go with it.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes

    def get(self, key: str, token: Token, encoding: str) -> Stored | None:
        return self._read(self._place(key) / f"{_name(token)}.{encoding}")

    def newest(self, key: str, accepted: tuple[str, ...]) -> Stored | None:
        """The answer stored last under this key, whatever has been published since."""
        files = [file for file in self._files(self._place(key)) if file.suffix.removeprefix(".") in accepted]
        return self._read(max(files, key=lambda file: file.stat().st_mtime_ns)) if files else None

    def put(self, key: str, token: Token, encoding: str, stored: Stored) -> None:
        place = self._place(key)
        place.mkdir(parents=True, exist_ok=True)
        name = f"{_name(token)}.{encoding}"
        _write_whole(place / name, orjson.dumps({"etag": stored.etag, "headers": stored.headers}) + b"\n" + stored.body)
        for file in self._files(place):
            if file.stem != _name(token):
                file.unlink(missing_ok=True)
        if encoding in ("zstd", "gzip") and len(stored.body) > WORTH_SQUEEZING:
            self._ask_for_squeezing(place, name)

    def squeeze(self) -> int:
        """Replace large answers that were encoded in haste; returns how many. The worker calls this."""
        asked = list(self._files(self._folder / _QUEUE))
        return sum(self._squeeze_one(request) for request in asked)

    def trim(self) -> int:
        """Throw out the oldest files until the folder is small enough; returns how many. The worker calls this."""
        files = [(file.stat(), file) for place in self._places() for file in self._files(place)]
        size, thrown_out = sum(status.st_size for status, _ in files), 0
        for status, file in sorted(files, key=lambda pair: pair[0].st_mtime_ns):
            if size <= self._most:
                break
            file.unlink(missing_ok=True)
            size, thrown_out = size - status.st_size, thrown_out + 1
        return thrown_out

    def _squeeze_one(self, request: Path) -> int:
        source = self._folder / request.read_text("utf-8")
        request.unlink(missing_ok=True)
        hasty = self._read(source)
        if hasty is None:
            return 0
        body = decode(hasty.body, source.suffix.removeprefix("."))
        common = [(header, value) for header, value in hasty.headers if header not in _OF_ENCODING]
        for encoding, squeezed in (("br", brotli.compress(body, quality=5)), ("gzip", gzip.compress(body, 6, mtime=0))):
            stored = Stored.make(squeezed, encoding, common)
            content = orjson.dumps({"etag": stored.etag, "headers": stored.headers}) + b"\n" + stored.body
            if source.exists():  # nothing newer was published in between
                _write_whole(source.with_suffix(f".{encoding}"), content)
        return 1

    def keep_only(self, cities: Collection[str]) -> int:
        """Throw out answers about all other cities; returns how many cities that were. The worker calls this."""
        others = [one for one in self._folder.glob(f"{_OF}*") if one.name != _OF and one.name[len(_OF) :] not in cities]
        for folder in others:
            shutil.rmtree(folder, ignore_errors=True)  # someone may be writing a last answer; the next round takes it
        return len(others)

    def _ask_for_squeezing(self, place: Path, name: str) -> None:
        queue = self._folder / _QUEUE
        queue.mkdir(parents=True, exist_ok=True)
        (queue / name.split(".")[0]).write_text(str((place / name).relative_to(self._folder)), "utf-8")

    def _place(self, key: str) -> Path:
        name = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        return self._folder / _owner(key) / name[:2] / name

    def _places(self) -> Iterator[Path]:
        return (place for pattern in (f"{_OF}*/??/*", "??/*") for place in self._folder.glob(pattern))

    @staticmethod
    def _files(place: Path) -> Iterator[Path]:
        try:
            return iter([file for file in place.iterdir() if not file.name.startswith(".")])
        except (FileNotFoundError, NotADirectoryError):
            return iter(())

    @staticmethod
    def _read(file: Path) -> Stored | None:
        try:
            head, _, body = file.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        facts = orjson.loads(head)
        headers = [(name, value) for name, value in facts["headers"]]
        kept = [(name, value) for name, value in headers if name not in _NOT_IN_304]
        return Stored(facts["etag"], headers, body, kept)


_OF_ENCODING = ("ETag", "Content-Encoding", "Content-Length")
_NOT_IN_304 = ("Content-Type", "Content-Encoding", "Content-Length")


def _owner(key: str) -> str:
    """The folder of the city that an answer is about; those about none have one, too."""
    _fingerprint, _route, city, *_ = [*key.split("\n", 3), "", "", ""]
    return f"{_OF}{city}" if _CITY.fullmatch(city) else _OF


def _name(token: Token) -> str:
    return hashlib.blake2b(repr(token).encode(), digest_size=12).hexdigest()


def _write_whole(target: Path, content: bytes) -> None:
    """Write so that a reader sees the whole file or none."""
    handle, path = tempfile.mkstemp(dir=target.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(path, target)


class Store:
    """Memory in front of disk."""

    def __init__(self, memory: Memory, disk: Disk) -> None:
        self._memory = memory
        self._disk = disk

    def in_memory(self, key: str, token: Token, accepted: tuple[str, ...]) -> Stored | None:
        """The best encoding this client takes that is at hand; now and then disk is asked for a better one."""
        variants = self._memory.get(key, token)
        if variants is None:
            return None
        if "br" in accepted and "br" not in variants.by_encoding:
            self._look_for_better(key, token, variants)
        for encoding in accepted:
            stored = variants.by_encoding.get(encoding)
            if stored is not None and (
                encoding != "identity" or len(accepted) == 1 or len(stored.body) < WORTH_ENCODING
            ):
                return stored
        return None

    def find(self, key: str, token: Token, accepted: tuple[str, ...]) -> Stored | None:
        """The same, disk included. A variant in another encoding is turned into the one asked for."""
        stored = self.in_memory(key, token, accepted)
        if stored is not None:
            return stored
        for encoding in (*accepted, *(other for other in ENCODINGS if other not in accepted)):
            found = self._disk.get(key, token, encoding)
            if found is None:
                continue
            if encoding in accepted and (
                encoding != "identity" or len(found.body) < WORTH_ENCODING or len(accepted) == 1
            ):
                self._memory.put(key, token, encoding, found)
                return found
            common = [(name, value) for name, value in found.headers if name not in _OF_ENCODING]
            return self.put(key, token, accepted, decode(found.body, encoding), common)
        return None

    def put(self, key: str, token: Token, accepted: tuple[str, ...], body: bytes, headers: Headers) -> Stored:
        """Encode an answer as this client likes it, cheaply, and keep it."""
        encoding, stored = encoded(accepted, body, headers)
        self._memory.put(key, token, encoding, stored)
        with contextlib.suppress(OSError):  # a full disk must not keep anyone from reading
            self._disk.put(key, token, encoding, stored)
        return stored

    def newest(self, key: str, accepted: tuple[str, ...]) -> Stored | None:
        return self._disk.newest(key, (*accepted, "identity"))

    def _look_for_better(self, key: str, token: Token, variants: _Variants) -> None:
        now = time.monotonic()
        if now - variants.looked_at < LOOK_AGAIN or variants.size < WORTH_SQUEEZING:
            return
        variants.looked_at = now
        found = self._disk.get(key, token, "br")
        if found is not None:
            self._memory.put(key, token, "br", found)


def cheapest(accepted: tuple[str, ...]) -> str:
    """What to encode with while someone waits."""
    return next((encoding for encoding in ("zstd", "gzip", "br") if encoding in accepted), "identity")


def accepted_encodings(header: str) -> tuple[str, ...]:
    """Encodings a client takes, ours first; identity always last."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _weight(parameters)
    others = weights.get("*", 0.0)
    return (*(one for one in ENCODINGS[:-1] if weights.get(one, others) > 0), "identity")


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def disk_store(settings: Settings) -> Disk:
    """The one all workers share."""
    return Disk(settings.data_dir / "bodies", settings.body_cache_mb * 1_000_000)


@cache
def newest_source() -> int:
    """Answers kept on disk are those of this code: when it changes, they are built anew."""
    return max(file.stat().st_mtime_ns for file in Path(cityinfo.__file__).parent.rglob("*.py"))
