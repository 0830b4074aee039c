"""Turns `sslmode` of a PostgreSQL address into what the driver takes."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

from shopsim.grouping.database.target import Target

_MODES = "disable, prefer, require, verify-ca or verify-full"


def encryption_of(target: Target, options: Mapping[str, object]) -> ssl.SSLContext | bool | None:
    """Returns the `ssl_context` of pg8000: None encrypts where the server can, False never.

    options: those after '?' of the address. `require` encrypts and accepts any server, as it does for PostgreSQL's own
    programs; `verify-ca` checks the certificate by those that this machine trusts, `verify-full` the host name too.
    Raises ShopsimError, which shows no option, for any other.
    """
    if set(options) - {"sslmode"}:
        raise target.refusal("of all options after '?', shopsim takes only sslmode for PostgreSQL")
    mode = options.get("sslmode", "prefer")
    if mode in ("disable", "prefer"):
        return False if mode == "disable" else None
    if mode not in ("require", "verify-ca", "verify-full"):
        raise target.refusal(f"its sslmode must be {_MODES}")
    context = ssl.create_default_context()
    context.check_hostname = mode == "verify-full"
    if mode == "require":
        context.verify_mode = ssl.CERT_NONE
    return context
