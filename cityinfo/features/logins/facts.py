"""What happens to the ways in. `entry_id` is the person; nothing that opens anything is ever told."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change

KIND = "login"  # as the audit log names ways in


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginChanged(Change):
    """Something about how a person gets in. People change their own; others need the platform's right."""

    needs: ClassVar[str] = "platform:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn(LoginChanged):
    """A person proved who they are; `note` says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(LoginChanged):
    """A person has a new password; `note` says on which way it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorAdded(LoginChanged):
    """A person has another second factor; `note` says of which kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRemoved(LoginChanged):
    """A second factor is gone; `note` says of which kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesMade(LoginChanged):
    """A person has a new sheet of recovery codes; the old one is worth nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeUsed(LoginChanged):
    """A recovery code was used; `note` says how many are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(LoginChanged):
    """A login has ended before its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAsked(LoginChanged):
    """A link into an account goes out by mail; `note` says what for."""

    needs: ClassVar[str] = "people:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterStyleChanged(Change):
    """Letters of this city name another sender, another address for answers or end with other words."""

    needs: ClassVar[str] = "settings:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRequired(Change):
    """Other roles than before need a second factor in this city; `note` names them."""

    needs: ClassVar[str] = "settings:manage"
