"""Replaces several files and folders all together, even if the process is killed in between.

No disk replaces several files at once. So the older ones are kept in a folder whose name says that files are being
moved. It is renamed again when all are in place. The next process that reads or writes there undoes the move of a
killed process, and waits for the move of a living one.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from shopsim.base.disk.alone import alone
from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.files import sync_folders
from shopsim.base.disk.leftovers import is_unfinished, owner, unfinished_name
from shopsim.base.errors import ShopsimError

MOVING = ".moving"
"""The end of the name of a folder that files are being moved out of; the sweep must not remove it."""
# Entries that were there before, and a mark for each that was not.
_BEFORE, _ABSENT = ".before", ".absent"


def move_all(new: Path, folder: Path) -> None:
    """Moves every entry of `new`, a folder in `folder`, into `folder`, and removes `new`.

    If one cannot be moved, all stay as they were. Raises OSError for that, and ShopsimError as `settle` does.
    """
    with alone(folder):
        _undo_all(folder)
        names = _names_in(new)
        for kept in (new / _BEFORE, new / _ABSENT):
            kept.mkdir()
        for name in names:
            _keep(new, folder, name)
        moving = folder / unfinished_name(MOVING[1:])
        new.rename(moving)
        try:
            # A power cut must not keep a later step and lose this one.
            sync_folders(folder)
            for name in names:
                if (moving / name).is_dir() and os.path.lexists(folder / name):
                    os.replace(folder / name, moving / _BEFORE / name)
                os.replace(moving / name, folder / name)
            sync_folders(folder)
        except BaseException:
            with suppress(OSError):  # The first reason is said; whoever comes next undoes it.
                _undo(moving, folder)
            raise
        moving.rename(new)
        shutil.rmtree(new, ignore_errors=True)


def settle(folder: Path) -> None:
    """Makes sure that the files in the folder belong together, before they are read or replaced.

    Raises ShopsimError if a move cannot be undone, or a living process does not end its own.
    """
    if not _moves(folder):
        return
    try:
        with alone(folder):
            _undo_all(folder)
    except OSError as error:
        reason = why_refused(error, folder)
        raise ShopsimError(
            f"'{folder}' holds old and new files since a process was killed there, and they cannot be told apart "
            f"without writing: {reason}."
        ) from error


def _moves(folder: Path) -> list[Path]:
    """Returns the unfinished moves, but not those of strangers in a folder where everybody may write."""
    try:
        trusted = {owner(), folder.stat().st_uid}
        named = [path for path in folder.glob(f".*{MOVING}") if is_unfinished(path.name)]
        return sorted(path for path in named if path.lstat().st_uid in trusted)
    except (OSError, ValueError):
        # No such folder, one that may not be seen, or a path with a NUL character.
        return []


def _undo_all(folder: Path) -> None:
    """Undoes every move: nobody else moves files now, so the processes that began these were killed."""
    for moving in _moves(folder):
        _undo(moving, folder)


def _undo(moving: Path, folder: Path) -> None:
    """Puts the older files back; if this is killed too, the next process does it again."""
    for name in _names_in(moving / _BEFORE):
        if (folder / name).is_dir() and not (folder / name).is_symlink():
            os.replace(folder / name, moving / name)
        os.replace(moving / _BEFORE / name, folder / name)
    for name in _names_in(moving / _ABSENT):
        if os.path.lexists(folder / name):
            os.replace(folder / name, moving / name)
    sync_folders(folder)
    done = folder / unfinished_name("tmp")
    moving.rename(done)
    shutil.rmtree(done, ignore_errors=True)


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []  # Nothing that `move_all` made.


def _keep(new: Path, folder: Path, name: str) -> None:
    """Prepares the undoing: gives an old file a second name, or marks that there is none."""
    old = folder / name
    if not os.path.lexists(old):
        (new / _ABSENT / name).touch()
        return
    is_folder = old.is_dir() and not old.is_symlink()
    if is_folder != (new / name).is_dir():
        raise IsADirectoryError(errno.EISDIR, f"'{name}' is a {'folder' if is_folder else 'file'} there")
    if is_folder:
        return  # It has one name only, and is moved when its turn comes.
    try:
        os.link(old, new / _BEFORE / name, follow_symlinks=False)
    except OSError:
        # Not every disk gives a file two names.
        shutil.copy2(old, new / _BEFORE / name, follow_symlinks=False)
