"""Which of the known forms a folder has, and what its names and tables say of each photo."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from shopsim import ShopsimError
from shopsim.catalog import Problem
from shopsim.catalog_table import TABLE_NAME, read_table
from shopsim.scan import FoundFile

CONTEST_STEM = re.compile(r"[0-9]+_[0-9]+_[0-9]+")
FORMS = ("table", "contest", "folders", "plain")
_ASK = "rename or move them, or say which form to use: "


@dataclass(frozen=True, slots=True)
class Row:
    """A photo with what its form says of it."""

    file: FoundFile
    model: str | None = None
    product: str | None = None
    category: str | None = None
    split: str | None = None


@dataclass(frozen=True)
class Recognition:
    """The form, the sentence why, the photos, and what was left out."""

    form: str
    reason: str
    rows: Sequence[Row]
    problems: tuple[Problem, ...] = field(default=())


def recognise(folder: Path, files: list[FoundFile], form: str | None = None) -> Recognition:
    """The folder's form, tried in the order table, contest, folders, plain; or the form asked for.

    Raises ShopsimError for an unknown form, one that does not fit, or a folder that mixes two.
    """
    photos = [file for file in files if file.is_photo]
    if form is None:
        form = _guess(folder, files, photos)
    if form not in FORMS:
        raise ShopsimError(f"Unknown form '{form}'. Known: {', '.join(FORMS)}.")
    return _READERS[form](folder, files, photos)


def _guess(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> str:
    if any(file.name == TABLE_NAME for file in files):
        return "table"
    named = [file for file in photos if _is_contest(file)]
    if named:
        if len(named) < len(photos):
            other = next(file.name for file in photos if not _is_contest(file))
            raise ShopsimError(
                f"'{folder.name}/' mixes {len(named)} photos named model_product_image with "
                f"{len(photos) - len(named)} others ('{other}'): {_ASK}contest (the others stay unlabelled), "
                "folders or plain."
            )
        return "contest"
    holders = {_parent(file) for file in photos}
    if len(holders) <= 1:
        return "plain"
    _check_nesting(folder, photos, holders)
    return "folders"


def _check_nesting(folder: Path, photos: list[FoundFile], holders: set[str]) -> None:
    loose = [file.name for file in photos if not _parent(file)]
    if loose:
        raise ShopsimError(
            f"'{folder.name}/' has {len(loose)} loose photos ('{loose[0]}') beside {len(holders) - 1} folders of "
            f"photos: {_ASK}folders (loose photos stay unlabelled) or plain."
        )
    for holder in sorted(holders):
        above = next((str(up) for up in PurePosixPath(holder).parents if str(up) in holders), None)
        if above is not None:
            raise ShopsimError(
                f"'{folder.name}/' has photos both in '{above}/' and in its subfolder '{holder}/', so it is unclear "
                f"which of them is the model: {_ASK}folders (each folder its own model) or plain."
            )


def _read_table(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> Recognition:
    lines, problems = read_table(folder / TABLE_NAME, {file.name: file for file in photos})
    listed = {line.name for line in lines} | {problem.name for problem in problems}
    problems += [Problem(file.name, f"not listed in {TABLE_NAME}") for file in photos if file.name not in listed]
    by_name = {file.name: file for file in photos}
    rows = [Row(by_name[line.name], line.model, line.product, line.category, line.split) for line in lines]
    return Recognition("table", f"it has a {TABLE_NAME} with a column 'path'", rows, tuple(problems))


def _read_contest(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> Recognition:
    rows = []
    for file in photos:
        category = _top(file)
        if _is_contest(file):
            model, product, _ = Path(file.name).stem.split("_")
            rows.append(Row(file, model, product, category))
        else:
            rows.append(Row(file, category=category))
    named = sum(row.model is not None for row in rows)
    which = "every photo" if named == len(rows) else f"{named} of {len(rows)} photos"
    example = f", as in '{PurePosixPath(rows[0].file.name).name}'" if rows else ""
    reason = f"{which} is named model_product_image in digits{example}"
    return Recognition("contest", reason, _one_category_is_none(rows))


def _read_folders(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> Recognition:
    holders = sorted({_parent(file) for file in photos} - {""})
    models_of_top: dict[str, int] = {}
    for holder in holders:
        top = PurePosixPath(holder).parts[0]
        models_of_top[top] = models_of_top.get(top, 0) + 1
    rows = []
    for file in photos:
        holder, top = _parent(file), _top(file)
        category = top if top is not None and holder != top and models_of_top[top] > 1 else None
        rows.append(Row(file, model=holder or None, category=category))
    return Recognition("folders", f"its photos lie in {len(holders)} folders, one a model", rows)


def _read_plain(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> Recognition:
    reason = "neither a table nor file or folder names tell models apart, so there are no true labels"
    return Recognition("plain", reason, [Row(file) for file in photos])


_READERS: dict[str, Callable[[Path, list[FoundFile], list[FoundFile]], Recognition]] = {
    "table": _read_table,
    "contest": _read_contest,
    "folders": _read_folders,
    "plain": _read_plain,
}


def _one_category_is_none(rows: list[Row]) -> list[Row]:
    """A single top folder (`images/`) says nothing about categories."""
    if len({row.category for row in rows}) > 1:
        return rows
    return [Row(row.file, row.model, row.product) for row in rows]


def _is_contest(file: FoundFile) -> bool:
    return CONTEST_STEM.fullmatch(PurePosixPath(file.name).stem) is not None


def _parent(file: FoundFile) -> str:
    """The folder a photo lies in, '' for the catalogue itself."""
    return file.name.rpartition("/")[0]


def _top(file: FoundFile) -> str | None:
    return file.name.split("/")[0] if "/" in file.name else None
