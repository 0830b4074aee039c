"""A second extractor beside the main one: its features of the same photos, and its share of the similarity."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shopsim.catalog.catalog import Problem
from shopsim.features.extract import Features
from shopsim.features.stored_rows import any_in_row
from shopsim.spaces.fusion import check_share


@dataclass(frozen=True)
class Added:
    """The second extractor's name, its features, and its share of the similarity; the main extractor has the rest.

    share: above 0 and at most MOST_ADDED. Raises ShopsimError for another share.
    """

    extractor: str
    features: Features
    share: float

    def __post_init__(self) -> None:
        check_share(self.extractor, self.share)

    def of(self, image_ids: tuple[str, ...]) -> Added:
        """Returns the same for exactly these photos in this order, with rows of zeros where features are missing."""
        return replace(self, features=aligned(self.features, image_ids))

    @property
    def shares(self) -> tuple[float, float]:
        """The share of the main extractor, and that of this one."""
        return 1 - self.share, self.share

    @property
    def missing(self) -> tuple[str, ...]:
        """The image_ids of the photos with a row of zeros."""
        return missing_rows(self.features)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """The photos that only the main extractor compares, each with the reason; they take part all the same."""
        reasons = {problem.name: problem.reason for problem in self.features.problems}
        return tuple(
            Problem(
                name,
                f"only the first extractor compares it; {self.extractor}: {reasons.get(name, 'no features')}",
                False,
            )
            for name in self.missing
        )


def missing_rows(features: Features) -> tuple[str, ...]:
    """Returns the image_ids of the photos with a row of zeros."""
    return tuple(features.image_ids[row] for row in np.flatnonzero(~any_in_row(features.raw)))


def rows_by_extractor(features: Features, added: Added | None) -> tuple[list[np.ndarray], tuple[float, ...]]:
    """Returns (n, d) float32 unit rows by each extractor, before any space, and the extractors' shares.

    added: of the same photos in the same order.
    """
    if added is None:
        return [np.asarray(features.vectors)], (1.0,)
    return [np.asarray(features.vectors), np.asarray(added.features.vectors)], added.shares


def aligned(features: Features, image_ids: tuple[str, ...]) -> Features:
    """Returns the features of exactly these photos in this order, with rows of zeros where features are missing."""
    if features.image_ids == image_ids:
        return features
    place = {image_id: row for row, image_id in enumerate(features.image_ids)}
    raw = np.zeros((len(image_ids), features.raw.shape[1]), np.float32)
    there = [row for row, image_id in enumerate(image_ids) if image_id in place]
    raw[there] = features.raw[[place[image_ids[row]] for row in there]]
    return Features(raw, image_ids, features.key, features.problems)
