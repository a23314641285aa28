"""What can happen to what readers see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedChanged:
    """Documents of these parts, language and kind, were written or removed under this unit of work's number."""

    parts: Collection[tuple[str, str]]
