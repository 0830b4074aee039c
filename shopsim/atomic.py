"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from shopsim import ShopsimError


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """A new binary file that takes the place of `path` when the block ends well, and vanishes when it fails.

    Its folder is made if need be. A reader, or another process that writes at once, sees the old file or the
    new one, never a part.

    Raises ShopsimError if the system refuses (no room, no right, not a folder).
    """
    path = Path(path)
    unfinished = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("xb") as file:
                yield file
            os.replace(unfinished, path)
        finally:
            if unfinished.is_file():
                unfinished.unlink()
    except OSError as error:
        raise ShopsimError(f"Cannot write '{path}': {error.strerror or error}.") from error


def write_bytes(path: str | Path, data: bytes) -> None:
    """Make `data` the whole content of `path`. Raises ShopsimError as `replacing` does."""
    with replacing(path) as file:
        file.write(data)
