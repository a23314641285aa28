"""What search asks of the outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts of many languages into vectors of length one: near one another where they mean the same."""

    @property
    def name(self) -> str:
        """Vectors of different names cannot be compared."""
        ...

    def query(self, text: str) -> Vectors:
        """The vector of what someone asks."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of what may answer, one row each."""
        ...
