"""Limits how much of a zip may be written: no more than its size makes likely, and never all of the free disk."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from shopsim.base.errors import DiskRefusedError, ShopsimError
from shopsim.catalog.zips.zip_entries import Limits, PackedFile

# Others write to the disk meanwhile; asking the system takes some microseconds.
_LOOK_AGAIN = 16 << 20
# What common file systems take for a file of one byte, or a folder.
_BLOCK = 4096


class Budget:
    """How much one archive may still write.

    place: the folder it is unpacked below; n_packed: bytes of the whole archive. What its entries claim to take in it
    is not asked, since many may lie in the same bytes.
    """

    def __init__(self, place: Path, n_packed: int, limits: Limits, name: str) -> None:
        self._place = next(folder for folder in (place, *place.absolute().parents) if folder.exists())
        self._n_packed, self._limits, self._name = n_packed, limits, name
        self._written = self._looked_at = 0

    def check(self, files: Sequence[PackedFile]) -> None:
        """Raises ShopsimError if the files, by the sizes they claim, are more than may be written."""
        folders = {file.parts[:depth] for file in files for depth in range(1, len(file.parts))}
        if len(folders) > self._limits.n_files:
            most = self._limits.n_files
            raise ShopsimError(f"'{self._name}' holds {len(folders):,} folders; at most {most:,} are unpacked.")
        sizes = [file.entry.file_size for file in files]
        self._check_size(sum(sizes))
        on_disk = _BLOCK * (len(folders) + sum(-(-size // _BLOCK) for size in sizes))
        self._check_ratio(on_disk)
        self._check_disk(on_disk)

    def spend(self, n_bytes: int) -> None:
        """Count bytes that were unpacked, whatever was claimed. Raises ShopsimError as `check` does."""
        self._written += n_bytes
        self._check_size(self._written)
        self._check_ratio(self._written)
        if self._written - self._looked_at > _LOOK_AGAIN:
            self._looked_at = self._written
            self._check_disk(0)

    def _check_size(self, total: int) -> None:
        most = self._limits.n_bytes
        if total > most:
            raise ShopsimError(f"'{self._name}' unpacks to {total:,} bytes; at most {most:,} are unpacked.")

    def _check_ratio(self, total: int) -> None:
        free_of_it, ratio = self._limits.total_from, self._limits.total_ratio
        if total > max(free_of_it, ratio * self._n_packed):
            times = total / max(1, self._n_packed)
            raise ShopsimError(
                f"'{self._name}' would take {total:,} bytes of disk, {times:,.0f} times its own size, as no photos do; "
                f"above {free_of_it:,} bytes at most {ratio:g} times its size is unpacked."
            )

    def _check_disk(self, total: int) -> None:
        """total: bytes still to be written."""
        disk = shutil.disk_usage(self._place)
        spare = min(self._limits.spare_bytes, int(self._limits.spare_share * disk.total))
        if total > disk.free - spare:
            raise DiskRefusedError(
                f"'{self._name}' needs {total or self._written:,} bytes of disk; {disk.free:,} are free at "
                f"'{self._place}', of which {spare:,} stay free. Delete something there first."
            )
