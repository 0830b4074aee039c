"""Decides by which names a server may be called, since any web site can point its own name here (DNS rebinding)."""

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
    """A host and its port from a header: the name in lower case, an IP address in its shortest form."""

    name: str
    port: int | None


def place_of(text: str) -> Place | None:
    """Reads a Host header; None if it is not a host with or without a port."""
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
    """Returns whether a page of that origin is this server's own, or one of the origins that may use it.

    is_secure: whether the request came by HTTPS. A page that came by HTTP is then not ours, since anyone on the way may
    have written it. If the request came by HTTP, a page by HTTPS may be ours: a proxy need not say that it uses HTTPS.
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
    """Returns whether a server bound to the address may be called by this name.

    allowed: the listed names, `*.` before a name for every name below it; if there are any, no other name is right.
    Otherwise a server on localhost is called localhost. Any other server is called by an IP address, which no web site
    can claim, or by this machine's name.
    """
    if allowed:
        return any(_is_listed(name, each.strip().lower().removesuffix(".")) for each in allowed)
    if address in LOCAL:
        return name in LOCAL
    return name in LOCAL | _names_of_this_machine(address) or _is_ip(name)


def is_local(address: str | None, allowed: Sequence[str], origins: Collection[str]) -> bool:
    """Returns whether only this machine reaches a server: its address and all names it answers to are local."""
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
