"""What can happen to an organization beside what can happen to all content."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersChanged(Change):
    """Others may propose changes to what belongs to the organization."""

    needs: ClassVar[str] = "people:manage"
