"""What can happen to the categories of a city."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySaved(Change):
    """A category of the city's own is new, or called or drawn otherwise; `after` names it."""

    needs: ClassVar[str] = "settings:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDeleted(Change):
    """The city has this category no longer; `before` names it."""

    needs: ClassVar[str] = "settings:manage"
