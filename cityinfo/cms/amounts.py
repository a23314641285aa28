"""Amounts of money as forms show and read them."""

from __future__ import annotations

import re

from cityinfo.kernel import i18n
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _

_AMOUNT = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?", re.ASCII)


def euros(cents: int | None) -> str:
    """An amount as its field shows it; cents only where there are any."""
    if cents is None:
        return ""
    point = "," if i18n.language() == "de" else "."
    return f"{cents // 100}{point}{cents % 100:02}" if cents % 100 else str(cents // 100)


def cents(text: str) -> int | None:
    """What was typed; None for an empty field, `Invalid` for what is no amount."""
    if not text.strip():
        return None
    amount = _AMOUNT.fullmatch(text.strip().removesuffix("€").strip())
    if amount is None:
        raise Invalid("offer.cost", _("Write an amount in euros, such as 12 or 12.50."))
    return int(amount[1]) * 100 + int((amount[2] or "0").ljust(2, "0"))
