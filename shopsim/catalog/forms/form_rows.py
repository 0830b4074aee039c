"""Reads the model, product, category and split of each photo, by the form of its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from shopsim.base.errors import ShopsimError
from shopsim.catalog.catalog import Problem
from shopsim.catalog.forms.contest_names import contest_ids
from shopsim.catalog.forms.folder_levels import Holder, category_of
from shopsim.catalog.forms.readings import (
    CONTEST,
    FOLDERS,
    INNER_FOLDERS,
    LOWEST_FOLDERS,
    MIDDLE_FOLDERS,
    PLAIN,
    SPLIT_FOLDERS,
    UPPER_FOLDERS,
    folder_models,
)
from shopsim.catalog.scan import FoundFile, name_index
from shopsim.catalog.tables import TABLE_NAME, read_table

TABLE = "table"


@dataclass(frozen=True, slots=True)
class Row:
    """Describes a photo: its model, product, category and split by the form, and the cells of further columns."""

    file: FoundFile
    model: str | None = None
    product: str | None = None
    category: str | None = None
    split: str | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recognition:
    """Describes the recognised form: its reason, the photos, and the files that were left out.

    extra_columns: names of the further columns of a table.
    """

    form: str
    reason: str
    rows: Sequence[Row]
    problems: tuple[Problem, ...] = ()
    extra_columns: tuple[str, ...] = ()


def rows_of_table(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> Recognition:
    """Reads the photos in catalog.csv. Raises ShopsimError if the file or its column is missing."""
    table = next((file for file in files if file.name == TABLE_NAME), None)
    if table is None:
        raise ShopsimError(f"'{folder.name}/' has no {TABLE_NAME}; the form 'table' needs one with a column 'path'.")
    by_name = {file.name: file for file in photos}
    read = read_table(table.path, name_index(folder, photos))
    listed = {line.name for line in read.lines}
    unlisted = [Problem(name, f"not listed in {table.path.name}") for name in by_name if name not in listed]
    rows = [
        Row(by_name[line.name], line.model, line.product, line.category, line.split, line.cells) for line in read.lines
    ]
    reason = f"it has a {table.path.name} with {read.told}"
    return Recognition(TABLE, reason, rows, (*read.problems, *unlisted), read.extra_columns)


def rows_of_contest(photos: list[FoundFile], holders: list[Holder]) -> Recognition:
    """Reads file names in the contest's form; other photos stay unlabelled. The top folder is the category."""
    rows = []
    for file, holder in zip(photos, holders, strict=True):
        model, product = contest_ids(file.name) or (None, None)
        rows.append(Row(file, model, product, holder.path[0] if holder.path else None, holder.split))
    rows = _one_category_is_none(rows)
    named = sum(row.model is not None for row in rows)
    which = "every photo" if named == len(rows) else f"{named} of {len(rows)} photos"
    example = next((f", as in '{PurePosixPath(row.file.name).stem}'" for row in rows if row.model is not None), "")
    n_categories = len({row.category for row in rows} - {None})
    folders = f", and its folders ({n_categories}) are taken as categories" if n_categories else ""
    is_one = len(rows) > 1 and len({row.model for row in rows}) == 1
    alone = ", all of one model, so that scores mean nothing" if is_one else ""
    return Recognition(CONTEST, f"{which} is named model_product_image in digits{example}{folders}{alone}", rows)


_FOLDER_REASONS = {
    FOLDERS: "one per model",
    SPLIT_FOLDERS: "one per model, and train, val or test is their split",
    LOWEST_FOLDERS: "and equal names of the lowest folders are one model",
    INNER_FOLDERS: "and a model is named without the top folder",
    MIDDLE_FOLDERS: "and a model is named without the top and the lowest folder",
    UPPER_FOLDERS: "and what lies in the lowest folders belongs to the model named above",
}


def rows_of_folders(form: str, folder: Path, photos: list[FoundFile], holders: list[Holder]) -> Recognition:
    """Reads the folders in one of FOLDER_FORMS. Raises ShopsimError if a split is asked for and there is none."""
    if form == SPLIT_FOLDERS and photos and not any(holder.split for holder in holders):
        raise ShopsimError(
            f"'{folder.name}/' has no level of folders that are all called train, val or test; the form "
            f"'{SPLIT_FOLDERS}' needs one."
        )
    models = folder_models(form, holders)
    # The category is above the lowest folder, or, if that one does not count, above the lowest that counts.
    cut = form in (MIDDLE_FOLDERS, UPPER_FOLDERS)
    paths = [(cut and holder.path[:-1]) or holder.path for holder in holders]
    rows = [
        Row(file, model, category=category, split=holder.split)
        for file, model, category, holder in zip(photos, models, category_of(paths), holders, strict=True)
    ]
    n_folders = len({holder.whole for holder in holders if holder.whole})
    reason = f"its photos lie in folders ({n_folders:,}), {_FOLDER_REASONS[form]}"
    return Recognition(form, reason, _one_category_is_none(rows))


def rows_of_plain(photos: list[FoundFile], holders: list[Holder]) -> Recognition:
    """Lists the photos without models."""
    reason = "neither a table nor file or folder names tell models apart, so there are no true labels"
    rows = [Row(file, split=holder.split) for file, holder in zip(photos, holders, strict=True)]
    return Recognition(PLAIN, reason if photos else "it holds no photos", rows)


def _one_category_is_none(rows: list[Row]) -> list[Row]:
    """Removes a category that every photo has: it says nothing."""
    if len({row.category for row in rows}) > 1:
        return rows
    return [replace(row, category=None) for row in rows]
