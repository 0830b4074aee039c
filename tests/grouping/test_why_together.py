"""Why a group is together: its merges, its weakest link, its matrix, and the threshold that parts it."""

import itertools

import numpy as np
import pytest
from correction_cases import catalog_of
from vectors import clustered_rows

from shopsim.clusterers.hierarchical import Linkage
from shopsim.features.extract import Features
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.inside_group import subtree
from shopsim.grouping.why_together import MOST_IN_MATRIX, why_together

N = 30


def fitted(seed, **bindings):
    rows = clustered_rows(N, seed=seed)
    catalog = catalog_of([f"p{number:02d}" for number in range(N)])
    features = Features(rows, catalog.image_ids, "key")
    return Fitted(catalog, features, rows, Linkage("average").fit(rows, **bindings), "", "key", True)


def connected(similarity, rows, threshold):
    reached, waiting = {rows[0]}, [rows[0]]
    while waiting:
        one = waiting.pop()
        fresh = {row for row in rows if similarity[one, row] >= threshold} - reached
        reached |= fresh
        waiting += fresh
    return len(reached) == len(rows)


@pytest.mark.parametrize("seed", range(4))
def test_the_facts_are_those_that_brute_force_finds(seed):
    whole = fitted(seed)
    similarity = whole.vectors @ whole.vectors.T
    grouping = whole.group(float(np.quantile(whole.tree.similarities, 0.2)))
    for group in range(int(grouping.labels_pred.max()) + 1):
        rows = np.flatnonzero(grouping.labels_pred == group).tolist()
        found = why_together(grouping, group)
        if len(rows) == 1:
            assert found is None
            continue
        one, other, link = found.weakest
        assert similarity[one, other] == pytest.approx(link, abs=1e-6)
        assert connected(similarity, rows, link - 1e-6)
        assert not connected(similarity, rows, link + 1e-6)
        assert len(set(whole.tree.cut(found.parts_above)[rows])) == 1
        assert len(set(whole.tree.cut(np.nextafter(found.parts_above, 2) + 1e-9)[rows])) == 2
        left, right, _ = found.merges[0]
        assert sorted([*left, *right]) == rows
        assert found.is_own
        assert found.matrix == pytest.approx(similarity[np.ix_(found.matrix_rows, found.matrix_rows)], abs=1e-6)
        assert sorted(found.matrix_rows.tolist()) == rows


def test_a_group_that_corrections_keep_together_is_parted_by_no_threshold():
    whole = fitted(0, together=[(0, 7, 9)])
    grouping = whole.group(1.1)
    found = why_together(grouping, int(grouping.labels_pred[7]))
    assert found.parts_above is None


def test_a_group_that_no_merge_made_is_explained_by_its_photos_alone():
    whole = fitted(1)
    rows = np.array([0, 1, 2])
    assert subtree(whole.tree, rows) is None or len(subtree(whole.tree, rows).linkage) == 2
    strict = whole.group(float(np.quantile(whole.tree.similarities, 0.1)), strict=True)
    found = [why_together(strict, group) for group in range(int(strict.labels_pred.max()) + 1)]
    assert any(not each.is_own for each in found if each is not None)


def test_a_subtree_has_the_heights_of_the_tree():
    tree = fitted(2).tree
    labels = tree.cut(float(np.median(tree.similarities)))
    for group in range(int(labels.max()) + 1):
        rows = np.flatnonzero(labels == group)
        part = subtree(tree, rows)
        for threshold, (one, other) in itertools.product(tree.similarities, itertools.pairwise(range(len(rows)))):
            own, whole = part.cut(threshold), tree.cut(threshold)
            if threshold >= float(np.median(tree.similarities)):
                assert (own[one] == own[other]) == (whole[rows[one]] == whole[rows[other]])


def test_the_matrix_of_a_large_group_has_some_of_its_photos():
    rows = clustered_rows(200, n_centres=1, seed=0)
    catalog = catalog_of([f"p{number:03d}" for number in range(200)])
    tree = Linkage("average").fit(rows)
    whole = Fitted(catalog, Features(rows, catalog.image_ids, "key"), rows, tree, "", "key", True)
    found = why_together(whole.group(-1.0), 0)
    assert len(found.matrix_rows) == MOST_IN_MATRIX
    assert len(set(found.matrix_rows.tolist())) == MOST_IN_MATRIX
