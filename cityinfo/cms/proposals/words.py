"""Words that proposals are spoken of with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cityinfo.cms.locations.words import answers
from cityinfo.cms.words import weekday
from cityinfo.features import offers, proposals
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


def listed(value: Any, names: Mapping[str, str]) -> str:
    """Several things in one line, by their names: what was chosen, answers by what was asked, times in a week."""
    if isinstance(value, Mapping):
        said = answers()
        return ", ".join(f"{_named(one, names)}: {said.get(answer, answer)}" for one, answer in value.items())
    return ", ".join(_slot(one) if isinstance(one, Mapping) else _named(one, names) for one in _several(value))


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value] if value else []


def _slot(slot: Mapping[str, str]) -> str:
    day = weekday(offers.DAYS.index(slot["day"])) if slot.get("day") in offers.DAYS else ""
    return _("{day} {start} to {end}", day=day, start=slot.get("from", ""), end=slot.get("to", ""))


def _named(one: Any, names: Mapping[str, str]) -> str:
    return names.get(str(one)) or str(one).replace("_", " ")
