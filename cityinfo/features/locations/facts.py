"""What can happen to categories."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryChanged(Change):
    """A category is new, called or shown differently, or gone. `entry_id` is its number."""

    needs: ClassVar[str] = "settings:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonCategoryChanged(Change):
    """A category of all cities is new, called or shown differently, or retired. `note` names it."""

    needs: ClassVar[str] = "platform:manage"
