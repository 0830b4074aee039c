"""The files of a catalogue that brings its own vectors: an (n, d) `.npy` with an `img_paths.txt` beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shopsim.base.disk.array_files import map_array
from shopsim.base.disk.moving import settle
from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import files_called, is_file
from shopsim.base.same_name import tidy_path, told_apart
from shopsim.base.text.csv_text import decode, read_bytes
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.labels.label_files import LABEL_NAMES
from shopsim.catalog.scan import file_at, file_digest
from shopsim.catalog.tables import MODELS_NAME

PATHS_NAME = "img_paths.txt"
_VECTORS_NAME = "features.npy"
# What is read beside the vectors.
_SIDE_NAMES = (PATHS_NAME, *LABEL_NAMES, MODELS_NAME)
# The baseline keeps these beside the vectors.
_OTHER_ARRAYS = {"labels_true.npy", "labels_pred.npy", "labels.npy"}


def find_vectors(place: Path) -> Path | None:
    """Finds the `.npy` that a path means: the file itself, or the one in a folder that has an `img_paths.txt`.

    Raises ShopsimError if a folder has an `img_paths.txt` and several candidates but no `features.npy`.
    """
    if place.suffix.lower() == ".npy" and is_file(place):
        return place
    if not files_called(place, [PATHS_NAME]):
        return None
    named = files_called(place, [_VECTORS_NAME])
    arrays = named or [path for path in place.iterdir() if path.suffix.lower() == ".npy"]
    found = sorted(path for path in arrays if path.name.lower() not in _OTHER_ARRAYS)
    if len(found) > 1:
        names = ", ".join(f"'{path.name}'" for path in found)
        raise ShopsimError(f"'{place}' has an {PATHS_NAME} but {names} as vectors; open the .npy itself.")
    return found[0] if found else None


def side_files(folder: Path) -> list[Path]:
    """The files of the folder that are read beside vectors. Raises ShopsimError where two differ in case only."""
    return files_called(folder, _SIDE_NAMES)


def read_vectors(vectors_path: Path) -> np.ndarray:
    """Maps (n, d) numbers from the disk, in the order of `img_paths.txt`. Raises ShopsimError for any other array."""
    vectors = map_array(vectors_path)
    if vectors.ndim != 2 or vectors.dtype.kind not in "fiu" or not vectors.shape[1]:
        raise ShopsimError(
            f"'{vectors_path.name}' holds {vectors.dtype} of shape {vectors.shape}; it must be (n, d) numbers."
        )
    return vectors


@dataclass(frozen=True, eq=False)
class OwnRows:
    """The vectors of a catalogue that brings its own, read from the file as they are needed.

    places: (n,) int64, the row in the file of each photo; state: size and time of change of the file.
    """

    path: Path
    places: np.ndarray
    n_features: int
    state: tuple[int, int]

    def __getitem__(self, numbers: np.ndarray) -> np.ndarray:
        """(b,) numbers of photos -> (b, d) float32, NaN and infinity as they are in the file.

        Raises ShopsimError if the file has changed since the catalogue was opened.
        """
        self.check()
        # Mapped anew each time, so that pages which were read are let go.
        rows = read_vectors(self.path)[self.places[numbers]]
        if rows.dtype.kind == "f":
            # Only the direction counts, and float32 cannot hold numbers as large or as small as other floats can.
            largest = np.abs(rows).max(axis=1, initial=0).astype(np.promote_types(rows.dtype, np.float64))
            extreme = np.isfinite(largest) & (largest > 0) & ((largest > 1e15) | (largest < 1e-15))
            rows[extreme] /= largest[extreme, None]
        return np.ascontiguousarray(rows, np.float32)

    def is_unchanged(self) -> bool:
        """Whether the file has the size and the time of change that it had."""
        return _state(self.path) == self.state

    def check(self) -> None:
        """Raises ShopsimError if the file has changed since the catalogue was opened."""
        if not self.is_unchanged():
            raise _changed(self.path)


def own_rows(catalog: Catalog) -> OwnRows:
    """Returns the vectors in the order of the catalogue's photos.

    Raises ShopsimError if the catalogue brings no vectors, or they have changed since it was opened.
    """
    path = catalog.vectors_path
    if path is None:
        raise ShopsimError(f"'{catalog.name}' brings no vectors of its own; choose an extractor.")
    settle(path.parent)
    state = _state(path)
    n_features, names = read_vectors(path).shape[1], list(read_paths(path.parent).values())
    if vectors_digest(path, names) != catalog.vectors_digest:
        raise _changed(path)
    row = {name: number for number, name in enumerate(names)}
    return OwnRows(path, np.array([row[image_id] for image_id in catalog.image_ids], np.int64), n_features, state)


def _state(path: Path) -> tuple[int, int]:
    file = file_at(path, path.name)
    return file.size, file.mtime_ns


def _changed(path: Path) -> ShopsimError:
    return ShopsimError(f"'{path.name}' or its {PATHS_NAME} has changed since it was opened; open it again.")


def vectors_digest(vectors_path: Path, names: Sequence[str]) -> str:
    """Returns a digest of the numbers and of the photo of each row: another order of photos means other vectors."""
    return digest_of(file_digest(vectors_path), *names)


def read_paths(folder: Path) -> dict[str, str]:
    """Reads the name of each photo by its path as it is written, in the order of the rows.

    Raises ShopsimError if there is no such file or it names a photo twice.
    """
    file = next(iter(files_called(folder, [PATHS_NAME])), None)
    if file is None:
        raise ShopsimError(f"No '{PATHS_NAME}' beside the vectors in '{folder}'; it must have one path a row.")
    lines = decode(read_bytes(file), file.name).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    paths = [tidy_path(line) for line in lines if line.strip()]
    names = told_apart(paths)
    if len(names) < len(paths):
        twice = next(path for path, count in Counter(paths).items() if count > 1)
        raise ShopsimError(f"'{file.name}' names '{twice}' twice; each photo needs one row.")
    return {path: names[path] for path in paths}
