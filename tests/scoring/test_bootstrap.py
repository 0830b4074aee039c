"""The bootstrap over models: weighted scores against evaluation and brute force, and what the interval covers."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopsim.scoring.bootstrap import Gain, ari_interval, weighted_ari
from shopsim.scoring.confusion import contingency
from shopsim.scoring.evaluation import PairCounts, evaluate

labelled = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=16).map(
    lambda pairs: np.array(pairs, dtype=np.int64).T
)


def ari_of_copies(labels_true, labels_pred, weights):
    """Every model's photos taken as often as its weight says, every pair looked at, none between two copies."""
    photos = [
        (model, group, copy)
        for model, group in zip(labels_true, labels_pred, strict=True)
        for copy in range(weights[model])
    ]
    counts = {(True, True): 0, (False, True): 0, (True, False): 0, (False, False): 0}
    for (model, group, copy), (other_model, other_group, other_copy) in itertools.combinations(photos, 2):
        if model != other_model or copy == other_copy:
            counts[bool(model == other_model), bool(group == other_group)] += 1
    return PairCounts(*counts.values()).ari


@given(labelled)
def test_weights_of_one_give_the_evaluations_ari(pair):
    table = contingency(*pair)
    assert weighted_ari(table, np.ones((1, table.shape[0]))) == pytest.approx([evaluate(*pair).ari], abs=1e-12)


@given(labelled, st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=1, max_size=3))
def test_whole_weights_equal_copied_photos_without_the_pairs_between_copies(pair, draws):
    table = contingency(*pair)
    weights = np.array(draws)[:, : table.shape[0]]
    expected = [ari_of_copies(*pair, draw) for draw in weights]
    assert weighted_ari(table, weights) == pytest.approx(expected, abs=1e-12)


def random_table(n_models, wrong, seed=0):
    """Models of 6 photos, each photo in the group of another model with that probability."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(n_models), 6)
    return contingency(truth, np.where(rng.random(len(truth)) < wrong, rng.integers(n_models, size=len(truth)), truth))


def mean_ari(*tables):
    return np.mean([weighted_ari(table, np.ones((1, table.shape[0])))[0] for table in tables])


def test_the_interval_is_around_the_score_and_narrower_with_more_models():
    widths = []
    for n_models in (10, 40, 160):
        tables = [random_table(n_models, 0.2, seed) for seed in range(2)]
        low, high = ari_interval(tables)
        assert low < mean_ari(*tables) < high
        widths.append(high - low)
    assert widths[0] > 1.4 * widths[1] > 1.4 * 1.4 * widths[2]


def test_what_is_perfect_has_no_spread():
    assert ari_interval([random_table(10, 0.0)]) == (1.0, 1.0)


def test_the_same_seed_gives_the_same_interval():
    tables = [random_table(12, 0.3)]
    assert ari_interval(tables, 1) == ari_interval(tables, 1) != ari_interval(tables, 2)


def test_scoring_the_same_models_again_makes_the_interval_no_narrower():
    table = random_table(30, 0.3)
    assert ari_interval([table] * 6) == pytest.approx(ari_interval([table]), abs=1e-12)


def test_models_of_other_folds_take_no_part_in_a_fold():
    table = random_table(10, 0.3)
    among_others = contingency(np.repeat(np.arange(30, 40), 6), random_groups(table))
    assert ari_interval([among_others]) == pytest.approx(ari_interval([table]), abs=1e-12)


def random_groups(table):
    """The groups of a table's photos, model by model."""
    return np.concatenate([np.repeat(np.arange(table.shape[1]), row) for row in table.toarray()])


def test_a_fold_of_which_nothing_was_drawn_is_no_perfect_fold():
    # All photos alone score 0; one draw in 20 takes none of the small fold's three models.
    small = contingency(np.repeat(np.arange(3), 2), np.arange(6))
    large = contingency(np.repeat(np.arange(3, 40), 2), np.arange(74))
    assert ari_interval([small, large]) == (0.0, 0.0)


def test_the_gain_is_the_difference_of_the_scores_and_clear_where_it_is_large():
    good, bad = [random_table(20, 0.1)], [random_table(20, 0.5, seed=1)]
    gain = Gain.of(good, bad)
    assert gain.value == pytest.approx(mean_ari(*good) - mean_ari(*bad))
    assert gain.is_clear
    assert Gain.of(bad, good) == Gain(pytest.approx(-gain.value), pytest.approx(gain.error))
    assert not Gain.of(bad, good).is_clear


def test_the_same_groups_gain_nothing_and_that_is_not_clear():
    table = random_table(20, 0.2)
    assert Gain.of([table], [table]) == Gain(0.0, 0.0)
    assert not Gain.of([table], [table]).is_clear


def test_a_gain_on_the_same_models_is_surer_than_the_scores_themselves():
    # Five models of twenty are hard for both ways, so that draws of models move both scores together.
    truth = np.repeat(np.arange(20), 6)
    hard = np.where(truth < 5, 0, truth)
    slightly_better = hard.copy()
    slightly_better[truth == 4] = 20
    ours, theirs = [contingency(truth, slightly_better)], [contingency(truth, hard)]
    low, high = ari_interval(ours)
    assert Gain.of(ours, theirs).error < (high - low) / 4


def test_one_model_says_nothing_about_a_gain():
    table = contingency(np.zeros(4, np.int64), np.array([0, 0, 1, 1]))
    assert Gain.of([table], [table]).error == float("inf")
