"""Opens a folder as a catalogue: scan, recognise, look at every photo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from shopsim import ShopsimError
from shopsim.attached_labels import labels_for
from shopsim.catalog import Catalog, CatalogImage, Problem
from shopsim.catalog_table import MODELS_NAME, TABLE_NAME, read_model_names
from shopsim.paths import cache_dir
from shopsim.progress import Progress, silent
from shopsim.recognise import Recognition, Row, recognise
from shopsim.scan import FoundFile, judge, list_files
from shopsim.vector_catalog import PATHS_NAME, find_vectors, open_vectors

# Files that belong to a catalogue without being photos.
_SIDE_NAMES = {TABLE_NAME, MODELS_NAME, PATHS_NAME}
_SIDE_SUFFIXES = {".npy", ".tsv", ".txt", ".csv", ".md", ".json"}


def load_catalog(
    folder: str | Path,
    *,
    form: str | None = None,
    labels: Path | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
) -> Catalog:
    """The photos of a folder, in the order of image_id, with true models where its form tells them.

    form: one of table, contest, folders, plain, vectors; None recognises it. labels: a file of true labels, one a
    line in the order of the sorted paths of all photos, or a CSV by path; it replaces what the form says.
    A folder without photos is an empty catalogue, not an error.

    Raises ShopsimError if the folder cannot be read, mixes forms, or the labels do not fit.
    """
    folder = Path(folder).expanduser()
    vectors = None if form not in (None, "vectors") else find_vectors(folder)
    if vectors is not None:
        return open_vectors(vectors, labels)
    if not folder.is_dir():
        raise ShopsimError(
            f"'{folder}' is not a folder; give a folder of photos or a .npy with img_paths.txt beside it."
        )
    files = list_files(folder)
    usable, problems = _nameable(files)
    recognition = recognise(folder, usable, form)
    if labels is not None:
        recognition = _attach(recognition, labels)
    rows = sorted(recognition.rows, key=lambda row: row.file.name)
    verdicts = judge(folder, [row.file for row in rows], cache or cache_dir(), progress)
    images = []
    for row in rows:
        verdict = verdicts[row.file.name]
        if verdict.problem:
            problems.append(Problem(row.file.name, verdict.problem))
        else:
            images.append(_image(row, verdict.digest))
    return Catalog(
        name=folder.resolve().name,
        folder=folder.resolve(),
        form=recognition.form,
        reason=recognition.reason,
        images=tuple(images),
        problems=tuple(sorted([*problems, *recognition.problems], key=lambda problem: problem.name)),
        model_names=read_model_names(folder / MODELS_NAME),
    )


def _image(row: Row, digest: str) -> CatalogImage:
    return CatalogImage(row.file.name, row.file.path, digest, row.model, row.product, row.category, row.split)


def _nameable(files: list[FoundFile]) -> tuple[list[FoundFile], list[Problem]]:
    """Files a catalogue can name, and the rest with the reason; side files are neither."""
    usable: list[FoundFile] = []
    problems: list[Problem] = []
    for file in files:
        if not _is_unicode(file.name):
            shown = file.name.encode("utf-8", "replace").decode()
            problems.append(Problem(shown, "its name is not valid Unicode; rename it"))
        elif file.is_photo or file.name in _SIDE_NAMES:
            usable.append(file)
        elif file.path.name.startswith("."):
            problems.append(Problem(file.name, "a hidden file"))
        elif file.path.suffix.lower() not in _SIDE_SUFFIXES:
            suffix = file.path.suffix or "no suffix"
            problems.append(Problem(file.name, f"not a photo of a supported format ({suffix})"))
    return usable, problems


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _attach(recognition: Recognition, labels: Path) -> Recognition:
    """The labels file speaks for every photo the folder holds, also for those that are left out later."""
    rows = sorted(recognition.rows, key=lambda row: row.file.name)
    models = labels_for(labels, [row.file.name for row in rows])
    labelled = [replace(row, model=model) for row, model in zip(rows, models, strict=True)]
    return Recognition(
        recognition.form, f"{recognition.reason}; labels from '{labels.name}'", labelled, recognition.problems
    )
