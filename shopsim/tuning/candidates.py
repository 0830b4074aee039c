"""The candidates that Auto tries: spaces of one extractor or of several, and clusterers, the average linkages first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shopsim.base.disk.store import digest_of
from shopsim.base.registry import Value
from shopsim.grouping.recipe import Recipe
from shopsim.spaces.fusion import shares_of
from shopsim.tuning.branch_cuts import AVERAGE_LINKAGES

CUT_AT_A_VALUE = {
    "complete": "similarity",
    "hdbscan": "similarity",
    "dbscan": "similarity",
    "mutual_knn": "similarity",
    "leiden": "resolution",
}
"""Clusterers that are tried besides average linkage, each with the kind of its control; the slowest last."""
# Some clusterers are not tried. affinity_propagation (hundreds of passes over all pairs), som (many passes over all
# photos) and kmeans_estimated (K-means for many K) take long at each of a dozen values on every fold; average linkage
# makes more of the time. kmeans and average_count must be given the number of groups, which is unknown for unseen
# models. single (dbscan without density) and dbscan_sklearn are near doubles of dbscan.

# A second extractor's share of the similarity.
_SHARES = (0.3, 0.15, 0.5)
# The shares of the parent (the features that training started from) and of a companion, where both are added.
_TWO_SHARES = ((0.3, 0.15), (0.35, 0.3), (0.2, 0.45), (0.6, 0.25))
# The share of the parent alone. It may be large, since few photos say little about a training.
_PARENT_SHARES = (0.3, 0.5, 0.75)
# Spaces for the parent and a companion beside a trained network's features. On validation models of one fold of
# grocery this mix reached an ARI of 0.892, the metric alone 0.851, and mixes without a metric at most 0.840.
_BESIDE_LEARNT: tuple[tuple[str, dict[str, Value]], ...] = (
    ("wccn", {"shrinkage": 0.1, "strength": 1.0, "components": 512}),
    ("wccn", {"shrinkage": 0.6, "strength": 0.5, "components": 512}),
)
# On validation models of two folds of grocery these spaces brought most where a companion was fused in.
_LEARNED: tuple[tuple[str, dict[str, Value]], ...] = (
    *_BESIDE_LEARNT,
    ("lda", {"shrinkage": 0.6}),
    ("projection", {"loss": "supcon"}),
    ("projection", {"loss": "binomial"}),
)
_STRENGTHS = (0.5, 0.25, 0.75)


@dataclass(frozen=True)
class Candidate:
    """A recipe for the vectors of one extractor, or of several whose similarities are averaged.

    recipe: its space is fitted for each extractor by itself. added: (extractor, share of the similarity) of the
    extractors besides the main one. added_in: a recipe with the space of the added extractors, if it differs from the
    main one's.
    """

    recipe: Recipe
    added: tuple[tuple[str, float], ...] = ()
    # Left out of the repr, from which names of settings are made, so that earlier settings keep their names.
    added_in: Recipe | None = field(default=None, repr=False)

    @property
    def is_cut_by_rules(self) -> bool:
        """Whether its tree is cut branch by branch (`CutRule`); else the tree is cut at one value of its control."""
        return self.recipe.clusterer in AVERAGE_LINKAGES

    @property
    def digest(self) -> str:
        """Digest of every name, setting and share."""
        own = [] if self.added_in is None else [self.added_in.space_digest]
        return digest_of(self.recipe.digest, self.added, *own)

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
        if self.added_in is None:
            return f"{' + '.join(names)}, {spaces[0]}, {clusterer}"
        first, *others = names
        return f"{first}, {spaces[0]}, + {' + '.join(others)}, {spaces[1]}, {clusterer}"


def auto_candidates(companions: Sequence[str] = ()) -> list[Candidate]:
    """The candidates in the order in which they are tried: the most promising first, since time may run out.

    companions: names of the extractors besides the main one whose vectors are at hand.
    """
    return _of_mixes([(), *(((name, share),) for share in _SHARES for name in companions)])


def learned_candidates(others: Sequence[str], metrics: bool = True) -> list[Candidate]:
    """The candidates for a trained network's features: alone, and mixed with the features that training started from
    and with those of a companion.

    others: the extractor that training started from, then its companions. The trained network fits the tuning models
    better than other models; the features from before training do not. metrics: whether spaces that learn from the
    tuning models are tried first.
    """
    parent, *companions = others
    pairs = [((parent, own), (name, share)) for name in companions for own, share in _TWO_SHARES]
    of_parent = [((parent, share),) for share in _PARENT_SHARES]
    of_companions = [((name, share),) for share in (_SHARES[0], _SHARES[-1]) for name in companions]
    mixes = [(), *of_parent, *pairs, *of_companions]
    return [*(_beside_learnt(pairs or of_parent) if metrics else ()), *_of_mixes(mixes)]


def metric_candidates(companions: Sequence[str] = ()) -> list[Candidate]:
    """Spaces that learn from the tuning models, then the candidates of `auto_candidates`."""
    fused = [(), *(((name, _SHARES[0]),) for name in companions)]
    return [
        *(
            Candidate(Recipe(space, settings, clusterer, {}), added)
            for space, settings in _LEARNED
            for clusterer in AVERAGE_LINKAGES
            for added in fused
        ),
        *auto_candidates(companions),
    ]


def _beside_learnt(mixes: Sequence[tuple[tuple[str, float], ...]]) -> list[Candidate]:
    """A trained network's features as they are, and in the same learning space as the other features."""
    raw, found = Recipe("raw", {}, "average", {}), []
    for space, settings in _BESIDE_LEARNT:
        learned = Recipe(space, settings, "average", {})
        found += [each for added in mixes for each in (Candidate(raw, added, learned), Candidate(learned, added))]
    return [*found, *map(_on_a_local_scale, found[: 2 * len(mixes)])]


def _on_a_local_scale(candidate: Candidate) -> Candidate:
    first, *others = (replace(each, clusterer="average_local") for each in candidate.in_spaces)
    return Candidate(first, candidate.added, *others)


def _of_mixes(mixes: Sequence[tuple[tuple[str, float], ...]]) -> list[Candidate]:
    """The candidates for each mix. mixes: the extractors that are added to the main one, each with its share."""
    first, second, third = [], [], []
    for added in mixes:
        first += [_whitened("average", added), _raw("average", added)]
        second += [_whitened("average_local", added), _raw("average_local", added), _blended(added)]
        third += [_whitened("average", added, strength) for strength in _STRENGTHS[1:]]
    # These are for the rare photos that average linkage does not suit. On nearly all catalogues with known models the
    # candidates above did better, and the last of these takes as long as a dozen of those.
    others = [make(name, ()) for name in CUT_AT_A_VALUE for make in (_whitened, _raw)]
    return [*first, *second, *third, *others]


def _whitened(clusterer: str, added: tuple[tuple[str, float], ...], strength: float = _STRENGTHS[0]) -> Candidate:
    return Candidate(Recipe("whitened", {"strength": strength}, clusterer, {}), added)


def _raw(clusterer: str, added: tuple[tuple[str, float], ...]) -> Candidate:
    return Candidate(Recipe("raw", {}, clusterer, {}), added)


def _blended(added: tuple[tuple[str, float], ...]) -> Candidate:
    return Candidate(Recipe("blended", {}, "average", {}), added)


def _with_settings(name: str, settings: object) -> str:
    # The number of components follows from the number of photos.
    told = ", ".join(_told(key, value) for key, value in dict(settings).items() if key != "components")
    return f"{name} ({told})" if told else name


def _told(key: str, value: Value) -> str:
    return f"{key} {value}" if isinstance(value, str) else f"{key} {value:g}"
