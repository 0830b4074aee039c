"""Scores: golden values, scikit-learn, brute force and properties."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from shopsim.base.labels import by_first_appearance, noise_as_singletons
from shopsim.scoring.evaluation import UNLABELLED, PairCounts, detail_scores, evaluate, split_by_category

labels = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=40).map(
    lambda pairs: np.array(pairs, dtype=np.int64).reshape(-1, 2).T
)


def brute_force(labels_true, labels_pred):
    """Every pair looked at once."""
    counts = {(True, True): 0, (False, True): 0, (True, False): 0, (False, False): 0}
    for i, j in itertools.combinations(range(len(labels_true)), 2):
        counts[bool(labels_true[i] == labels_true[j]), bool(labels_pred[i] == labels_pred[j])] += 1
    return PairCounts(*counts.values())


@pytest.mark.parametrize(
    "labels_pred, ari", [([1, 1, 2, 2, 3, 4], 0.18918918918918917), ([1, 1, 1, 2, 3, 4], 0.8148148148148149)]
)
def test_the_tasks_golden_values(labels_pred, ari):
    assert evaluate(np.array([1, 1, 1, 2, 2, 3]), np.array(labels_pred)).ari == pytest.approx(ari, abs=2e-16)


@given(labels)
def test_ari_is_scikit_learns_to_the_last_digit(pair):
    assert evaluate(*pair).ari == metrics.adjusted_rand_score(*pair)


@given(labels)
def test_pairs_are_those_that_brute_force_counts(pair):
    assert evaluate(*pair).pairs == brute_force(*pair)


@given(labels)
def test_pairs_are_half_of_scikit_learns(pair):
    pairs = evaluate(*pair).pairs
    assert metrics.pair_confusion_matrix(*pair).tolist() == [[2 * pairs.tn, 2 * pairs.fp], [2 * pairs.fn, 2 * pairs.tp]]


@given(labels)
def test_precision_recall_and_f1_are_scikit_learns_over_all_pairs(pair):
    pairs = evaluate(*pair).pairs
    joined = [[int(a == b) for a, b in itertools.combinations(side, 2)] for side in pair]
    if any(map(any, joined)):
        expected = metrics.precision_recall_fscore_support(*joined, average="binary", zero_division=1)
        assert (pairs.precision, pairs.recall, pairs.f1) == pytest.approx(expected[:3])


@given(labels, st.randoms(use_true_random=False))
def test_label_names_and_the_order_of_photos_do_not_matter(pair, random):
    renamed = [np.array([5_000_000_007 * (value + 1) for value in side], dtype=np.int64) for side in pair]
    order = random.sample(range(len(pair[0])), len(pair[0]))
    assert evaluate(renamed[0][order], renamed[1][order]) == evaluate(*pair)


@given(labels)
def test_swapping_truth_and_prediction_swaps_precision_and_recall(pair):
    one, other = evaluate(*pair), evaluate(*pair[::-1])
    assert one.ari == other.ari
    assert one.pairs.precision == other.pairs.recall
    assert one.pairs.f1 == other.pairs.f1


@given(labels)
def test_a_labelling_matches_itself_perfectly(pair):
    result = evaluate(pair[0], pair[0])
    assert (result.ari, result.pairs.precision, result.pairs.recall, result.pairs.f1) == (1.0, 1.0, 1.0, 1.0)
    assert list(detail_scores(pair[0], pair[0]).values()) == pytest.approx([1.0] * 4)


@pytest.mark.parametrize("n_images", [0, 1])
def test_one_photo_or_none_is_a_perfect_match(n_images):
    result = evaluate(np.zeros(n_images, int), np.zeros(n_images, int))
    assert result.ari == 1.0
    assert (result.n_images, result.n_groups, result.n_models, result.n_singletons) == (n_images,) * 4


def test_all_alone_is_precise_and_finds_nothing():
    result = evaluate(np.array([0, 0, 1, 1]), np.arange(4))
    assert (result.ari, result.pairs.precision, result.pairs.recall, result.pairs.f1) == (0.0, 1.0, 0.0, 0.0)


def test_one_group_finds_everything_at_the_price_of_precision():
    pairs = evaluate(np.array([0, 0, 1, 1]), np.zeros(4, int)).pairs
    assert pairs == PairCounts(tp=2, fp=4, fn=0, tn=0)
    assert (pairs.precision, pairs.recall, pairs.f1) == (1 / 3, 1.0, 0.5)


def test_counts_of_groups_and_models():
    result = evaluate(np.array([0, 0, 0, 1, 2]), np.array([4, 4, 7, 7, 9]), tuned_on="held-out models")
    assert (result.n_images, result.n_models, result.n_groups, result.n_singletons) == (5, 3, 3, 1)
    assert result.tuned_on == "held-out models"
    assert evaluate(np.zeros(1), np.zeros(1)).tuned_on == "not known"


@given(labels, st.lists(st.integers(0, 6), max_size=10))
def test_photos_without_a_label_are_grouped_and_not_scored(pair, groups_of_unlabelled):
    truth = np.concatenate([pair[0], np.full(len(groups_of_unlabelled), UNLABELLED)])
    groups = np.concatenate([pair[1], np.array(groups_of_unlabelled, dtype=np.int64)])
    result, scored = evaluate(truth, groups), evaluate(*pair)
    assert (result.ari, result.pairs, result.n_models) == (scored.ari, scored.pairs, scored.n_models)
    assert result.n_images == len(pair[0])
    assert result.n_groups == len(set(groups.tolist()))


def test_noise_of_other_tools_is_scored_as_groups_of_one():
    truth = np.array([0, 0, 1, 1, 1])
    assert evaluate(truth, np.array([0, 0, -1, -1, -1])) == evaluate(truth, np.array([0, 0, 1, 2, 3]))


def test_ten_thousand_photos_of_one_model_do_not_overflow():
    assert evaluate(np.zeros(10_000, int), np.zeros(10_000, int)).pairs.tp == 49_995_000
    halves = evaluate(np.arange(400_000) % 2, np.arange(400_000) // 200_000)
    assert halves.ari == pytest.approx(0.0, abs=1e-5)
    assert sum((halves.pairs.tp, halves.pairs.fp, halves.pairs.fn, halves.pairs.tn)) == 400_000 * 399_999 // 2


def test_labellings_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="3 true labels do not match 2"):
        evaluate(np.zeros(3), np.zeros(2))


@given(labels)
def test_detail_scores_are_scikit_learns(pair):
    truth, groups = pair
    assert detail_scores(truth, groups) == {
        "AMI": pytest.approx(metrics.adjusted_mutual_info_score(truth, groups)),
        "Homogeneity": pytest.approx(metrics.homogeneity_score(truth, groups)),
        "Completeness": pytest.approx(metrics.completeness_score(truth, groups)),
        "V-measure": pytest.approx(metrics.v_measure_score(truth, groups)),
    }


def test_detail_scores_leave_out_photos_without_a_label():
    scores = detail_scores(np.array([0, 0, 1, UNLABELLED]), np.array([0, 0, 1, 0]))
    assert set(scores.values()) == {1.0}


def test_groups_are_numbered_by_first_appearance():
    assert by_first_appearance(np.array([7, 2, 7, 9, 2])).tolist() == [0, 1, 0, 2, 1]
    assert by_first_appearance(np.array([], int)).tolist() == []


def test_each_noise_photo_becomes_a_group_of_one():
    assert noise_as_singletons(np.array([3, -1, 3, -1, 0])).tolist() == [0, 1, 0, 2, 3]
    assert noise_as_singletons(np.array([-1, -1])).tolist() == [0, 1]
    assert noise_as_singletons(np.array([], int)).tolist() == []


def test_each_category_has_its_own_labels_and_one_without_true_models_has_none():
    categories = ["b", None, "a", "b", "a"]
    parts = split_by_category(categories, np.array([0, 1, -1, -1, -1]), np.array([0, 1, 2, 3, 2]))
    assert list(parts) == ["a", "b"]
    assert parts["a"][0] is None
    assert parts["a"][1].tolist() == [2, 2]
    assert [part.tolist() for part in parts["b"]] == [[0, -1], [0, 3]]
    assert [models for models, _ in split_by_category(categories, None, np.zeros(5)).values()] == [None, None]
