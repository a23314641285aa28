"""Decisions about organizations. Pure: no session, no clock."""

from __future__ import annotations

from collections.abc import Sequence

import ada_url

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

SORTS = ("authority", "association", "company", "faith", "initiative", "other")


def check(sort: str, *, website: str, seal: str) -> None:
    """Raise `Invalid` for an unknown sort or an address that readers' apps could not open."""
    if sort not in SORTS:
        raise Invalid(
            "organization.sort",
            say("“{sort}” is no sort of organization; choose one of: {choices}.", sort=sort, choices=", ".join(SORTS)),
        )
    for address in (website, seal):
        if address and not is_web_address(address):
            raise Invalid(
                "organization.address",
                say("“{address}” is no web address; write it with https://.", address=address[:100]),
            )


def is_web_address(text: str) -> bool:
    """Absolute, with a host, without blanks, and one that browsers can read (WHATWG): apps fail on any other."""
    absolute = text.lower().startswith(("http://", "https://"))
    if not absolute or any(one.isspace() or one in '"<>' for one in text) or not ada_url.check_url(text):
        return False
    return _spells_a_host(ada_url.URL(text).hostname)


def _spells_a_host(host: str) -> bool:
    """Every xn-- label stands for the letters that give it: the parser itself lets any of them pass."""
    try:
        spelled = ".".join(_letters(label) for label in host.split("."))
    except UnicodeError:
        return False
    address = f"https://{spelled}"
    return ada_url.check_url(address) and ada_url.URL(address).hostname == host


def _letters(label: str) -> str:
    return label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label


def check_parents(organization_id: int, upwards: Sequence[int]) -> None:
    """An organization is not part of itself, nor of what is part of it."""
    if organization_id in upwards:
        raise Invalid("organization.part_of_itself", "An organization cannot be part of itself; choose another one.")
