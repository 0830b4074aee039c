"""Opens a catalogue that brings its own vectors."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from shopsim.base.disk.moving import settle
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import files_called, is_file, lies_in, links_followed, reachable_from
from shopsim.base.same_name import NameIndex
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog, CatalogImage, Problem, digest_without_photo
from shopsim.catalog.forms.contest_names import contest_ids
from shopsim.catalog.forms.folder_forms import doubt_of_contest
from shopsim.catalog.labels.attached_labels import labels_for
from shopsim.catalog.labels.label_files import LABEL_NAMES
from shopsim.catalog.photos.soundness import damaged_but_read, judge
from shopsim.catalog.scan import FoundFile, file_at
from shopsim.catalog.tables import MODELS_NAME, read_model_names
from shopsim.catalog.vector_files import PATHS_NAME, read_paths, read_vectors, vectors_digest

VECTORS_FORM = "vectors"


def open_vectors(
    vectors_path: Path, labels: Path | None = None, *, cache: Path, progress: Progress = silent
) -> Catalog:
    """Opens the photos named in `img_paths.txt`, one per row of the vectors.

    A photo whose file is missing takes part without a picture, since its vector is there. True models come from
    `labels`, else from the first of LABEL_NAMES beside the vectors, else from contest names if all photos have such
    and nothing speaks against them.
    Raises ShopsimError if the files do not fit each other.
    """
    folder = links_followed(vectors_path.parent)
    vectors_path = folder / vectors_path.name
    settle(folder)
    spellings = read_paths(folder)
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
        vectors_digest=vectors_digest(vectors_path, names),
    )


def _models(
    folder: Path, spellings: Mapping[str, str], labels: Path | None
) -> tuple[Sequence[str | None], list[Problem]]:
    """Returns the true model of each photo, in the order of the rows, and the labels that fit no photo."""
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
    """Returns one photo per name, sorted by name, and the reasons why some pictures cannot be shown."""
    reachable = reachable_from(folder)
    files = [_file(folder, spelling, name, reachable) for spelling, name in spellings.items()]
    verdicts = judge(folder / PATHS_NAME, files, cache, progress)
    images, problems = [], []
    for file, model in sorted(zip(files, models, strict=True), key=lambda pair: pair[0].name):
        verdict = verdicts[file.name]
        if verdict.problem:
            reason = f"no picture: {verdict.problem}; it is grouped by its vector"
            problems.append(Problem(file.name, reason, left_out=False))
        elif verdict.note:
            problems.append(damaged_but_read(file.name, verdict))
        product = (contest_ids(file.name) or (None, None))[1]
        # Without bytes to compare, no photo is another's copy.
        digest = verdict.digest or digest_without_photo(file.name)
        images.append(CatalogImage(file.name, file.path, digest, model, product))
    return images, problems


def _file(folder: Path, spelling: str, name: str, reachable: tuple[Path, ...] | None) -> FoundFile:
    """Finds the file of a written path; a file that may not be read gets a place where nothing is."""
    path = _in_any_form(folder, spelling)
    if not lies_in(path, reachable):
        nowhere = folder / ".not-at-hand" / hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
        return FoundFile(name, str(nowhere), -1, -1, "its path leads out of the folders that may be opened")
    file = file_at(path, name)
    if file.obstacle or file.is_photo:
        return file
    return FoundFile(name, file.place, -1, -1, f"not a photo of a supported format ({file.suffix or 'no suffix'})")


def _in_any_form(folder: Path, spelling: str) -> Path:
    """Returns the path as it is written, or in the other Unicode form if only that file exists."""
    if spelling.isascii():
        return folder / spelling
    forms = [spelling, *(unicodedata.normalize(form, spelling) for form in ("NFC", "NFD"))]
    return folder / next((form for form in forms if is_file(folder / form)), spelling)
