"""The threshold in plain cosine similarity."""

import numpy as np
import pytest
from vectors import clustered_rows

from shopsim.clusterers import clusterers
from shopsim.grouping.plain_threshold import plain_threshold
from shopsim.grouping.questions import JOIN, questions_of

ROWS = clustered_rows(60, seed=3)


def tree_of(clusterer):
    return clusterers.create(clusterer).fit(ROWS)


def test_that_of_average_linkage_stays():
    tree = tree_of("average")
    at = float(np.median(tree.similarities))
    assert plain_threshold(tree, ROWS, at) == pytest.approx(at, abs=1e-5)


@pytest.mark.parametrize("clusterer", ["average_local", "single", "complete"])
def test_groups_that_a_tree_keeps_apart_are_less_similar_for_the_most_part(clusterer):
    tree = tree_of(clusterer)
    at = float(np.median(tree.similarities))
    plain = plain_threshold(tree, ROWS, at)
    joins = [each for each in questions_of(tree.cut(at), ROWS, plain, most=1000) if each.kind == JOIN]
    assert np.mean([each.similarity < plain for each in joins]) > 0.8


def test_on_a_local_scale_not_every_pair_of_groups_is_certain_to_be_one():
    tree = tree_of("average_local")
    at = float(np.median(tree.similarities))
    chances = [each.chance for each in questions_of(tree.cut(at), ROWS, at, most=1000) if each.kind == JOIN]
    plain = plain_threshold(tree, ROWS, at)
    better = [each.chance for each in questions_of(tree.cut(at), ROWS, plain, most=1000) if each.kind == JOIN]
    assert np.mean(np.array(better) == 1) < np.mean(np.array(chances) == 1)
