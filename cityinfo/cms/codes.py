"""Addresses that phones read from a screen."""

from __future__ import annotations

import segno
from markupsafe import Markup

from cityinfo.kernel.i18n import _


def qr_code(address: str) -> Markup:
    """A QR code as SVG; dark on light in every theme, because phones read nothing else."""
    code = segno.make(address or " ", micro=False)
    return Markup(code.svg_inline(scale=5, omitsize=True, light="#fff", dark="#000", svgclass="qr", title=_("QR code")))  # noqa: S704
