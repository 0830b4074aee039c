"""Chooses the entries of a zip archive that are photos or tables, and says why the others are left out."""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from shopsim.base.errors import ShopsimError
from shopsim.catalog.labels.label_files import LABEL_NAMES
from shopsim.catalog.photos.formats import IMAGE_SUFFIXES, START_BYTES, format_of, has_no_suffix
from shopsim.catalog.zips.zip_names import ZipNames, collision_key, is_hidden, path_parts

_PATHS_NAME = "img_paths.txt"
TABLE_NAMES = frozenset({"catalog.csv", "models.csv", _PATHS_NAME, *LABEL_NAMES})

_ARCHIVE_SUFFIXES = {".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".egg"}
# LZMA may ask for gigabytes of memory before the first byte.
COMPRESSIONS = (ZIP_STORED, ZIP_DEFLATED)
_ENCRYPTED_FLAG = 0x1
# What zipfile was seen to raise on damaged archives.
ZIP_ERRORS = (BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError)
_MOST_SHOWN = 200


@dataclass(frozen=True)
class Limits:
    """The limits that tell a zip of photos from a zip bomb.

    n_files: entries of any kind, and folders they lie in. n_bytes: all kept files together, unpacked.
    file_bytes: one file, unpacked.
    ratio: unpacked to packed size of one file, asked only above `ratio_from` bytes, since a blank BMP packs well.
    total_ratio: the same of all kept files and the whole archive, asked only above `total_from` bytes. JPEG and PNG do
    not pack at all, tables and drawings as BMP up to 20 times. The smaller of spare_bytes and spare_share (of the
    disk) stays free.
    """

    n_files: int = 50_000
    n_bytes: int = 8 << 30
    file_bytes: int = 256 << 20
    ratio: float = 200.0
    ratio_from: int = 32 << 20
    total_ratio: float = 20.0
    total_from: int = 64 << 20
    spare_bytes: int = 1 << 30
    spare_share: float = 0.05


@dataclass(frozen=True)
class Kind:
    """What an archive is opened for, by the names of its files.

    takes: whether a file is kept; refusal: why one is not. needed: without such a file the archive is refused as
    one without `what`; advice: how to make a right one.
    """

    takes: Callable[[str], bool]
    refusal: str
    needed: Callable[[str], bool]
    what: str
    advice: str


@dataclass(frozen=True)
class LeftOut:
    """A file of the archive that was not unpacked, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class PackedFile:
    """An entry to be written.

    name: as in the archive, for a page; parts: where to, below the folder; is_photo: by its content, not its name.
    """

    entry: ZipInfo
    name: str
    parts: tuple[str, ...]
    is_photo: bool = False


def is_photo(name: str) -> bool:
    """Whether a file's name is that of a photo."""
    return Path(name).suffix.lower() in IMAGE_SUFFIXES


def _belongs(name: str) -> bool:
    """Whether a file is a photo, tells of photos, or may hold their vectors."""
    return is_photo(name) or name.lower() in TABLE_NAMES or name.lower().endswith(".npy")


PHOTOS = Kind(
    takes=_belongs,
    refusal="it is not a photo of a supported format",
    # Vectors need no photos, but the paths of some.
    needed=lambda name: is_photo(name) or name.lower() == _PATHS_NAME,
    what="photo",
    advice="pack the folder that your photos are in",
)


def choose_files(
    archive: ZipFile,
    limits: Limits,
    name: str,
    problems: list[LeftOut],
    kind: Kind = PHOTOS,
    names: ZipNames | None = None,
) -> list[PackedFile]:
    """The entries to be written, by these names; those that people should hear of go to `problems`."""
    entries = archive.infolist()
    if len(entries) > limits.n_files:
        raise ShopsimError(f"'{name}' holds {len(entries):,} files; at most {limits.n_files:,} are unpacked.")
    names = names or ZipNames(entries)
    chosen: dict[str, PackedFile] = {}
    folders: set[str] = set()
    for entry in entries:
        shown = names.of(entry)
        try:
            parts = path_parts(shown)
            if shown.endswith("/") or not parts or is_hidden(parts):
                continue
            seen = kind is PHOTOS and has_no_suffix(parts[-1]) and _begins_as_photo(archive, entry)
            _check_kind(entry, parts[-1], kind, seen)
            _check_size(entry, limits)
            above = {collision_key(parts[:depth]) for depth in range(1, len(parts))}
            key = collision_key(parts)
            if key in chosen:
                raise ValueError(f"its name is that of '{chosen[key].name}', or differs in case only")
            if key in folders or above & chosen.keys():
                raise ValueError("its name is that of a folder and of a file")
        except ValueError as reason:
            problems.append(LeftOut(_printable(shown), str(reason)))
            continue
        chosen[key] = PackedFile(entry, _printable(shown), parts, seen)
        folders |= above
    return list(chosen.values())


def _begins_as_photo(archive: ZipFile, entry: ZipInfo) -> bool:
    """Whether the content of an entry begins as a photo does; one that cannot be read is refused for what it is."""
    if entry.compress_type not in COMPRESSIONS or entry.flag_bits & _ENCRYPTED_FLAG:
        return False
    try:
        with archive.open(entry) as packed:
            return format_of(packed.read(START_BYTES)) is not None
    except ZIP_ERRORS:
        return False


def _check_kind(entry: ZipInfo, file_name: str, kind: Kind, is_kind: bool) -> None:
    """Raises ValueError, with the reason, for anything but a plain file of that kind, by name or by content."""
    suffix = Path(file_name).suffix.lower()
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise ValueError("it is a link or a device, not a file")
    if suffix in _ARCHIVE_SUFFIXES:
        raise ValueError("archives within the archive are not opened")
    if not is_kind and not kind.takes(file_name):
        raise ValueError(kind.refusal)
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise ValueError("it is encrypted; pack it without a password")
    if entry.compress_type not in COMPRESSIONS:
        raise ValueError("its compression is not supported; pack it with plain Deflate")


def _check_size(entry: ZipInfo, limits: Limits) -> None:
    """Raises ValueError, with the reason, by what the entry claims; zipfile never gives more than it claims."""
    if entry.file_size > limits.file_bytes:
        raise ValueError(f"it is larger than {limits.file_bytes:,} bytes")
    if entry.file_size > max(limits.ratio_from, limits.ratio * entry.compress_size):
        raise ValueError(f"it unpacks to more than {limits.ratio:g} times its size, as no photo does")


def without_common_folder(files: list[PackedFile]) -> list[PackedFile]:
    """The files without the folder that holds them all, as most programs pack one: tables must lie at the top."""
    if any(len(file.parts) == 1 for file in files) or len({file.parts[0] for file in files}) != 1:
        return files
    return [replace(file, parts=file.parts[1:]) for file in files]


def _printable(name: str) -> str:
    """The name for a page: no control characters, not endless."""
    shown = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
