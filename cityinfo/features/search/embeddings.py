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

    Rows = NDArray[np.void]  # a passage each: `numbers` of one byte, and the `scale` they are to be multiplied with

Key = tuple[str, int]  # kind and entry
_MOST = 127


def packed(vectors: Vectors) -> bytes:
    """How vectors are kept: a byte a number, scaled by the largest of each row."""
    import numpy as np

    rows = np.zeros(len(vectors), _form(vectors.shape[1]))
    rows["scale"] = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / _MOST
    rows["numbers"] = np.rint(vectors / rows["scale"][:, None])
    return rows.tobytes()


def unpacked(kept: bytes, passages: int) -> Rows:
    """The rows of what was `packed`."""
    import numpy as np

    width = len(kept) // passages - _form(0).itemsize
    return np.frombuffer(kept, _form(width))


def _form(width: int) -> np.dtype[np.void]:
    import numpy as np

    return np.dtype([("scale", "<f4"), ("numbers", "i1", (width,))])


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Those of documents that were read so far: of each in `keys` the `rows` from its place in `starts` on.

    `seq` is the number up to which they were read, `read_at` when that was.
    """

    keys: Sequence[Key] = ()
    starts: Sequence[int] = ()
    rows: Rows | None = None
    seq: int = -1
    read_at: datetime | None = None

    def followed(self, new: Mapping[Key, Rows], kept: Collection[Key], seq: int, read_at: datetime) -> Embeddings:
        """With those of documents that were read since, and of what was known before only what is `kept`."""
        import numpy as np

        known = {key: rows for key, rows in self._by_key().items() if key in kept}
        read = {**known, **new}
        if not read:
            return Embeddings(seq=seq, read_at=read_at)
        sizes = np.array([len(rows) for rows in read.values()])
        starts = (np.cumsum(sizes) - sizes).tolist()
        return Embeddings(tuple(read), starts, np.concatenate(list(read.values())), seq, read_at)

    def nearest(self, query: Vectors, slots: Mapping[Key, int], count: int) -> Sizes:
        """How near the best passage of each slot is, from 0, which is no nearer than the mean, to 1 for the nearest.

        Slots of documents that were not read have 0; documents without a word may have slots beyond.
        """
        import numpy as np

        near = np.zeros(count)
        places = [slots.get(key, count) for key in self.keys]
        shown = [number for number, slot in enumerate(places) if slot < count]
        if self.rows is None or not shown:
            return near
        similar = (self.rows["numbers"].astype(np.float32) @ query) * self.rows["scale"]
        best = np.maximum.reduceat(similar, self.starts)[shown]
        mean, most = best.mean(), best.max()
        near[[places[number] for number in shown]] = np.maximum((best - mean) / max(most - mean, 1e-9), 0.0)
        return near

    def _by_key(self) -> dict[Key, Rows]:
        if self.rows is None:
            return {}
        ends = [*self.starts[1:], len(self.rows)]
        return {key: self.rows[start:end] for key, start, end in zip(self.keys, self.starts, ends, strict=True)}
