"""Combines several extractors' vectors: the similarity of two photos is the weighted mean over the extractors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.rows import unit_rows
from shopsim.spaces import FittedSpace, Space

MOST_ADDED = 0.9


def fused(parts: Sequence[np.ndarray], shares: Sequence[float]) -> np.ndarray:
    """Returns (n, d1 + d2 + ...) float32 unit rows; their cosine is the mean of the parts' cosines, weighted by share.

    parts: (n, d) float32 unit rows of the same photos. A photo without features of one extractor has a row of zeros.
    Only the other parts compare two such photos. Such a photo and one with all features have the other parts'
    similarity times the root of their share. shares: positive, one per part.
    """
    if len(parts) == 1:
        return parts[0]
    total, end = float(sum(shares)), 0
    # Filled part by part, so that not all parts are there twice, once of them in float64.
    rows = np.empty((len(parts[0]), sum(part.shape[1] for part in parts)), np.float32)
    for part, share in zip(parts, shares, strict=True):
        rows[:, end : end + part.shape[1]] = np.sqrt(share / total) * part
        end += part.shape[1]
    return unit_rows(rows)


def shares_of(main: str, added: Mapping[str, float]) -> dict[str, float]:
    """Returns each extractor's share of the similarity: `added` gives the others', the main one has the rest.

    Raises ShopsimError if a share is out of range, if all of them leave less than a tenth, or for the main one itself.
    """
    if main in added:
        raise ShopsimError(f"'{main}' is the main extractor; only others can be added to it.")
    for name, share in added.items():
        check_share(name, share)
    rest = 1 - sum(added.values())
    if rest < 1 - MOST_ADDED - 1e-9:
        raise ShopsimError(f"The added extractors have {1 - rest:.0%} of the similarity; {MOST_ADDED:.0%} is the most.")
    return {main: rest, **added}


def check_share(name: str, share: float) -> None:
    """Raises ShopsimError if the share of an added extractor is out of range."""
    if not 0 < share <= MOST_ADDED:
        raise ShopsimError(f"The share of '{name}' is {share!r}; it must be above 0 and at most {MOST_ADDED:g}.")


@dataclass(frozen=True)
class FusedSpace:
    """One space for rows that hold several extractors' rows side by side: it is fitted to each extractor by itself.

    widths: numbers per photo of each extractor. shares: one per extractor, as `fused` takes them.
    """

    space: Space
    widths: tuple[int, ...]
    shares: tuple[float, ...]

    def fit(self, vectors: np.ndarray) -> FittedFusion:
        """Fits on (n, d1 + d2 + ...) float32, each extractor's part of it unit rows."""
        return FittedFusion(self, tuple(self.space.fit(part) for part in self.parts(vectors)))

    def parts(self, vectors: np.ndarray) -> list[np.ndarray]:
        """Returns each extractor's rows."""
        return np.split(vectors, np.cumsum(self.widths)[:-1], axis=1)


@dataclass(frozen=True)
class FittedFusion:
    """A space that was fitted to each extractor by itself."""

    of: FusedSpace
    fitted: tuple[FittedSpace, ...]

    def transform(self, vectors: np.ndarray) -> np.ndarray:
        """Turns rows as for `FusedSpace.fit` into (n, d') float32 unit rows, whose cosine is the mean by share."""
        parts = zip(self.fitted, self.of.parts(vectors), strict=True)
        return fused([fitted.transform(part) for fitted, part in parts], self.of.shares)
