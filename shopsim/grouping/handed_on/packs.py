"""Makes a pack as a file: for the Embedding Projector, or photos in folders."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shopsim.base.disk.files import replacing
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Problem
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.handed_on.group_folders import write_group_folders
from shopsim.grouping.handed_on.projector_pack import write_projector_pack

Kind = Literal["projector", "one", "all"]

# A pack is as large as its photos, so the cache keeps one only as long as somebody may still fetch it.
_KEPT_S = 3600.0


@dataclass(frozen=True)
class Pack:
    """A zip on the disk. told: one sentence on what is in it; problems: photos that it lacks, each with its reason."""

    path: Path
    told: str
    problems: tuple[Problem, ...]


def make_pack(kind: Kind, grouping: Grouping, path: Path, raw: bool = False, progress: Progress = silent) -> Pack:
    """Writes the zip, whole or not at all. progress: counts photos, and may stop it. Raises ShopsimError.

    kind: `projector`, or folders of groups with `all` photos or the most central `one`. raw: leaves names that a
    spreadsheet would run unguarded.
    """
    with replacing(path) as file:
        if kind == "projector":
            made = write_projector_pack(grouping, file, progress, raw)
            return Pack(path, made.told, _told(made.problems, f"no picture in {path.name}"))
        folders = write_group_folders(grouping, file, kind, progress, raw)
        told = f"The zip has {folders.n_packed:,} photos, in a folder for each of {folders.n_groups:,} groups."
        return Pack(path, told, _told(folders.problems, f"not in {path.name}"))


def make_kept_pack(kind: Kind, grouping: Grouping, path: Path, progress: Progress = silent) -> Pack:
    """Makes a pack in a folder of the cache, and removes those there that are older than an hour."""
    for other in path.parent.glob("*.zip"):
        with suppress(OSError):
            if time.time() - other.stat().st_mtime > _KEPT_S:
                other.unlink()
    return make_pack(kind, grouping, path, progress=progress)


def _told(problems: tuple[Problem, ...], what: str) -> tuple[Problem, ...]:
    return tuple(Problem(each.name, f"{what}: {each.reason}", False) for each in problems)
