"""The candidates that Auto tries, in the order in which it tries them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from shopsim.base.registry import Value
from shopsim.grouping.companions import networks_among
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.branch_cuts import AVERAGE_LINKAGES
from shopsim.tuning.candidate import Candidate

# These are for the rare photos that average linkage does not suit; the slowest comes last.
_RARELY_BEST = ("complete", "hdbscan", "dbscan", "mutual_knn", "leiden")
# Some clusterers are not tried. affinity_propagation (hundreds of passes over all pairs), som (many passes over all
# photos) and kmeans_estimated (K-means for many K) take long at each of a dozen values on every fold; average linkage
# makes more of the time. average_count must be given the number of groups, and K-means makes more of that number.
# single (dbscan without density) and dbscan_sklearn are near doubles of dbscan.

# The share of the similarity that a companion has, and that a second network has.
_SHARES = (0.3, 0.15, 0.5)
_NETWORK_SHARE = 0.5
# The shares of a second network and of a companion, where both are added. On shoe_pairs these shares did best: ARI .975
# on held-out models, two networks alone .964.
_BOTH_SHARES = (0.4, 0.2)
# The shares of the parent (the features that training started from) and of a companion, where both are added.
_TWO_SHARES = ((0.3, 0.15), (0.35, 0.3), (0.2, 0.45), (0.6, 0.25))
# The same with a second network, which sees more than a light companion does.
_TWO_NETWORK_SHARES = ((0.2, 0.45), (0.35, 0.3))
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


def auto_candidates(companions: Sequence[str] = (), unnormalised: bool = False) -> list[Candidate]:
    """The candidates in the order in which they are tried: the most promising first, since time may run out.

    companions: names of the extractors besides the main one whose vectors are at hand. A second network comes first.
    unnormalised: whether the main extractor's rows are at hand as they are, for the contest's K-means.
    """
    networks = networks_among(companions)
    light = [name for name in companions if name not in networks]
    with_network = [((name, _NETWORK_SHARE),) for name in networks]
    with_both = [tuple(zip(pair, _BOTH_SHARES, strict=True)) for pair in product(networks, light)]
    with_light = [((name, share),) for share in _SHARES for name in light]
    return _of_mixes([*with_network, (), *with_both, *with_light], unnormalised)


def learned_candidates(others: Sequence[str], metrics: bool = True) -> list[Candidate]:
    """The candidates for a trained network's features: alone, and mixed with the features that training started from
    and with those of a companion.

    others: the extractor that training started from, then its companions. The trained network fits the tuning models
    better than other models; the features from before training do not. metrics: whether spaces that learn from the
    tuning models are tried first.
    """
    parent, *companions = others
    networks = networks_among(companions)
    shares_of = {name: _TWO_NETWORK_SHARES if name in networks else _TWO_SHARES for name in companions}
    pairs = [((parent, own), (name, share)) for name in companions for own, share in shares_of[name]]
    of_parent = [((parent, share),) for share in _PARENT_SHARES]
    of_networks = [((name, _NETWORK_SHARE),) for name in networks]
    of_light = [((name, share),) for share in (_SHARES[0], _SHARES[-1]) for name in companions if name not in networks]
    mixes = [*of_networks, (), *of_parent, *pairs, *of_light]
    return [*(_beside_learnt(pairs or of_parent) if metrics else ()), *_of_mixes(mixes)]


def metric_candidates(companions: Sequence[str] = ()) -> list[Candidate]:
    """Spaces that learn from the tuning models, then the candidates of `auto_candidates`."""
    networks = networks_among(companions)
    fused = [(), *(((name, _NETWORK_SHARE if name in networks else _SHARES[0]),) for name in companions)]
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


def _of_mixes(mixes: Sequence[tuple[tuple[str, float], ...]], unnormalised: bool = False) -> list[Candidate]:
    """The candidates for each mix. mixes: the extractors that are added to the main one, each with its share."""
    first, second, third = [], [], []
    for added in mixes:
        first += [_whitened("average", added), _raw("average", added)]
        second += [_whitened("average_local", added), _raw("average_local", added), _blended(added)]
        third += [_whitened("average", added, strength) for strength in _STRENGTHS[1:]]
    n_first = 2 * (mixes.index(()) + 1)
    # On nearly all catalogues with known models the candidates above did better, and the last of these takes as long as
    # a dozen of those.
    others = [make(name, ()) for name in _RARELY_BEST for make in (_whitened, _raw)]
    return [*first[:n_first], *_k_means(mixes, unnormalised), *first[n_first:], *second, *third, *others]


def _k_means(mixes: Sequence[tuple[tuple[str, float], ...]], unnormalised: bool) -> list[Candidate]:
    """The contest's K-means, on unit rows too: alone, and in the first mix. It does well where there are few models."""
    contest = [replace(_raw("kmeans", ()), unnormalised=True)] if unnormalised else []
    return [*contest, *(_raw("kmeans", added) for added in dict.fromkeys(((), mixes[0])))]


def _whitened(clusterer: str, added: tuple[tuple[str, float], ...], strength: float = _STRENGTHS[0]) -> Candidate:
    return Candidate(Recipe("whitened", {"strength": strength}, clusterer, {}), added)


def _raw(clusterer: str, added: tuple[tuple[str, float], ...]) -> Candidate:
    return Candidate(Recipe("raw", {}, clusterer, {}), added)


def _blended(added: tuple[tuple[str, float], ...]) -> Candidate:
    return Candidate(Recipe("blended", {}, "average", {}), added)
