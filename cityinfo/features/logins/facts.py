"""What happens to the ways in. `entry_id` is the person; nothing that opens anything is ever told."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change

KIND = "login"  # as the audit log names them


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Change):
    """A person has a new password; `after` says on which way it came."""

    needs: ClassVar[str] = "platform:manage"
