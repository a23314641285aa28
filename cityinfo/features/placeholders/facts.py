"""What can happen to placeholders."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceholdersDeclared(Change):
    """Texts may ask for other facts of the city than before."""

    needs: ClassVar[str] = "settings:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceholdersFilled(Change):
    """The city says other facts of itself; `note` names them."""

    needs: ClassVar[str] = "settings:manage"
