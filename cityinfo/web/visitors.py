"""Where a request comes from, as far as can be told from outside."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app, request


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
