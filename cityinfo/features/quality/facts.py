"""What can happen to what a city insists on."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class GatesChanged(Change):
    """Other flaws keep a text from being published now."""

    needs: ClassVar[str] = "settings:manage"
