"""Organizations as people speak of them."""

from __future__ import annotations

from cityinfo.kernel.i18n import _


def sorts() -> dict[str, str]:
    """What an organization can be."""
    return {
        "authority": _("Public authority"),
        "association": _("Association"),
        "company": _("Company"),
        "faith": _("Religious community"),
        "initiative": _("Initiative"),
        "other": _("Other"),
    }
