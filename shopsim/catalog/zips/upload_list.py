"""Lists the uploaded catalogues with their size on disk, and deletes one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from shopsim.base.disk.clearing import clear_folder
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import uploads_dir
from shopsim.catalog.zips.zip_entries import is_photo


@dataclass(frozen=True)
class Upload:
    """A folder in `workspace/uploads`. uploaded: seconds since 1970."""

    folder: Path
    uploaded: float
    n_photos: int
    n_bytes: int


def upload_folders() -> list[Path]:
    """Returns the folders of all uploads, the latest first; without links and without zips still being unpacked."""
    try:
        with os.scandir(uploads_dir()) as entries:
            kept = [entry for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name[0] != "."]
            return [Path(entry.path) for entry in sorted(kept, key=lambda entry: (-entry.stat().st_mtime, entry.name))]
    except OSError:  # None yet, or one was deleted just now.
        return []


def describe_upload(folder: Path) -> Upload:
    """Counts what lies in the upload; follows no link, and leaves out what others delete meanwhile."""
    n_photos = n_bytes = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                n_bytes += (Path(place) / name).lstat().st_size
            except OSError:
                continue
            n_photos += is_photo(name)
    return Upload(folder, folder.lstat().st_mtime, n_photos, n_bytes)


def delete_upload(name: str) -> None:
    """Deletes the upload of that name and nothing else: links in it are removed, not followed.

    Raises ShopsimError if there is none, or if the disk refuses.
    """
    folder = next((folder for folder in upload_folders() if folder.name == name), None)
    if folder is None:
        raise ShopsimError(f"There is no upload '{name}'; it may have been deleted just now.")
    clear_folder(folder)
