"""What can happen to corrections. `entry_id` is the page here that came from elsewhere."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionSent(Change):
    """Another city is told what a page that came from there should say; `note` says which city."""

    needs: ClassVar[str] = "write"
