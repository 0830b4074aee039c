"""Models against groups: the table, ranked splits and merges, the order on the diagonal."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.metrics.cluster import contingency_matrix

from shopsim.scoring.confusion import Merge, Split, contingency, diagonal_order, merges, splits
from shopsim.scoring.evaluation import UNLABELLED, evaluate

labels = st.lists(st.tuples(st.integers(-1, 7), st.integers(0, 9)), max_size=60).map(
    lambda pairs: np.array(pairs, dtype=np.int64).reshape(-1, 2).T
)


def table(*rows):
    return csr_array(np.array(rows, dtype=np.int64))


@given(labels)
def test_the_table_counts_labelled_photos(pair):
    truth, groups = pair
    counted = contingency(truth, groups)
    assert counted.dtype == np.int64
    assert counted.sum() == (truth != UNLABELLED).sum()
    for model in range(counted.shape[0]):
        for group in range(counted.shape[1]):
            assert counted[model, group] == ((truth == model) & (groups == group)).sum()


def test_the_table_is_scikit_learns():
    rng = np.random.default_rng(0)
    truth, groups = rng.integers(9, size=500), rng.integers(12, size=500)
    assert (contingency(truth, groups).toarray() == contingency_matrix(truth, groups)).all()


def test_a_model_without_photos_keeps_its_row():
    assert contingency(np.array([0, 3]), np.array([2, 2])).toarray().tolist() == [
        [0, 0, 1],
        [0] * 3,
        [0] * 3,
        [0, 0, 1],
    ]


@pytest.mark.parametrize("truth", [[], [UNLABELLED, UNLABELLED]])
def test_without_labels_there_is_nothing_to_confuse(truth):
    empty = contingency(np.array(truth, int), np.zeros(len(truth), int))
    assert empty.shape[0] == 0
    assert (splits(empty), merges(empty)) == ([], [])
    assert [len(order) for order in diagonal_order(empty)] == list(empty.shape)


def test_labels_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="2 true labels do not match 3"):
        contingency(np.zeros(2, int), np.zeros(3, int))


def test_splits_and_merges_are_ranked_by_the_wrong_pairs_they_cost():
    counts = table([5, 1, 0], [0, 2, 2], [0, 0, 3])
    assert splits(counts) == [
        Split(model=0, groups=(0, 1), counts=(5, 1), wrong_pairs=5),
        Split(model=1, groups=(1, 2), counts=(2, 2), wrong_pairs=4),
    ]
    assert merges(counts) == [
        Merge(group=2, models=(2, 1), counts=(3, 2), wrong_pairs=6),
        Merge(group=1, models=(1, 0), counts=(2, 1), wrong_pairs=2),
    ]


@given(labels)
def test_the_costs_add_up_to_all_wrong_pairs(pair):
    counts, pairs = contingency(*pair), evaluate(*pair).pairs
    assert sum(split.wrong_pairs for split in splits(counts)) == pairs.fn
    assert sum(merge.wrong_pairs for merge in merges(counts)) == pairs.fp


def test_the_diagonal_carries_the_mass():
    rng = np.random.default_rng(0)
    clean = np.diag(np.arange(20, 0, -1))
    rows, columns = rng.permutation(20), rng.permutation(20)
    row_order, column_order = diagonal_order(csr_array(clean[rows][:, columns]))
    assert (clean[rows][:, columns][row_order][:, column_order] == clean).all()


@given(labels)
def test_the_order_leaves_out_no_model_and_no_group(pair):
    counts = contingency(*pair)
    rows, columns = diagonal_order(counts)
    assert sorted(rows) == list(range(counts.shape[0]))
    assert sorted(columns) == list(range(counts.shape[1]))


@given(st.integers(1, 5), st.integers(0, 999))
def test_no_other_order_puts_more_on_the_diagonal(size, seed):
    counts = np.random.default_rng(seed).integers(1, 9, size=(size, size))
    rows, columns = diagonal_order(csr_array(counts))
    diagonal = counts[rows, columns]
    best = max(counts[range(size), order].sum() for order in itertools.permutations(range(size)))
    assert diagonal.sum() == best
    assert (np.diff(diagonal) <= 0).all()


def test_a_left_over_model_follows_the_one_it_was_merged_with():
    rows, columns = diagonal_order(table([9, 0], [0, 5], [4, 0], [0, 0]))
    assert rows.tolist() == [0, 2, 1, 3]
    assert columns.tolist() == [0, 1]


def test_a_left_over_group_follows_the_model_it_was_split_from():
    rows, columns = diagonal_order(table([4, 0, 9, 0], [0, 5, 0, 0]))
    assert rows.tolist() == [0, 1]
    assert columns.tolist() == [2, 0, 1, 3]


@pytest.mark.parametrize("right", [0.0, 0.7])
def test_three_thousand_models_in_two_thousand_groups_stay_quick(right):
    rng = np.random.default_rng(0)
    truth = rng.integers(3000, size=10_000)
    groups = np.where(rng.random(10_000) < right, truth % 2000, rng.integers(2000, size=10_000))
    start = time.process_time()
    counts = contingency(truth, groups)
    splits(counts), merges(counts), diagonal_order(counts)
    assert time.process_time() - start < 2.0
