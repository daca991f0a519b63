"""Where webhooks may go: hosts that the operator names, and no address inside of the network that was not named too.

An entry is ``host``, ``host:port`` or, where it must be plain HTTP, ``http://host:port``; without a scheme it is HTTPS. A name that leads
into a private network has the address or network behind it: ``alerts.internal=10.0.3.7``, ``http://collector:8080=10.0.0.0/8``. An entry
that is an address names itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
PORTS = {"https": 443, "http": 80}
MOST_SIGNS = 400
_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_TRANSLATED = ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """One entry. ``networks`` are the addresses that it may have though they are not public."""

    scheme: str
    host: str
    port: int
    networks: tuple[Network, ...] = ()

    def may_be_at(self, address: Address) -> bool:
        """Whether a connection to this address may be opened for the entry."""
        inner = unwrapped(address)
        return is_public(inner) or any(inner in network for network in self.networks if network.version == inner.version)


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: which entry allows it, and what is asked for there."""

    allowed: AllowedHost
    path: str


def read_entries(entries: Sequence[str]) -> tuple[tuple[AllowedHost, ...], list[str]]:
    """The entries, and what is wrong with those that are none."""
    hosts, faults = [], []
    for entry in entries:
        try:
            hosts.append(_entry(entry.strip()))
        except ValueError as error:
            faults.append(f"{entry.strip()[:80]!r}: {error}")
    return tuple(hosts), faults


def target_of(url: str, hosts: Sequence[AllowedHost]) -> Target:
    """The address of a webhook, checked against the entries. Raises ``ValueError`` with a sentence."""
    if len(url) > MOST_SIGNS or any(sign.isspace() or ord(sign) < 33 or ord(sign) > 126 for sign in url):
        raise ValueError(f"Give an address of at most {MOST_SIGNS} plain signs, without spaces.")
    parts = _split(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("Give an address that begins with https://.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("An address holds no password and no #; the signature says who sends it.")
    wanted = (parts.scheme, _plain(parts.hostname), parts.port or PORTS[parts.scheme])
    for host in hosts:
        if (host.scheme, host.host, host.port) == wanted:
            return Target(host, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    if not hosts:
        raise ValueError("No host is allowed: name it in COUNTERSIGN_WEBHOOK_HOSTS.")
    raise ValueError(f"{wanted[0]}://{wanted[1]}:{wanted[2]} is not among COUNTERSIGN_WEBHOOK_HOSTS; have it added there.")


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside of one that carries it (mapped, 6to4, Teredo, NAT64), else the address."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address.teredo is not None:
            return address.teredo[1]
        if address in _TRANSLATED:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether an address is one of the Internet: not private, of this machine, of the link, shared, reserved or for many."""
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _entry(entry: str) -> AllowedHost:
    where, _, network = entry.partition("=")
    parts = _split(where if "://" in where else f"https://{where}")
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError("Give host, host:port or http://host:port, and =ADDRESS behind it where it is not a public one.")
    host = _plain(parts.hostname)
    networks: tuple[Network, ...] = ()
    try:
        itself: Address | None = ip_address(host)
    except ValueError:
        itself = None
        if not _NAME.fullmatch(host):
            raise ValueError("that is no name of a host.") from None
    if network:
        networks = tuple(ip_network(one.strip(), strict=False) for one in network.split("+"))
    elif itself is not None:
        networks = (ip_network(itself),)
    return AllowedHost(parts.scheme, host, parts.port or PORTS[parts.scheme], networks)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"that is no address ({error}).") from error
    return parts


def _plain(host: str) -> str:
    return host.rstrip(".").lower()
