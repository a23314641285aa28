"""Words that proposals are spoken of with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cityinfo.cms.words import weekday
from cityinfo.features import offers, organizations, proposals
from cityinfo.kernel.i18n import _


def states() -> dict[str, str]:
    """Where a proposal stands."""
    return {
        proposals.PROPOSED: _("waits for a decision"),
        proposals.ACCEPTED: _("accepted"),
        proposals.RETURNED: _("returned"),
        proposals.WITHDRAWN: _("taken back"),
    }


def signs() -> dict[str, str]:
    """The sign of each."""
    return {
        proposals.PROPOSED: "review",
        proposals.ACCEPTED: "current",
        proposals.RETURNED: "outdated",
        proposals.WITHDRAWN: "off",
    }


def sorts_of_organizations() -> dict[str, str]:
    names = (_("authority"), _("association"), _("company"), _("community of faith"), _("initiative"), _("other"))
    return dict(zip(organizations.SORTS, names, strict=True))


def sorts_of_offers() -> dict[str, str]:
    names = (_("service"), _("course"), _("benefit"), _("funding"), _("volunteering"), _("external link"))
    return dict(zip(offers.SORTS, names, strict=True))


def listed(value: Any) -> str:
    """Several things in one line: names, answers by what was asked, times in a week."""
    if isinstance(value, Mapping):
        return ", ".join(f"{_plain(name)}: {_plain(answer)}" for name, answer in value.items())
    return ", ".join(_slot(one) if isinstance(one, Mapping) else _plain(one) for one in _several(value))


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value] if value else []


def _slot(slot: Mapping[str, str]) -> str:
    day = weekday(offers.DAYS.index(slot["day"])) if slot.get("day") in offers.DAYS else ""
    return _("{day} {start} to {end}", day=day, start=slot.get("from", ""), end=slot.get("to", ""))


def _plain(name: Any) -> str:
    return str(name).replace("_", " ")
