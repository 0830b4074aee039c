"""A catalogue that brings its own vectors: an (n, d) `.npy` with an `img_paths.txt` beside it."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path, PurePath

import numpy as np

from shopsim import ShopsimError
from shopsim.attached_labels import labels_for
from shopsim.catalog import Catalog, CatalogImage, Problem
from shopsim.catalog_table import MODELS_NAME, read_model_names
from shopsim.csv_text import decode, read_bytes
from shopsim.scan import file_digest

PATHS_NAME = "img_paths.txt"
_VECTORS_NAME = "features.npy"
_LABELS_NAME = "labels_true.txt"


def find_vectors(place: Path) -> Path | None:
    """The `.npy` meant by a path: the file itself, or the one in a folder that has an `img_paths.txt`.

    Raises ShopsimError if a folder has an `img_paths.txt` and several candidates but no `features.npy`.
    """
    if place.suffix.lower() == ".npy" and place.is_file():
        return place
    if not (place / PATHS_NAME).is_file():
        return None
    if (place / _VECTORS_NAME).is_file():
        return place / _VECTORS_NAME
    found = sorted(place.glob("*.npy"))
    if len(found) != 1:
        names = ", ".join(f"'{path.name}'" for path in found) or "none"
        raise ShopsimError(f"'{place}' has an {PATHS_NAME} but {names} as vectors; open the .npy itself.")
    return found[0]


def open_vectors(vectors_path: Path, labels: Path | None = None) -> Catalog:
    """The photos named in `img_paths.txt`, one for each row of the vectors.

    A photo that is not at hand stays in, without a picture, since its vector is. True models come from `labels`,
    else from a `labels_true.txt` beside the vectors.
    Raises ShopsimError if the two files do not fit each other.
    """
    folder = vectors_path.resolve().parent
    names = _read_paths(folder / PATHS_NAME)
    shape = read_vectors(vectors_path).shape
    if len(names) != shape[0]:
        raise ShopsimError(
            f"'{vectors_path.name}' has {shape[0]} rows and '{PATHS_NAME}' {len(names)} paths; they must be equal."
        )
    order = sorted(range(len(names)), key=names.__getitem__)
    for before, after in pairwise(order):
        if names[before] == names[after]:
            raise ShopsimError(f"'{PATHS_NAME}' names '{names[after]}' twice; each photo needs one row.")
    labels = labels or (folder / _LABELS_NAME if (folder / _LABELS_NAME).is_file() else None)
    models = [None] * len(names) if labels is None else labels_for(labels, names)
    images, problems = [], []
    for row in order:
        path = _inside(folder, names[row])
        if path is None:
            problems.append(Problem(names[row], "its picture is not at hand; it is grouped by its vector"))
        images.append(CatalogImage(names[row], path or folder / names[row], _digest(path, names[row]), models[row]))
    reason = f"'{vectors_path.name}' has {shape[0]} vectors of {shape[1]} numbers with an {PATHS_NAME} beside it"
    return Catalog(
        folder.name,
        vectors_path.resolve(),
        "vectors",
        reason,
        tuple(images),
        tuple(problems),
        read_model_names(folder / MODELS_NAME),
        vectors_path.resolve(),
    )


def read_vectors(vectors_path: Path) -> np.ndarray:
    """(n, d) numbers, mapped from disk, in the order of `img_paths.txt`. Raises ShopsimError if it is nothing such."""
    try:
        vectors = np.load(vectors_path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ShopsimError(f"Cannot read '{vectors_path.name}' as a NumPy array: {error}.") from None
    if vectors.ndim != 2 or vectors.dtype.kind not in "fiu":
        raise ShopsimError(
            f"'{vectors_path.name}' holds {vectors.dtype} of shape {vectors.shape}; it must be (n, d) numbers."
        )
    return vectors


def vector_order(catalog: Catalog) -> np.ndarray:
    """(n,) rows of the `.npy` in the order of the catalogue's photos."""
    row = {name: number for number, name in enumerate(_read_paths(catalog.folder.parent / PATHS_NAME))}
    return np.array([row[image_id] for image_id in catalog.image_ids], np.int64)


def _read_paths(file: Path) -> list[str]:
    if not file.is_file():
        raise ShopsimError(f"No '{PATHS_NAME}' beside the vectors in '{file.parent}'; it must have one path a row.")
    return [
        line.strip().replace("\\", "/") for line in decode(read_bytes(file), file.name).splitlines() if line.strip()
    ]


def _inside(folder: Path, name: str) -> Path | None:
    """The photo, if there is one that lies in the folder or is named by a path of its own without '..'."""
    path = folder / name
    return None if ".." in PurePath(name).parts or not path.is_file() else path


def _digest(path: Path | None, name: str) -> str:
    # Without bytes to compare, no photo is another's copy.
    return file_digest(path) if path else hashlib.blake2b(f"no photo {name}".encode(), digest_size=16).hexdigest()
