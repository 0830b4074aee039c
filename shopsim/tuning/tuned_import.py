"""Tuned settings that come from elsewhere: read, checked, and only then kept; and kept ones removed."""

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
    """Keep the settings in a zip that anybody may have made; the name they are kept under.

    What is kept is written anew from what was read. Raises ShopsimError if it holds no sound settings.
    """
    with temporary_folder() as place:
        folder = place / "settings"
        unpack_zip(data_file, folder, _LIMITS, _KIND)
        return keep_folder(folder)


def keep_folder(place: Path) -> str:
    """Keep the settings in a folder, a settings.json or a zip; the name they are kept under. Raises ShopsimError."""
    if place.suffix.lower() == ".zip":
        return keep_zip(place)
    settings = load_settings(place.absolute())
    check_settings(settings)
    if settings.name in names():
        # What was found here is not replaced by what somebody's file says of the same settings.
        known = load_settings(settings.name)
        settings = replace(settings, scores={**settings.scores, **known.scores})
    save_settings(settings)
    return settings.name


def remove_settings(name: str) -> None:
    """Remove settings kept under that name, and nothing else. Raises ShopsimError if the system refuses."""
    if name not in names():
        return
    folder = tuned_dir() / name
    try:
        # First what makes them settings, so that half of them is none.
        (folder / SETTINGS_NAME).unlink(missing_ok=True)
        for path in folder.glob("*.npy"):
            path.unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()
    except OSError as error:
        raise ShopsimError(f"Cannot remove '{folder}': {error.strerror or error}.") from None


def check_settings(settings: TunedSettings) -> None:
    """Raises ShopsimError if they name an extractor that this program does not know, as only a made-up file does.

    The names become parts of files' names, so unknown ones must not be kept.
    """
    for use in settings.extractors:
        if use.name != OWN_VECTORS:
            extractors.entry(use.name)
    if len(settings.members) > _MOST_MEMBERS:
        raise ShopsimError(f"The settings have {len(settings.members):,} members; at most {_MOST_MEMBERS:,} are read.")
