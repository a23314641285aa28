"""What can happen while a city moves in."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveInAsked(Change):
    """Someone let a city move in, or let it come again; `note` is where from."""

    needs: ClassVar[str] = "platform:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveInEnded(Change):
    """From now on the city is written here; nothing comes from the old system any more."""

    needs: ClassVar[str] = "platform:manage"
