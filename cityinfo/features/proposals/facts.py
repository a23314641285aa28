"""What can happen to proposals. `entry_id` is the entry they are about."""

from dataclasses import dataclass

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProposed(Change):
    """A member of an organization wants one of its records to say something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAccepted(Change):
    """The record says it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalReturned(Change):
    """The author is asked to write it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalWithdrawn(Change):
    """The author no longer wants it."""
