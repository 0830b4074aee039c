"""Makes a hidden folder in which files are gathered before they appear, all at once, where they belong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shopsim.base.disk.leftovers import FOREIGN_S, unfinished_name
from shopsim.base.disk.sweep import sweep_unfinished


@contextmanager
def unfinished_folder(parent: Path, seconds: float = FOREIGN_S) -> Iterator[Path]:
    """Makes a hidden folder in `parent`, to be filled and moved; what is left of it when the block ends is removed.

    Leftovers of killed processes in `parent` are removed first; seconds: as in `is_abandoned`.
    Raises OSError if the system refuses.
    """
    unfinished = parent / unfinished_name("tmp")
    try:
        unfinished.mkdir(parents=True)
        sweep_unfinished(parent, seconds)
        yield unfinished
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
