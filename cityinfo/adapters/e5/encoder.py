"""What a text of a hundred languages means, as a vector: multilingual-e5-small, without a service or a network.

Source: Wang et al., Multilingual E5 Text Embeddings (2024). Its authors prefix what is asked and what answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from cityinfo.kernel.errors import Unavailable
from cityinfo.kernel.i18n import say

from .weights import INPUT, MISSING, Floats, Vocabulary, Weights

_SPACE = "▁"  # as the vocabulary writes one
_NEVER = -1e30
_RARELY = 10.0  # how much less than the rarest piece a sign is worth that the vocabulary does not know
_LONGEST = 16  # signs of a piece
_SIEVE = 1 << 22  # sixteen places a piece: most of what is no piece is seen at once, without going through all
_ERRORS_ONLY = 3
_PROCESSOR = "CPUExecutionProvider"


@cache
def open_e5(folder: Path) -> E5:
    """One for all threads of a process, because it is large."""
    return E5(folder)


class E5:
    """An encoder (`search.Encoder`). May be used by several threads at once."""

    def __init__(self, folder: Path) -> None:
        """`folder` keeps the graph for all processes. Raises `Unavailable` when packages are missing or damaged."""
        self._weights = Weights.of_package()
        self.name = f"multilingual-e5-small-{self._weights.release}"
        self._pieces = _Pieces(self._weights.vocabulary())
        width = self._weights.shape.width
        self._places = self._weights.numbers("emb.pos").reshape(-1, width)
        self._type = self._weights.numbers("emb.type")[:width]
        self._session = _session(self._weights, folder / f"{self.name}.onnx")

    def query(self, text: str) -> Floats:
        return self._vector(f"query: {text}")

    def passages(self, texts: Sequence[str]) -> Floats:
        return np.stack([self._vector(f"passage: {text}") for text in texts])

    def _vector(self, text: str) -> Floats:
        tokens = self._pieces.of(text, most=self._weights.shape.longest)
        words = self._weights.words(tokens) + self._places[: len(tokens)] + self._type
        vector: Floats = self._session.run(None, {INPUT: words[None]})[0][0]
        return vector


class _Pieces:
    """Cuts texts into the pieces that the model knows: those that are worth most together (Kudo, 2018).

    A piece is looked up by its hash, because 250,000 texts in a dictionary would take fifty megabytes.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        hashes = np.fromiter(map(hash, vocabulary.pieces), np.int64, len(vocabulary.pieces))
        self._may_be = np.zeros(_SIEVE, bool)
        self._may_be[hashes % _SIEVE] = True
        self._numbers = hashes.argsort().astype(np.uint32)
        self._hashes = hashes[self._numbers]
        self._worth = vocabulary.worth
        self._rare = float(vocabulary.worth.min()) - _RARELY
        self._begin, self._end, self._unknown = vocabulary.begin, vocabulary.end, vocabulary.unknown
        self._spelling = vocabulary.spelling

    def of(self, text: str, *, most: int) -> list[int]:
        """The numbers of the pieces between the signs for beginning and end, at most so many with these."""
        spelt = f" {' '.join(text.translate(self._spelling).split())}".replace(" ", _SPACE)
        return [self._begin, *self._best(spelt)[: most - 2], self._end]

    def _best(self, text: str) -> list[int]:
        worth, ways = [0.0, *[_NEVER] * len(text)], [(0, self._unknown)] * (len(text) + 1)
        known = self._known(text)
        for start in range(len(text)):
            for end, piece, value in (*known[start], (start + 1, self._unknown, self._rare)):
                if worth[start] + value > worth[end]:
                    worth[end], ways[end] = worth[start] + value, (start, piece)
        return list(_back(ways))[::-1]

    def _known(self, text: str) -> list[list[tuple[int, int, float]]]:
        """For each place the pieces that begin there: where they end, their number, what they are worth."""
        spans = list(self._spans(text))
        hashes = np.fromiter((hash(piece) for _, _, piece in spans), np.int64, len(spans))
        likely = self._may_be[hashes % _SIEVE].nonzero()[0]
        places = np.minimum(self._hashes.searchsorted(hashes[likely]), len(self._hashes) - 1)
        found: list[list[tuple[int, int, float]]] = [[] for _ in text]
        for at, place in zip(likely.tolist(), places.tolist(), strict=True):
            piece = int(self._numbers[place])
            if self._hashes[place] == hashes[at] and piece != self._unknown:
                start, end, _ = spans[at]
                found[start].append((end, piece, float(self._worth[piece])))
        return found

    @staticmethod
    def _spans(text: str) -> Iterator[tuple[int, int, str]]:
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + _LONGEST) + 1):
                yield start, end, text[start:end]


def _back(ways: Sequence[tuple[int, int]]) -> Iterator[int]:
    place = len(ways) - 1
    while place:
        place, piece = ways[place]
        yield piece


def _session(weights: Weights, path: Path) -> Any:
    """What works the graph off. Whoever comes first makes it, and whoever finds a damaged one makes it anew."""
    if path.is_file():
        with suppress(Exception):  # onnxruntime raises whatever it likes; the new one shows whether it was the file
            return _opened(path)
    try:
        from .graph import save_graph  # thirty megabytes that are needed once

        save_graph(weights, path)
    except ImportError:
        raise Unavailable("search.model", MISSING) from None
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        raise Unavailable(
            "search.model",
            say("The model cannot be kept in {folder}: {reason}.", folder=str(path.parent), reason=reason),
        ) from None
    return _opened(path)


def _opened(path: Path) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise Unavailable("search.model", MISSING) from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # other requests have the other processors
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a worker has other things to do
    return onnxruntime.InferenceSession(str(path), options, providers=[_PROCESSOR])
