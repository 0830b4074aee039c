"""The tree of how far several groupings agree."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopsim import ShopsimError
from shopsim.base.labels import by_first_appearance
from shopsim.clusterers.distance_trees import tree_from_distances
from shopsim.tuning import consensus
from shopsim.tuning.consensus import MAJORITY, AgreementTree, agreement_tree

some_labelings = st.integers(2, 20).flatmap(
    lambda n: st.lists(
        st.tuples(st.lists(st.integers(0, 4), min_size=n, max_size=n), st.floats(0.01, 3)), min_size=1, max_size=5
    )
)


def disagreement(labelings, weights):
    """Condensed shares of the weight that parts each pair."""
    pairs = itertools.combinations(range(len(labelings[0])), 2)
    return np.array(
        [
            sum(weight for labels, weight in zip(labelings, weights, strict=True) if labels[a] != labels[b])
            for a, b in pairs
        ]
    ) / sum(weights)


def tree_and_distances(labelings, weights):
    """The tree, and the distances that it was made of."""
    seen = []

    def noted(distances, *more):
        seen.append(distances.copy())
        return tree_from_distances(distances, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consensus, "tree_from_distances", noted)
        return agreement_tree(labelings, weights), seen[0]


@given(some_labelings)
@settings(max_examples=40)
def test_it_is_average_linkage_of_how_many_put_each_pair_together(given_labelings):
    labelings = [np.array(labels) for labels, _ in given_labelings]
    weights = [weight for _, weight in given_labelings]
    found, distances = tree_and_distances(labelings, weights)
    assert distances == pytest.approx(disagreement(labelings, weights), abs=1e-12)
    # Of these very distances: where pairs are equally far, the last bit of another sum decides which are joined first.
    expected = tree_from_distances(distances, len(labelings[0]), "average")
    assert np.array_equal(found.linkage, expected.linkage)


@pytest.mark.parametrize("n", [2, 3, 7, 8, 9, 30])
def test_the_agreement_of_every_pair_is_right_across_blocks_of_rows(n, monkeypatch):
    monkeypatch.setattr(consensus, "BLOCK_ROWS", 4)
    labelings = [np.random.default_rng(seed).integers(4, size=n) for seed in range(3)]
    _, distances = tree_and_distances(labelings, [0.5, 0.2, 0.3])
    assert distances == pytest.approx(disagreement(labelings, [0.5, 0.2, 0.3]))


@given(st.lists(st.integers(0, 6), min_size=0, max_size=30), st.lists(st.floats(0.01, 1), min_size=1, max_size=4))
@settings(max_examples=40)
def test_equal_groupings_agree_on_themselves(labels, weights):
    labels = by_first_appearance(np.array(labels, np.int64))
    tree = agreement_tree([labels] * len(weights), weights)
    for share in (1e-6, MAJORITY, 1.0):
        assert tree.cut(share).tolist() == labels.tolist()


def test_at_half_a_majority_of_the_weight_decides():
    apart, together = np.arange(4), np.zeros(4, int)
    assert agreement_tree([apart, together], [0.51, 0.49]).cut(MAJORITY).tolist() == [0, 1, 2, 3]
    assert agreement_tree([apart, together], [0.49, 0.51]).cut(MAJORITY).tolist() == [0] * 4
    assert agreement_tree([apart, together], [7, 7]).cut(MAJORITY).tolist() == [0] * 4


def test_only_shares_of_the_weights_matter_and_not_the_numbers_of_the_groups():
    labelings = [np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 0, 0])]
    renamed = [np.array([9, 9, -4, -4, 2]), np.array([1, 0, 0, 1, 1])]
    first, again = agreement_tree(labelings, [0.2, 0.8]), agreement_tree(renamed, [2, 8])
    assert first.linkage == pytest.approx(again.linkage)


def test_the_control_is_a_share_that_opens_at_half_and_is_no_threshold_of_similarity():
    control = agreement_tree([np.arange(3), np.zeros(3, int)], [1, 1]).control
    assert (control.low, control.default, control.high) == (0.0, MAJORITY, 1.0)
    assert control.instant
    assert not control.is_a_threshold


@pytest.mark.parametrize("n", [0, 1])
def test_no_photo_and_one_photo_agree(n):
    tree = agreement_tree([np.zeros(n, int)] * 2, [1, 2])
    assert isinstance(tree, AgreementTree)
    assert tree.cut(MAJORITY).tolist() == [0] * n


def test_what_would_not_fit_in_memory_is_said(monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.memory.free_memory", lambda: 1)
    with pytest.raises(ShopsimError, match="memory"):
        agreement_tree([np.arange(10)], [1.0])
