"""What documents mean, as vectors of their passages, and which come nearest to a query. Never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """Those of documents that were read so far, by kind and entry. `seq` is the number up to which they were."""

    by_key: Mapping[Key, Halves] = field(default_factory=dict)
    seq: int = -1

    def nearest(self, query: Vectors, slots: Mapping[Key, int], count: int) -> Sizes | None:
        """How near the best passage of each slot is, from 0, which is no nearer than the mean, to 1 for the nearest.

        None when nothing was read. Slots of documents that were not have 0; those without a word may lie beyond.
        """
        import numpy as np

        places = ((slot, self.by_key.get(key)) for key, slot in slots.items() if slot < count)
        known = [(slot, vectors) for slot, vectors in places if vectors is not None]
        if not known:
            return None
        sizes = np.array([len(vectors) for _, vectors in known])
        similar = np.concatenate([vectors for _, vectors in known]).astype(np.float32) @ query
        best = np.maximum.reduceat(similar, np.cumsum(sizes) - sizes)
        mean, most = best.mean(), best.max()
        near = np.zeros(count)
        near[[slot for slot, _ in known]] = np.maximum((best - mean) / max(most - mean, 1e-9), 0.0)
        return near
