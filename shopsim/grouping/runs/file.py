"""Reads and writes the file of a run: JSON, sealed with a checksum, written whole and forced onto the disk."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from shopsim.base.disk.records import parsed, record
from shopsim.base.disk.sealed import SEALED, read_whole, without_seal, write_sealed
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import home_dir
from shopsim.grouping.corrections.meaning import Statements
from shopsim.grouping.runs.record import About, Photos, Run

_END = f".run{SEALED}"


@dataclass(frozen=True)
class _File:
    about: About
    image_ids: tuple[str, ...]
    digests: tuple[str, ...]
    models: tuple[str | None, ...]
    groups: tuple[int, ...]
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


def runs_dir() -> Path:
    """Returns the folder that has one file per run."""
    return home_dir() / "runs"


def path_of(run_id: str) -> Path:
    """Returns the path of the run's file."""
    return runs_dir() / f"{run_id}{_END}"


def ids_on_disk() -> list[str]:
    """Returns the ids of all files of runs, sorted."""
    return sorted(path.name.removesuffix(_END) for path in runs_dir().glob(f"*{_END}"))


def write_run(run: Run) -> Path:
    """Writes the file of a run and returns its path. Raises ShopsimError if the disk refuses."""
    photos = {name: list(getattr(run.photos, name)) for name in ("image_ids", "digests", "models")}
    fields = {"about": asdict(run.about), **photos, "groups": run.groups.tolist(), **asdict(run.statements)}
    path = path_of(run.about.id)
    # Escaped, since a name may hold half a surrogate pair, which is no UTF-8.
    write_sealed(path, json.dumps(fields).encode("ascii"), durable=True)
    return path


def read_run(run_id: str, name: str = "") -> Run:
    """Reads the file of a run; name: how a person calls the run.

    Raises ShopsimError if there is no such file, or if it is damaged. The file stays as it is.
    """
    path, name = path_of(run_id), name or run_id
    data = read_whole(path)
    if data is None:
        raise ShopsimError(f"The file of the run '{name}' is missing or cannot be read: '{path}'; other runs are not.")
    content = without_seal(data, path.name)
    if content is None:
        raise ShopsimError(
            f"The file of the run '{name}' is damaged, since its checksum is wrong: '{path}'; put a copy back, or "
            "remove the run. No other run is touched."
        )
    try:
        found = record(parsed(content.tobytes()), _File)
    except (ValueError, ShopsimError) as error:
        raise ShopsimError(
            f"The file of the run '{name}' was written by another version of shopsim: '{path}' ({error})."
        ) from None
    photos, groups = Photos(found.image_ids, found.digests, found.models), np.array(found.groups, np.int64)
    return Run(found.about, photos, groups, Statements(found.together, found.apart))
