"""Average linkage on a local scale: its definition, and that only equal photos are nothing apart."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage
from vectors import at_angles, clustered_rows

from shopsim.clusterers import clusterers
from shopsim.clusterers.local_scale import LocalScaleLinkage


def by_definition(rows, neighbours):
    """Condensed distances, a quarter of the mean cosine to the nearest photos added for either photo."""
    cosines = rows.astype(np.float64) @ rows.T
    np.fill_diagonal(cosines, -np.inf)
    likeness = np.sort(cosines, axis=1)[:, ::-1][:, :neighbours].mean(axis=1) / 4
    first, second = np.triu_indices(len(rows), 1)
    return 1 - cosines[first, second] + likeness[first] + likeness[second]


@pytest.mark.parametrize("n_rows, neighbours", [(2, 10), (3, 1), (40, 1), (40, 10), (40, 39), (40, 500)])
def test_it_is_its_definition(n_rows, neighbours):
    rows = clustered_rows(n_rows)
    expected = linkage(by_definition(rows, min(neighbours, n_rows - 1)), "average")
    found = LocalScaleLinkage(neighbours).fit(rows).linkage
    assert found[:, 2] == pytest.approx(expected[:, 2], abs=1e-5)


def test_photos_that_differ_are_never_taken_for_copies():
    # Two nearly equal photos amid their opposites, so that what is like them counts less than nothing.
    tree = LocalScaleLinkage(10).fit(at_angles(0, 0.01, 180, 180.01, 179.99))
    assert (tree.linkage[:, 2] > 0).all()


def test_copies_are_nothing_apart():
    tree = LocalScaleLinkage(10).fit(at_angles(0, 0, 0, 90, 45))
    assert tree.linkage[:, 2].round(6).tolist()[:2] == [0, 0]
    assert (tree.linkage[2:, 2] > 0).all()


def test_copies_of_a_row_of_zeros_are_alike_too():
    rows = np.vstack([np.zeros((3, 2)), at_angles(0, 90)]).astype(np.float32)
    # Each row of zeros has two copies at 1, so it joins a quarter later; the other two rows have nothing similar.
    heights = LocalScaleLinkage(2).fit(rows).linkage[:, 2]
    assert heights == pytest.approx([0, 0, 1, 1.25])


def test_a_photo_that_is_like_everything_joins_less_readily():
    # The same angle apart; the second pair has company nearby.
    rows = at_angles(0, 20, 120, 140, 118, 122, 138, 142)
    tree = clusterers.create("average_local", neighbours=3).fit(rows)
    alone, crowded = by_definition(rows, 3)[0], by_definition(rows, 3)[13]
    assert alone < crowded
    assert tree.cut(1 - (alone + 1e-4))[0] == tree.cut(1 - (alone + 1e-4))[1]
