"""The witnesses of label errors: ballots of copies, votes of neighbours, groups and fits, by hand."""

import numpy as np
import pytest
from label_error_cases import BLUE, RED, digests_of, three_models
from vectors import at_angles, clustered_rows

from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.review import by_neighbours
from shopsim.review.ballots import cast_ballots
from shopsim.review.by_groups import GroupLikelihoods
from shopsim.review.by_likeness import Fits
from shopsim.review.by_neighbours import NEAREST, ask_neighbours


def test_ballots_are_one_for_each_model_of_the_same_bytes():
    ballots = cast_ballots(["a", "a", "a", "b", "c"], np.array([0, 0, 1, 1, -1]))
    assert ballots.sizes.tolist() == [1, 2]
    assert ballots.of_photo[0] == ballots.of_photo[1] != ballots.of_photo[2]
    assert ballots.of_photo[4] == -1
    assert ballots.twin[ballots.of_photo].tolist()[:4] == [1, 1, 0, -1]


def test_the_nearest_vote_counts_one_and_the_one_after_the_last_nothing():
    rows = at_angles(0, 10, 20, 30)
    votes = ask_neighbours(Neighbours(rows), cast_ballots(digests_of(4), np.array([0, 0, 0, 0])), k=2)
    assert votes.voter[0].tolist() == [1, 2]
    cosines = np.cos(np.deg2rad([10, 20, 30]))
    nearness = (cosines - cosines[2]) / (cosines[0] - cosines[2])
    credible = votes.weight[0] / nearness[:2]
    # The first voter's own voters are the photo that asks, which is left out, and one more: (1 + 1/2) of (1 + 1).
    assert credible == pytest.approx([1.5 / 2, 2.5 / 3], abs=1e-4)


def test_a_voter_without_support_of_its_own_model_is_hardly_believed():
    rows, labels = three_models(extra=[2.5])
    ballots = cast_ballots(digests_of(37), np.array([*labels, BLUE]))
    votes = ask_neighbours(Neighbours(rows), ballots)
    wrong = ballots.of_photo[36]
    weights = votes.weight[votes.voter == wrong]
    others = votes.weight[(votes.voter != wrong) & (votes.voter >= 0) & (votes.model == RED)]
    assert weights.max() < 0.25 * others.max()


@pytest.mark.parametrize("seed", range(8))
def test_the_voters_are_those_of_lists_long_enough_for_every_twin(seed):
    """Twins of the same and of other labels, photos of other bytes with the same features, and photos without label."""
    rng = np.random.default_rng(seed)
    rows = clustered_rows(60, seed=seed)
    picture = rng.choice(60, 200, p=rng.dirichlet(np.full(60, 0.3)))
    labels = rng.integers(-1, 12, 200)
    ballots = cast_ballots([f"{number:032x}" for number in picture], labels)
    rows[picture.max()] = rows[picture.min()]
    neighbours = Neighbours(rows[picture])
    index, similarity = by_neighbours._nearest_others(neighbours, ballots, 11)
    expected_index, expected = from_long_lists(neighbours, ballots, 11)
    np.testing.assert_array_equal(index, expected_index)
    np.testing.assert_allclose(similarity, expected, atol=1e-6)


def from_long_lists(neighbours, ballots, k):
    """The same from lists of all ballots, of which the twins are left out."""
    lists = neighbours.among(ballots.first, len(ballots))
    index, similarity = np.full((len(ballots), k), -1), np.full((len(ballots), k), -np.inf)
    for ballot, (near, cosines) in enumerate(zip(lists.ids, lists.similarity, strict=True)):
        others = np.flatnonzero(ballots.bytes_of[near] != ballots.bytes_of[ballot])[:k]
        index[ballot, : len(others)], similarity[ballot, : len(others)] = near[others], cosines[others]
    return index, similarity


def test_a_picture_under_many_models_makes_no_list_longer(monkeypatch):
    asked, among = [], Neighbours.among
    monkeypatch.setattr(
        Neighbours, "among", lambda self, photos, k: asked.append((len(photos), k)) or among(self, photos, k)
    )
    rows, labels = clustered_rows(100), np.arange(100) % 50
    picture = np.where(np.arange(100) < 50, 0, np.arange(100))
    ask_neighbours(Neighbours(rows[picture]), cast_ballots([f"{number:032x}" for number in picture], labels))
    assert asked == [(51, NEAREST + 1)]


def test_a_group_shared_by_two_whole_models_says_nothing_against_the_smaller():
    labels = np.array([0] * 20 + [1] * 4 + [2] * 6)
    ballots = cast_ballots(digests_of(30), labels)
    shared = np.array([0] * 24 + [1] * 6)[ballots.first]
    groups = GroupLikelihoods([shared], ballots)
    share = groups.share(np.zeros(30, int), ballots.model)
    assert share[ballots.model == 1] == pytest.approx(np.full(4, 0.5), abs=0.05)
    assert (groups.majorities()[0][ballots.model == 1] == 0).all()


def test_group_support_is_the_likelihood_of_each_model_with_the_photo_left_out():
    rng = np.random.default_rng(0)
    labels, cuts = rng.integers(0, 5, 40), [rng.integers(0, 6, 40), rng.integers(0, 3, 40)]
    digests = digests_of(40, copies=[(7, 3), (9, 3)])
    labels[[3, 7, 9]] = [0, 1, 1]
    for cut in cuts:
        cut[[7, 9]] = cut[3]
    ballots = cast_ballots(digests, labels)
    groups = GroupLikelihoods([cut[ballots.first] for cut in cuts], ballots)
    for model in range(5):
        models = np.full(len(ballots), model)
        by_hand = np.mean([np.log(groups.likelihood(cut, models)) for cut in range(2)], axis=0)
        assert groups.support(np.arange(len(ballots)), models) == pytest.approx(by_hand)


def test_fits_are_the_mean_of_the_three_nearest_without_the_photo_itself():
    rows = at_angles(0, 10, 20, 30, 40, 90)
    fits = Fits(rows, cast_ballots(digests_of(6), np.array([0, 0, 0, 0, 0, 1])))
    assert fits.own[0] == pytest.approx(np.cos(np.deg2rad([10, 20, 30])).mean())
    assert np.isnan(fits.own[5])
    assert fits.to(np.zeros(6, int))[5] == pytest.approx(np.cos(np.deg2rad([50, 60, 70])).mean())
