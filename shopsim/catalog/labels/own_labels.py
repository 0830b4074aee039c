"""Takes true models from a label file that a person names, or from one beside the photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.catalog.catalog import Problem
from shopsim.catalog.forms.folder_forms import recognise
from shopsim.catalog.forms.form_rows import Recognition
from shopsim.catalog.forms.readings import SeveralReadingsError
from shopsim.catalog.labels.attached_labels import labels_for
from shopsim.catalog.labels.label_files import LABEL_NAMES
from shopsim.catalog.scan import FoundFile, name_index


def recognise_labelled(
    folder: Path, usable: list[FoundFile], photos: list[FoundFile], form: str | None, labels: Path | None
) -> Recognition:
    """As `recognise`, with labels attached: those named, else those found beside the photos.

    Where these tell the models, no reading of the folder need be chosen.
    """
    question = None
    try:
        recognition = recognise(folder, usable, form)
    except SeveralReadingsError as error:
        question = error
        recognition = recognise(folder, usable, error.readings[0].form)
    beside = [file for file in usable if file.name in LABEL_NAMES]
    attached = recognition if labels is None else attach(recognition, labels, folder, photos)
    attached = attach_found(attached, beside, folder, photos, labels)
    if question is not None and attached.reason == recognition.reason:
        raise question
    return attached


def attach(recognition: Recognition, labels: Path, folder: Path, photos: Sequence[FoundFile]) -> Recognition:
    """Takes the models from a label file, which has a label for every photo of the folder, left-out photos included.

    photos: sorted by name. Raises ShopsimError if the labels do not fit.
    """
    names = [photo.name for photo in photos]
    models, problems = labels_for(labels, names, name_index(folder, photos), [photo.spelling for photo in photos])
    model_of = dict(zip(names, models, strict=True))
    rows = [replace(row, model=model_of[row.file.name]) for row in recognition.rows]
    reason = f"{recognition.reason}; true models come from '{labels.name}'"
    return replace(recognition, reason=reason, rows=rows, problems=(*recognition.problems, *problems))


def attach_found(
    recognition: Recognition,
    found: Sequence[FoundFile],
    folder: Path,
    photos: Sequence[FoundFile],
    labels: Path | None = None,
) -> Recognition:
    """Takes the models from the first label file beside the photos that fits.

    labels: of a file that a person named; then, or where a table tells the models, those beside are not used.
    Nobody may have meant such a file for these photos: one that is not used is a problem, and not an error.
    """
    told_by = None if labels is None else f"'{labels.name}'"
    if told_by is None and recognition.form == "table" and any(row.model for row in recognition.rows):
        told_by = "the table"
    for file in sorted(found, key=lambda file: LABEL_NAMES.index(file.name)):
        if labels is not None and file.path.samefile(labels):
            continue
        if told_by is not None:
            recognition = _not_used(recognition, file, f"not used, since true models come from {told_by}")
            continue
        try:
            recognition = attach(recognition, file.path, folder, photos)
            told_by = f"'{file.path.name}'"
        except ShopsimError as error:
            recognition = _not_used(recognition, file, f"not used as true models: {error}")
    return recognition


def _not_used(recognition: Recognition, file: FoundFile, reason: str) -> Recognition:
    return replace(recognition, problems=(*recognition.problems, Problem(file.path.name, reason)))
