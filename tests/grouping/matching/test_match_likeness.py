"""How alike photos and groups are, by hand on vectors in the plane."""

import numpy as np
import pytest
from vectors import at_angles

from shopsim.grouping.matching.likeness import Members, likeness

OLD = Members(at_angles(0, 60, 180), np.array([4, 4, 7]))


def cosine(*degrees):
    return np.cos(np.deg2rad(degrees))


@pytest.mark.parametrize(("rule", "of_best"), [("mean", cosine(0, 60).mean()), ("nearest", cosine(0, 60).mean())])
def test_the_most_alike_group_and_the_runner_up(rule, of_best):
    like = likeness(at_angles(0), OLD, rule, n_nearest=3)
    assert (like.best[0], like.second[0]) == (4, 7)
    assert like.of_best[0] == pytest.approx(of_best)
    assert like.of_second[0] == pytest.approx(-1)
    assert like.nearest[0].tolist() == [0, 1, 2]
    np.testing.assert_allclose(like.similarity[0], cosine(0, 60, 180), atol=1e-6)


def test_members_in_any_order_give_the_same():
    like = likeness(at_angles(170, 30), Members(OLD.vectors[[2, 0, 1]], OLD.labels_pred[[2, 0, 1]]), "mean")
    assert like.best.tolist() == [7, 4]
    assert like.nearest[:, 0].tolist() == [0, 1]


def test_one_group_has_no_runner_up():
    like = likeness(at_angles(10), Members(at_angles(0, 20), np.zeros(2, np.int64)), "nearest")
    assert like.second.tolist() == [-1]
    assert np.isnan(like.of_second).all()


def test_no_photo_gives_no_row():
    like = likeness(np.zeros((0, 2), np.float32), OLD, "mean", 2)
    assert (like.best.shape, like.nearest.shape) == ((0,), (0, 2))


def test_many_photos_are_compared_as_each_by_itself():
    rows = at_angles(*range(0, 1200))
    together = likeness(rows, OLD, "nearest")
    assert [likeness(rows[[row]], OLD, "nearest").best[0] for row in (0, 511, 512, 1199)] == [
        together.best[row] for row in (0, 511, 512, 1199)
    ]


def test_only_the_three_nearest_photos_of_a_group_count():
    old = Members(at_angles(0, 10, 20, 90, 100, 40, 50), np.array([0, 0, 0, 0, 0, 1, 1]))
    like = likeness(at_angles(0), old, "nearest")
    assert (like.best[0], like.second[0]) == (0, 1)
    assert like.of_best[0] == pytest.approx(cosine(0, 10, 20).mean())
    assert like.of_second[0] == pytest.approx(cosine(40, 50).mean())
    assert likeness(at_angles(0), old, "mean").best[0] == 1


def test_equal_photos_count_each():
    like = likeness(at_angles(0), Members(at_angles(60, 60, 60, 90), np.zeros(4, np.int64)), "nearest")
    assert like.of_best[0] == pytest.approx(0.5)
