"""Applies the members that Auto chose to other photos: their groupings, and the tree of how far these agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import Tree, clusterers
from shopsim.clusterers.memory import check_memory
from shopsim.clusterers.merge_tree import threshold_for_size
from shopsim.grouping.corrections.bound import Bound
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import FittedSpace
from shopsim.spaces.fusion import fused
from shopsim.tuning.branch_cuts import cut_by
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.consensus import AgreementTree, agreement_tree
from shopsim.tuning.control_values import Portable
from shopsim.tuning.level_cuts import fit_space, tree_of
from shopsim.tuning.members import Member
from shopsim.tuning.rule_grid import Rule
from shopsim.tuning.size_prior import SizePrior
from shopsim.tuning.validation import Views, unnormalised

# From (extractor, digest of a space and its settings) to the space fitted on that extractor's vectors.
FittedSpaces = Mapping[tuple[str, str], FittedSpace]


def fit_spaces(members: Sequence[Member], views: Views, labels_true: np.ndarray) -> dict[tuple[str, str], FittedSpace]:
    """Every space that the members need, fitted on all photos of the tuning models; labels_true: (n,) integers."""
    needed = spaces_of(members, next(iter(views)))
    return {key: fit_space(views[key[0]], recipe, labels_true) for key, recipe in needed.items()}


def spaces_of(members: Sequence[Member], main: str) -> dict[tuple[str, str], Recipe]:
    """A recipe for every space that the members need, by the extractor it is for and the digest of the space."""
    found: dict[tuple[str, str], Recipe] = {}
    for member in members:
        for name in member.candidate.shares(main):
            recipe = member.candidate.in_space(name, main)
            found.setdefault((name, recipe.space_digest), recipe)
    return found


def rows_in_space(candidate: Candidate, spaces: FittedSpaces, views: Views) -> np.ndarray:
    """(n, d') float32 unit rows of the photos in the candidate's fused space, also where it clusters others."""
    main = next(iter(views))
    shares = candidate.shares(main)
    parts = [spaces[name, candidate.in_space(name, main).space_digest].transform(views[name]) for name in shares]
    return fused(parts, list(shares.values()))


def consensus(
    members: Sequence[Member],
    spaces: FittedSpaces,
    views: Views,
    prior: SizePrior,
    n_tuned: float,
    progress: Progress = silent,
    bound: Bound | None = None,
) -> AgreementTree:
    """The tree of how far the members' groupings of these photos agree; cut at one half it is the tuned grouping.

    n_tuned: the number of photos that the rules were tuned on at once; the rules are corrected for the number here.
    progress: counts members. bound: corrections that the tree respects; the members do not know them.
    Raises ShopsimError if a tree would not fit in memory.
    """
    n_images = len(next(iter(views.values())))
    trees: dict[str, Tree] = {}
    labelings: dict[int, np.ndarray] = {}
    # Candidate by candidate, so that only one tree at a time is in memory.
    order = sorted(range(len(members)), key=lambda place: members[place].candidate.digest)
    for done, place in enumerate(order):
        progress(done, len(members))
        candidate = members[place].candidate
        if candidate.digest not in trees:
            trees = {candidate.digest: fitted_tree(candidate, spaces, views, progress)}
        rule = members[place].rule_for(max(n_images, 1) / n_tuned)
        labelings[place] = _labels(trees[candidate.digest], rule, n_images, prior)
    progress(len(members), len(members))
    weights = [members[place].weight for place in order]
    return _agreement([labelings[place] for place in order], weights, progress, bound)


def consensus_for_size(
    members: Sequence[Member],
    spaces: FittedSpaces,
    views: Views,
    photos_per_model: float,
    progress: Progress = silent,
    bound: Bound | None = None,
) -> AgreementTree:
    """The same tree for models that have another number of photos than those tuned on.

    Spaces and weights stay as tuned. Every tree is an average linkage; it is cut level, where it joins as many pairs as
    models of that size have. K-means is given the number of groups.
    photos_per_model: as `threshold_for_size` takes it. progress: counts the trees.
    bound: as `consensus` takes it.
    """
    n_images = len(next(iter(views.values())))
    weights: dict[str, float] = {}
    candidates: dict[str, Candidate] = {}
    for member in members:
        candidate = _for_size(member.candidate)
        candidates[candidate.digest] = candidate
        weights[candidate.digest] = weights.get(candidate.digest, 0.0) + member.weight
    labelings = []
    for done, candidate in enumerate(candidates.values()):
        progress(done, len(candidates))
        tree = fitted_tree(candidate, spaces, views, progress)
        labelings.append(_cut_for_size(candidate, tree, photos_per_model, n_images))
    progress(len(candidates), len(candidates))
    return _agreement(labelings, list(weights.values()), progress, bound)


def _agreement(
    labelings: Sequence[np.ndarray], weights: Sequence[float], progress: Progress, bound: Bound | None
) -> AgreementTree:
    if bound is None:
        return agreement_tree(labelings, weights, progress)
    return agreement_tree(labelings, weights, progress, bound.together, bound.apart)


def that_fit(members: Sequence[Member], views: Views) -> tuple[Member, ...]:
    """The members whose trees of these photos fit in memory; all members if none would.

    Those of average linkage are always among them: it needs the least memory, and its refusal says how much is needed.
    """
    n_images, n_features = next(iter(views.values())).shape
    kept = [each for each in members if each.candidate.is_cut_by_rules or _fits(each.candidate, n_images, n_features)]
    return tuple(kept or members)


def fitted_tree(candidate: Candidate, spaces: FittedSpaces, views: Views, progress: Progress = silent) -> Tree:
    """The candidate's tree of these photos. Raises as `tree_of` does."""
    if candidate.unnormalised:
        return tree_of(views[unnormalised(next(iter(views)))], candidate.recipe, progress)
    return tree_of(rows_in_space(candidate, spaces, views), candidate.recipe, progress)


def _fits(candidate: Candidate, n_images: int, n_features: int) -> bool:
    recipe = candidate.recipe
    try:
        check_memory(clusterers.create(recipe.clusterer, **recipe.clusterer_settings), n_images, n_features)
    except ShopsimError:
        return False
    return True


def _labels(tree: Tree, rule: Rule, n_images: int, prior: SizePrior) -> np.ndarray:
    """(n_images,) int64 groups by first appearance."""
    return rule.cut(tree, n_images) if isinstance(rule, Portable) else cut_by(tree, rule, prior)


def _cut_for_size(candidate: Candidate, tree: Tree, photos_per_model: float, n_images: int) -> np.ndarray:
    """(n_images,) int64 groups of about so many photos, by first appearance."""
    if candidate.is_cut_by_count:
        return Portable("count", photos_per_model).cut(tree, n_images)
    return tree.cut(threshold_for_size(tree, photos_per_model))


def _for_size(candidate: Candidate) -> Candidate:
    """The candidate, if the photos per model say where to cut its tree; else average linkage in its space.

    A resolution does not follow from that number. Chains and densities soon join that many pairs in one large group,
    and links that end leave no pair to join.
    """
    if candidate.is_cut_by_rules or candidate.is_cut_by_count:
        return candidate
    return replace(candidate, recipe=replace(candidate.recipe, clusterer="average", clusterer_settings={}))
