"""Shares in percent: in full where they are compared with, never rounded up where they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopsim.base.percent import cut_off, in_full


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.62, "62.0%"), (0.855, "85.5%"), (0.8555, "85.55%"), (1.0, "100.0%"), (-0.125, "-12.5%"), (-0.0, "0.0%")],
)
def test_in_full(share, text):
    assert in_full(share) == text


@pytest.mark.parametrize(("share", "text"), [(0.8549, "85.4%"), (0.855, "85.5%"), (0.569, "56.9%"), (1.0, "100.0%")])
def test_cut_off(share, text):
    assert cut_off(share) == text


@given(st.integers(500, 1000), st.integers(0, 10**6))
def test_a_score_is_shown_at_least_as_high_as_a_threshold_only_if_it_is(threshold, score):
    reached = float(cut_off(score / 10**6).rstrip("%")) >= float(in_full(threshold / 1000).rstrip("%"))
    assert reached == (score / 10**6 >= threshold / 1000)


@given(st.integers(-(10**6), 10**6))
def test_what_is_shown_in_full_is_the_number_when_typed_back(millionths):
    assert float(in_full(millionths / 10**6).rstrip("%")) / 100 == pytest.approx(millionths / 10**6, abs=1e-15)
