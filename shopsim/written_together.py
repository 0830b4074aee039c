"""Several files that take the place of older ones all together, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shopsim import ShopsimError
from shopsim.disk_room import why_refused
from shopsim.leftovers import unfinished_name
from shopsim.sweep import sweep_unfinished


@contextmanager
def written_together(folder: str | Path) -> Iterator[Path]:
    """A new folder to write files into; when the block ends well, they are in `folder` instead of those of their names.

    When it fails, or is killed, `folder` is as it was; it is made if need be, and its other files stay. Writing takes
    all the time and room; only then are the files renamed, one after the other, and back if one cannot be.
    Raises ShopsimError if the system refuses.
    """
    folder = Path(folder)
    unfinished = (folder if folder.is_dir() else _above(folder)) / unfinished_name("tmp")
    try:
        unfinished.mkdir()
        sweep_unfinished(unfinished.parent)
        yield unfinished
        if folder.is_dir():
            _move_all(unfinished, folder)
        else:
            folder.parent.mkdir(parents=True, exist_ok=True)
            unfinished.rename(folder)
    except ShopsimError as error:
        # Whoever reads it has never heard of the other folder.
        raise ShopsimError(str(error).replace(str(unfinished), str(folder))) from error
    except OSError as error:
        raise ShopsimError(f"Cannot write into '{folder}': {why_refused(error, folder)}.") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _above(folder: Path) -> Path:
    """The nearest folder above that is there, on the same disk as the new one will be."""
    above = folder.absolute().parent
    while not above.is_dir() and above != above.parent:
        above = above.parent
    return above


def _move_all(new: Path, folder: Path) -> None:
    """Every file of `new` into `folder`; if one cannot be moved, all are as they were."""
    was_there = {path.name: os.path.lexists(folder / path.name) for path in sorted(new.iterdir())}
    kept = new / "before"
    kept.mkdir()
    begun: list[str] = []
    try:
        for name, old in was_there.items():
            begun.append(name)
            if old:
                _keep(folder / name, kept / name)
            os.replace(new / name, folder / name)
    except BaseException:
        for name in begun:
            with suppress(OSError):  # The reason that is told is the first one.
                if os.path.lexists(kept / name):
                    os.replace(kept / name, folder / name)
                elif not was_there[name]:
                    (folder / name).unlink(missing_ok=True)
        raise


def _keep(old: Path, kept: Path) -> None:
    """The old file under a second name, so that it is missing under its own at no time."""
    if old.is_dir() and not old.is_symlink():
        raise IsADirectoryError(errno.EISDIR, f"'{old.name}' is a folder there")
    try:
        os.link(old, kept, follow_symlinks=False)
    except OSError:
        # Not every disk gives a file two names.
        os.replace(old, kept)
