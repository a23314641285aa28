"""What can happen on the way to readers."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.features.tenants import PlaceChanged
from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class CityTested(Change):
    """Someone looked at the city on a phone, or takes that back."""

    needs: ClassVar[str] = "settings:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class CityShown(PlaceChanged):
    """A new city is shown to readers for the first time: its managers decide that themselves."""

    needs: ClassVar[str] = "settings:manage"
