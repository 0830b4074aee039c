"""Keeps the digest and soundness of each photo by path, size and time of change."""

from __future__ import annotations

import hashlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shopsim.base.disk.records import parsed, record
from shopsim.base.disk.sealed import SEALED, read_sealed, write_sealed
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import links_followed
from shopsim.base.work.cores import usable_cores
from shopsim.base.work.progress import Progress
from shopsim.catalog.catalog import Problem
from shopsim.catalog.photos.images import check_image
from shopsim.catalog.photos.unreadable import RefusedPhotoError
from shopsim.catalog.scan import FoundFile, file_digest

# Raise this number if `check_image` finds more kinds of damage: old verdicts are then not used.
_VERSION = 4
# A file that changed this shortly before it was read may change again within the same time stamp.
_YOUNG_NS = 2_000_000_000
_SAVE_EVERY_S = 10.0
_REPORT_EVERY = 50
# Size, time of change, digest, problem and note.
_Entry = tuple[int, int, Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")], str, str]


class _Memory(msgspec.Struct):
    version: int
    files: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Describes the result of the check of a photo.

    digest: of its bytes, '' if they cannot be read just now. problem: why it cannot be used, '' if it can. note: the
    damage in a photo that can be used.
    """

    digest: str
    problem: str = ""
    note: str = ""


def damaged_but_read(name: str, verdict: Verdict) -> Problem:
    """Returns the problem to list for a damaged photo that is used."""
    return Problem(name, f"read, but damaged: {verdict.note}", left_out=False)


def judge(folder: Path, files: list[FoundFile], cache: Path, progress: Progress) -> dict[str, Verdict]:
    """Returns the verdict on each photo by name; only new and changed photos are read, in threads.

    Verdicts are kept even if the work stops half-way.
    """
    place = hashlib.blake2b(os.fsencode(links_followed(folder)), digest_size=16).hexdigest()
    memory = cache / "digests" / f"{place}{SEALED}.json"
    known = _recall(memory)
    verdicts: dict[str, Verdict] = {}
    missing: list[FoundFile] = []
    for file in files:
        entry = known.get(file.spelling)
        if file.obstacle:
            verdicts[file.name] = Verdict("", file.obstacle)
        elif entry and entry[:2] == (file.size, file.mtime_ns):
            verdicts[file.name] = Verdict(*entry[2:])
        else:
            missing.append(file)
    if missing:
        _look_at_all(missing, files, verdicts, memory, progress)
    return verdicts


def _look_at_all(
    missing: list[FoundFile], files: list[FoundFile], verdicts: dict[str, Verdict], memory: Path, progress: Progress
) -> None:
    """Adds the verdict on every missing photo; reports and saves now and then."""
    started = time.time_ns()
    saved = time.monotonic()
    pool = ThreadPoolExecutor(usable_cores())
    try:
        progress(len(verdicts), len(files))
        for file, verdict in zip(missing, pool.map(_look, missing), strict=True):
            verdicts[file.name] = verdict
            if len(verdicts) % _REPORT_EVERY == 0 or len(verdicts) == len(files):
                progress(len(verdicts), len(files))
            if time.monotonic() - saved > _SAVE_EVERY_S:
                _remember(memory, files, verdicts, started)
                saved = time.monotonic()
    finally:
        pool.shutdown(cancel_futures=True)
        _remember(memory, files, verdicts, started)


def _look(file: FoundFile) -> Verdict:
    try:
        digest = file_digest(file.path)
    except OSError as error:
        return Verdict("", f"cannot be read: {error.strerror}")
    try:
        note = check_image(file.path)
    except ShopsimError as error:
        return Verdict("" if _may_pass(error.__cause__) else digest, str(error))
    return Verdict(digest, note=note)


def _may_pass(error: BaseException | None) -> bool:
    """Says whether the same photo may be readable later: there was no memory, or no answer from the disk."""
    if isinstance(error, RefusedPhotoError):
        return error.passes
    # Pillow's errors on damaged files have no error number of the system.
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno is not None)


def _recall(memory: Path) -> dict[str, _Entry]:
    """Reads what is remembered of each photo, by its name on disk; a malformed entry counts as never judged."""
    kept = read_sealed(memory)
    if kept is None:
        return {}
    try:
        content = record(parsed(kept.tobytes()), _Memory)
    except (ValueError, ShopsimError):
        return {}
    found = {}
    for name, entry in content.files.items() if content.version == _VERSION else ():
        with suppress(ShopsimError):
            found[name] = record(entry, _Entry)
    return found


def _remember(memory: Path, files: list[FoundFile], verdicts: dict[str, Verdict], started: int) -> None:
    """Saves the verdicts, except on files that changed at about the time `started` (ns) of the reading."""
    now = time.time_ns()
    rows = {}
    for file in files:
        verdict = verdicts.get(file.name)
        young = started - _YOUNG_NS <= file.mtime_ns <= now + _YOUNG_NS
        if verdict and verdict.digest and not young:
            rows[file.spelling] = [file.size, file.mtime_ns, verdict.digest, verdict.problem, verdict.note]
    write_sealed(memory, json.dumps({"version": _VERSION, "files": rows}).encode())
