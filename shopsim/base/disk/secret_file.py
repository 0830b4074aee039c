"""A secret that all processes agree on, in a file that only its owner may read."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.files import sync_folders
from shopsim.base.disk.leftovers import unfinished_name
from shopsim.base.errors import ShopsimError

# One attempt is enough unless the file is removed meanwhile.
_ATTEMPTS = 10


def kept_secret(path: Path, n_bytes: int) -> bytes:
    """Returns the secret in that file; where there is none, or a shorter one, a new one is made and kept.

    Processes that make one at once agree: each writes a file of its own, and the first that gets the name wins.
    No file is ever readable by others, not even for a moment. Raises ShopsimError if the system refuses.
    """
    try:
        for _ in range(_ATTEMPTS):
            kept = _read(path)
            if kept is not None and len(kept) >= n_bytes:
                return kept
            if kept is not None:
                path.unlink(missing_ok=True)
            _offer(path, secrets.token_bytes(n_bytes))
    except OSError as error:
        raise ShopsimError(f"Cannot keep a secret in '{path}': {why_refused(error, path)}.") from error
    raise ShopsimError(f"Cannot keep a secret in '{path}': another program removes the file again and again.")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _offer(path: Path, secret: bytes) -> None:
    """Put the secret there unless a file has come there meanwhile."""
    private = path.parent / unfinished_name("secret")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        _rename_if_first(private, path)
        sync_folders(path.parent, path.parent.parent)
    finally:
        with suppress(OSError):  # Mostly the other name of the same file; the sweep finds what stays.
            private.unlink()


def _rename_if_first(private: Path, path: Path) -> None:
    """Give the file its name, if that is free; a plain rename would replace another process's secret."""
    try:
        os.link(private, path)
    except FileExistsError:
        return
    except OSError:
        # Some file systems know no second name for a file.
        if not path.exists():
            private.rename(path)
