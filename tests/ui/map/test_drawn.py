"""Which points of the map are drawn where there are too many."""

import numpy as np
import pytest

from shopsim.grouping.sample import sample_by_group
from shopsim.ui.map import drawn
from shopsim.ui.map.drawn import drawn_points

# A thousand photos in groups of 500, 300, 150, and fifty single ones.
LABELS = np.random.default_rng(3).permutation(np.concatenate([np.repeat([0, 1, 2], [500, 300, 150]), np.arange(3, 53)]))


def test_all_are_drawn_where_there_is_room():
    assert sample_by_group(LABELS, 1000).tolist() == list(range(1000))


def test_a_sample_has_the_size_asked_for_and_is_in_order():
    sample = sample_by_group(LABELS, 200)
    assert len(sample) == 200
    assert (np.diff(sample) > 0).all()


def test_each_group_keeps_its_share():
    counts = np.bincount(LABELS[sample_by_group(LABELS, 200)], minlength=53)
    # 150 places beside the single photos, over 950 photos.
    assert counts[:3] == pytest.approx(150 * np.array([500, 300, 150]) / 950, abs=1.5)


def test_no_group_is_left_out_while_there_is_room():
    assert len(np.unique(LABELS[sample_by_group(LABELS, 60)])) == 53


def test_the_largest_groups_come_first_where_there_is_no_room():
    assert np.unique(LABELS[sample_by_group(LABELS, 3)]).tolist() == [0, 1, 2]


def test_the_draw_is_always_the_same():
    assert np.array_equal(sample_by_group(LABELS, 200), sample_by_group(LABELS.copy(), 200))


def test_another_threshold_exchanges_few_photos():
    labels = np.arange(10_000) // 50
    joined = np.where(labels == 7, 8, labels)
    before, after = sample_by_group(labels, 2000), sample_by_group(np.unique(joined, return_inverse=True)[1], 2000)
    assert len(np.intersect1d(before, after)) > 1900


def test_altair_gets_a_sample_and_the_component_gets_all(monkeypatch):
    monkeypatch.setattr(drawn, "FEW", 100)
    assert len(drawn_points(LABELS, with_component=False)) == 100
    assert len(drawn_points(LABELS, with_component=True)) == 1000


def test_the_component_gets_a_sample_of_very_many(monkeypatch):
    monkeypatch.setattr(drawn, "MANY", 999)
    monkeypatch.setattr(drawn, "SAMPLE", 400)
    assert len(drawn_points(LABELS, with_component=True)) == 400
