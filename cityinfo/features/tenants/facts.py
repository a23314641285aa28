"""What can happen to a tenant."""

from dataclasses import dataclass

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantChanged(Change):
    """Public facts of a tenant are new: name, status, place, features. `switched` names features now on or off."""

    switched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagesChanged(TenantChanged):
    """Other documents are public: a language came or went or has another source, or the tenant's status changed."""
