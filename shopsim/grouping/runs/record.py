"""What a kept run says of itself: how it was made, how it scored, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from shopsim.base.disk.records import Whole
from shopsim.base.registry import Value
from shopsim.grouping.corrections.meaning import NOTHING_SAID, Statements
from shopsim.grouping.corrections.used import Used

DEMO = "demo"
"""Stands for the folder of the demo, which lies in the cache and may be drawn elsewhere the next time."""
Estimated = Mapping[str, Mapping[str, float]]
"""Expected scores by name, each with `value`, `low` and `high`."""


@dataclass(frozen=True)
class RunSettings:
    """Everything that a person chose, as plain values: with it the same photos give the same groups again.

    folder: an absolute path, or DEMO. form, labels, encoding: how the folder is read, None to recognise it.
    value: of the clusterer's control. tuned: name of the tuned settings that replace extractor, space and clusterer,
    '' by hand; expect: photos per model that they expect. added: name of a second extractor, '' for none. never_join:
    column in which photos must not differ to be joined, '' for none.
    """

    folder: str
    extractor: str
    space: str
    clusterer: str
    value: float
    form: str | None = None
    labels: str | None = None
    encoding: str | None = None
    category: str | None = None
    copies: bool = True
    contradicted: str = ""
    extractor_settings: Mapping[str, Value] = field(default_factory=dict)
    added: str = ""
    share: float = 0.5
    space_settings: Mapping[str, Value] = field(default_factory=dict)
    clusterer_settings: Mapping[str, Value] = field(default_factory=dict)
    strict: bool = False
    tuned: str = ""
    expect: float | None = None
    never_join: str = ""


@dataclass(frozen=True)
class RunScores:
    """Counts and scores of the groups; scores are None without true labels.

    tuned_on: what the threshold was chosen on. tp, fp, fn, tn: unordered pairs as in `PairCounts`.
    expected: scores that were estimated without labels, None if there were none.
    """

    n_images: Whole
    n_labelled: Whole
    n_models: Whole
    n_groups: Whole
    n_singletons: Whole
    tuned_on: str
    ari: float | None = None
    pair_precision: float | None = None
    pair_recall: float | None = None
    pair_f1: float | None = None
    tp: int | None = None
    fp: int | None = None
    fn: int | None = None
    tn: int | None = None
    expected: Estimated | None = None


@dataclass(frozen=True)
class Provenance:
    """Where a run comes from.

    kept_at: date and time in UTC, as in ISO 8601; who: the person's name on this machine, or as they wrote it.
    photos: a digest of all photos. extractor_key, added_key: what changes the features; key: of space and tree.
    seed: of the clustering, None if it takes none. versions: of Python, shopsim and the packages that compute.
    """

    kept_at: str
    who: str
    photos: str
    extractor_key: str
    added_key: str
    key: str
    seed: int | None
    versions: Mapping[str, str]


@dataclass(frozen=True)
class About:
    """A run without its photos.

    catalog: name of the catalogue. control: kind of the number that the groups were cut at; page_value: that number as
    pages take it, which show no threshold below the last merge. follows: id of the run
    whose groups lent their numbers, '' for the first one. next_group: the lowest number that no run before has used.
    corrections: those that the groups respect, None without any; without_corrections: the scores at the same threshold
    without them. `scores` are always those of the groups that were kept.
    """

    id: str
    name: str
    catalog: str
    control: str
    page_value: float
    settings: RunSettings
    scores: RunScores
    provenance: Provenance
    follows: str = ""
    next_group: Whole = 0
    corrections: Used | None = None
    without_corrections: RunScores | None = None

    @property
    def measured(self) -> RunScores:
        """The scores that measure the method: those without corrections."""
        return self.without_corrections or self.scores


@dataclass(frozen=True)
class Photos:
    """The photos of a run, or of a catalogue, in the order of image_id.

    digests: of the files' bytes; models: true models, None where not known.
    """

    image_ids: tuple[str, ...]
    digests: tuple[str, ...]
    models: tuple[str | None, ...]


@dataclass(frozen=True, eq=False)
class Run:
    """A kept run.

    groups: (n,) int64, one number per photo, which a group keeps from run to run. statements: what the corrections of
    the run mean, by the keys of photos.
    """

    about: About
    photos: Photos
    groups: np.ndarray
    statements: Statements = NOTHING_SAID
