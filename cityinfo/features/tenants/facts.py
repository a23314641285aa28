"""What can happen to a tenant."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantChanged(Change):
    """Public facts of a tenant are new: name, status, place, features. `switched` names features now on or off."""

    switched: tuple[str, ...] = ()

    needs: ClassVar[str] = "settings:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagesChanged(TenantChanged):
    """Other documents are public: a language came or went or has another source, or the tenant's status changed."""

    needs: ClassVar[str] = "languages:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChanged(LanguagesChanged):
    """The tenant's status or its address is another one: not for the city alone to decide."""

    needs: ClassVar[str] = "platform:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryChanged(Change):
    """A language of the registry is new or called otherwise; `language` names it."""

    needs: ClassVar[str] = "platform:manage"
