"""Unpacks a zip of photos that anybody may have made."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from shopsim import ShopsimError
from shopsim.atomic import sweep_abandoned
from shopsim.zip_entries import (
    PHOTOS,
    ZIP_ERRORS,
    Kind,
    LeftOut,
    Limits,
    PackedFile,
    choose_files,
    without_common_folder,
)

_CHUNK = 1 << 20
# Generous for one entry in the archive's list: 46 bytes, the name and some attributes.
_ENTRY_BYTES = 512
_UNFINISHED = ".unpacking"
_ABANDONED_S = 24 * 3600


@dataclass(frozen=True)
class UnpackReport:
    """How many files were written, and which were left out."""

    n_written: int
    problems: tuple[LeftOut, ...]


def unpack_zip(
    data_file: str | Path | BinaryIO, folder: str | Path, limits: Limits | None = None, kind: Kind = PHOTOS
) -> UnpackReport:
    """Unpack the photos and tables of a zip into `folder`, which must not exist and appears only when complete.

    data_file: a path, or a file open for reading bytes, such as an upload. Kept are files of the kind, else photos, by
    the suffixes of IMAGE_SUFFIXES or by content where there is none, and the names of TABLE_NAMES in any case; hidden
    files are passed over, everything else is listed as left out.
    A folder that holds everything is not made again.

    Raises ShopsimError, and leaves nothing behind, if the file is not a readable zip, is beyond a limit as a whole,
    or holds nothing of the kind, or if the system refuses.
    """
    folder, limits = Path(folder), limits or Limits()
    name = Path(str(getattr(data_file, "name", "the zip file") if hasattr(data_file, "read") else data_file)).name
    if folder.exists():
        raise ShopsimError(f"'{folder}' exists already; choose another name.")
    unfinished = folder.parent / f".{secrets.token_hex(8)}{_UNFINISHED}"
    problems: list[LeftOut] = []
    try:
        sweep_abandoned(folder.parent, f".*{_UNFINISHED}", _ABANDONED_S)
        with _opened(data_file, limits, name) as archive:
            files = without_common_folder(choose_files(archive, limits, name, problems, kind))
            _check_total(files, limits, folder.parent, name)
            unfinished.mkdir(parents=True)
            written = [file for file in files if _write(archive, file, unfinished, problems)]
        if not any(file.is_photo or kind.needed(file.parts[-1]) for file in written):
            raise ShopsimError(_nothing(name, problems, kind))
        os.replace(unfinished, folder)
    except OSError as error:
        raise ShopsimError(f"Cannot unpack '{name}' into '{folder}': {error.strerror or error}.") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return UnpackReport(len(written), tuple(sorted(problems, key=lambda problem: problem.name)))


class _ShortReads:
    """The file behind a ZipFile, which reads its whole list of entries at once: refused if that is absurdly long."""

    def __init__(self, file: BinaryIO, n_files: int) -> None:
        self._file, self._most = file, 2 * _CHUNK + n_files * _ENTRY_BYTES
        self.seek, self.tell = file.seek, file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._most + 1 if size < 0 else min(size, self._most + 1))
        if len(data) > self._most:
            raise ShopsimError("The zip file lists too many files to be one of photos.")
        return data


@contextmanager
def _opened(data_file: str | Path | BinaryIO, limits: Limits, name: str) -> Iterator[ZipFile]:
    with ExitStack() as stack:
        file = stack.enter_context(Path(data_file).open("rb")) if isinstance(data_file, str | Path) else data_file
        try:
            archive = stack.enter_context(ZipFile(_ShortReads(file, limits.n_files)))
        except ZIP_ERRORS as error:
            raise ShopsimError(f"'{name}' is not a readable zip file; it may be damaged or cut off.") from error
        yield archive


def _check_total(files: list[PackedFile], limits: Limits, place: Path, name: str) -> None:
    total = sum(file.entry.file_size for file in files)
    if total > limits.n_bytes:
        raise ShopsimError(f"'{name}' unpacks to {total:,} bytes; at most {limits.n_bytes:,} are unpacked.")
    existing = next(folder for folder in (place, *place.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if total > free:
        raise ShopsimError(f"'{name}' unpacks to {total:,} bytes; the disk has {free:,} left.")


def _write(archive: ZipFile, file: PackedFile, folder: Path, problems: list[LeftOut]) -> bool:
    """Whether the file was sound and now lies below the folder."""
    target = folder.joinpath(*file.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as out:
            for chunk in _chunks(archive, file.entry):
                out.write(chunk)
    except _DamagedError:
        target.unlink()
        problems.append(LeftOut(file.name, "it is damaged"))
        return False
    return True


class _DamagedError(Exception):
    """An entry cannot be unpacked; not an OSError, which means that it cannot be written."""


def _chunks(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(entry) as packed:
            while chunk := packed.read(_CHUNK):
                yield chunk
    except ZIP_ERRORS as error:
        raise _DamagedError from error


def _nothing(name: str, problems: list[LeftOut], kind: Kind) -> str:
    if not problems:
        return f"'{name}' holds no {kind.what}; {kind.advice}."
    count = "1 file was" if len(problems) == 1 else f"{len(problems):,} files were"
    return f"'{name}' holds no usable {kind.what}; {count} left out, '{problems[0].name}' because {problems[0].reason}."
