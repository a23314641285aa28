"""What documents mean, as vectors of their passages, and which come nearest to a query. Never changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .ports import Vectors
    from .postings import Sizes

    Halves = NDArray[np.float16]  # shaped (passages, width)

Key = tuple[str, int]  # kind and entry


def packed(vectors: Vectors) -> bytes:
    """How vectors are kept: two bytes a number, one row after the other."""
    return vectors.astype("<f2").tobytes()


def unpacked(kept: bytes, passages: int) -> Halves:
    import numpy as np

    return np.frombuffer(kept, "<f2").reshape(passages, -1)


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Those of documents that were read so far: of each in `keys` the rows of `matrix` from its place in `starts` on.

    `seq` is the number up to which they were read, `read_at` when that was.
    """

    keys: Sequence[Key] = ()
    starts: Sequence[int] = ()
    matrix: Halves | None = None
    seq: int = -1
    read_at: datetime | None = None

    def followed(self, new: Mapping[Key, Halves], kept: Collection[Key], seq: int, read_at: datetime) -> Embeddings:
        """With those of documents that were read since, and of what was known before only what is `kept`."""
        import numpy as np

        known = {key: rows for key, rows in self._rows().items() if key in kept}
        rows = {**known, **new}
        if not rows:
            return Embeddings(seq=seq, read_at=read_at)
        sizes = np.array([len(one) for one in rows.values()])
        starts = (np.cumsum(sizes) - sizes).tolist()
        return Embeddings(tuple(rows), starts, np.concatenate(list(rows.values())), seq, read_at)

    def nearest(self, query: Vectors, slots: Mapping[Key, int], count: int) -> Sizes:
        """How near the best passage of each slot is, from 0, which is no nearer than the mean, to 1 for the nearest.

        Slots of documents that were not read have 0; documents without a word may have slots beyond.
        """
        import numpy as np

        near = np.zeros(count)
        places = [slots.get(key, count) for key in self.keys]
        shown = [number for number, slot in enumerate(places) if slot < count]
        if self.matrix is None or not shown:
            return near
        best = np.maximum.reduceat(self.matrix.astype(np.float32) @ query, self.starts)[shown]
        mean, most = best.mean(), best.max()
        near[[places[number] for number in shown]] = np.maximum((best - mean) / max(most - mean, 1e-9), 0.0)
        return near

    def _rows(self) -> dict[Key, Halves]:
        if self.matrix is None:
            return {}
        ends = [*self.starts[1:], len(self.matrix)]
        return {key: self.matrix[start:end] for key, start, end in zip(self.keys, self.starts, ends, strict=True)}
