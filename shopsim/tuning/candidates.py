"""What Auto tries: spaces of one extractor, or of several fused, and clusterers, the average linkages first."""

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
# Not tried: what takes long at each of a dozen values on every fold and would use up a budget that average linkage
# makes more of: affinity_propagation (hundreds of passes over all pairs), som (many over all photos),
# kmeans_estimated (K-means for many K); kmeans and average_count, which must be told how many groups there are, the
# very thing unknown of unseen models; and near doubles of dbscan: single (the same without density), dbscan_sklearn.

# A second extractor's share of the similarity.
_SHARES = (0.3, 0.15, 0.5)
# Of what was learnt from and of a companion, where both are added to what was learnt.
_TWO_SHARES = ((0.3, 0.15), (0.35, 0.3), (0.2, 0.45), (0.6, 0.25))
# Of what was learnt from: mostly that, too, since of few photos a training is judged by little.
_PARENT_SHARES = (0.3, 0.5, 0.75)
# What a network learnt, with the features it learnt from and a companion in one of these: on validation models of one
# of grocery's folds 0.892, where the metric alone has 0.851 and no mix without one more than 0.840.
_BESIDE_LEARNT: tuple[tuple[str, dict[str, Value]], ...] = (
    ("wccn", {"shrinkage": 0.1, "strength": 1.0, "components": 512}),
    ("wccn", {"shrinkage": 0.6, "strength": 0.5, "components": 512}),
)
# Seen on validation models of two of grocery's folds: what is learned brings most where a companion is fused in.
_LEARNED: tuple[tuple[str, dict[str, Value]], ...] = (
    *_BESIDE_LEARNT,
    ("lda", {"shrinkage": 0.6}),
    ("projection", {"loss": "supcon"}),
    ("projection", {"loss": "binomial"}),
)
_STRENGTHS = (0.5, 0.25, 0.75)


@dataclass(frozen=True)
class Candidate:
    """A recipe for the vectors of an extractor, or of several whose similarities are averaged.

    recipe: its space is fitted for each extractor by itself. added: (extractor, share of the similarity) of those
    besides the main one. added_in: a recipe whose space is theirs, where it is another than the main one's.
    """

    recipe: Recipe
    added: tuple[tuple[str, float], ...] = ()
    # Not in the text, from which names of settings are made: those kept before there was such a thing stay the same.
    added_in: Recipe | None = field(default=None, repr=False)

    @property
    def is_cut_by_rules(self) -> bool:
        """Whether its tree is cut branch by branch (`CutRule`); else it is cut at one value of its control."""
        return self.recipe.clusterer in AVERAGE_LINKAGES

    @property
    def digest(self) -> str:
        """Of every name, setting and share."""
        own = [] if self.added_in is None else [self.added_in.space_digest]
        return digest_of(self.recipe.digest, self.added, *own)

    @property
    def in_spaces(self) -> tuple[Recipe, ...]:
        """The recipes whose spaces are used, the main extractor's first."""
        return (self.recipe,) if self.added_in is None else (self.recipe, self.added_in)

    def shares(self, main: str) -> dict[str, float]:
        """The share of the similarity each extractor has."""
        return shares_of(main, dict(self.added))

    def in_space(self, name: str, main: str) -> Recipe:
        """The recipe whose space the vectors of one of its extractors are put in."""
        return self.recipe if name == main or self.added_in is None else self.added_in

    def describe(self, main: str) -> str:
        """'mobilenet_v2 70 % + color_shape 30 %, whitened (strength 0.5), average'."""
        shares = self.shares(main)
        names = [main] if len(shares) == 1 else [f"{name} {share:.0%}" for name, share in shares.items()]
        spaces = [_with_settings(each.space, each.space_settings) for each in self.in_spaces]
        clusterer = _with_settings(self.recipe.clusterer, self.recipe.clusterer_settings)
        if self.added_in is None:
            return f"{' + '.join(names)}, {spaces[0]}, {clusterer}"
        first, *others = names
        return f"{first}, {spaces[0]}, + {' + '.join(others)}, {spaces[1]}, {clusterer}"


def auto_candidates(companions: Sequence[str] = ()) -> list[Candidate]:
    """Those worth trying first come first, since time may run out.

    companions: names of extractors whose vectors are at hand besides the main one's.
    """
    return _of_mixes([(), *(((name, share),) for share in _SHARES for name in companions)])


def learned_candidates(others: Sequence[str], metrics: bool = True) -> list[Candidate]:
    """Those for features that were learnt: alone, and mixed with what they were learnt from and a companion.

    others: the extractor that was learnt from, then its companions. What was learnt fits the tuning models better
    than others, and what they share with the rest of the world is in the features as they were. metrics: whether
    spaces that are learnt from the tuning models, too, are tried first.
    """
    parent, *companions = others
    pairs = [((parent, own), (name, share)) for name in companions for own, share in _TWO_SHARES]
    of_parent = [((parent, share),) for share in _PARENT_SHARES]
    of_companions = [((name, share),) for share in (_SHARES[0], _SHARES[-1]) for name in companions]
    mixes = [(), *of_parent, *pairs, *of_companions]
    return [*(_beside_learnt(pairs or of_parent) if metrics else ()), *_of_mixes(mixes)]


def metric_candidates(companions: Sequence[str] = ()) -> list[Candidate]:
    """Those of `auto_candidates`, and before them spaces that are learnt from the tuning models."""
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
    """What a network learnt as it is and in the same space as the others, these being in one that learns."""
    raw, found = Recipe("raw", {}, "average", {}), []
    for space, settings in _BESIDE_LEARNT:
        learned = Recipe(space, settings, "average", {})
        found += [each for added in mixes for each in (Candidate(raw, added, learned), Candidate(learned, added))]
    return [*found, *map(_on_a_local_scale, found[: 2 * len(mixes)])]


def _on_a_local_scale(candidate: Candidate) -> Candidate:
    first, *others = (replace(each, clusterer="average_local") for each in candidate.in_spaces)
    return Candidate(first, candidate.added, *others)


def _of_mixes(mixes: Sequence[tuple[tuple[str, float], ...]]) -> list[Candidate]:
    """mixes: the extractors added to the main one, each with its share."""
    first, second, third = [], [], []
    for added in mixes:
        first += [_whitened("average", added), _raw("average", added)]
        second += [_whitened("average_local", added), _raw("average_local", added), _blended(added)]
        third += [_whitened("average", added, strength) for strength in _STRENGTHS[1:]]
    # They are there for photos that average linkage is wrong for, which is rare: wherever models were known so far, all
    # of the above did better, and the last of these takes as long as a dozen of those.
    others = [make(name, ()) for name in CUT_AT_A_VALUE for make in (_whitened, _raw)]
    return [*first, *second, *third, *others]


def _whitened(clusterer: str, added: tuple[tuple[str, float], ...], strength: float = _STRENGTHS[0]) -> Candidate:
    return Candidate(Recipe("whitened", {"strength": strength}, clusterer, {}), added)


def _raw(clusterer: str, added: tuple[tuple[str, float], ...]) -> Candidate:
    return Candidate(Recipe("raw", {}, clusterer, {}), added)


def _blended(added: tuple[tuple[str, float], ...]) -> Candidate:
    return Candidate(Recipe("blended", {}, "average", {}), added)


def _with_settings(name: str, settings: object) -> str:
    # Which components were kept follows from how many photos there were.
    told = ", ".join(_told(key, value) for key, value in dict(settings).items() if key != "components")
    return f"{name} ({told})" if told else name


def _told(key: str, value: Value) -> str:
    return f"{key} {value}" if isinstance(value, str) else f"{key} {value:g}"
