"""Tuned settings from elsewhere are read and checked before they are kept; kept ones can be removed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from shopsim.base.disk.temporary import temporary_folder
from shopsim.base.errors import ShopsimError
from shopsim.catalog.zips.zip_entries import Kind, Limits
from shopsim.catalog.zips.zips import unpack_zip
from shopsim.features.extractors import extractors
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.tuning.settings import TunedSettings
from shopsim.tuning.settings_files import SETTINGS_NAME, load_settings, names, save_settings, tuned_dir

# Arrays of some MB for each space and extractor.
_LIMITS = Limits(n_files=500, n_bytes=512 << 20, file_bytes=64 << 20)
_MOST_MEMBERS = 1000
_KIND = Kind(
    takes=lambda name: name == SETTINGS_NAME or name.endswith(".npy"),
    refusal=f"it is neither {SETTINGS_NAME} nor an array",
    needed=lambda name: name == SETTINGS_NAME,
    what="tuned settings",
    advice=f"pack a folder with its {SETTINGS_NAME} and arrays",
)


def keep_zip(data_file: str | Path | BinaryIO) -> str:
    """Keeps the settings in a zip that anybody may have made. Returns the name they are kept under.

    The files are written anew from the values that were read. Raises ShopsimError if the zip holds no sound settings.
    """
    with temporary_folder() as place:
        folder = place / "settings"
        unpack_zip(data_file, folder, _LIMITS, _KIND)
        return keep_folder(folder)


def keep_folder(place: Path) -> str:
    """Keeps the settings in a folder, a settings.json or a zip. Returns their name. Raises ShopsimError as `keep_zip`
    does.
    """
    if place.suffix.lower() == ".zip":
        return keep_zip(place)
    settings = load_settings(place.absolute())
    check_settings(settings)
    if settings.name in names():
        # Scores that were found here are not replaced by those in somebody's file.
        known = load_settings(settings.name)
        comparison = known.comparison or settings.comparison
        settings = replace(settings, scores={**settings.scores, **known.scores}, comparison=comparison)
    save_settings(settings)
    return settings.name


def remove_settings(name: str) -> None:
    """Removes the settings kept under that name, and nothing else. Raises ShopsimError if the system refuses."""
    if name not in names():
        return
    folder = tuned_dir() / name
    try:
        # The settings.json goes first, so that half a folder is no settings.
        (folder / SETTINGS_NAME).unlink(missing_ok=True)
        for path in folder.glob("*.npy"):
            path.unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()
    except OSError as error:
        raise ShopsimError(f"Cannot remove '{folder}': {error.strerror or error}.") from None


def check_settings(settings: TunedSettings) -> None:
    """Raises ShopsimError if the settings name an extractor that this program does not know.

    Names become parts of file names, so settings with unknown names must not be kept.
    """
    for use in settings.extractors:
        if use.name != OWN_VECTORS:
            extractors.entry(use.name)
    if len(settings.members) > _MOST_MEMBERS:
        raise ShopsimError(f"The settings have {len(settings.members):,} members; at most {_MOST_MEMBERS:,} are read.")
