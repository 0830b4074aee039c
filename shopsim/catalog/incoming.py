"""Takes in photos and zips that somebody sends, into a folder of the cache that may be deleted at any time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.records import parsed
from shopsim.base.disk.unfinished_folder import unfinished_folder
from shopsim.base.errors import DiskRefusedError, ShopsimError
from shopsim.catalog.catalog import Problem
from shopsim.catalog.photos.formats import START_BYTES, format_of, has_no_suffix
from shopsim.catalog.zips.zip_budget import Budget
from shopsim.catalog.zips.zip_entries import Limits, is_photo
from shopsim.catalog.zips.zip_names import path_parts
from shopsim.catalog.zips.zips import unpack_zip

KIND = "incoming"
"""The folder of the cache."""
KEPT_S = 24 * 3600.0
"""Photos that nobody has sent again for so long are removed when others arrive."""
_CHUNK = 1 << 20
_LEFT_OUT = "left-out.json"

Sent = tuple[str, BinaryIO]


def take_in(files: Sequence[Sent], cache: Path, limits: Limits | None = None) -> tuple[Path, tuple[Problem, ...]]:
    """Returns the folder that holds these photos and the unpacked zips, and the files left out, each with its reason.

    files: (name, file open for reading bytes). The folder appears only when complete; the same files have the same
    folder, which is not written again. Names of photos may be paths; the same name again gets a number.
    A zip that `unpack_zip` refuses is left out whole. Raises ShopsimError beyond a limit of all files together, or if
    the disk refuses.
    """
    limits, root = limits or Limits(), cache / KIND
    if len(files) > limits.n_files:
        raise ShopsimError(f"{len(files):,} files were sent; at most {limits.n_files:,} are taken at once.")
    folder = root / _digest(files)
    report = root / f"{folder.name}-{_LEFT_OUT}"
    if folder.is_dir():
        for kept in (folder, report):
            with suppress(OSError):
                os.utime(kept)
        return folder, _kept_report(report)
    _remove_old(root)
    try:
        with unfinished_folder(root) as unfinished:
            left_out = _write_all(files, unfinished, limits)
            _keep_report(report, left_out)
            _appear(unfinished, folder)
    except OSError as error:
        raise ShopsimError(f"Cannot write '{folder}': {why_refused(error, folder)}.") from error
    return folder, left_out


def _appear(unfinished: Path, folder: Path) -> None:
    try:
        unfinished.rename(folder)
    except OSError:
        if not folder.is_dir():  # Else somebody sent the same files at the same time.
            raise


def _digest(files: Sequence[Sent]) -> str:
    known = hashlib.blake2b(digest_size=16)
    for name, file in files:
        file.seek(0)
        content = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
        known.update(f"{len(name)}:{name}{content}".encode("utf-8", "surrogatepass"))
        file.seek(0)
    return known.hexdigest()


def _write_all(files: Sequence[Sent], folder: Path, limits: Limits) -> tuple[Problem, ...]:
    loose = [(name, file) for name, file in files if not name.lower().endswith(".zip")]
    size = sum(file.seek(0, os.SEEK_END) for _, file in loose)
    budget, problems = Budget(folder, size, limits, "the files sent"), []
    for name, file in files:
        file.seek(0)
        if name.lower().endswith(".zip"):
            problems += _write_zip(name, file, folder, limits)
        elif reason := _write_photo(name, file, folder, budget):
            problems.append(Problem(name, reason))
    return tuple(problems)


def _write_zip(name: str, file: BinaryIO, folder: Path, limits: Limits) -> list[Problem]:
    """Returns what is left out of a zip; of a zip that cannot be used, the zip itself."""
    try:
        report = unpack_zip(file, _free(folder / _parts(name)[-1].removesuffix(".zip")), limits)
    except DiskRefusedError:
        raise
    except (ShopsimError, ValueError) as error:
        return [Problem(name, str(error))]
    return [Problem(one.name, one.reason) for one in report.problems]


def _write_photo(name: str, file: BinaryIO, folder: Path, budget: Budget) -> str:
    """Returns why the file is left out, '' if it is written."""
    try:
        parts = _parts(name)
    except ValueError as error:
        return str(error)
    start = file.read(START_BYTES)
    file.seek(0)
    if not is_photo(parts[-1]) and not (has_no_suffix(parts[-1]) and format_of(start) is not None):
        return "it is not a photo of a supported format"
    target = _free(folder.joinpath(*parts))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        while chunk := file.read(_CHUNK):
            budget.spend(len(chunk))
            out.write(chunk)
    return ""


def _parts(name: str) -> tuple[str, ...]:
    """Returns the folders and the file of a name. Raises ValueError with the reason for a name that leads elsewhere."""
    parts = path_parts(name.replace("\\", "/"))
    if not parts or parts[-1].startswith("."):
        raise ValueError("it is a hidden file")
    return parts


def _free(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free


def _keep_report(path: Path, problems: Sequence[Problem]) -> None:
    write_bytes(path, json.dumps([[problem.name, problem.reason] for problem in problems]).encode())


def _kept_report(path: Path) -> tuple[Problem, ...]:
    try:
        return tuple(Problem(str(name), str(reason)) for name, reason in parsed(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return ()  # Somebody is clearing the cache.


def _remove_old(root: Path) -> None:
    with suppress(OSError):
        for path in list(root.iterdir()):
            if not path.name.startswith(".") and time.time() - path.stat().st_mtime > KEPT_S:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
