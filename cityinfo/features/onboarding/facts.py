"""What can happen to a clone."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantCloned(Change):
    """All that was chosen of another city is here; `note` names that city."""

    needs: ClassVar[str] = "platform:manage"
