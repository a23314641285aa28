"""What can happen to synonyms."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymsAdded(Change):
    """There is a new group."""

    needs: ClassVar[str] = "search:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymsChanged(Change):
    """A group has other words."""

    needs: ClassVar[str] = "search:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymsRemoved(Change):
    """A group is gone."""

    needs: ClassVar[str] = "search:manage"
