"""What can happen to offers beside what can happen to all content."""

from dataclasses import dataclass

from cityinfo.features import tenants


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalOffersChanged(tenants.TenantChanged):
    """The city has switched offers of other systems on or off."""
