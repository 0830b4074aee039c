"""The two likeliest models and the majority of each group, against a table of all photos and all models."""

import numpy as np
import pytest

from shopsim.review.ballots import Ballots, cast_ballots
from shopsim.review.by_groups import GroupLikelihoods
from shopsim.review.by_neighbours import Votes
from shopsim.review.likeliest import likeliest_models


def a_case(seed: int, vectors_of_their_own: bool = False) -> tuple[Votes, list[np.ndarray], Ballots]:
    """Random votes and cuts; some pictures are filed under several models, and have groups of their own if told."""
    rng = np.random.default_rng(seed)
    n, n_models = int(rng.integers(8, 150)), int(rng.integers(2, 40))
    labels = rng.integers(-1, n_models, n)
    labels[:2] = 0, 1
    picture = np.concatenate([[0, 1], rng.integers(0, n // 2, n - 2)]) if seed % 2 else np.arange(n)
    ballots = cast_ballots([f"{number:05}" for number in picture], labels)
    cuts = [rng.integers(0, 2 + 6 * cut, n) for cut in range(int(rng.integers(1, 5)))]
    cuts = [(cut if vectors_of_their_own else cut[picture])[ballots.first] for cut in cuts]
    voter = rng.integers(-1, len(ballots), (len(ballots), min(10, len(ballots))))
    weight = np.where(voter >= 0, rng.random(voter.shape), 0)
    return Votes(voter, weight, np.where(voter >= 0, ballots.model[voter], -1)), cuts, ballots


def beliefs(votes: Votes, groups: GroupLikelihoods, ballots: Ballots) -> np.ndarray:
    """(b, n_models), one cell at a time."""
    shares = np.zeros((len(ballots), len(ballots.sizes)))
    for row, models in enumerate(votes.model):
        for place, model in enumerate(models):
            shares[row, model] += votes.weight[row, place] if model >= 0 else 0
        if ballots.twin[row] >= 0:
            shares[row, ballots.twin[row]] += 1
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    likelihoods = [
        [np.log(groups.likelihood(cut, np.full(len(ballots), model))) for model in range(len(ballots.sizes))]
        for cut in range(len(groups))
    ]
    found = np.log(shares + 0.02) + np.mean(likelihoods, axis=0).T
    found[:, ballots.sizes == 0] = -np.inf
    return found


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_the_likeliest_models_are_those_of_the_whole_table(seed, own):
    votes, cuts, ballots = a_case(seed, own)
    groups = GroupLikelihoods(cuts, ballots)
    table = beliefs(votes, groups, ballots)
    found = likeliest_models(votes, groups, ballots)
    assert (found[0] != found[1]).all()
    best = np.sort(table, axis=1)[:, ::-1][:, :2]
    np.testing.assert_allclose(np.take_along_axis(table, found.T, axis=1), best, rtol=0, atol=1e-9)


def test_blocks_change_nothing(monkeypatch):
    votes, cuts, ballots = a_case(3)
    groups = GroupLikelihoods(cuts, ballots)
    whole = likeliest_models(votes, groups, ballots)
    monkeypatch.setattr("shopsim.review.likeliest._BALLOTS", 7)
    monkeypatch.setattr("shopsim.review.likeliest._ENTRIES", 40)
    np.testing.assert_array_equal(likeliest_models(votes, groups, ballots), whole)


@pytest.mark.parametrize("seed", range(12))
def test_the_majority_is_counted_without_the_photo_itself(seed):
    _, cuts, ballots = a_case(seed)
    found = GroupLikelihoods(cuts, ballots).majorities()
    for cut, groups in enumerate(cuts):
        for row, group in enumerate(groups):
            others = (groups == group) & (ballots.bytes_of != ballots.bytes_of[row])
            count = np.bincount(ballots.model[others], minlength=1)
            assert found[cut, row] == (count.argmax() if others.any() else -1)


def test_copies_with_vectors_of_their_own_never_count_below_nothing():
    """Two photos of the same bytes, filed under two models, lie in two groups."""
    ballots = cast_ballots(["a", "a", "b", "c"], np.array([0, 1, 0, 1]))
    groups = GroupLikelihoods([np.array([0, 1, 0, 1])[ballots.first]], ballots)
    assert groups.majorities()[0][ballots.of_photo].tolist() == [0, 1, 0, 1]
    assert (groups.likelihood(0, np.ones(4, int)) > 0).all()
