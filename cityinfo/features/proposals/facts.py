"""What can happen to proposals. `entry_id` is the entry they are about."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProposed(Change):
    """A member of an organization wants one of its records to say something else."""

    needs: ClassVar[str] = "propose"

    proposal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAccepted(Change):
    """The record says it now."""

    needs: ClassVar[str] = "proposal:manage"

    proposal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalReturned(Change):
    """The author is asked to write it anew."""

    needs: ClassVar[str] = "proposal:manage"

    proposal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalWithdrawn(Change):
    """The author no longer wants it."""

    needs: ClassVar[str] = "propose"

    proposal_id: int
