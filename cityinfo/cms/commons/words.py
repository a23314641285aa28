"""Words that the commons are spoken of with."""

from __future__ import annotations

from cityinfo.features import corrections
from cityinfo.features.commons import LICENCES
from cityinfo.kernel.i18n import _


def licences() -> dict[str, str]:
    """What pages can be given under, as people call it; said in words where the name alone says little."""
    says = {
        "CC-BY-4.0": _("with your name"),
        "CC-BY-SA-4.0": _("with your name, changed texts under the same licence"),
        "CC0-1.0": _("without any condition"),
        "DL-DE-BY-2.0": _("Data licence Germany, with your name"),
        "DL-DE-ZERO-2.0": _("Data licence Germany, without any condition"),
    }
    return {key: _("{licence}: {words}", licence=one.name, words=says[key]) for key, one in LICENCES.items()}


def fates() -> dict[str, str]:
    """What became of a correction."""
    return {
        corrections.SENT: _("is being carried there"),
        corrections.PROPOSED: _("waits for their decision"),
        corrections.ACCEPTED: _("accepted"),
        corrections.RETURNED: _("not accepted"),
        corrections.LOST: _("the page is no longer there"),
    }


def signs() -> dict[str, str]:
    """The sign of each."""
    return {
        corrections.SENT: "draft",
        corrections.PROPOSED: "review",
        corrections.ACCEPTED: "current",
        corrections.RETURNED: "outdated",
        corrections.LOST: "off",
    }
