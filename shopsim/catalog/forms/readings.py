"""Reads a folder's models in each form without a table, and asks if two forms give different models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopsim.base.errors import ShopsimError
from shopsim.catalog.forms.contest_names import contest_ids
from shopsim.catalog.forms.folder_levels import Holder, folded

CONTEST, PLAIN = "contest", "plain"
FOLDERS, SPLIT_FOLDERS = "folders", "split-folders"
LOWEST_FOLDERS, INNER_FOLDERS = "lowest-folders", "inner-folders"
MIDDLE_FOLDERS, UPPER_FOLDERS = "middle-folders", "upper-folders"
FOLDER_FORMS = (FOLDERS, SPLIT_FOLDERS, LOWEST_FOLDERS, INNER_FOLDERS, MIDDLE_FOLDERS, UPPER_FOLDERS)

# The true model of each photo, None if there is none.
Models = Sequence[str | None]


@dataclass(frozen=True)
class Reading:
    """Describes a form that a folder can have.

    n_models: number of models by this form; example: a photo and its model, '' without models.
    """

    form: str
    n_models: int
    example: str

    @property
    def sentence(self) -> str:
        """Returns the form with its number of models and the example."""
        if not self.n_models:
            return f"{self.form} (no models)"
        return f"{self.form} ({self.n_models:,} model{'' if self.n_models == 1 else 's'}: {self.example})"


class SeveralReadingsError(ShopsimError):
    """A folder can be read in several ways that give different models: a person has to choose one of the readings.

    why: the reason to ask, up to the colon before the readings.
    """

    def __init__(self, why: str, readings: Sequence[Reading]) -> None:
        *most, last = [reading.sentence for reading in readings]
        told = f"{', '.join(most)} or {last}" if most else last
        super().__init__(f"{why}: {told}.")
        self.why = why
        self.readings = tuple(readings)

    def __reduce__(self) -> tuple[type[SeveralReadingsError], tuple[str, tuple[Reading, ...]]]:
        return type(self), (self.why, self.readings)


def models_by_form(names: Sequence[str], holders: Sequence[Holder]) -> dict[str, Models]:
    """Returns the photos' models by form: the contest's if any name fits, a form of folders if it has several models.

    Folders that are only named train and test are not models.
    """
    contest = contest_models(names)
    found: dict[str, Models] = {CONTEST: contest} if any(contest) else {}
    if any(holder.path for holder in holders) and n_models(folder_models(FOLDERS, holders)) > 1:
        has_split = any(holder.split for holder in holders)
        forms = (form for form in FOLDER_FORMS if has_split or form != SPLIT_FOLDERS)
        found |= {form: folder_models(form, holders) for form in forms}
    return found


def contest_models(names: Sequence[str]) -> Models:
    """Reads each photo's model from its file name."""
    return [(contest_ids(name) or (None,))[0] for name in names]


def folder_models(form: str, holders: Sequence[Holder]) -> Models:
    """Reads each photo's model from its folders; form: one of FOLDER_FORMS."""
    models = ["/".join(_levels_of_model(form, holder)) or None for holder in holders]
    if form != LOWEST_FOLDERS:
        return models
    spelled: dict[str, str] = {}
    for model in sorted(set(models) - {None}):
        spelled.setdefault(folded(model), model)
    return [None if model is None else spelled[folded(model)] for model in models]


def _levels_of_model(form: str, holder: Holder) -> tuple[str, ...]:
    if form == FOLDERS:
        return holder.whole
    if form == SPLIT_FOLDERS:
        return holder.path
    if form == LOWEST_FOLDERS:
        return holder.path[-1:]
    if form == INNER_FOLDERS:
        return holder.path[1:] or holder.path
    if form == MIDDLE_FOLDERS:
        return holder.path[1:-1] or holder.path
    return holder.path[:-1] or holder.path


def n_models(models: Models) -> int:
    """Counts the models."""
    return len(set(models) - {None})


def same_models(one: Models, other: Models) -> bool:
    """Says whether two readings put the same photos together, under any names of models."""
    return len(set(one)) == len(set(other)) == len(set(zip(one, other, strict=True)))


def within(fine: Models, coarse: Models) -> bool:
    """Says whether each model of the fine reading lies within a single model of the coarse one."""
    return len(set(zip(fine, coarse, strict=True))) == len(set(fine))


def question(folder: str, why: str, names: Sequence[str], models: Mapping[str, Models]) -> SeveralReadingsError:
    """Asks which reading is meant; of readings that put the same photos together, only the first is offered."""
    offered: dict[str, Models] = {}
    for form, found in models.items():
        if not any(same_models(found, other) for other in offered.values()):
            offered[form] = found
    row = _telling_row(list(offered.values()))
    readings = [_reading(form, found, names, row) for form, found in offered.items()]
    readings.append(Reading(PLAIN, 0, ""))
    return SeveralReadingsError(f"'{folder}/' {why}: rename or move them, or say which form to use", readings)


def _telling_row(models: Sequence[Models]) -> int:
    """Finds the first photo to which most readings give a model, and as many different ones as possible."""
    ranks = [(sum(model is not None for model in found), len(set(found))) for found in zip(*models, strict=True)]
    return ranks.index(max(ranks)) if ranks else 0


def _reading(form: str, models: Models, names: Sequence[str], row: int) -> Reading:
    if models[row] is None:
        row = next(number for number, model in enumerate(models) if model is not None)
    return Reading(form, n_models(models), f"'{names[row]}' shows '{models[row]}'")
