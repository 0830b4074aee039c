"""Finds out which of the known forms a folder has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from shopsim.base.errors import ShopsimError
from shopsim.catalog.forms.category_words import is_category
from shopsim.catalog.forms.contest_names import against_names, contest_ids
from shopsim.catalog.forms.folder_levels import Holder, holders_of, returning
from shopsim.catalog.forms.form_rows import (
    TABLE,
    Recognition,
    rows_of_contest,
    rows_of_folders,
    rows_of_plain,
    rows_of_table,
)
from shopsim.catalog.forms.readings import (
    CONTEST,
    FOLDER_FORMS,
    FOLDERS,
    LOWEST_FOLDERS,
    PLAIN,
    SPLIT_FOLDERS,
    Models,
    models_by_form,
    n_models,
    question,
    same_models,
    within,
)
from shopsim.catalog.scan import FoundFile
from shopsim.catalog.tables import TABLE_NAME

FORMS = (TABLE, CONTEST, *FOLDER_FORMS, PLAIN)

# The contest's categories have about 70 models of about 70 photos; no folder of one model has so many listings.
_MODELS_OF_CATEGORY, _PHOTOS_OF_MODEL = 20, 10


def recognise(folder: Path, files: list[FoundFile], form: str | None = None) -> Recognition:
    """Finds the folder's form, in the order table, contest, folders, plain; or takes the form asked for.

    Raises ShopsimError for an unknown form, or one that does not fit. Raises SeveralReadingsError if names and folders
    give different models, or folders can be read in several ways: then a person has to choose.
    """
    photos = sorted((file for file in files if file.is_photo), key=lambda file: file.name)
    holders = holders_of([file.name for file in photos])
    if form is None:
        form = _guess(folder, files, photos, holders)
    if form == TABLE:
        return rows_of_table(folder, files, photos)
    if form == CONTEST:
        return rows_of_contest(photos, holders)
    if form in FOLDER_FORMS:
        return rows_of_folders(form, folder, photos, holders)
    if form == PLAIN:
        return rows_of_plain(photos, holders)
    raise ShopsimError(f"Unknown form '{form}'. Known: {', '.join(FORMS)}.")


def doubt_of_contest(names: Sequence[str]) -> str:
    """Says why the models in the contest's file names may not be meant as models; '' if nothing speaks against them."""
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
        if not (all(models[CONTEST]) and _folders_agree(models[CONTEST], models)):
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
    if len(names) == 1:
        return ""
    doubt = against_names(names)
    if doubt:
        return doubt
    finest = models.get(SPLIT_FOLDERS) or models.get(FOLDERS)
    if finest is None or _are_categories(names, contest, finest) or _folders_agree(contest, models):
        return ""
    return "has file names and folders that give different models"


def _are_categories(names: Sequence[str], contest: Models, finest: Models) -> bool:
    """Says whether the folders have several models of several photos each, and are certainly not models themselves.

    Either they are named after kinds of products, or they have more models, products and photos than one model can.
    """
    if not within(contest, finest) or 2 * n_models(contest) > len(names):
        return False
    if all(folder is None or is_category(folder) for folder in finest):
        return True
    n_folders, n_products = len(set(finest)), len({contest_ids(name) for name in names})
    return (
        n_models(contest) >= _MODELS_OF_CATEGORY * n_folders
        and n_products >= 2 * n_models(contest)
        and len(names) >= _PHOTOS_OF_MODEL * n_models(contest)
    )


def _folders_agree(contest: Models, models: dict[str, Models]) -> bool:
    """Says whether one way to read the folders gives the same models as the file names, and there are several."""
    return n_models(contest) > 1 and any(same_models(contest, models[form]) for form in FOLDER_FORMS if form in models)


def _against_folders(photos: list[FoundFile], holders: list[Holder], models: dict[str, Models]) -> str:
    """Says why it is unclear which of the folders are the models; '' if it is clear."""
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
    if twice and twice[0].rpartition("/")[2] != twice[1].rpartition("/")[2]:
        return f"has folders whose names differ in case or blanks only{told}; it is unclear whether they are one model"
    return f"has folders of the same name under different folders{told}; it is unclear whether they are one model"
