"""Two groupings compared: against brute force over all pairs."""

from itertools import combinations

import numpy as np
import pytest

from shopsim.base.labels import UNLABELLED, by_first_appearance
from shopsim.scoring.compare_groupings import VERDICTS, ChangedPairs, compare_models, model_scores
from shopsim.scoring.evaluation import evaluate


def random_case(seed, n=40, labelled=0.8):
    """Two groupings and half-known models of the same photos."""
    rng = np.random.default_rng(seed)
    groups = [by_first_appearance(rng.integers(rng.integers(1, 12), size=n)) for _ in range(2)]
    truth = by_first_appearance(rng.integers(6, size=n))
    return *groups, np.where(rng.random(n) < labelled, truth, UNLABELLED)


def brute_changes(together, apart, truth):
    """{verdict: pairs} by looking at every pair."""
    found = {verdict: set() for verdict in VERDICTS}
    for i, j in combinations(range(len(together)), 2):
        if together[i] == together[j] and apart[i] != apart[j]:
            known = UNLABELLED not in (truth[i], truth[j])
            found[VERDICTS[2 if not known else int(truth[i] != truth[j])]].add((i, j))
    return found


def brute_score(truth, groups, model):
    right = wrong = 0
    for i, j in combinations(np.flatnonzero(truth != UNLABELLED), 2):
        if model in (truth[i], truth[j]):
            one_model, one_group = truth[i] == truth[j], groups[i] == groups[j]
            right += one_model and one_group
            wrong += one_model != one_group
    return 2 * right / (2 * right + wrong) if right + wrong else 1.0


@pytest.mark.parametrize("seed", range(12))
def test_changed_pairs_are_those_of_brute_force_each_once(seed):
    a, b, truth = random_case(seed)
    for together, apart in ((a, b), (b, a)):
        changed, expected = ChangedPairs(together, apart, truth), brute_changes(together, apart, truth)
        for verdict in VERDICTS:
            rows = changed.pairs(verdict, 0, 10_000)
            assert changed.counts[verdict] == len(rows) == len(expected[verdict])
            assert {tuple(pair) for pair in rows.tolist()} == expected[verdict]


@pytest.mark.parametrize("seed", range(4))
def test_pages_together_are_the_whole(seed):
    a, b, truth = random_case(seed)
    changed = ChangedPairs(a, b, truth)
    for verdict in VERDICTS:
        pages = [changed.pairs(verdict, start, start + 7) for start in range(0, changed.counts[verdict], 7)]
        whole = changed.pairs(verdict, 0, changed.counts[verdict])
        assert np.array_equal(np.concatenate([whole[:0], *pages]), whole)
        assert len(changed.pairs(verdict, changed.counts[verdict], changed.counts[verdict] + 7)) == 0


def test_without_labels_nothing_is_known():
    a, b, truth = random_case(3)
    changed, expected = ChangedPairs(a, b, None), brute_changes(a, b, np.full_like(truth, UNLABELLED))
    assert changed.counts == {verdict: len(pairs) for verdict, pairs in expected.items()}
    assert changed.counts["same model"] == changed.counts["different models"] == 0


def test_counts_agree_with_the_scores():
    a, b, truth = random_case(5, n=300, labelled=1.0)
    parted, joined = ChangedPairs(a, b, truth).counts, ChangedPairs(b, a, truth).counts
    before, after = (evaluate(truth, groups).pairs for groups in (a, b))
    assert after.tp - before.tp == joined["same model"] - parted["same model"]
    assert after.fp - before.fp == joined["different models"] - parted["different models"]


def test_equal_groupings_change_nothing():
    a, _, truth = random_case(0)
    assert sum(ChangedPairs(a, a, truth).counts.values()) == 0
    assert len(compare_models(truth, a, a).models) == 0
    assert len(ChangedPairs(a, a, truth).pairs("same model", 0, 12)) == 0


@pytest.mark.parametrize("n", [0, 1])
def test_hardly_any_photos(n):
    labels = np.zeros(n, np.int64)
    assert sum(ChangedPairs(labels, labels, labels).counts.values()) == 0
    assert len(compare_models(labels, labels, labels).models) == 0


def test_neighbours_on_a_page_show_different_photos():
    n = 200
    changed = ChangedPairs(np.zeros(n, np.int64), np.arange(n), None)
    page = changed.pairs("not known", 0, 12)
    assert changed.counts["not known"] == n * (n - 1) // 2
    assert len(np.unique(page[:, 0])) == 12


def test_ten_thousand_photos_take_no_list_of_all_pairs():
    n = 10_522
    changed = ChangedPairs(np.zeros(n, np.int64), np.arange(n) % 3, np.arange(n) % 141)
    assert sum(changed.counts.values()) == n * (n - 1) // 2 - 3 * (n // 3) * (n // 3 - 1) // 2 - n // 3
    start = changed.counts["different models"] - 12
    assert changed.pairs("different models", start, start + 12).shape == (12, 2)


@pytest.mark.parametrize("seed", range(8))
def test_the_score_of_a_model_is_pair_f1_by_brute_force(seed):
    groups, _, truth = random_case(seed)
    expected = [brute_score(truth, groups, model) for model in range(truth.max() + 1)]
    assert model_scores(truth, groups) == pytest.approx(expected)


def test_a_model_whose_only_photo_is_alone_is_right_and_beside_another_wrong():
    truth = np.array([0, 1, 1])
    assert model_scores(truth, np.array([0, 1, 1])).tolist() == [1.0, 1.0]
    assert model_scores(truth, np.array([0, 0, 0]))[0] == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_better_and_worse_models_are_told_most_changed_first(seed):
    a, b, truth = random_case(seed)
    change = compare_models(truth, a, b)
    before, after = model_scores(truth, a), model_scores(truth, b)
    assert set(change.models) == set(np.flatnonzero(np.abs(after - before) > 1e-12))
    assert (np.diff(np.abs(change.gain)) <= 1e-9).all()
    assert {*change.better(), *change.worse()} == set(range(len(change.models)))
    assert (change.gain[change.better()] > 0).all()
