"""What Auto chose on tuning models, applied to other photos: their groupings, and the tree of how these agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from shopsim.auto import Member
from shopsim.auto_candidates import Candidate
from shopsim.candidates import average_tree, fit_space
from shopsim.clusterers.expected_size import threshold_for_size
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.consensus import AgreementTree, agreement_tree
from shopsim.fusion import fused
from shopsim.progress import Progress, silent
from shopsim.size_prior import SizePrior
from shopsim.spaces import FittedSpace
from shopsim.tree_cuts import cut_by
from shopsim.validation_rows import Views

# From (extractor, digest of a space and its settings) to the space fitted on that extractor's vectors.
FittedSpaces = Mapping[tuple[str, str], FittedSpace]


def fit_spaces(members: Sequence[Member], views: Views) -> dict[tuple[str, str], FittedSpace]:
    """Every space the members need, fitted on these photos: all of the tuning models'."""
    found: dict[tuple[str, str], FittedSpace] = {}
    for member in members:
        recipe = member.candidate.recipe
        for name in member.candidate.shares(next(iter(views))):
            key = name, recipe.space_digest
            if key not in found:
                found[key] = fit_space(views[name], recipe)
    return found


def rows_in_space(candidate: Candidate, spaces: FittedSpaces, views: Views) -> np.ndarray:
    """(n, d') float32 unit rows of the photos in the candidate's fused space."""
    shares = candidate.shares(next(iter(views)))
    parts = [spaces[name, candidate.recipe.space_digest].transform(views[name]) for name in shares]
    return fused(parts, list(shares.values()))


def consensus(
    members: Sequence[Member],
    spaces: FittedSpaces,
    views: Views,
    prior: SizePrior,
    n_tuned: float,
    progress: Progress = silent,
) -> AgreementTree:
    """The tree of how far the members' groupings of these photos agree; cut at a half it is the tuned grouping.

    n_tuned: how many photos the rules were tuned on at once, which corrects them for as many as there are here.
    progress: counts members. Raises ShopsimError if a tree would not fit in memory.
    """
    trees: dict[str, MergeTree] = {}
    labelings: dict[int, np.ndarray] = {}
    # Candidate by candidate, so that one tree at a time is held.
    order = sorted(range(len(members)), key=lambda place: members[place].candidate.digest)
    for done, place in enumerate(order):
        progress(done, len(members))
        candidate = members[place].candidate
        if candidate.digest not in trees:
            trees = {candidate.digest: merge_tree(candidate, spaces, views)}
        tree = trees[candidate.digest]
        labelings[place] = cut_by(tree, members[place].rule_for(max(tree.n_images, 1) / n_tuned), prior)
    progress(len(members), len(members))
    return agreement_tree([labelings[place] for place in order], [members[place].weight for place in order])


def consensus_for_size(
    members: Sequence[Member],
    spaces: FittedSpaces,
    views: Views,
    photos_per_model: float,
    progress: Progress = silent,
) -> AgreementTree:
    """The same where models have another number of photos than those tuned on: spaces and weights as tuned, but
    every tree cut level, where it joins as many pairs as models of that size have.

    photos_per_model: as `threshold_for_size` takes it. progress: counts the trees.
    """
    weights: dict[str, float] = {}
    candidates = {member.candidate.digest: member.candidate for member in members}
    for member in members:
        weights[member.candidate.digest] = weights.get(member.candidate.digest, 0.0) + member.weight
    labelings = []
    for done, candidate in enumerate(candidates.values()):
        progress(done, len(candidates))
        tree = merge_tree(candidate, spaces, views)
        labelings.append(tree.cut(threshold_for_size(tree, photos_per_model)))
    progress(len(candidates), len(candidates))
    return agreement_tree(labelings, list(weights.values()))


def merge_tree(candidate: Candidate, spaces: FittedSpaces, views: Views) -> MergeTree:
    """The candidate's tree of these photos. Raises as `average_tree` does."""
    return average_tree(rows_in_space(candidate, spaces, views), candidate.recipe)
