"""What can happen when someone leaves. `entry_id` is the person."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkHandedOver(Change):
    """Someone has left the city; `note` says who took over what waited for them."""

    needs: ClassVar[str] = "people:manage"
