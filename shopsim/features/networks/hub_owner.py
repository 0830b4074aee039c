"""Whether a network in TensorFlow Hub's cache is ours: in its default place every user may write."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from shopsim.features.networks.hub_cache import cache_dir

_ROOT = 0  # A user number.


def is_ours_to_write(folder: Path) -> bool:
    """Whether only this user, or root, can have written the files in a folder of the cache, or can exchange them.

    A cache that TFHUB_CACHE_DIR names counts as ours. In the default cache a link does not count, because any user can
    make a link to a folder of ours with files from elsewhere.
    """
    if os.environ.get("TFHUB_CACHE_DIR") or not hasattr(os, "getuid"):
        return True
    try:
        # The system's own folder above the cache may be a link, as on macOS.
        return _is_only_ours(cache_dir().parent.stat()) and all(
            _is_only_ours(path.lstat()) for path in (cache_dir(), folder, *_below(folder))
        )
    except OSError:
        return False


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def _is_only_ours(state: os.stat_result) -> bool:
    if stat.S_ISLNK(state.st_mode) or state.st_uid not in (os.getuid(), _ROOT):
        return False
    # In a folder with the sticky bit others may add entries, but not exchange ours.
    is_sticky = stat.S_ISDIR(state.st_mode) and bool(state.st_mode & stat.S_ISVTX)
    # On most systems a group with the user's own number has no other member.
    others = stat.S_IWOTH if state.st_gid == state.st_uid else stat.S_IWOTH | stat.S_IWGRP
    return is_sticky or not state.st_mode & others
