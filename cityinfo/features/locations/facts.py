"""What can happen to locations beside what can happen to all content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySaved(Change):
    """The city has a category of its own, or says something else of it. `entry_id` is its number."""

    needs: ClassVar[str] = "settings:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRemoved(Change):
    """A category of the city's own is gone."""

    needs: ClassVar[str] = "settings:manage"
