"""Adjusted mutual information: scikit-learn's value, from the distinct sizes alone."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from shopsim.scoring import mutual_information
from shopsim.scoring.mutual_information import adjusted_mutual_information


def labellings(seed, n, n_models, n_groups):
    rng = np.random.default_rng(seed)
    truth = np.sort(rng.zipf(1.5, n) % n_models)
    return truth, np.where(rng.random(n) < 0.3, rng.integers(0, n_groups, n), truth % n_groups)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("n", "n_models", "n_groups"), [(12, 3, 4), (200, 40, 90), (900, 7, 300)])
@pytest.mark.parametrize("terms", [1, 1 << 20])
def test_it_is_scikit_learns_value(monkeypatch, seed, n, n_models, n_groups, terms):
    monkeypatch.setattr(mutual_information, "_TERMS", terms)
    truth, groups = labellings(seed, n, n_models, n_groups)
    assert adjusted_mutual_information(truth, groups) == pytest.approx(
        adjusted_mutual_info_score(truth, groups), abs=1e-10
    )


@pytest.mark.parametrize(
    ("truth", "groups"),
    [
        ([], []),
        ([0], [0]),
        ([0, 0, 0], [0, 0, 0]),
        ([0, 0, 0], [0, 1, 2]),
        ([0, 1, 2], [0, 0, 0]),
        ([0, 1, 2], [0, 1, 2]),
        ([0, 0, 1, 1], [1, 1, 0, 0]),
        ([0, 0, 1, 1], [0, 1, 0, 1]),
        ([0, 2, 2, 5], [3, 3, 9, 9]),
    ],
)
def test_special_cases_are_those_of_scikit_learn(truth, groups):
    truth, groups = np.array(truth, np.int64), np.array(groups, np.int64)
    assert adjusted_mutual_information(truth, groups) == pytest.approx(
        adjusted_mutual_info_score(truth, groups), abs=1e-12
    )
