"""Splits the address of a database into its parts, so that what may be a password is never shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from shopsim.base.errors import ShopsimError

_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]@/]*)(:[0-9]*)?"
_HOSTS = re.compile(rf"{_HOST}(,{_HOST})*")


@dataclass(frozen=True)
class Parts:
    """shown: the address without options and passwords, or its scheme only if no host can be read.

    place: host and path. secrets: the passwords, as they are written.
    """

    shown: str
    place: str
    secrets: tuple[str, ...] = ()


def parts_of(kind: str, address: str) -> Parts:
    """Returns the parts of an address that begins with `kind://`.

    A person may write a password with '?', '@' or '/' in it, although an address would need %3F, %40 and %2F.
    Raises ShopsimError, which shows nothing of the address but its scheme, if password and host cannot be told apart.
    """
    body = address.removeprefix(f"{kind}://")
    if kind == "sqlite":
        place = body.partition("?")[0]
        return Parts(f"{kind}://{place}", place)
    user, host, query = _split(kind, body)
    name, colon, password = user.partition(":")
    if colon:
        shown = f"{kind}://{name}:***@{host}"
    elif not user and not _HOSTS.fullmatch(host.partition("/")[0]):
        # Somebody forgot the host behind a password.
        shown, password = f"{kind}://***", host.partition(":")[2]
    else:
        shown = f"{kind}://{user}@{host}" if user else f"{kind}://{host}"
    more = [value for key, value in parse_qsl(query) if "pass" in key.lower()]
    return Parts(shown, host, tuple(secret for secret in (password, *more) if secret))


def _split(kind: str, body: str) -> tuple[str, str, str]:
    """Returns user with password, host with path, and options."""
    user, _, host = body.rpartition("@")
    before = user.partition("?")[0]
    if "?" not in user:
        place, _, query = host.partition("?")
        return user, place, query
    if ":" not in before:
        # There is no password, so the '@' belongs to an option.
        place, _, query = body.partition("?")
        user, _, host = place.rpartition("@")
        return user, host, query
    if "/" in before or "@" in before:
        raise ShopsimError(
            f"In the address '{kind}://***' password and host cannot be told apart; in a password and in options, "
            "write '?' as %3F, '@' as %40 and '/' as %2F."
        )
    place, _, query = host.partition("?")
    return user, place, query
