"""Pairs of photos of different products, against counting them one by one."""

from itertools import combinations

import numpy as np
import pytest

from shopsim.scoring.cross_product import cross_product_pairs
from shopsim.scoring.evaluation import PairCounts, evaluate


def counted(products, labels_true, labels_pred):
    """The same by looking at every pair."""
    found = {(True, True): 0, (False, True): 0, (True, False): 0, (False, False): 0}
    known = [n for n in range(len(products)) if products[n] is not None and labels_true[n] != -1]
    for a, b in combinations(known, 2):
        same_model = labels_true[a] == labels_true[b]
        if not (same_model and products[a] == products[b]):
            found[same_model, labels_pred[a] == labels_pred[b] != -1] += 1
    return PairCounts(found[True, True], found[False, True], found[True, False], found[False, False])


@pytest.mark.parametrize("seed", range(20))
def test_counts_are_those_of_looking_at_every_pair(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 60))
    labels_true, labels_pred = rng.integers(-1, 5, n), rng.integers(-1, 8, n)
    products = [None if code == 4 else f"p{code}" for code in rng.integers(0, 5, n)]
    expected, found = (
        counted(products, labels_true, labels_pred),
        cross_product_pairs(products, labels_true, labels_pred),
    )
    assert found == (expected if expected.tp + expected.fn else None)


def test_where_each_photo_is_a_product_it_is_the_score_of_all_pairs():
    labels_true, labels_pred = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1])
    pairs = evaluate(labels_true, labels_pred).pairs
    assert cross_product_pairs(list("abcde"), labels_true, labels_pred) == pairs


def test_easy_pairs_within_a_product_do_not_count():
    """Both products are whole, and the model is in two groups: 7 of 10 pairs are right, and no pair across products."""
    labels_true, labels_pred = np.zeros(7, np.int64), np.array([0, 0, 0, 0, 1, 1, 1])
    found = cross_product_pairs(["a"] * 4 + ["b"] * 3, labels_true, labels_pred)
    assert (found.tp, found.fn, found.recall) == (0, 12, 0.0)
    assert evaluate(labels_true, labels_pred).pairs.recall == pytest.approx(9 / 21)


@pytest.mark.parametrize(
    ("products", "labels_true"),
    [([None, None], [0, 0]), (["a", "a"], [0, 0]), (["a", "b"], [0, 1]), ([], [])],
)
def test_without_such_pairs_of_one_model_there_is_no_score(products, labels_true):
    n = len(products)
    assert cross_product_pairs(products, np.array(labels_true, np.int64), np.zeros(n, np.int64)) is None
    assert cross_product_pairs(products, None, np.zeros(n, np.int64)) is None
