"""What lies in a folder, and the digest and soundness of each photo, remembered by path, size and time."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from shopsim import ShopsimError
from shopsim.atomic import write_bytes
from shopsim.images import IMAGE_SUFFIXES, check_image
from shopsim.progress import Progress

# Raised when `check_image` learns to see more, so that old verdicts are not trusted.
_VERDICT_VERSION = 1
# A file younger than this may change again within the file system's clock tick.
_YOUNG_NS = 2_000_000_000
_SAVE_EVERY_S = 10.0
_SYSTEM_NAMES = {".ds_store", "thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file below the folder; name: relative path with '/'."""

    name: str
    path: Path
    size: int
    mtime_ns: int

    @property
    def is_photo(self) -> bool:
        """Whether the suffix, in any case, is one of a supported format."""
        return self.path.suffix.lower() in IMAGE_SUFFIXES and not self.path.name.startswith("._")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Digest of a photo's bytes and, if it cannot be used, why not."""

    digest: str
    problem: str = ""


def list_files(folder: Path) -> list[FoundFile]:
    """Every file below the folder, sorted by name; hidden folders and files of the system are passed over."""
    found: list[FoundFile] = []
    pending = [(folder, "")]
    while pending:
        where, prefix = pending.pop()
        try:
            entries = list(os.scandir(where))
        except OSError as error:
            raise ShopsimError(f"Cannot list the folder '{where}': {error.strerror}.") from None
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and entry.name != "__MACOSX":
                    pending.append((Path(entry.path), f"{prefix}{entry.name}/"))
            elif entry.name.lower() not in _SYSTEM_NAMES:
                found.append(_found(entry, prefix))
    return sorted(found, key=lambda file: file.name)


def folder_state(files: Iterable[FoundFile]) -> str:
    """A digest that changes when a file is added, changed or deleted."""
    state = hashlib.blake2b(digest_size=16)
    for file in files:
        state.update(f"{file.name}|{file.size}|{file.mtime_ns}\n".encode("utf-8", "surrogatepass"))
    return state.hexdigest()


def file_digest(path: Path) -> str:
    """32 hexadecimal digits of the file's bytes. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def judge(folder: Path, files: list[FoundFile], cache: Path, progress: Progress) -> dict[str, Verdict]:
    """The verdict on each photo by name; only new and changed ones are read, in threads.

    What was judged when the work stops half-way is remembered.
    """
    memory = cache / "digests" / f"{hashlib.blake2b(str(folder.resolve()).encode(), digest_size=16).hexdigest()}.json"
    known = _recall(memory)
    verdicts: dict[str, Verdict] = {}
    missing: list[FoundFile] = []
    for file in files:
        entry = known.get(file.name)
        if entry and entry[:2] == [file.size, file.mtime_ns]:
            verdicts[file.name] = Verdict(entry[2], entry[3])
        else:
            missing.append(file)
    if not missing:
        return verdicts
    saved = time.monotonic()
    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for file, verdict in zip(missing, pool.map(_look, missing, chunksize=1), strict=True):
                verdicts[file.name] = verdict
                if len(verdicts) % 50 == 0:
                    _report(progress, verdicts, files, pool)
                if time.monotonic() - saved > _SAVE_EVERY_S:
                    _remember(memory, files, verdicts)
                    saved = time.monotonic()
    finally:
        _remember(memory, files, verdicts)
    return verdicts


def _report(progress: Progress, verdicts: dict[str, Verdict], files: list[FoundFile], pool: ThreadPoolExecutor) -> None:
    try:
        progress(len(verdicts), len(files))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _found(entry: os.DirEntry[str], prefix: str) -> FoundFile:
    try:
        stat = entry.stat()
        size, mtime_ns = stat.st_size, stat.st_mtime_ns
    except OSError:
        # A dangling link, or deleted a moment ago: reading it says so.
        size, mtime_ns = -1, -1
    return FoundFile(prefix + entry.name, Path(entry.path), size, mtime_ns)


def _look(file: FoundFile) -> Verdict:
    try:
        digest = file_digest(file.path)
    except OSError as error:
        return Verdict("", f"cannot be read: {error.strerror}")
    try:
        check_image(file.path)
    except ShopsimError as error:
        return Verdict(digest, str(error))
    return Verdict(digest)


def _recall(memory: Path) -> dict[str, list]:
    try:
        content = json.loads(memory.read_bytes())
        return content["files"] if content["version"] == _VERDICT_VERSION else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _remember(memory: Path, files: list[FoundFile], verdicts: dict[str, Verdict]) -> None:
    settled = time.time_ns() - _YOUNG_NS
    rows = {
        file.name: [file.size, file.mtime_ns, verdicts[file.name].digest, verdicts[file.name].problem]
        for file in files
        if file.name in verdicts and verdicts[file.name].digest and file.mtime_ns < settled
    }
    memory.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(memory, json.dumps({"version": _VERDICT_VERSION, "files": rows}).encode())
