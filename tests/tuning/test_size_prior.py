"""The prior of group sizes: a probability for every size, highest where the models are."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopsim import ShopsimError
from shopsim.base.disk.records import record
from shopsim.tuning.size_prior import LARGEST_SIZE, MOST_SIZES, SizePrior

some_sizes = st.lists(st.integers(1, 400), min_size=1, max_size=30)


@given(some_sizes, st.integers(1, 300))
def test_the_probabilities_of_all_sizes_sum_to_1_and_none_is_0(sizes, largest):
    log_probability = SizePrior(tuple(sizes)).log_probability(largest)
    assert log_probability.shape == (largest,)
    assert np.exp(log_probability).sum() == pytest.approx(1)
    assert np.isfinite(log_probability).all()


@pytest.mark.parametrize("size", [1, 2, 12, 70])
def test_equal_sizes_peak_there(size):
    found = np.exp(SizePrior((size,) * 40).log_probability(200))
    assert found.argmax() + 1 == size
    assert found[size - 1] > 5 * found[2 * size]


def test_two_kinds_of_models_give_two_peaks():
    found = SizePrior((3,) * 40 + (100,) * 40).log_probability(300)
    assert found[2] > found[16]
    assert found[99] > found[16]


def test_the_floor_is_as_strong_as_one_model_of_any_size():
    found = np.exp(SizePrior((5,) * 9).log_probability(1000))
    floor = 1 / np.arange(1, 1001)
    assert found[199:] == pytest.approx((floor / floor.sum() / 10)[199:])


def test_models_larger_than_any_group_leave_the_floor():
    found = np.exp(SizePrior((LARGEST_SIZE,) * 5).log_probability(3))
    assert found == pytest.approx(np.array([6, 3, 2]) / 11)


def test_the_order_of_the_models_does_not_matter():
    first, again = (SizePrior(sizes).log_probability(50) for sizes in ((2, 9, 4), (9, 4, 2)))
    assert first == pytest.approx(again, abs=1e-12)


def test_of_labels_counts_photos_a_model():
    prior = SizePrior.of_labels(np.array([7, 3, 7, 7, 3, 9]))
    assert sorted(prior.sizes) == [1, 2, 3]
    assert prior.photos_per_model == 2.0


def test_many_different_sizes_take_no_table_of_photos_by_sizes():
    assert np.isfinite(SizePrior(tuple(range(1, 2001))).log_probability(10_000)).all()


@pytest.mark.parametrize(
    "sizes",
    [(0,), (-3,), (2, 2.5), (2, True), ("7",), (None,), (float("nan"),), (10**400,), (LARGEST_SIZE + 1,), ([1],)],
)
def test_other_sizes_are_refused_in_one_short_sentence(sizes):
    wrong = f"'sizes[{len(sizes) - 1}]' is "
    with pytest.raises(ShopsimError, match=f"^{re.escape(wrong)}.*; it must be a whole number from 1") as caught:
        record({"sizes": list(sizes)}, SizePrior)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("n_sizes", [0, MOST_SIZES + 1])
def test_too_few_and_too_many_sizes_are_refused(n_sizes):
    with pytest.raises(ShopsimError, match=f"'sizes' is a list of {n_sizes}; it must be a list of 1 to {MOST_SIZES}."):
        record({"sizes": [1] * n_sizes}, SizePrior)
