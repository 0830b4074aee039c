"""Ranges are as wide as they must be for families of photos that they were not measured on."""

import sys
from dataclasses import replace

import numpy as np
import pytest
from catalog_fixtures import PROJECT


@pytest.fixture(scope="module")
def ranges():
    """The module beside the script, which is no part of the package."""
    sys.path.insert(0, str(PROJECT / "scripts"))
    from built_in import ranges

    yield ranges
    sys.path.remove(str(PROJECT / "scripts"))


def said(ranges, family, apart, n_cuts=20, seed=0):
    """One catalogue whose true numbers are `apart` away from what was said, give or take a little."""
    rng = np.random.default_rng(seed)
    predicted = rng.uniform(0.2, 0.8, n_cuts)
    return ranges.Said(family, predicted, predicted + apart + rng.normal(0, 0.02, n_cuts), chosen=0)


def test_a_range_of_one_family_does_not_hold_the_truth_of_another(ranges):
    alike = [said(ranges, family, 0.0, seed=seed) for seed, family in enumerate("aabb")]
    other = [replace(one, true=one.true + 0.3) if one.family == "b" else one for one in alike]
    assert ranges._held(alike, 0.0) == {"a": 1, "b": 1}
    assert ranges._held(other, 0.0) == {"a": 0, "b": 0}


def test_wider_tails_hold_less(ranges):
    found = [said(ranges, family, 0.0, seed=seed) for seed, family in enumerate("abcdabcdabcdabcd")]
    assert sum(ranges._held(found, 40.0).values()) < sum(ranges._held(found, 5.0).values())


def test_a_family_with_many_photos_counts_as_much_as_one_with_few(ranges):
    found = [said(ranges, "few", 0.3, n_cuts=40)] + [said(ranges, "many", 0.0, seed=seed) for seed in range(1, 20)]
    margins = ranges._margins(found, 25.0)
    assert np.mean(margins["low"]) < 0.1
    assert np.mean(margins["high"]) > 0.25
