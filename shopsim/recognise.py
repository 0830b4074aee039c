"""Which of the known forms a folder has, and what its names and tables say of each photo."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from shopsim import ShopsimError
from shopsim.catalog import Problem
from shopsim.catalog_table import TABLE_NAME, read_table
from shopsim.scan import FoundFile, name_index

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
    problems: tuple[Problem, ...] = ()


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
    named = sum(_is_contest(file) for file in photos)
    if named:
        if named < len(photos):
            other = next(file.name for file in photos if not _is_contest(file))
            raise ShopsimError(
                f"'{folder.name}/' mixes photos named model_product_image ({named}) with others "
                f"({len(photos) - named}, such as '{other}'): {_ASK}contest (the others stay unlabelled), "
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
            f"'{folder.name}/' has loose photos ({len(loose)}, such as '{loose[0]}') beside folders of photos "
            f"({len(holders) - 1}): {_ASK}folders (loose photos stay unlabelled) or plain."
        )
    for holder in sorted(holders):
        above = next((str(up) for up in PurePosixPath(holder).parents if str(up) in holders), None)
        if above is not None:
            raise ShopsimError(
                f"'{folder.name}/' has photos both in '{above}/' and in its subfolder '{holder}/', so it is unclear "
                f"which of them is the model: {_ASK}folders (each folder its own model) or plain."
            )


def _read_table(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> Recognition:
    table = next((file for file in files if file.name == TABLE_NAME), None)
    if table is None:
        raise ShopsimError(f"'{folder.name}/' has no {TABLE_NAME}; the form 'table' needs one with a column 'path'.")
    by_name = {file.name: file for file in photos}
    lines, problems = read_table(table.path, name_index(folder, photos))
    listed = {line.name for line in lines}
    problems += [Problem(name, f"not listed in {table.path.name}") for name in by_name if name not in listed]
    rows = [Row(by_name[line.name], line.model, line.product, line.category, line.split) for line in lines]
    return Recognition("table", f"it has a {table.path.name} with a column 'path'", rows, tuple(problems))


def _read_contest(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> Recognition:
    rows = []
    for file, holder in zip(photos, _parents_below_wrapper(photos), strict=True):
        model, product = contest_ids(file.name) or (None, None)
        rows.append(Row(file, model, product, category=holder[0] if holder else None))
    named = sum(row.model is not None for row in rows)
    which = "every photo" if named == len(rows) else f"{named} of {len(rows)} photos"
    example = next((f", as in '{_stem(row.file.name)}'" for row in rows if row.model is not None), "")
    reason = f"{which} is named model_product_image in digits{example}"
    return Recognition("contest", reason, _one_category_is_none(rows))


def _read_folders(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> Recognition:
    parents = _parents_below_wrapper(photos)
    models = {holder for holder in parents if holder}
    nested = {holder[0] for holder in models if len(holder) > 1}
    several = len({holder for holder in models if len(holder) > 1}) > len(nested)
    rows = [
        Row(file, model="/".join(holder) or None, category=holder[0] if several and len(holder) > 1 else None)
        for file, holder in zip(photos, parents, strict=True)
    ]
    reason = f"its photos lie in folders ({len(models)}), one a model"
    return Recognition("folders", reason, _one_category_is_none(rows))


def _read_plain(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> Recognition:
    reason = "neither a table nor file or folder names tell models apart, so there are no true labels"
    return Recognition("plain", reason if photos else "it holds no photos", [Row(file) for file in photos])


_READERS: dict[str, Callable[[Path, list[FoundFile], list[FoundFile]], Recognition]] = {
    "table": _read_table,
    "contest": _read_contest,
    "folders": _read_folders,
    "plain": _read_plain,
}


def contest_ids(name: str) -> tuple[str, str] | None:
    """(model, product) of a photo named model_product_image in digits; None for any other name."""
    stem = _stem(name)
    if not CONTEST_STEM.fullmatch(stem):
        return None
    model, product, _ = stem.split("_")
    return model, product


def _is_contest(file: FoundFile) -> bool:
    return contest_ids(file.name) is not None


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def _parent(file: FoundFile) -> str:
    """The folder a photo lies in, '' for the catalogue itself."""
    return file.name.rpartition("/")[0]


def _parents_below_wrapper(photos: list[FoundFile]) -> list[tuple[str, ...]]:
    """The folders each photo lies in, from the top, without leading ones that hold everything, as zip files have.

    Each photo keeps at least one folder, if it lies in any.
    """
    parents = [tuple(file.name.split("/")[:-1]) for file in photos]
    first, last = min(parents, default=()), max(parents, default=())
    room = min(map(len, parents), default=0) - 1
    wrappers = 0
    while wrappers < room and first[wrappers] == last[wrappers]:
        wrappers += 1
    return [parent[wrappers:] for parent in parents]


def _one_category_is_none(rows: list[Row]) -> list[Row]:
    """A category that every photo has says nothing."""
    if len({row.category for row in rows}) > 1:
        return rows
    return [replace(row, category=None) for row in rows]
