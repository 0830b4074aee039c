"""Several extractors as one: the cosine of fused rows, rows of zeros, shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import clustered_rows

from shopsim import ShopsimError
from shopsim.spaces import spaces
from shopsim.spaces.fusion import MOST_ADDED, FusedSpace, fused, shares_of


@given(st.lists(st.floats(0.05, 5), min_size=1, max_size=4))
def test_the_cosine_is_the_weighted_mean_of_the_cosines(shares):
    parts = [clustered_rows(12, n_features=4 + number, seed=number) for number in range(len(shares))]
    rows = fused(parts, shares)
    expected = sum(share * part @ part.T for share, part in zip(shares, parts, strict=True)) / sum(shares)
    assert rows.dtype == np.float32
    assert np.allclose(rows @ rows.T, expected, atol=1e-5)


def test_one_part_stays_as_it_is():
    rows = clustered_rows(5)
    assert fused([rows], [0.3]) is rows


def test_a_row_of_zeros_leaves_a_photo_to_the_other_parts():
    first, second = clustered_rows(6), clustered_rows(6, seed=1)
    second[:2] = 0
    rows = fused([first, second], [0.7, 0.3])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert rows[0] @ rows[1] == pytest.approx(first[0] @ first[1], abs=1e-6)
    assert rows[0] @ rows[5] == pytest.approx(np.sqrt(0.7) * (first[0] @ first[5]), abs=1e-6)


def test_zeros_everywhere_stay_zeros():
    blank = np.zeros((3, 4), np.float32)
    assert not fused([blank, blank], [0.5, 0.5]).any()


def test_equal_photos_stay_equal_to_the_last_bit():
    first, second = (np.repeat(clustered_rows(7, seed=seed), 3, axis=0) for seed in range(2))
    rows = fused([first, second], [0.85, 0.15])
    assert (rows[0::3] == rows[1::3]).all()
    assert (rows[0::3] == rows[2::3]).all()


def test_the_main_extractor_comes_first_and_has_the_rest():
    shares = shares_of("main", {"a": 0.3, "b": 0.15})
    assert list(shares) == ["main", "a", "b"]
    assert shares["main"] == pytest.approx(0.55)
    assert shares_of("main", {}) == {"main": 1}


@pytest.mark.parametrize("share", [0, -0.1, 0.91, 1, float("nan"), float("inf")])
def test_a_share_out_of_range_is_refused_by_name(share):
    with pytest.raises(ShopsimError, match="'a' is"):
        shares_of("main", {"a": share})


def test_shares_that_leave_too_little_are_refused():
    assert shares_of("main", {"a": 0.45, "b": 0.45})["main"] == pytest.approx(1 - MOST_ADDED)
    with pytest.raises(ShopsimError, match="92%"):
        shares_of("main", {"a": 0.46, "b": 0.46})


def test_the_main_extractor_is_not_added_to_itself():
    with pytest.raises(ShopsimError, match="'main'"):
        shares_of("main", {"main": 0.3})


@pytest.mark.parametrize("name", ["raw", "whitened", "blended"])
def test_a_fused_space_is_fitted_to_each_part_by_itself_and_places_other_rows(name):
    known = [clustered_rows(40, n_features=4 + number, seed=number) for number in range(2)]
    new = [clustered_rows(9, n_features=4 + number, seed=10 + number) for number in range(2)]
    space = FusedSpace(spaces.create(name), (4, 5), (0.7, 0.3))
    found = space.fit(np.concatenate(known, axis=1)).transform(np.concatenate(new, axis=1))
    parts = [spaces.create(name).fit(old).transform(rows) for old, rows in zip(known, new, strict=True)]
    assert found.tolist() == fused(parts, [0.7, 0.3]).tolist()
