"""What can happen to offers beside what can happen to all content."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.features import tenants
from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalOffersChanged(tenants.TenantChanged):
    """The city has switched offers of other systems on or off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTemplateChanged(Change):
    """An offer of another system is new for all cities, called otherwise, or retired. `note` names it."""

    needs: ClassVar[str] = "platform:manage"
