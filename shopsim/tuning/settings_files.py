"""Tuned settings on disk: a folder with a readable settings.json and its arrays, which can be copied anywhere."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from shopsim.base.disk.array_files import read_array
from shopsim.base.disk.files import sync_folders, write_bytes
from shopsim.base.disk.moving import settle
from shopsim.base.disk.records import parsed
from shopsim.base.disk.store import save_array
from shopsim.base.disk.written_together import written_together
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import as_on_disk, home_dir, is_file, is_folder
from shopsim.tuning.settings import TunedSettings
from shopsim.tuning.settings_json import arrays_of, from_dict, to_dict

SETTINGS_NAME = "settings.json"
_MOST_BYTES = 50 * 2**20
_LARGEST = 1e12


def tuned_dir() -> Path:
    """The folder in which each tuned settings have a folder of their own."""
    return home_dir() / "tuned"


def save_settings(settings: TunedSettings, folder: Path | None = None) -> Path:
    """Writes the settings into a folder, by default one of their name in `tuned_dir()`. Returns the folder.

    All files are new or, when this fails, none is. Raises ShopsimError if the disk refuses.
    """
    folder = tuned_dir() / settings.name if folder is None else folder
    known = _known(folder, settings)
    if known is not None:
        comparison = settings.comparison or known.comparison
        settings = replace(settings, scores={**known.scores, **settings.scores}, comparison=comparison)
    with written_together(folder) as new:
        for name, array in arrays_of(settings).items():
            save_array(new / f"{name}.npy", array, durable=True)
        write_bytes(new / SETTINGS_NAME, _json_of(settings), durable=True)
    sync_folders(folder, folder.parent)
    return folder


def _known(folder: Path, settings: TunedSettings) -> TunedSettings | None:
    """The same settings as they were saved before, so that the long check on held-out models is not lost."""
    try:
        known = load_settings(folder)
    except ShopsimError:
        return None
    return known if known.digest == settings.digest else None


def load_settings(place: str | Path) -> TunedSettings:
    """The settings in a folder, in its settings.json, or under a name in `tuned_dir()`.

    Raises ShopsimError if there are none, or they cannot be read.
    """
    folder = find_settings(place)
    if folder is None:
        known = ", ".join(sorted(names())) or "none"
        raise ShopsimError(f"'{place}' holds no tuned settings (a folder with {SETTINGS_NAME}). Kept here: {known}.")
    settle(folder)
    path = folder / SETTINGS_NAME
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ShopsimError(f"'{path}' is larger than {_MOST_BYTES // 2**20} MB, which no tuned settings are.")
        values = parsed(path.read_bytes())
    except OSError as error:
        raise ShopsimError(f"Cannot read '{path}': {error.strerror or error}.") from None
    except ValueError:
        raise ShopsimError(f"'{path}' is no JSON file.") from None
    return from_dict(values, _arrays(folder), str(path))


def find_settings(place: str | Path) -> Path | None:
    """The folder of the settings, or None if the place holds none."""
    try:
        path = Path(place).expanduser()
    except RuntimeError:  # '~someone', who is not known here.
        return None
    if path.name == SETTINGS_NAME:
        path = path.parent
    # Only a bare name: a mistyped path must not lead to other settings of that name.
    kept = [tuned_dir() / path.name] if str(place) == path.name else []
    for folder in map(as_on_disk, (path, *kept)):
        if is_folder(folder) and is_file(folder / SETTINGS_NAME):
            return folder
    return None


def names() -> list[str]:
    """Names of the settings kept in `tuned_dir()`, the newest first."""
    saved: dict[str, float] = {}
    for path in tuned_dir().glob(f"*/{SETTINGS_NAME}"):
        with suppress(OSError):  # Somebody may be removing them.
            saved[path.parent.name] = path.stat().st_mtime
    # Hidden folders are still being written.
    return sorted((name for name in saved if name[0] != "."), key=lambda name: -saved[name])


def zip_of(settings: TunedSettings) -> bytes:
    """The folder as a zip that can be sent elsewhere."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{settings.name}/{SETTINGS_NAME}", _json_of(settings))
        for name, array in arrays_of(settings).items():
            with packed.open(f"{settings.name}/{name}.npy", "w") as file:
                np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
    return data.getvalue()


def _json_of(settings: TunedSettings) -> bytes:
    text = json.dumps(to_dict(settings), indent=1, ensure_ascii=False)
    # A folder name that is no UTF-8 has lone surrogates, which JSON writes as escapes.
    return text.encode("utf-8", "backslashreplace")


def _arrays(folder: Path) -> dict[str, np.ndarray]:
    found = {}
    for path in sorted(folder.glob("*.npy")):
        array = read_array(path)
        # Numbers far beyond any fitted one would overflow.
        if array.dtype.kind != "f" or not (np.abs(array.astype(np.longdouble)) <= _LARGEST).all():
            raise ShopsimError(f"Cannot read '{path}' as an array of finite numbers.")
        found[path.stem] = array
    return found
