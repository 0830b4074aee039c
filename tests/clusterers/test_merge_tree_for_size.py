"""The threshold for models of a known size: as many pairs joined as such models have."""

import numpy as np
import pytest
from vectors import clustered_rows, unit

from shopsim.clusterers import clusterers
from shopsim.clusterers.merge_tree import threshold_for_size
from shopsim.scoring.evaluation import evaluate


def tree_of(rows):
    return clusterers.create("average").fit(rows)


def joined(labels):
    return sum(count * (count - 1) // 2 for count in np.bincount(labels))


@pytest.mark.parametrize("photos_per_model", [1, 1.5, 2, 5, 12, 60])
def test_no_other_cut_joins_a_number_of_pairs_nearer_to_the_expected(photos_per_model):
    tree = tree_of(clustered_rows(60))
    wanted = np.log1p(60 * (photos_per_model - 1) / 2)
    distance = abs(np.log1p(joined(tree.cut(threshold_for_size(tree, photos_per_model)))) - wanted)
    every = [abs(np.log1p(joined(tree.cut(value))) - wanted) for value in (2.0, *tree.similarities)]
    assert distance == pytest.approx(min(every))


def test_models_of_that_size_that_lie_apart_are_found_exactly():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(9), 7)
    rows = unit(rng.standard_normal((9, 16))[labels] + 0.05 * rng.standard_normal((63, 16)))
    tree = tree_of(rows)
    assert evaluate(labels, tree.cut(threshold_for_size(tree, 7))).ari == 1.0


def test_one_photo_a_model_leaves_all_alone_and_all_photos_of_one_join_all():
    tree = tree_of(clustered_rows(30))
    assert len(set(tree.cut(threshold_for_size(tree, 1)))) == 30
    assert len(set(tree.cut(threshold_for_size(tree, 30)))) == 1


@pytest.mark.parametrize("n_rows", [0, 1, 2])
def test_few_photos_do_no_harm(n_rows):
    tree = tree_of(clustered_rows(n_rows))
    assert len(tree.cut(threshold_for_size(tree, 5))) == n_rows
