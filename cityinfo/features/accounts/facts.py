"""What can happen to people. E-mail addresses are no part of it: the log keeps identities."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCreated(Change):
    """There is a new person, who may do nothing anywhere yet."""

    needs: ClassVar[str] = "people:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged(Change):
    """A person was made staff of the platform, locked out or let in again; `after` says what."""

    needs: ClassVar[str] = "platform:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipChanged(Change):
    """What a person may do in this city is something else; `entry_id` is the person, `after` says what it is."""

    needs: ClassVar[str] = "people:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipGranted(MembershipChanged):
    """A person has a new role in this city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRevoked(MembershipChanged):
    """A person has lost a role in this city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEntered(Change):
    """Someone of the platform's staff acts in this city from now on; `after` says why."""

    needs: ClassVar[str] = "platform:manage"
