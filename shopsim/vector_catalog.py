"""A catalogue that brings its own vectors: an (n, d) `.npy` with an `img_paths.txt` beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from shopsim import ShopsimError
from shopsim.attached_labels import labels_for
from shopsim.catalog import Catalog, CatalogImage, Problem
from shopsim.catalog_table import MODELS_NAME, read_model_names
from shopsim.csv_text import decode, read_bytes
from shopsim.paths import is_file, lies_in, reachable_from
from shopsim.progress import Progress, silent
from shopsim.recognise import contest_ids
from shopsim.scan import FoundFile, file_at, file_digest
from shopsim.store import digest_of
from shopsim.verdicts import damaged_but_read, judge

VECTORS_FORM = "vectors"
PATHS_NAME = "img_paths.txt"
_VECTORS_NAME = "features.npy"
_LABELS_NAME = "labels_true.txt"
# What is read beside the vectors.
SIDE_NAMES = (PATHS_NAME, _LABELS_NAME, MODELS_NAME)
# The baseline keeps these beside the vectors.
_OTHER_ARRAYS = {"labels_true.npy", "labels_pred.npy"}


def find_vectors(place: Path) -> Path | None:
    """The `.npy` meant by a path: the file itself, or the one in a folder that has an `img_paths.txt`.

    Raises ShopsimError if a folder has an `img_paths.txt` and several candidates but no `features.npy`.
    """
    if place.suffix.lower() == ".npy" and is_file(place):
        return place
    if not is_file(place / PATHS_NAME):
        return None
    if is_file(place / _VECTORS_NAME):
        return place / _VECTORS_NAME
    found = sorted(path for path in place.glob("*.npy") if path.name not in _OTHER_ARRAYS)
    if len(found) > 1:
        names = ", ".join(f"'{path.name}'" for path in found)
        raise ShopsimError(f"'{place}' has an {PATHS_NAME} but {names} as vectors; open the .npy itself.")
    return found[0] if found else None


def open_vectors(
    vectors_path: Path, labels: Path | None = None, *, cache: Path, progress: Progress = silent
) -> Catalog:
    """The photos named in `img_paths.txt`, one for each row of the vectors.

    A photo that is not at hand stays in, without a picture, since its vector is. True models come from `labels`,
    else from a `labels_true.txt` beside the vectors, else from contest names if all photos have such.
    Raises ShopsimError if the files do not fit each other.
    """
    folder = vectors_path.parent.resolve()
    vectors_path = folder / vectors_path.name
    names = _read_paths(folder / PATHS_NAME)
    n_rows, n_features = read_vectors(vectors_path).shape
    if len(names) != n_rows:
        raise ShopsimError(
            f"'{vectors_path.name}' has {n_rows} rows and '{PATHS_NAME}' {len(names)} paths; they must be equal."
        )
    models, label_problems = _models(folder, names, labels)
    images, problems = _images(folder, names, models, cache, progress)
    model_names, name_problems = read_model_names(folder / MODELS_NAME)
    return Catalog(
        name=folder.name,
        folder=vectors_path,
        form=VECTORS_FORM,
        reason=f"'{vectors_path.name}' has {n_rows} vectors of {n_features} numbers with an {PATHS_NAME} beside it",
        images=tuple(images),
        problems=(*problems, *label_problems, *name_problems),
        model_names=model_names,
        vectors_path=vectors_path,
        vectors_digest=_digest(vectors_path, names),
    )


def read_vectors(vectors_path: Path) -> np.ndarray:
    """(n, d) numbers, mapped from disk, in the order of `img_paths.txt`. Raises ShopsimError if it is nothing such."""
    try:
        vectors = np.lib.format.open_memmap(vectors_path, mode="r")
    except (OSError, ValueError, TypeError, SyntaxError, EOFError, OverflowError) as error:
        raise ShopsimError(f"Cannot read '{vectors_path.name}' as a NumPy array of numbers: {error}.") from None
    if vectors.ndim != 2 or vectors.dtype.kind not in "fiu" or not vectors.shape[1]:
        raise ShopsimError(
            f"'{vectors_path.name}' holds {vectors.dtype} of shape {vectors.shape}; it must be (n, d) numbers."
        )
    return vectors


def own_rows(catalog: Catalog) -> np.ndarray:
    """(n, d) float32 vectors in the order of the catalogue's photos, NaN and infinity as they are in the file.

    Raises ShopsimError if the catalogue brings no vectors, or they have changed since it was opened.
    """
    path = catalog.vectors_path
    if path is None:
        raise ShopsimError(f"'{catalog.name}' brings no vectors of its own; choose an extractor.")
    vectors, names = read_vectors(path), _read_paths(path.parent / PATHS_NAME)
    if _digest(path, names) != catalog.vectors_digest:
        raise ShopsimError(f"'{path.name}' or its {PATHS_NAME} has changed since it was opened; open it again.")
    row = {name: number for number, name in enumerate(names)}
    rows = vectors[[row[image_id] for image_id in catalog.image_ids]]
    if rows.dtype.kind == "f":
        # Only the direction counts, and float32 does not reach as far as other floats do.
        largest = np.abs(rows).max(axis=1, initial=0).astype(np.float64)
        extreme = np.isfinite(largest) & (largest > 0) & ((largest > 1e15) | (largest < 1e-15))
        rows[extreme] /= largest[extreme, None]
    return np.ascontiguousarray(rows, np.float32)


def _digest(vectors_path: Path, names: Sequence[str]) -> str:
    """Of the numbers and of which photo each row is: the same numbers in another order are other vectors."""
    return digest_of(file_digest(vectors_path), *names)


def _read_paths(file: Path) -> list[str]:
    """The paths, each once. Raises ShopsimError if there is no such file or it names a photo twice."""
    if not is_file(file):
        raise ShopsimError(f"No '{PATHS_NAME}' beside the vectors in '{file.parent}'; it must have one path a row.")
    lines = decode(read_bytes(file), file.name).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    names = [line.strip().replace("\\", "/") for line in lines if line.strip()]
    for before, after in pairwise(sorted(names)):
        if before == after:
            raise ShopsimError(f"'{PATHS_NAME}' names '{after}' twice; each photo needs one row.")
    return names


def _models(folder: Path, names: Sequence[str], labels: Path | None) -> tuple[Sequence[str | None], list[Problem]]:
    """The true model of each photo, in the order of the rows, and what fits none."""
    if labels is None and is_file(folder / _LABELS_NAME):
        labels = folder / _LABELS_NAME
    if labels is not None:
        return labels_for(labels, names)
    ids = [contest_ids(name) for name in names]
    if all(ids):
        return [found[0] for found in ids if found], []
    return [None] * len(names), []


def _images(
    folder: Path, names: Sequence[str], models: Sequence[str | None], cache: Path, progress: Progress
) -> tuple[list[CatalogImage], list[Problem]]:
    """One photo a name, in the order of the names, and those whose picture cannot be shown with the reason."""
    reachable = reachable_from(folder)
    files = [_file(folder, name, reachable) for name in names]
    verdicts = judge(folder / PATHS_NAME, files, cache, progress)
    images, problems = [], []
    for file, model in sorted(zip(files, models, strict=True), key=lambda pair: pair[0].name):
        verdict = verdicts[file.name]
        if verdict.problem:
            problems.append(Problem(file.name, f"no picture: {verdict.problem}; it is grouped by its vector"))
        elif verdict.note:
            problems.append(damaged_but_read(file.name, verdict))
        product = (contest_ids(file.name) or (None, None))[1]
        # Without bytes to compare, no photo is another's copy.
        digest = verdict.digest or hashlib.blake2b(f"no photo {file.name}".encode(), digest_size=16).hexdigest()
        images.append(CatalogImage(file.name, file.path, digest, model, product))
    return images, problems


def _file(folder: Path, name: str, reachable: tuple[Path, ...] | None) -> FoundFile:
    """The photo of a written path; one that may not be read gets a place where nothing is, so that nothing reads it."""
    path = folder / name
    if not lies_in(path, reachable):
        nowhere = folder / ".not-at-hand" / hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
        return FoundFile(name, str(nowhere), -1, -1, "its path leads out of the folders that may be opened")
    file = file_at(path, name)
    if file.obstacle or file.is_photo:
        return file
    return FoundFile(name, file.place, -1, -1, f"not a photo of a supported format ({file.suffix or 'no suffix'})")
