"""The finder of label errors: vectors at known angles, small models, copies, planted errors, cuts."""

import time

import numpy as np
import pytest
from label_error_cases import BLUE, RED, digests_of, find, three_models
from vectors import at_angles, clustered_rows, unit

from shopsim.base.labels import UNLABELLED
from shopsim.clusterers import clusterers
from shopsim.review import cuts_around, find_label_errors
from shopsim.review.found import NO_MODEL

# What is found


def test_a_photo_among_those_of_another_model_is_the_first_suspect():
    rows, labels = three_models(extra=[2.5])
    found = find(rows, [*labels, BLUE])
    assert found.suspects().tolist() == [36]
    assert found.suggested[36] == RED
    assert found.score[36] > 0.8
    assert np.delete(found.score, 36).max() < 0.5
    assert (found.near_suggested[36], found.near_given[36], found.n_near[36]) == (10, 0, 10)


def test_nothing_is_found_where_every_label_is_right():
    rows, labels = three_models()
    found = find(rows, labels)
    assert not len(found.suspects())
    assert found.score.max() < 0.5


def test_a_photo_that_fits_nowhere_is_no_suspect():
    rows, labels = three_models(extra=[250], each=40)
    found = find(rows, [*labels, BLUE], n_groups=4)
    assert 120 not in found.suspects(0)
    assert found.strays.tolist() == [120]
    assert found.suggested[120] == NO_MODEL


def test_unlabelled_photos_neither_vote_nor_are_judged():
    rows, labels = three_models(extra=[2.5] * 3)
    labels = [*labels, BLUE, UNLABELLED, UNLABELLED]
    found = find(rows, labels, copies=[])
    assert found.suspects().tolist() == [36]
    assert found.score[37:].tolist() == [0, 0]
    assert (found.suggested[37:] == NO_MODEL).all()
    without = find(rows[:37], labels[:37])
    assert found.near_suggested[36] == without.near_suggested[36]
    assert found.fit_suggested[36] == pytest.approx(without.fit_suggested[36])


@pytest.mark.parametrize("labels", [[0] * 8, [-1] * 8, list(range(8)), [0, 1, -1, -1, -1, -1, -1, -1]])
def test_where_nothing_can_be_known_nothing_is_said(labels):
    found = find(clustered_rows(8), labels)
    assert found.score.tolist() == [0] * 8
    assert not len(found.suspects(0))
    assert not len(found.strays)


@pytest.mark.parametrize("n_images", [2, 3, 4])
def test_the_smallest_catalogues_break_nothing(n_images):
    rows = at_angles(*range(0, 40 * n_images, 40))
    found = find(rows, [0, *[1] * (n_images - 1)])
    assert np.isfinite(found.score).all()


def test_equal_photos_of_two_models_break_nothing():
    found = find(np.ones((8, 4), np.float32), [0, 1] * 4)
    assert np.isfinite(found.score).all()


# Models of one and of two photos


def test_a_single_photo_that_fits_a_model_as_usual_is_left_in_doubt():
    rows, labels = three_models(extra=[25])
    found = find(rows, [*labels, 3], n_groups=4)
    assert 36 not in found.suspects()
    assert found.n_others[36] == 0


def test_of_a_broken_pair_the_photo_that_lies_in_another_model_is_the_wrong_one():
    rows, labels = three_models(extra=[2.5, 240])
    found = find(rows, [*labels, 3, 3], n_groups=4)
    assert found.suspects().tolist() == [36]
    assert found.suggested[36] == RED
    assert found.strays.tolist() == [37]


def test_the_right_half_of_a_pair_does_not_look_wrong_because_the_other_half_is():
    # Pair 3 stands at 240 degrees; its second photo is filed under red, whose photos are elsewhere.
    rows, labels = three_models(extra=[240, 240.5])
    found = find(rows, [*labels, 3, RED], n_groups=4)
    assert found.suspects().tolist() == [37]
    assert found.suggested[37] == 3
    assert found.score[36] < found.score[37]


# Copies


def test_byte_equal_copies_of_one_model_count_once():
    rows, labels = three_models(extra=[2.5])
    labels = [*labels, BLUE]
    copied = np.concatenate([rows, rows[[36] * 5]])
    found = find(copied, [*labels, *[BLUE] * 5], copies=[(37 + number, 36) for number in range(5)])
    assert sorted(found.suspects().tolist()) == list(range(36, 42))
    assert found.score[36:] == pytest.approx(np.full(6, find(rows, labels).score[36]), abs=0.02)


def test_a_byte_equal_copy_under_another_model_is_strong_evidence():
    # Halfway between the two models nothing but the copy can tell.
    rows, labels = three_models(extra=[22.75, 22.75])
    apart = find(rows, [*labels, RED, BLUE], n_groups=4)
    same = find(rows, [*labels, RED, BLUE], copies=[(37, 36)], n_groups=4)
    assert same.has_twin[[36, 37]].all()
    assert same.score[36] > 0.5
    assert not apart.has_twin.any()


def test_of_two_copies_under_two_models_the_one_that_fits_stays():
    rows, labels = three_models(extra=[2.5, 2.5])
    found = find(rows, [*labels, RED, BLUE], copies=[(37, 36)])
    assert found.suspects().tolist() == [37]
    assert found.score[36] < 0.5 < found.score[37]


# Independence and planted errors


def planted(rate, n_images=600, n_models=30, seed=0):
    """Clustered rows with the labels of a share of them moved to a random other model."""
    rng = np.random.default_rng(seed)
    labels = np.sort(rng.integers(0, n_models, n_images))
    rows = unit(rng.standard_normal((n_models, 24))[labels] + 0.45 * rng.standard_normal((n_images, 24)))
    wrong = np.zeros(n_images, bool)
    wrong[rng.choice(n_images, round(rate * n_images), replace=False)] = True
    given = np.where(wrong, (labels + rng.integers(1, n_models, n_images)) % n_models, labels)
    return rows.astype(np.float32), labels, given, wrong


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.15])
def test_planted_errors_are_found_and_little_else(rate):
    rows, labels, given, wrong = planted(rate)
    found = find(rows, given, n_groups=30)
    suspects = found.suspects()
    assert wrong[suspects].mean() > 0.9
    assert wrong[suspects].sum() > 0.75 * wrong.sum()
    assert (found.suggested[suspects] == labels[suspects])[wrong[suspects]].mean() > 0.95
    assert found.n_wrong == pytest.approx(wrong.sum(), rel=0.4, abs=3)
    assert 0.7 <= found.cutoff <= 0.9


def test_a_photos_own_label_has_no_part_in_what_is_suggested():
    rows, _, given, wrong = planted(0.02)
    row = np.flatnonzero(~wrong)[5]
    before = find(rows, given, n_groups=30)
    moved = given.copy()
    moved[row] = (given[row] + 7) % 30
    after = find(rows, moved, n_groups=30)
    assert after.suggested[row] == given[row]
    assert after.score[row] > 0.8 > 0.5 > before.score[row]


def test_the_order_of_the_photos_changes_nothing():
    rows, _, given, _ = planted(0.05, n_images=200, n_models=12)
    order = np.random.default_rng(1).permutation(200)
    cuts = cuts_around(clusterers.create("average").fit(rows), 0.6)
    found = find_label_errors(rows, digests_of(200), given, cuts)
    digests = np.array(digests_of(200))[order]
    mixed = find_label_errors(rows[order], digests, given[order], [cut[order] for cut in cuts])
    assert mixed.score == pytest.approx(found.score[order], abs=1e-6)
    assert (mixed.suggested == found.suggested[order]).all()


def test_scores_lie_between_0_and_1_and_suspects_fall():
    rows, _, given, _ = planted(0.1)
    found = find(rows, given, n_groups=30)
    assert ((found.score >= 0) & (found.score <= 1)).all()
    scores = found.score[found.suspects(0.5)]
    assert (np.diff(scores) <= 0).all()


def test_progress_is_told_to_the_end():
    rows, labels = three_models()
    told = []
    find(rows, labels, progress=lambda done, total: told.append((done, total)))
    assert told == [(step, 4) for step in range(5)]


@pytest.mark.slow
def test_ten_thousand_photos_take_seconds():
    rows, _, given, _ = planted(0.02, n_images=10_522, n_models=141)
    cuts = [given, given // 2, np.arange(len(given)) % 300]
    start = time.perf_counter()
    find_label_errors(rows, digests_of(len(rows)), given, cuts)
    assert time.perf_counter() - start < 30


# Cuts


def test_cuts_go_from_half_to_twice_as_many_groups():
    tree = clusterers.create("average").fit(clustered_rows(100))
    value = tree.merge_similarities[100 - 20 - 1]
    assert [cut.max() + 1 for cut in cuts_around(tree, value)] == [10, 14, 20, 28, 40]


def test_a_clustering_that_is_no_tree_has_the_one_cut():
    tree = clusterers.create("kmeans").fit(clustered_rows(60))
    (cut,) = cuts_around(tree, 4)
    assert cut.max() + 1 == 4
