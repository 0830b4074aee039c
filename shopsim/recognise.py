"""Which of the known forms a folder has, and what its names and tables say of each photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from shopsim import ShopsimError
from shopsim.catalog import Problem
from shopsim.catalog_table import TABLE_NAME, read_table
from shopsim.contest_names import are_dated, contest_ids
from shopsim.folder_levels import Holder, category_of, holders_of, returning
from shopsim.readings import (
    CONTEST,
    FOLDER_FORMS,
    FOLDERS,
    INNER_FOLDERS,
    LOWEST_FOLDERS,
    PLAIN,
    SPLIT_FOLDERS,
    UPPER_FOLDERS,
    Models,
    folder_models,
    models_by_form,
    n_models,
    question,
    same_models,
    within,
)
from shopsim.scan import FoundFile

TABLE = "table"
FORMS = (TABLE, CONTEST, *FOLDER_FORMS, PLAIN)


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

    Raises ShopsimError for an unknown form or one that does not fit, and SeveralReadingsError where names and
    folders give different models, or folders can be read in several ways: then a person has to choose.
    """
    photos = sorted((file for file in files if file.is_photo), key=lambda file: file.name)
    holders = holders_of([file.name for file in photos])
    if form is None:
        form = _guess(folder, files, photos, holders)
    if form == TABLE:
        return _read_table(folder, files, photos)
    if form == CONTEST:
        return _read_contest(photos, holders)
    if form in FOLDER_FORMS:
        return _read_folders(form, folder, photos, holders)
    if form == PLAIN:
        return _read_plain(photos, holders)
    raise ShopsimError(f"Unknown form '{form}'. Known: {', '.join(FORMS)}.")


def doubt_of_contest(names: Sequence[str]) -> str:
    """Why models in the contest's file names may not be those that are meant; '' if nothing speaks against them."""
    return _against_contest(names, models_by_form(names, holders_of(names)))


def _guess(folder: Path, files: list[FoundFile], photos: list[FoundFile], holders: list[Holder]) -> str:
    if any(file.name == TABLE_NAME for file in files):
        return TABLE
    names = [file.name for file in photos]
    models = models_by_form(names, holders)
    if CONTEST in models:
        doubt = _against_contest(names, models)
        if not doubt:
            return CONTEST
        if not (are_dated(names) and _folders_agree(models[CONTEST], models)):
            raise question(folder.name, doubt, names, models)
        del models[CONTEST]
    if len(set(holders)) <= 1 or not any(holder.path for holder in holders):
        return PLAIN
    doubt = _against_folders(photos, holders, models)
    if doubt:
        raise question(folder.name, doubt, names, models)
    return SPLIT_FOLDERS if SPLIT_FOLDERS in models else FOLDERS


def _against_contest(names: Sequence[str], models: dict[str, Models]) -> str:
    contest = models[CONTEST]
    named = sum(model is not None for model in contest)
    if named < len(names):
        other = next(name for name, model in zip(names, contest, strict=True) if model is None)
        return f"mixes photos named model_product_image ({named}) with others ({len(names) - named}, such as '{other}')"
    if are_dated(names):
        return f"has photos named by dates, as phones name them ('{names[0]}')"
    finest = models.get(SPLIT_FOLDERS) or models.get(FOLDERS)
    if finest is None:
        one = n_models(contest) == 1 and len(names) > 1
        return f"has only photos named as of one model ('{contest[0]}')" if one else ""
    # Several models in each folder, of several photos each: the folders are categories.
    are_categories = within(contest, finest) and 2 * n_models(contest) <= len(names)
    if are_categories or _folders_agree(contest, models):
        return ""
    return "has file names and folders that give different models"


def _folders_agree(contest: Models, models: dict[str, Models]) -> bool:
    """Whether one way to read the folders gives the models that the file names give."""
    return any(same_models(contest, models[form]) for form in FOLDER_FORMS if form in models)


def _against_folders(photos: list[FoundFile], holders: list[Holder], models: dict[str, Models]) -> str:
    """Why it is unclear which of the folders are the models; '' if it is clear."""
    loose = [file.name for file, holder in zip(photos, holders, strict=True) if not holder.path]
    paths = {holder.path for holder in holders if holder.path}
    if loose:
        return f"has loose photos ({len(loose)}, such as '{loose[0]}') beside folders of photos ({len(paths)})"
    parents = {file.name.rpartition("/")[0] for file in photos}
    for parent in sorted(parents):
        above = next((str(up) for up in PurePosixPath(parent).parents if str(up) in parents), None)
        if above is not None:
            return f"has photos both in '{above}/' and in its subfolder '{parent}/'; it is unclear which is the model"
    readings = [models[form] for form in (FOLDERS, SPLIT_FOLDERS, LOWEST_FOLDERS) if form in models]
    if all(same_models(readings[0], other) for other in readings[1:]):
        return ""
    twice = returning(holder.whole for holder in holders) or returning(paths)
    told = f" ('{twice[0]}/' and '{twice[1]}/')" if twice else ""
    return f"has folders of the same name under different folders{told}; it is unclear whether they are one model"


def _read_table(folder: Path, files: list[FoundFile], photos: list[FoundFile]) -> Recognition:
    if not any(file.name == TABLE_NAME for file in files):
        raise ShopsimError(f"'{folder.name}/' has no {TABLE_NAME}; the form 'table' needs one with a column 'path'.")
    by_name = {file.name: file for file in photos}
    lines, problems = read_table(folder / TABLE_NAME, by_name)
    listed = {line.name for line in lines}
    problems += [Problem(name, f"not listed in {TABLE_NAME}") for name in by_name if name not in listed]
    rows = [Row(by_name[line.name], line.model, line.product, line.category, line.split) for line in lines]
    return Recognition(TABLE, f"it has a {TABLE_NAME} with a column 'path'", rows, tuple(problems))


def _read_contest(photos: list[FoundFile], holders: list[Holder]) -> Recognition:
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
    return Recognition(CONTEST, f"{which} is named model_product_image in digits{example}{folders}", rows)


_FOLDER_REASONS = {
    FOLDERS: "one a model",
    SPLIT_FOLDERS: "one per model, and train, val or test is their split",
    LOWEST_FOLDERS: "and equal names of the lowest folders are one model",
    INNER_FOLDERS: "and a model is named without the top folder",
    UPPER_FOLDERS: "and what lies in the lowest folders belongs to the model named above",
}


def _read_folders(form: str, folder: Path, photos: list[FoundFile], holders: list[Holder]) -> Recognition:
    if form == SPLIT_FOLDERS and photos and not any(holder.split for holder in holders):
        raise ShopsimError(
            f"'{folder.name}/' has no level of folders that are all called train, val or test; the form "
            f"'{SPLIT_FOLDERS}' needs one."
        )
    models = folder_models(form, holders)
    # Above the lowest folder stands the category; where that one does not count, above the one that does.
    paths = [holder.path[:-1] or holder.path if form == UPPER_FOLDERS else holder.path for holder in holders]
    rows = [
        Row(file, model, category=category, split=holder.split)
        for file, model, category, holder in zip(photos, models, category_of(paths), holders, strict=True)
    ]
    n_folders = len({holder.whole for holder in holders if holder.whole})
    reason = f"its photos lie in folders ({n_folders}), {_FOLDER_REASONS[form]}"
    return Recognition(form, reason, _one_category_is_none(rows))


def _read_plain(photos: list[FoundFile], holders: list[Holder]) -> Recognition:
    reason = "neither a table nor file or folder names tell models apart, so there are no true labels"
    rows = [Row(file, split=holder.split) for file, holder in zip(photos, holders, strict=True)]
    return Recognition(PLAIN, reason if photos else "it holds no photos", rows)


def _one_category_is_none(rows: list[Row]) -> list[Row]:
    """A category that every photo has says nothing."""
    if len({row.category for row in rows}) > 1:
        return rows
    return [replace(row, category=None) for row in rows]
