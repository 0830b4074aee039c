"""Why a disk took no more, in words."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# NumPy counts what was written and says no cause.
_CUT_SHORT = re.compile(r"\d+ requested and \d+ written")


def why_refused(error: OSError, place: Path) -> str:
    """Why `place` could not be written, as the end of a sentence; of a full disk with how much is free there.

    HDF5 and TensorFlow give the system's reason in their own text only.
    """
    text = error.strerror or str(error)
    is_full = error.errno in _NO_ROOM or any(os.strerror(code) in text for code in _NO_ROOM)
    if not is_full and not _CUT_SHORT.fullmatch(text):
        return text
    folder = place.absolute()
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    reason = text if error.errno in _NO_ROOM else os.strerror(errno.ENOSPC)
    return f"{reason}, {byte_count(shutil.disk_usage(folder).free)} are free in '{folder}'"


def byte_count(n_bytes: int) -> str:
    """'21.5 KB', '3.2 GB'."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6)):
        if n_bytes >= factor:
            return f"{n_bytes / factor:,.1f} {unit}"
    return f"{n_bytes / 1e3:,.1f} KB"
