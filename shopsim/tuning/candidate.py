"""A candidate that Auto tries: a space of one extractor or of several, and a clusterer."""

from __future__ import annotations

from dataclasses import dataclass, field

from shopsim.base.disk.store import digest_of
from shopsim.base.registry import Value
from shopsim.grouping.recipe import Recipe
from shopsim.spaces.fusion import shares_of
from shopsim.tuning.branch_cuts import AVERAGE_LINKAGES

UNNORMALISED = "not normalised"
CUT_AT_A_VALUE = {
    "complete": "similarity",
    "hdbscan": "similarity",
    "dbscan": "similarity",
    "mutual_knn": "similarity",
    "leiden": "resolution",
    "kmeans": "count",
}
"""Clusterers that are tried besides average linkage, each with the kind of its control. The number of groups is that of
the contest baseline: photos / photos per tuning model.
"""


@dataclass(frozen=True)
class Candidate:
    """A recipe for the vectors of one extractor, or of several whose similarities are averaged.

    recipe: its space is fitted for each extractor by itself. added: (extractor, share of the similarity) of the
    extractors besides the main one. added_in: a recipe with the space of the added extractors, if it differs from the
    main one's. unnormalised: whether the main extractor's rows are clustered as they are, as in the contest baseline;
    only in the raw space and alone.
    """

    recipe: Recipe
    added: tuple[tuple[str, float], ...] = ()
    # Left out of the repr, from which names of settings are made, so that earlier settings keep their names.
    added_in: Recipe | None = field(default=None, repr=False)
    unnormalised: bool = field(default=False, repr=False)

    @property
    def is_cut_by_rules(self) -> bool:
        """Whether its tree is cut branch by branch (`CutRule`); else the tree is cut at one value of its control."""
        return self.recipe.clusterer in AVERAGE_LINKAGES

    @property
    def is_cut_by_count(self) -> bool:
        """Whether it is given the number of groups."""
        return CUT_AT_A_VALUE.get(self.recipe.clusterer) == "count"

    @property
    def digest(self) -> str:
        """Digest of every name, setting and share."""
        return digest_of(self.recipe.digest, self.added, *self.own_digest)

    @property
    def own_digest(self) -> tuple[str, ...]:
        """What the fields say that are not in the repr; empty for a candidate that uses neither."""
        own = () if self.added_in is None else (self.added_in.space_digest,)
        return (*own, UNNORMALISED) if self.unnormalised else own

    @property
    def in_spaces(self) -> tuple[Recipe, ...]:
        """The recipes whose spaces are used, the main extractor's first."""
        return (self.recipe,) if self.added_in is None else (self.recipe, self.added_in)

    def shares(self, main: str) -> dict[str, float]:
        """The share of the similarity that each extractor has."""
        return shares_of(main, dict(self.added))

    def in_space(self, name: str, main: str) -> Recipe:
        """The recipe of the space for the vectors of one of its extractors."""
        return self.recipe if name == main or self.added_in is None else self.added_in

    def describe(self, main: str) -> str:
        """The candidate in words: 'mobilenet_v2 70 % + color_shape 30 %, whitened (strength 0.5), average'."""
        shares = self.shares(main)
        names = [main] if len(shares) == 1 else [f"{name} {share:.0%}" for name, share in shares.items()]
        spaces = [_with_settings(each.space, each.space_settings) for each in self.in_spaces]
        clusterer = _with_settings(self.recipe.clusterer, self.recipe.clusterer_settings)
        if self.unnormalised:
            return f"{main}, {UNNORMALISED}, {clusterer}"
        if self.added_in is None:
            return f"{' + '.join(names)}, {spaces[0]}, {clusterer}"
        first, *others = names
        return f"{first}, {spaces[0]}, + {' + '.join(others)}, {spaces[1]}, {clusterer}"


def _with_settings(name: str, settings: object) -> str:
    # The number of components follows from the number of photos.
    told = ", ".join(_told(key, value) for key, value in dict(settings).items() if key != "components")
    return f"{name} ({told})" if told else name


def _told(key: str, value: Value) -> str:
    return f"{key} {value}" if isinstance(value, str) else f"{key} {value:g}"
