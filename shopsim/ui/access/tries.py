"""Limits how fast secrets may be tried, per address, so that wrong tries lock nobody else out."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable

from shopsim.base.errors import ShopsimError

APART_S = 2.0
"""Seconds between two tries from one address: at most 30 tries per minute."""
_LONGEST_QUEUE_S = 30.0
# The owner of an IPv6 address owns its whole network (RFC 6177).
_NETWORK_BITS = 64


class Tries:
    """The queues of one server, one per address: a right secret waits only for earlier tries of its own address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}

    def take(self, address: str | None, is_right: Callable[[], bool]) -> bool:
        """Waits for its turn and returns whether the secret is right; address: None on this machine.

        Raises ShopsimError without a look at the secret if the queue of the address is longer than half a minute.
        """
        time.sleep(max(0.0, self._turn(_network(address)) - time.monotonic()))
        return is_right()

    def _turn(self, network: str) -> float:
        with self._lock:
            now = time.monotonic()
            self._next = {each: turn for each, turn in self._next.items() if turn > now}
            turn = self._next.get(network, now)
            if turn - now > _LONGEST_QUEUE_S:
                raise ShopsimError("Many secrets are being tried from your address; try again in a few seconds.")
            self._next[network] = turn + APART_S
            return turn


def _network(address: str | None) -> str:
    """Returns the address, or the network of an IPv6 address, since one visitor can have all addresses in it."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _NETWORK_BITS), strict=False))
