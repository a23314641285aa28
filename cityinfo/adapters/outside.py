"""Requests to addresses that others have named: never into the network this service stands in."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

import httpx

from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.i18n import say

Resolve = Callable[[str, int], Sequence[str]]  # host and port → addresses
Permit = Callable[[str], bool]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# What the library calls global although it leads to machines of one's own network: old site-local addresses, addresses
# of protocols, under one of which a cloud tells its machines their secrets, and relays of 6to4.
_INTERNAL = tuple(map(ipaddress.ip_network, ("fec0::/10", "192.0.0.0/24", "192.88.99.0/24")))
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv6 that a gateway turns into the IPv4 address at its end


def is_public(address: str) -> bool:
    """Whether the whole world can reach an IP address; one that is written into another kind counts as itself."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = _inner(ip) if isinstance(ip, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    internal = any(ip in one for one in _INTERNAL if one.version == ip.version)
    return ip.is_global and not (internal or ip.is_multicast or ip.is_reserved)


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address at the other end of a translation or a tunnel."""
    if ip in _TRANSLATED:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def permitting(networks: Sequence[Network]) -> Permit:
    """Permits what is public and, although they are internal, these networks."""

    def permit(address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        return is_public(address) or any(ip in one for one in networks if one.version == ip.version)

    return permit


def networks_of(text: str) -> list[Network]:
    """Networks separated by commas; `Invalid` names one that is none."""
    found: list[Network] = []
    for one in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(one))
        except ValueError:
            raise Invalid(
                "settings.networks", say("“{one}” is no network; write one such as 10.1.0.0/16.", one=one[:60])
            ) from None
    return found


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the system knows them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unavailable("fetch.host", say("{host}: the name leads to no server.", host=host)) from None
    return [str(one[4][0]) for one in found]


class Outside(httpx.BaseTransport):
    """A transport that asks for the host's address, refuses what is not public, and connects to that very address.

    Every redirect passes here again, and a name that leads elsewhere when asked twice gains nothing by it. `permit`
    says which addresses may be reached.
    """

    def __init__(
        self, *, permit: Permit = is_public, resolve: Resolve = resolve, inner: httpx.BaseTransport | None = None
    ) -> None:
        self._permit = permit
        self._resolve = resolve
        self._inner = inner or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to an address that was looked at."""
        url = request.url
        if url.scheme not in ("http", "https"):
            raise Invalid(
                "fetch.scheme", say("{scheme}: only http and https addresses can be read.", scheme=url.scheme)
            )
        host = url.raw_host.decode("ascii")  # as servers know it, whatever letters it is written in
        addresses = self._resolve(host, url.port or (443 if url.scheme == "https" else 80))
        if not addresses or not all(self._permit(one) for one in addresses):
            raise Invalid(
                "fetch.inside", say("{host} leads into a network that is not public; it is not asked.", host=url.host)
            )
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = url.copy_with(host=addresses[0])
        try:
            return self._inner.handle_request(request)
        finally:
            request.url = url

    def close(self) -> None:
        """Give the connections back."""
        self._inner.close()
