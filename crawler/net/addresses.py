"""Which network addresses may be asked."""

from __future__ import annotations

import ipaddress
import re
import socket
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

__all__ = ["AddressGuard", "literal_address", "parse_network"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE)
_TABLES = tomllib.loads(Path(__file__).with_name("special_networks.toml").read_text(encoding="utf-8"))
_CLOSED = tuple(ipaddress.ip_network(text) for text in _TABLES["closed"])
_EMBEDDING = tuple(ipaddress.ip_network(text) for text in _TABLES["embedding"])


def parse_network(text: str) -> Network:
    """A network (``10.1.0.0/16``) or a single address. Raises ``ValueError`` when it is none."""
    return ipaddress.ip_network(text.strip(), strict=False)


@lru_cache(maxsize=4096)
def literal_address(host: str) -> Address | None:
    """The address that ``host`` spells out, in any spelling that a system's resolver takes, else None.

    Octal, hexadecimal, short and one-number forms (``0177.1``, ``2130706433``) are read as
    ``inet_aton`` reads them.
    """
    host = host.strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if _NUMERIC.fullmatch(host):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
        except OSError:
            return None
    return None


class AddressGuard:
    """Allows public addresses, and those of the networks given."""

    def __init__(self, networks: Iterable[str] = ()) -> None:
        self.networks = tuple(parse_network(text) for text in networks)

    def allows(self, address: str | Address) -> bool:
        """Whether a connection to ``address`` may be made; a text that is no address may not."""
        try:
            found = ipaddress.ip_address(address) if isinstance(address, str) else address
        except ValueError:
            return False
        if any(found in network for network in self.networks):
            return True
        if embedded := _embedded(found):
            return self.allows(embedded)
        return found.is_global and not any(found in network for network in _CLOSED)

    def allows_host(self, host: str) -> bool:
        """False when ``host`` spells out an address that is not allowed; names are judged once resolved."""
        address = literal_address(host)
        return address is None or self.allows(address)


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to (mapped, 6to4, NAT64)."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if int(address) > 1 and any(address in network for network in _EMBEDDING):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
