"""Opens a folder as a catalogue: scan, recognise, look at every photo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from shopsim import ShopsimError
from shopsim.attached_labels import labels_for
from shopsim.catalog import Catalog, CatalogImage, Problem
from shopsim.catalog_table import MODELS_NAME, TABLE_NAME, read_model_names
from shopsim.paths import cache_dir, is_folder
from shopsim.progress import Progress, silent
from shopsim.recognise import Recognition, Row, recognise
from shopsim.scan import FoundFile, file_at, folder_state, list_files
from shopsim.vector_catalog import PATHS_NAME, SIDE_NAMES, VECTORS_FORM, find_vectors, open_vectors
from shopsim.verdicts import damaged_but_read, judge

# Files that belong to a catalogue without being photos.
_SIDE_NAMES = {TABLE_NAME, MODELS_NAME}
_SYSTEM_NAMES = {".ds_store", "thumbs.db", "desktop.ini"}


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
    folder = _person_path(folder)
    cache = cache or cache_dir()
    vectors = find_vectors(folder) if form in (None, VECTORS_FORM) else None
    if vectors is not None:
        return open_vectors(vectors, labels, cache=cache, progress=progress)
    if form == VECTORS_FORM:
        raise ShopsimError(f"'{folder}' has no .npy of vectors with an {PATHS_NAME} beside it.")
    if not is_folder(folder):
        raise ShopsimError(
            f"'{folder}' is not a folder; give a folder of photos or a .npy with {PATHS_NAME} beside it."
        )
    folder = folder.resolve()
    files = list_files(folder)
    usable, problems = _sort_out(files, labels)
    recognition = recognise(folder, usable, form)
    if labels is not None:
        recognition = _attach(recognition, labels, [file.name for file in files if file.is_photo])
    images, unsound = _look(folder, recognition.rows, cache, progress)
    has_names = any(file.name == MODELS_NAME for file in usable)
    names, name_problems = read_model_names(folder / MODELS_NAME) if has_names else ({}, [])
    return Catalog(
        name=folder.name or str(folder),
        folder=folder,
        form=recognition.form,
        reason=recognition.reason,
        images=tuple(images),
        problems=tuple(
            sorted([*problems, *recognition.problems, *unsound, *name_problems], key=lambda problem: problem.name)
        ),
        model_names=_names_of(images, names),
    )


def place_state(place: Path, labels: Path | None = None) -> str:
    """A text that changes when a file of the catalogue at `place` (a folder or a `.npy`), or its labels, does.

    Never raises: what cannot be read is a state too.
    """
    others = [] if labels is None else [file_at(labels, "labels")]
    if not is_folder(place):
        beside = [file_at(place.parent / name, name) for name in SIDE_NAMES]
        return folder_state([file_at(place, "vectors"), *beside, *others])
    try:
        return folder_state([*list_files(place), *others])
    except ShopsimError as error:
        return str(error)


def _person_path(folder: str | Path) -> Path:
    if not str(folder).strip():
        raise ShopsimError("No folder was given; give a folder of photos.")
    try:
        return Path(folder).expanduser()
    except RuntimeError:
        raise ShopsimError(f"'{folder}' names a person this machine does not know; give a folder.") from None


def _look(
    folder: Path, rows: Iterable[Row], cache: Path, progress: Progress
) -> tuple[list[CatalogImage], list[Problem]]:
    """The photos that can be read in the order of their names, and what is wrong with photos."""
    rows = sorted(rows, key=lambda row: row.file.name)
    verdicts = judge(folder, [row.file for row in rows], cache, progress)
    images, problems = [], []
    for row in rows:
        name, verdict = row.file.name, verdicts[row.file.name]
        if verdict.problem:
            problems.append(Problem(name, verdict.problem))
        else:
            if verdict.note:
                problems.append(damaged_but_read(name, verdict))
            images.append(
                CatalogImage(name, row.file.path, verdict.digest, row.model, row.product, row.category, row.split)
            )
    return images, problems


def _sort_out(files: list[FoundFile], labels: Path | None) -> tuple[list[FoundFile], list[Problem]]:
    """Photos and tables, and every other file with the reason why it is neither."""
    usable: list[FoundFile] = []
    problems: list[Problem] = []
    for file in files:
        reason = _reason_against(file)
        if not reason:
            usable.append(file)
        elif labels is None or file.path != labels.absolute():
            problems.append(Problem(file.name.encode("utf-8", "replace").decode(), reason))
    return usable, problems


def _reason_against(file: FoundFile) -> str:
    """Why a file takes no part, '' if it does; photos that cannot be read are told later."""
    own_name = PurePosixPath(file.name).name
    if not _is_unicode(file.name):
        return "its name is not valid Unicode; rename it"
    if file.is_photo:
        return ""
    if file.obstacle:
        return file.obstacle
    if file.name in _SIDE_NAMES:
        return ""
    if own_name.lower() in _SYSTEM_NAMES:
        return "a file of the operating system"
    if file.is_hidden:
        return "a hidden file"
    return f"not a photo of a supported format ({file.suffix or 'no suffix'})"


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _attach(recognition: Recognition, labels: Path, photos: list[str]) -> Recognition:
    """The labels file speaks for every photo the folder holds, also for those that are left out."""
    models, problems = labels_for(labels, photos)
    model_of = dict(zip(photos, models, strict=True))
    rows = [replace(row, model=model_of[row.file.name]) for row in recognition.rows]
    reason = f"{recognition.reason}; true models come from '{labels.name}'"
    return Recognition(recognition.form, reason, rows, (*recognition.problems, *problems))


def _names_of(images: list[CatalogImage], names: dict[str, str]) -> dict[str, str]:
    """Readable names by model; a model that is a nested folder may be listed by its last part."""
    models = {image.model for image in images if image.model is not None}
    found = {model: names.get(model) or names.get(PurePosixPath(model).name) for model in models}
    return {model: name for model, name in found.items() if name}
