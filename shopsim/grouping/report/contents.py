"""What a report tells, as plain data: no HTML and no sentences yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from shopsim.grouping.corrections.used import Applied, Used
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.runs.record import About, Estimated, Provenance, RunScores
from shopsim.scoring.costs import PairCurve, Prices


@dataclass(frozen=True, eq=False)
class Corrections:
    """Corrections that the groups respect. measured, without: the groups without them, and the scores of those."""

    used: Used
    measured: Grouping
    without: RunScores


def corrections_of(about: About, applied: Applied | None) -> Corrections | None:
    """Returns the corrections of a run; applied: those that its groups respect, None without any."""
    if applied is None:
        return None
    return Corrections(applied.used, applied.measured, about.measured)


@dataclass(frozen=True)
class HeldOut:
    """The score on models that had no part in tuning, with its 95 % interval where that is known.

    catalog, n_models: what the settings were tuned on, '' and 0 if that is not known.
    """

    ari: float
    low: float | None = None
    high: float | None = None
    catalog: str = ""
    n_models: int = 0


@dataclass(frozen=True, eq=False)
class Given:
    """What the report cannot read from the grouping itself.

    settings: names of extractor, space and clusterer with their settings, in words, by `extractor`, `space`,
    `clusterer` and `never_join`. run: name of the kept run, '' for none. expected: scores that were estimated without
    labels. pairs: wrong pairs at every threshold; both are of the groups without corrections. n_left_out: files that
    took no part.
    """

    scores: RunScores
    provenance: Provenance
    settings: Mapping[str, str]
    run: str = ""
    expected: Estimated | None = None
    held_out: HeldOut | None = None
    prices: Prices | None = None
    pairs: PairCurve | None = None
    corrections: Corrections | None = None
    n_left_out: int = 0


@dataclass(frozen=True)
class GroupShown:
    """A group with some of its photos: rows of the catalogue, and which of them show another model."""

    number: int
    size: int
    model: str | None
    is_whole: bool
    wrong_pairs: int
    weakest: float
    rows: tuple[int, ...]
    wrong: tuple[bool, ...]


@dataclass(frozen=True, eq=False)
class Matrix:
    """A part of the table of models and groups.

    models: names; groups: numbers; counts: (n_models, n_groups) int64; rest: (n_models,) int64, photos elsewhere.
    """

    models: tuple[str, ...]
    groups: tuple[int, ...]
    counts: np.ndarray
    rest: np.ndarray


@dataclass(frozen=True, eq=False)
class Contents:
    """Everything that the report shows; numbers: (n_groups,) int64, how each group of the cut is called."""

    grouping: Grouping
    given: Given
    numbers: np.ndarray
    worst: tuple[GroupShown, ...] = ()
    best: tuple[GroupShown, ...] = ()
    matrix: Matrix | None = None
    n_merged: int = 0
    n_split: int = 0
    merged_pairs: int = field(default=0)
    split_pairs: int = field(default=0)

    @property
    def measured(self) -> Grouping:
        """The groups without corrections, which measure the method."""
        return self.grouping if self.given.corrections is None else self.given.corrections.measured
