"""From where someone logs in: the name of the device, the network, and whether an account knows the device."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from cityinfo.kernel.errors import Invalid

from .seals import Seal

KNOWN_FOR = timedelta(days=400)  # as long as browsers keep a cookie (RFC 6265bis)
_PURPOSE = "device"
_PREFIXES = {4: 24, 6: 48}  # enough to recognise one's own network, too little to find a household


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who stands at the door. `device` is what an earlier login handed out, empty for whoever has none."""

    address: str = ""
    user_agent: str = ""
    device: str = ""


def token_for(seal: Seal, account_id: int) -> str:
    """What a device shows at the next login, so that attacks from elsewhere do not slow it down. It opens nothing."""
    return seal.sign(_PURPOSE, [secrets.token_urlsafe(9), account_id], lasts=KNOWN_FOR)


def known_to(seal: Seal, account_id: int | None, token: str) -> str:
    """The identity of a device from which this account has logged in before; empty when it is none."""
    try:
        device, owner = seal.read(_PURPOSE, token) if token else ("", None)
    except Invalid:
        return ""
    return str(device) if owner is not None and owner == account_id else ""


def name_of(user_agent: str) -> str:
    """What a person recognises: browser and system."""
    from ua_parser import parse  # twelve megabytes of patterns, only for whoever logs in

    found = parse(user_agent[:500])
    names = [part.family for part in (found.user_agent, found.os) if part is not None]
    return " · ".join(names)


def network_of(address: str) -> str:
    """The network of an address, empty for what is none."""
    try:
        found = ip_address(address.partition("/")[0])
    except ValueError:
        return ""
    return str(ip_network((found, _PREFIXES[found.version]), strict=False))
