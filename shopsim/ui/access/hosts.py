"""Names by which a server may be asked: else any web site can point a name of its own here (DNS rebinding)."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection, Sequence
from typing import NamedTuple

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_PLACE = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([0-9a-z](?:[0-9a-z._-]{0,252})))(?::([0-9]{1,5}))?", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


class Place(NamedTuple):
    """A host and its port as a header has them: the name in small letters, an IP address in its shortest form."""

    name: str
    port: int | None


def place_of(text: str) -> Place | None:
    """What a Host header names, None if it is no host with at most a port."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    address, name, port = found.groups()
    if port is not None and not 0 < int(port) < 65536:
        return None
    try:
        shown = str(ipaddress.IPv6Address(address)) if address else name.lower().removesuffix(".")
    except ValueError:
        return None
    return Place(shown, None if port is None else int(port))


def is_same_origin(origin: str, host: Place, allowed: Collection[str], is_secure: bool) -> bool:
    """Whether a page of that origin is one of this server's own, or of an origin that may use it.

    is_secure: whether the request came by HTTPS. Then a page that came by HTTP is not ours: anyone on the way may have
    written it. Without, one by HTTPS is: a proxy in front that speaks HTTPS need not say so.
    """
    scheme, separator, rest = origin.partition("://")
    place = place_of(rest) if separator and scheme.lower() in _PORTS else None
    if place is None:
        return False
    port = _PORTS[scheme.lower()]
    own = place.name == host.name and (place.port or port) == (host.port or port)
    own = own and not (is_secure and scheme.lower() == "http")
    return own or origin.lower() in {each.strip().lower().rstrip("/") for each in allowed}


def may_be_called(name: str, address: str | None, allowed: Sequence[str]) -> bool:
    """Whether a server bound to the address may be asked by this name.

    allowed: the names whoever started it has listed, `*.` before one for every name below it; then no other goes.
    Else a server on localhost is called localhost. Any other is called by an IP address, which no web site can make its
    own, or by this machine's name.
    """
    if allowed:
        return any(_is_listed(name, each.strip().lower().removesuffix(".")) for each in allowed)
    if address in LOCAL:
        return name in LOCAL
    return name in LOCAL | _names_of_this_machine(address) or _is_ip(name)


def is_local(address: str | None, allowed: Sequence[str], origins: Collection[str]) -> bool:
    """Whether nobody but this machine reaches a server: neither its address nor a name it answers to is for others."""
    places = [place_of(origin.strip().partition("://")[2].rstrip("/")) for origin in origins]
    named = [each.strip().lower().removesuffix(".") for each in allowed]
    return address in LOCAL and {*named, *("" if place is None else place.name for place in places)} <= LOCAL


def _is_listed(name: str, listed: str) -> bool:
    return listed in ("*", name, f"[{name}]") or (listed.startswith("*.") and name.endswith(listed[1:]))


def _names_of_this_machine(address: str | None) -> set[str]:
    name = socket.gethostname().lower()
    return {name, f"{name}.local", (address or name).lower()}


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
