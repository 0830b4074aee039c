"""K-means: as many groups as asked for, as scikit-learn makes them."""

import warnings

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from vectors import clustered_rows

from shopsim.clusterers import clusterers


def test_kmeans_default_is_one_group_for_seventy_photos():
    controls = [clusterers.create("kmeans").fit(clustered_rows(n)).control for n in (0, 69, 70, 210)]
    assert [control.default for control in controls] == [1, 1, 1, 3]
    assert controls[0].kind == "count"
    assert not controls[0].instant
    assert clusterers.create("kmeans", photos_per_model=10).fit(clustered_rows(69)).control.default == 6


def test_kmeans_is_scikit_learns():
    rows = clustered_rows(120)
    reference = KMeans(5, n_init=3, random_state=7).fit_predict(rows)
    labels = clusterers.create("kmeans", n_init=3, seed=7).fit(rows).cut(5)
    assert adjusted_rand_score(reference, labels) == 1.0


@pytest.mark.parametrize("n_groups, expected", [(12, 12), (30, 12), (59, 12), (60, 60), (1000, 60)])
def test_kmeans_of_more_groups_than_different_photos_neither_crashes_nor_warns(n_groups, expected):
    rows = np.tile(clustered_rows(12), (5, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        labels = clusterers.create("kmeans").fit(rows).cut(n_groups)
    assert len(set(labels.tolist())) == expected


@pytest.mark.parametrize("value", [0, -3, 0.4])
def test_kmeans_of_no_groups_is_refused(value):
    with pytest.raises(ValueError, match="at least 1 group"):
        clusterers.create("kmeans").fit(clustered_rows(5)).cut(value)
