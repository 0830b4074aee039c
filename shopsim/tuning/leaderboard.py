"""The score of each setting on models that nothing was tuned on: one row per setting, kept as soon as it is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, part_of, say, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.grouping.added import Added, aligned
from shopsim.grouping.companions import companions_of, light_companion_of
from shopsim.tuning.built_in.row import NOTHING_TUNED_HERE, has_built_in, nothing_tuned_here
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.tuning.leaderboard_row import AUTO, BASELINE, Scores, Task

FIRST_CLUSTERERS = ("average", "complete", "hdbscan", "leiden", "kmeans")
"""The clusterers that take part unless others are chosen: a first look should not take long."""
DUMB = ("All one group", "All photos alone", "Byte-equal copies")
# Steps per row, so that the bar also moves during a long row.
_STEPS = 1000


@dataclass(frozen=True)
class Row:
    """One line of the leaderboard.

    title: of a row that is no setting, else ''. source: the setting, or the one whose extractor a baseline uses; None
    without an extractor. scores: None if the row failed; reason says why.
    """

    title: str
    source: Cell | None
    scores: Scores | None
    reason: str = ""

    @property
    def cell(self) -> Cell | None:
        """The setting that gives this row; None where no setting does."""
        return None if self.title else self.source


# Gives the features of a cell's extractor; those of other photos than the catalogue's are left out later.
Loader = Callable[[Cell, Progress], Features]


@dataclass(frozen=True)
class Loaded:
    """The features of every extractor that takes part, by the extractors' keys, and for the others the reason why there
    are none.
    """

    features: Mapping[str, Features]
    reasons: Mapping[str, str]


def load_all(cells: Sequence[Cell], load: Loader, progress: Progress = silent) -> Loaded:
    """The features of the cells' extractors, of second ones and of companions; progress counts photos."""
    features: dict[str, Features] = {}
    reasons: dict[str, str] = {}
    companions = [Cell(name, {}, cell.recipe) for cell in cells for name in companions_of(cell.extractor)]
    second = [other for cell in cells for other in cell.of_second]
    for cell in [*cells, *second, *companions]:
        if cell.extractor_key not in features.keys() | reasons.keys():
            say(progress, f"extracting features with {cell.extractor}")
            try:
                features[cell.extractor_key] = load(cell, progress)
            except ShopsimError as error:
                reasons[cell.extractor_key] = str(error)
    return Loaded(features, reasons)


def fill(
    catalog: Catalog,
    cells: Sequence[Cell],
    loaded: Loaded,
    cache: Path,
    n_folds: int = 5,
    seed: int = 0,
    progress: Progress = silent,
    auto: bool = True,
    tell: Callable[[Row], None] | None = None,
) -> list[Row]:
    """The rows of these settings and of the baselines. tell: called with each row as soon as it is finished.

    All rows are scored on the same folds and on the same photos: those that every extractor has features of.
    A row that was computed before is read from the cache, so that a stopped run goes on where it was.
    A setting or an extractor that fails gets a row with the reason instead of scores.
    progress: counts thousandths of a row. auto: whether Auto is a row too.
    Raises ShopsimError without labels, or with too few models to hold some out.
    """
    task = Task(_shared_photos(catalog, cells, loaded), cache, n_folds, seed)
    rows: list[Row] = []
    for row in _rows(task, cells, loaded, auto, progress):
        rows.append(row)
        if tell is not None:
            tell(row)
    return rows


def _rows(task: Task, cells: Sequence[Cell], loaded: Loaded, auto: bool, progress: Progress) -> Iterator[Row]:
    """Each row as soon as it is finished."""
    for labels, title in zip(_dumb_labels(task.catalog), DUMB, strict=True):
        yield Row(title, None, task.score_labels(labels))
    works = [work for work in _works(task, cells, loaded.features) if auto or work[0] != AUTO]
    total = _STEPS * len(works)
    for place, (title, cell, work) in enumerate(works):
        what = title.lower() or f"{cell.recipe.space}, {cell.recipe.clusterer}"
        say(progress, f"{place + 1:,} of {len(works):,}: {cell.extractor}, {what}")
        yield _row(title, cell, loaded.reasons, work, part_of(progress, _STEPS * place, _STEPS, total))
    progress(total, total)


def _shared_photos(catalog: Catalog, cells: Sequence[Cell], loaded: Loaded) -> Catalog:
    """The photos that every chosen extractor has features of. Raises ShopsimError if no extractor works."""
    chosen = {cell.extractor_key for cell in cells} & loaded.features.keys()
    if not chosen:
        why = next(iter(loaded.reasons.values()), "none was")
        raise ShopsimError(f"No extractor that was chosen works here: {why}")
    known = (set(loaded.features[key].image_ids) for key in chosen)
    return catalog.subset(reduce(set.intersection, known, set(catalog.image_ids)))


def n_rows(cells: Sequence[Cell], auto: bool = True) -> int:
    """How many rows take time: the settings, and Auto and the baselines for each extractor."""
    extractors = {cell.extractor_key: cell for cell in cells}.values()
    return len(cells) + sum(1 + auto + has_built_in(cell) for cell in extractors)


_Work = Callable[[Progress], Scores]


def _works(task: Task, cells: Sequence[Cell], features: Mapping[str, Features]) -> list[tuple[str, Cell, _Work | None]]:
    """The work for each row in turn; the baseline of an extractor comes before its first setting."""
    works: list[tuple[str, Cell, _Work | None]] = []
    seen: dict[str, Features | None] = {}
    for cell in cells:
        key = cell.extractor_key
        if key not in seen:
            seen[key] = features[key].of(task.catalog.image_ids) if key in features else None
            works.append((BASELINE, cell.alone, _bound(task.baseline, seen[key])))
            built_in = _built_in(task, cell, seen[key], features)
            works += [(NOTHING_TUNED_HERE, cell.alone, built_in)] if built_in else []
        works.append(("", cell, _setting(task, cell, seen[key], features)))
    # Last, since it tries a dozen settings itself.
    for cell in {cell.extractor_key: cell.alone for cell in cells}.values():
        added = {other.extractor: features[other.extractor_key] for other in _companions(cell, features)}
        works.append((AUTO, cell, _bound(task.auto, seen[cell.extractor_key], added, cell.extractor)))
    return works


def _setting(task: Task, cell: Cell, main: Features | None, features: Mapping[str, Features]) -> _Work | None:
    """The work for one setting; None if an extractor of it has no features."""
    if cell.second is None:
        return _bound(task.setting, main, cell.recipe, None)
    (other,), (name, share) = cell.of_second, cell.second
    if other.extractor_key not in features:
        return None
    return _bound(task.setting, main, cell.recipe, Added(name, features[other.extractor_key], share))


def _built_in(task: Task, cell: Cell, main: Features | None, features: Mapping[str, Features]) -> _Work | None:
    """The work for the built-in settings; None if there are none, or features are missing that they need."""
    if main is None or not has_built_in(cell):
        return None
    light = Cell(light_companion_of(cell.extractor), {}, cell.recipe).extractor_key
    if light not in features:
        return None
    second = aligned(features[light], task.catalog.image_ids)
    return lambda progress: nothing_tuned_here(task, cell.extractor, main, second, progress)


def _companions(cell: Cell, features: Collection[str]) -> list[Cell]:
    """The extractors that Auto fuses with this one, if they have features."""
    found = [Cell(name, {}, cell.recipe) for name in companions_of(cell.extractor)]
    return [other for other in found if other.extractor_key in features]


def _bound(work: Callable[..., Scores], features: Features | None, *given: object) -> _Work | None:
    return None if features is None else lambda progress: work(features, *given, progress)


def _row(title: str, cell: Cell, reasons: Mapping[str, str], work: _Work | None, progress: Progress) -> Row:
    if work is None:
        return Row(title, cell, None, next(reasons[each] for each in cell.extractor_keys if each in reasons))
    try:
        return Row(title, cell, work(progress))
    except ShopsimError as error:
        return Row(title, cell, None, str(error))


def _dumb_labels(catalog: Catalog) -> list[np.ndarray]:
    """Groups that anybody could make without looking at a photo, each (n,) int64, in the order of DUMB."""
    n_images = len(catalog.images)
    copies = np.unique([image.digest for image in catalog.images], return_inverse=True)[1]
    return [np.zeros(n_images, np.int64), np.arange(n_images), copies]
