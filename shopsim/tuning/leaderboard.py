"""What each setting reaches on models nothing was tuned on: one row a setting, kept as soon as it is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Value
from shopsim.base.work.progress import Progress, part_of, say, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.grouping.companions import companions_of
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.leaderboard_row import AUTO, BASELINE, Task
from shopsim.tuning.leaderboard_scores import Scores

FIRST_CLUSTERERS = ("average", "complete", "hdbscan", "leiden", "kmeans")
"""Those that take part unless others are chosen: a first look should not take long."""
DUMB = ("All one group", "All photos alone", "Byte-equal copies")
# So that a long setting moves the bar too.
_STEPS = 1000


@dataclass(frozen=True)
class Cell:
    """One setting that takes part: an extractor with its settings, and what is done to its features."""

    extractor: str
    extractor_settings: Mapping[str, Value]
    recipe: Recipe

    @property
    def extractor_key(self) -> str:
        """Tells extractors with other settings apart."""
        return digest_of(self.extractor, sorted(self.extractor_settings.items()))


@dataclass(frozen=True)
class Row:
    """One line of the leaderboard.

    title: of a row that is no setting, else ''. source: the setting, or the one whose extractor a baseline is of;
    None without an extractor. scores: None where it failed, for the reason given.
    """

    title: str
    source: Cell | None
    scores: Scores | None
    reason: str = ""

    @property
    def cell(self) -> Cell | None:
        """What to choose to get it; None where no choice does."""
        return None if self.title else self.source


# From an extractor's cell: its features, of which those of the catalogue's photos are taken.
Loader = Callable[[Cell, Progress], Features]


@dataclass(frozen=True)
class Loaded:
    """The features of every extractor that takes part, by the extractors' keys, and why the others have none."""

    features: Mapping[str, Features]
    reasons: Mapping[str, str]


def load_all(cells: Sequence[Cell], load: Loader, progress: Progress = silent) -> Loaded:
    """The features of the cells' extractors and of their companions; progress counts photos."""
    features: dict[str, Features] = {}
    reasons: dict[str, str] = {}
    companions = [Cell(name, {}, cell.recipe) for cell in cells for name in companions_of(cell.extractor)]
    for cell in [*cells, *companions]:
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
    """The rows of these settings and of what they are compared with; tell: called with each as it is finished.

    All are scored on the same photos, those every extractor can say something about, and on the same folds.
    A row that was computed before is read from the cache, so that a run that was stopped goes on where it was.
    A setting or an extractor that fails has its reason for a score.
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
    """How many rows take time: the settings, and Auto and the contest baseline for each extractor."""
    return len(cells) + (1 + auto) * len({cell.extractor_key for cell in cells})


_Work = Callable[[Progress], Scores]


def _works(task: Task, cells: Sequence[Cell], features: Mapping[str, Features]) -> list[tuple[str, Cell, _Work | None]]:
    """What is to be done for each row in turn, the baseline of an extractor before its first setting."""
    works: list[tuple[str, Cell, _Work | None]] = []
    seen: dict[str, Features | None] = {}
    for cell in cells:
        key = cell.extractor_key
        if key not in seen:
            seen[key] = features[key].of(task.catalog.image_ids) if key in features else None
            works.append((BASELINE, cell, _bound(task.baseline, seen[key])))
        works.append(("", cell, _bound(task.setting, seen[key], cell.recipe)))
    # Last, since it tries a dozen settings itself.
    for cell in {cell.extractor_key: cell for cell in cells}.values():
        added = {other.extractor: features[other.extractor_key] for other in _companions(cell, features)}
        works.append((AUTO, cell, _bound(task.auto, seen[cell.extractor_key], added, cell.extractor)))
    return works


def _companions(cell: Cell, features: Collection[str]) -> list[Cell]:
    """Of the extractors that Auto fuses with this one, those that have features."""
    found = [Cell(name, {}, cell.recipe) for name in companions_of(cell.extractor)]
    return [other for other in found if other.extractor_key in features]


def _bound(work: Callable[..., Scores], features: Features | None, *given: object) -> _Work | None:
    return None if features is None else lambda progress: work(features, *given, progress)


def _row(title: str, cell: Cell, reasons: Mapping[str, str], work: _Work | None, progress: Progress) -> Row:
    if work is None:
        return Row(title, cell, None, reasons[cell.extractor_key])
    try:
        return Row(title, cell, work(progress))
    except ShopsimError as error:
        return Row(title, cell, None, str(error))


def _dumb_labels(catalog: Catalog) -> list[np.ndarray]:
    """Groups anybody could make without looking, each (n,) int64, as named in DUMB."""
    n_images = len(catalog.images)
    copies = np.unique([image.digest for image in catalog.images], return_inverse=True)[1]
    return [np.zeros(n_images, np.int64), np.arange(n_images), copies]
