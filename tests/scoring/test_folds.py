"""Folds of models: disjoint, covering, alike in sizes, fewer where models are few, and a catalogue's own split."""

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.base.labels import UNLABELLED
from shopsim.scoring.folds import MIN_MODELS, model_folds, split_fold


def photos_of(*sizes, unlabelled=0, seed=0):
    """Labels of models of these sizes, in random order."""
    labels = np.concatenate([np.repeat(np.arange(len(sizes)), sizes), np.full(unlabelled, UNLABELLED)])
    return np.random.default_rng(seed).permutation(labels)


def n_telling(labels):
    return (np.unique(labels, return_counts=True)[1] > 1).sum()


MANY = photos_of(*[2] * 20, *[10] * 15, *[1] * 7, 60, unlabelled=9)


@pytest.mark.parametrize("seed", range(5))
def test_no_model_stands_on_both_sides(seed):
    for fold in model_folds(MANY, seed=seed):
        assert not set(MANY[fold.tuning]) & set(MANY[fold.held_out])


@pytest.mark.parametrize("n_folds", [2, 3, 5, 10])
def test_each_labelled_photo_is_held_out_once_and_tuned_on_otherwise(n_folds):
    folds = model_folds(MANY, n_folds)
    labelled = np.flatnonzero(MANY != UNLABELLED)
    assert len(folds) == n_folds
    assert sorted(np.concatenate([fold.held_out for fold in folds])) == labelled.tolist()
    for fold in folds:
        assert sorted([*fold.tuning, *fold.held_out]) == labelled.tolist()


def test_every_fold_gets_its_share_of_large_and_small_models():
    labels = photos_of(*[2] * 20, *[10] * 15, *[40] * 5)
    for fold in model_folds(labels, 5):
        sizes = np.unique(labels[fold.held_out], return_counts=True)[1]
        assert sorted(sizes) == [2] * 4 + [10] * 3 + [40]


def test_folds_depend_on_the_seed_and_on_nothing_else():
    first, again, other = (model_folds(MANY, seed=seed) for seed in (3, 3, 4))
    assert all((a.held_out == b.held_out).all() for a, b in zip(first, again, strict=True))
    assert any(a.held_out.tolist() != b.held_out.tolist() for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("n_models, in_round, n_folds", [(6, 2, 6), (8, 2, 6), (9, 3, 6), (14, 4, 8), (15, 5, 5)])
def test_few_models_make_fewer_folds_repeated_with_other_seeds(n_models, in_round, n_folds):
    labels = photos_of(*[4] * n_models, *[1] * 5)
    folds = model_folds(labels, 5)
    assert len(folds) == n_folds
    rounds = [folds[start : start + in_round] for start in range(0, n_folds, in_round)]
    for one_round in rounds:
        assert sorted(np.concatenate([fold.held_out for fold in one_round])) == list(range(len(labels)))
    assert len({tuple(fold.held_out) for fold in folds}) > in_round or len(rounds) == 1


@pytest.mark.parametrize("n_models", range(6, 20))
def test_every_fold_holds_enough_models_of_two_or_more_photos(n_models):
    labels = photos_of(*[3] * n_models, *[1] * 40)
    for fold in model_folds(labels, 5):
        assert n_telling(labels[fold.held_out]) >= MIN_MODELS
        assert n_telling(labels[fold.tuning]) >= MIN_MODELS


@pytest.mark.parametrize("sizes, count", [([3] * 5, 5), ([2] * 5 + [1] * 50, 5), ([1] * 9, 0), ([], 0)])
def test_under_six_models_of_two_photos_it_refuses_and_says_why(sizes, count):
    with pytest.raises(ShopsimError, match=f"two or more photos: {count};.*at least 6"):
        model_folds(photos_of(*sizes, unlabelled=3))


LABELS = np.repeat(np.arange(8), 3)


def test_an_own_split_by_model_is_used_with_val_among_the_tuning_models():
    splits = ["train"] * 9 + ["val"] * 3 + [" Test "] * 12
    fold, why_not = split_fold(LABELS, splits)
    assert why_not == ""
    assert fold.tuning.tolist() == list(range(12))
    assert fold.held_out.tolist() == list(range(12, 24))


@pytest.mark.parametrize(
    "splits",
    [["train"] * 11 + ["test"] * 13, ["train", "test", "val"] * 8, ["train"] * 10 + ["val"] * 2 + ["test"] * 12],
)
def test_a_model_in_two_parts_makes_the_own_split_useless(splits):
    fold, why_not = split_fold(LABELS, splits)
    assert fold is None
    assert "two of its parts" in why_not


@pytest.mark.parametrize("splits", [["train"] * 24, ["test"] * 24, ["train"] * 6 + ["test"] * 18, ["a", None] * 12])
def test_a_split_without_enough_models_to_tune_or_to_score_on_is_not_used(splits):
    fold, why_not = split_fold(LABELS, splits)
    assert fold is None
    assert why_not


def test_no_split_at_all_needs_no_reason():
    assert split_fold(LABELS, [None] * 24) == (None, "")


def test_unlabelled_photos_of_both_parts_are_no_model_in_two_parts():
    labels = np.concatenate([LABELS, [UNLABELLED, UNLABELLED]])
    fold, _ = split_fold(labels, ["train"] * 12 + ["test"] * 12 + ["train", "test"])
    assert fold.tuning.tolist() + fold.held_out.tolist() == list(range(24))
