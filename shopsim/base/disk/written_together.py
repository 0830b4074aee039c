"""Writes several files that replace older ones all together, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.moving import move_all
from shopsim.base.disk.unfinished_folder import unfinished_folder
from shopsim.base.errors import ShopsimError


@contextmanager
def written_together(folder: str | Path) -> Iterator[Path]:
    """Makes a new folder to write files into; when the block ends well, they replace those of their names in `folder`.

    When the block fails, or is killed, `folder` is as it was. It is made if it is missing, and its other files stay.
    Writing takes all the time and room; only then are the files moved. If a process is killed while it moves them,
    the next one that reads or writes there undoes it; see `shopsim.base.disk.moving`.
    Raises ShopsimError if the system refuses.
    """
    folder = Path(folder)
    unfinished = None
    try:
        with unfinished_folder(folder if folder.is_dir() else _above(folder)) as unfinished:
            yield unfinished
            _put_in_place(unfinished, folder)
    except ShopsimError as error:
        # Whoever reads it has never heard of the other folder.
        raise ShopsimError(str(error).replace(str(unfinished), str(folder))) from error
    except OSError as error:
        raise ShopsimError(f"Cannot write into '{folder}': {why_refused(error, folder)}.") from error


def _above(folder: Path) -> Path:
    """Returns the nearest folder above that exists; it is on the same disk as the new one will be."""
    above = folder.absolute().parent
    while not above.is_dir() and above != above.parent:
        above = above.parent
    return above


def _put_in_place(new: Path, folder: Path) -> None:
    """Renames the folder, or moves it file by file if there is a folder of that name."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            new.rename(folder)
        except OSError:
            # Another process may have made it meanwhile.
            if not folder.is_dir():
                raise
        else:
            return
    if new.parent != folder:
        new = new.rename(folder / new.name)
    move_all(new, folder)
