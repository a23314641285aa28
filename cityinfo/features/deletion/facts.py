"""What can happen to a city at its end."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change

KIND = "tenant"


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantClosed(Change):
    """Nobody reads or writes the city any more, and after a time it is deleted; `note` says why."""

    needs: ClassVar[str] = "platform:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantRestored(Change):
    """The city is as it was before it was closed; `note` says why."""

    needs: ClassVar[str] = "platform:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveAsked(Change):
    """Someone asked for an archive of the whole city, to keep it."""

    needs: ClassVar[str] = "platform:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantDeleted(Change):
    """All of the city is gone but its log, which goes next: `before` is the digest it ends with, `note` how long it is.

    Told in work that belongs to no city. The database lets a city's log and its own row go only where this stands.
    """

    needs: ClassVar[str] = "platform:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionProved(Change):
    """Every table and the store of files were looked through for the city; `note` says what was found."""

    needs: ClassVar[str] = "platform:manage"
