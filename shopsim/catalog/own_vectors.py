"""A catalogue that brings its own vectors: an (n, d) `.npy` with an `img_paths.txt` beside it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from shopsim.base.disk.array_files import map_array
from shopsim.base.disk.moving import settle
from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import files_called, is_file, lies_in, links_followed, reachable_from
from shopsim.base.same_name import NameIndex, tidy_path, told_apart
from shopsim.base.text.csv_text import decode, read_bytes
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog, CatalogImage, Problem, digest_without_photo
from shopsim.catalog.forms.contest_names import contest_ids
from shopsim.catalog.forms.folder_forms import doubt_of_contest
from shopsim.catalog.labels.attached_labels import labels_for
from shopsim.catalog.labels.label_files import LABEL_NAMES
from shopsim.catalog.photos.soundness import damaged_but_read, judge
from shopsim.catalog.scan import FoundFile, file_at, file_digest
from shopsim.catalog.tables import MODELS_NAME, read_model_names

VECTORS_FORM = "vectors"
PATHS_NAME = "img_paths.txt"
_VECTORS_NAME = "features.npy"
# What is read beside the vectors.
_SIDE_NAMES = (PATHS_NAME, *LABEL_NAMES, MODELS_NAME)
# The baseline keeps these beside the vectors.
_OTHER_ARRAYS = {"labels_true.npy", "labels_pred.npy", "labels.npy"}


def find_vectors(place: Path) -> Path | None:
    """The `.npy` meant by a path: the file itself, or the one in a folder that has an `img_paths.txt`.

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


def open_vectors(
    vectors_path: Path, labels: Path | None = None, *, cache: Path, progress: Progress = silent
) -> Catalog:
    """The photos named in `img_paths.txt`, one for each row of the vectors.

    A photo that is not at hand stays in, without a picture, since its vector is. True models come from `labels`,
    else from the first of LABEL_NAMES beside the vectors, else from contest names if all photos have such and nothing
    speaks against them.
    Raises ShopsimError if the files do not fit each other.
    """
    folder = links_followed(vectors_path.parent)
    vectors_path = folder / vectors_path.name
    settle(folder)
    spellings = _read_paths(folder)
    names = list(spellings.values())
    n_rows, n_features = read_vectors(vectors_path).shape
    if len(names) != n_rows:
        raise ShopsimError(
            f"'{vectors_path.name}' has {n_rows} rows and '{PATHS_NAME}' {len(names)} paths; they must be equal."
        )
    models, label_problems = _models(folder, spellings, labels)
    images, problems = _images(folder, spellings, models, cache, progress)
    model_names, name_problems = read_model_names(next(iter(files_called(folder, [MODELS_NAME])), None))
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
    vectors = map_array(vectors_path)
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
    settle(path.parent)
    vectors, names = read_vectors(path), list(_read_paths(path.parent).values())
    if _digest(path, names) != catalog.vectors_digest:
        raise ShopsimError(f"'{path.name}' or its {PATHS_NAME} has changed since it was opened; open it again.")
    row = {name: number for number, name in enumerate(names)}
    rows = vectors[[row[image_id] for image_id in catalog.image_ids]]
    if rows.dtype.kind == "f":
        # Only the direction counts, and float32 does not reach as far as other floats do.
        largest = np.abs(rows).max(axis=1, initial=0).astype(np.promote_types(rows.dtype, np.float64))
        extreme = np.isfinite(largest) & (largest > 0) & ((largest > 1e15) | (largest < 1e-15))
        rows[extreme] /= largest[extreme, None]
    return np.ascontiguousarray(rows, np.float32)


def _digest(vectors_path: Path, names: Sequence[str]) -> str:
    """Of the numbers and of which photo each row is: the same numbers in another order are other vectors."""
    return digest_of(file_digest(vectors_path), *names)


def _read_paths(folder: Path) -> dict[str, str]:
    """The name of each photo by the path as it is spelled, in the order of the rows.

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


def _models(
    folder: Path, spellings: Mapping[str, str], labels: Path | None
) -> tuple[Sequence[str | None], list[Problem]]:
    """The true model of each photo, in the order of the rows, and what fits none."""
    names = list(spellings.values())
    found = labels or next(iter(files_called(folder, LABEL_NAMES)), None)
    if found is not None:
        return labels_for(found, names, NameIndex(names, folder, spellings))
    ids = [contest_ids(name) for name in names]
    doubt = doubt_of_contest(names) if ids and all(ids) else ""
    if doubt:
        problem = Problem(PATHS_NAME, f"it {doubt}, so no true models are taken from it; attach a file of true models")
        return [None] * len(names), [problem]
    if all(ids):
        return [found[0] for found in ids if found], []
    return [None] * len(names), []


def _images(
    folder: Path, spellings: Mapping[str, str], models: Sequence[str | None], cache: Path, progress: Progress
) -> tuple[list[CatalogImage], list[Problem]]:
    """One photo per name, in the order of the names, and those whose picture cannot be shown with the reason."""
    reachable = reachable_from(folder)
    files = [_file(folder, spelling, name, reachable) for spelling, name in spellings.items()]
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
        digest = verdict.digest or digest_without_photo(file.name)
        images.append(CatalogImage(file.name, file.path, digest, model, product))
    return images, problems


def _file(folder: Path, spelling: str, name: str, reachable: tuple[Path, ...] | None) -> FoundFile:
    """The photo of a written path; one that may not be read gets a place where nothing is, so that nothing reads it."""
    path = _in_any_form(folder, spelling)
    if not lies_in(path, reachable):
        nowhere = folder / ".not-at-hand" / hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
        return FoundFile(name, str(nowhere), -1, -1, "its path leads out of the folders that may be opened")
    file = file_at(path, name)
    if file.obstacle or file.is_photo:
        return file
    return FoundFile(name, file.place, -1, -1, f"not a photo of a supported format ({file.suffix or 'no suffix'})")


def _in_any_form(folder: Path, spelling: str) -> Path:
    """The photo as the paths spell it, or in the other Unicode form, if it is there in that one only."""
    forms = [spelling, *(unicodedata.normalize(form, spelling) for form in ("NFC", "NFD"))]
    return folder / next((form for form in forms if is_file(folder / form)), spelling)
