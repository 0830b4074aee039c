"""Unpacks a zip of photos that anybody may have made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.files import sync_folders, sync_tree
from shopsim.base.disk.unfinished_folder import unfinished_folder
from shopsim.base.errors import DiskRefusedError, ShopsimError
from shopsim.base.text.text_reading import decode_text, is_marked
from shopsim.catalog.zips.zip_budget import Budget
from shopsim.catalog.zips.zip_entries import (
    COMPRESSIONS,
    PHOTOS,
    TABLE_NAMES,
    ZIP_ERRORS,
    Kind,
    LeftOut,
    Limits,
    PackedFile,
    choose_files,
    without_common_folder,
)
from shopsim.catalog.zips.zip_names import ZipNames

_CHUNK = 1 << 20
# Generous for one entry in the archive's list: 46 bytes, the name and some attributes.
_ENTRY_BYTES = 512
# Of all tables that are looked into for names before anything is unpacked.
_MOST_TABLE_BYTES = 16 << 20


@dataclass(frozen=True)
class UnpackReport:
    """How many files were written, and which were left out; told: in what encoding names were read, '' in UTF-8."""

    n_written: int
    problems: tuple[LeftOut, ...]
    told: str = ""


def unpack_zip(
    data_file: str | Path | BinaryIO,
    folder: str | Path,
    limits: Limits | None = None,
    kind: Kind = PHOTOS,
    encoding: str | None = None,
) -> UnpackReport:
    """Unpack the photos and tables of a zip into `folder`, which must not exist and appears only when complete.

    data_file: a path, or a file open for reading bytes, such as an upload. Kept are files of the kind, else photos, by
    the suffixes of IMAGE_SUFFIXES or by content where there is none, `.npy` and the names of TABLE_NAMES in any case;
    hidden files are passed over, everything else is listed as left out.
    A folder that holds everything is not made again. encoding: of names that do not say theirs; None finds it out.

    Raises ShopsimError, and leaves nothing behind, if the file is not a readable zip, is beyond a limit as a whole,
    or holds nothing of the kind, or if the system refuses.
    """
    folder, limits = Path(folder), limits or Limits()
    name = Path(str(getattr(data_file, "name", "the zip file") if hasattr(data_file, "read") else data_file)).name
    if folder.exists():
        raise ShopsimError(f"'{folder}' exists already; choose another name.")
    problems: list[LeftOut] = []
    try:
        with _opened(data_file, limits, name) as archive:
            names = ZipNames(archive.infolist(), encoding, lambda: _texts_of_tables(archive))
            files = without_common_folder(choose_files(archive, limits, name, problems, kind, names))
            with unfinished_folder(folder.parent) as unfinished:
                budget = Budget(folder.parent, _size(archive), limits, name)
                budget.check(files)
                written = [file for file in files if _write(archive, file, unfinished, problems, budget)]
                if not any(file.is_photo or kind.needed(file.parts[-1]) for file in written):
                    raise ShopsimError(_nothing(name, problems, kind))
                sync_tree(unfinished)
                os.replace(unfinished, folder)
            sync_folders(folder.parent)
    except OSError as error:
        raise DiskRefusedError(f"Cannot unpack '{name}' into '{folder}': {why_refused(error, folder)}.") from error
    return UnpackReport(len(written), tuple(sorted(problems, key=lambda problem: problem.name)), names.told)


def _texts_of_tables(archive: ZipFile) -> list[str]:
    """The tables of an archive that are UTF-8 or UTF-16 beyond doubt: names in them tell how others are to be read."""
    texts, left = [], _MOST_TABLE_BYTES
    for entry in archive.infolist():
        is_table = entry.filename.rpartition("/")[2].lower() in TABLE_NAMES
        if not is_table or entry.file_size > left or entry.compress_type not in COMPRESSIONS:
            continue
        left -= entry.file_size
        try:
            data = b"".join(_chunks(archive, entry))
            texts.append(decode_text(data, "table") if is_marked(data) else data.decode())
        except (_DamagedError, ShopsimError, UnicodeDecodeError):
            # Told later, where the table is unpacked and read.
            continue
    return texts


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


def _size(archive: ZipFile) -> int:
    """Bytes of the archive itself."""
    return archive.fp.seek(0, os.SEEK_END)


def _write(archive: ZipFile, file: PackedFile, folder: Path, problems: list[LeftOut], budget: Budget) -> bool:
    """Whether the file was sound and now lies below the folder. Raises ShopsimError as the budget does."""
    target = folder.joinpath(*file.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as out:
            for chunk in _chunks(archive, file.entry):
                budget.spend(len(chunk))
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
