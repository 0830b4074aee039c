"""What groups are expected to reach, against counting pair by pair."""

import numpy as np
import pytest
from calibration_cases import KNOWN, rows_and_models
from vectors import clustered_rows

from shopsim.base.labels import UNLABELLED
from shopsim.clusterers.hierarchical import Linkage
from shopsim.scoring.calibration.expected_scores import count_merges, expected_of_merges, expected_of_pairs
from shopsim.scoring.calibration.pairs import N_BINS, bin_of


def joined_at(tree, i, j):
    """The similarity of the merge that joins two photos."""
    return next(one for one in tree.similarities if tree.cut(one)[i] == tree.cut(one)[j])


@pytest.fixture(scope="module")
def tree():
    return Linkage("average").fit(clustered_rows(25))


def pairs_of(n_rows):
    return [(i, j) for i in range(n_rows) for j in range(i)]


def test_each_pair_is_counted_at_the_merge_that_joins_it(tree):
    models = np.where(np.arange(25) < 20, np.arange(25) % 4, UNLABELLED)
    same, total = np.zeros(N_BINS, int), np.zeros(N_BINS, int)
    for i, j in pairs_of(20):
        place = bin_of(joined_at(tree, i, j))
        total[place] += 1
        same[place] += models[i] == models[j]
    counted = count_merges(tree, models)
    assert (counted.same == same).all()
    assert (counted.all == total).all()


@pytest.mark.parametrize("threshold", [-1.0, 0.2, 0.5, 0.7])
def test_merges_expect_the_mean_probability_of_the_joined_pairs(tree, threshold):
    labels = tree.cut(threshold)
    likely = {(i, j): float(KNOWN.probability(joined_at(tree, i, j))) for i, j in pairs_of(25)}
    inside = [value for (i, j), value in likely.items() if labels[i] == labels[j]]
    expected = expected_of_merges(tree, threshold, KNOWN)
    assert expected.precision == pytest.approx(np.mean(inside))
    assert expected.recall == pytest.approx(sum(inside) / sum(likely.values()))


@pytest.mark.parametrize(("n_rows", "n_groups"), [(30, 7), (700, 50), (40, 1)])
def test_pairs_expect_the_mean_probability_inside_groups(n_rows, n_groups):
    rows, groups = rows_and_models(n_rows, n_groups)
    upper = np.triu_indices(n_rows, 1)
    likely = KNOWN.probability((rows @ rows.T)[upper])
    inside = groups[upper[0]] == groups[upper[1]]
    expected = expected_of_pairs(rows, groups, KNOWN)
    assert expected.precision == pytest.approx(likely[inside].mean(), rel=1e-4)
    assert expected.recall == pytest.approx(likely[inside].sum() / likely.sum(), rel=1e-4)


def test_photos_all_alone_cannot_be_wrong(tree):
    assert expected_of_merges(tree, 1.5, KNOWN).precision == 1
    assert expected_of_merges(tree, 1.5, KNOWN).recall == 0
    assert expected_of_pairs(clustered_rows(5), np.arange(5), KNOWN).precision == 1


@pytest.mark.parametrize("n_rows", [0, 1])
def test_without_pairs_nothing_is_missed(n_rows):
    few = Linkage("average").fit(clustered_rows(n_rows))
    for expected in (
        expected_of_pairs(clustered_rows(n_rows), np.arange(n_rows), KNOWN),
        *([expected_of_merges(few, 0.5, KNOWN)] if n_rows else []),
    ):
        assert (expected.precision, expected.recall) == (1.0, 1.0)
