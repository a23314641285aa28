"""Who stands at the door before anyone knows who they are: where a request comes from, and on which device."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app, request

from cityinfo.features.logins import Visitor


def client_address() -> str:
    """Where a request comes from, as the last proxy of ours saw it; a household of IPv6 addresses is one."""
    proxies = current_app.config["SETTINGS"].proxies
    said = [part.strip() for part in ",".join(request.headers.getlist("X-Forwarded-For")).split(",")]
    text = said[-proxies] if 0 < proxies <= len(said) else request.remote_addr or ""
    try:
        address = ip_address(text)
    except ValueError:
        return request.remote_addr or ""
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else text


def visitor(device: str = "") -> Visitor:
    """Who tries to log in; `device` is what an earlier login handed out."""
    return Visitor(address=client_address(), user_agent=request.headers.get("User-Agent", ""), device=device)
