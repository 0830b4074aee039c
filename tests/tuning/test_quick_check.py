"""The quick check: which setting a labelled catalogue opens with, and that its threshold saw no held-out model."""

import numpy as np
import pytest
from tuned_cases import rows_of

from shopsim.base.disk.store import Store
from shopsim.base.labels import UNLABELLED
from shopsim.scoring.folds import Fold
from shopsim.tuning import quick_check as checking
from shopsim.tuning.quick_check import KIND, quick_check, quick_settings
from shopsim.tuning.quick_folds import MOST_PHOTOS, QuickFolds

MAIN, SECOND, COLOUR = "efficientnet_lite0", "mobilenet_v2", "color_shape"


def views(noises, n_models=12, n_photos=6):
    """Rows by extractor, each with its own noise, and the models."""
    made = {name: rows_of(n_models, n_photos, noise, seed) for seed, (name, noise) in enumerate(noises.items())}
    return {name: rows for name, (rows, _) in made.items()}, next(iter(made.values()))[1]


def test_ten_settings_or_so_are_tried_the_default_first_and_none_twice():
    settings = quick_settings((SECOND, COLOUR))
    assert len({each.digest for each in settings}) == len(settings) == 12
    assert (settings[0].recipe.is_default, settings[0].added) == (True, ())
    assert {each.added for each in settings} == {(), ((SECOND, 0.5),), ((COLOUR, 0.3),)}
    assert len(quick_settings()) == 4


def test_a_second_network_that_sees_more_is_chosen_and_the_sentence_has_both_scores():
    rows, labels = views({MAIN: 3.0, SECOND: 0.3})
    found = quick_check(rows, labels)
    assert found.candidate.added == ((SECOND, 0.5),)
    assert found.chosen.gain.is_clear
    assert found.sentence.startswith(f"Of 8 settings, {MAIN} 50% + {SECOND} 50%, ")
    assert f"ARI {found.chosen.ari:.3f} (default {found.default.ari:.3f})" in found.sentence
    assert found.sentence.endswith("The choice was made by these scores, so the first one is a little too high.")
    assert found.chosen.ari - found.default.ari == pytest.approx(found.chosen.gain.value)


def test_the_default_is_kept_where_nothing_is_clearly_better():
    rows, labels = views({MAIN: 0.1, SECOND: 3.0})
    found = quick_check(rows, labels)
    assert found.chosen is found.default
    assert "none is clearly better than the default" in found.sentence
    assert f"{found.default.ari:.3f}" in found.sentence


def test_the_same_photos_give_the_same_result():
    rows, labels = views({MAIN: 1.2, SECOND: 1.0, COLOUR: 1.5})
    first, second = (quick_check(rows, labels) for _ in range(2))
    assert (first.tried, first.candidate, first.sentence) == (second.tried, second.candidate, second.sentence)


def test_photos_without_a_model_take_no_part():
    rows, labels = views({MAIN: 1.0})
    more = np.concatenate([rows[MAIN], rows_of(9, 4, 1.0, 99)[0]])
    known = np.concatenate([labels, np.full(36, UNLABELLED)])
    assert quick_check({MAIN: more}, known).tried == quick_check(rows, labels).tried


def test_with_too_few_models_the_default_is_used_and_the_sentence_says_so():
    rows, labels = views({MAIN: 1.0, SECOND: 0.1}, n_models=5)
    found = quick_check(rows, labels)
    assert (found.candidate, found.tried, found.chosen) == (quick_settings()[0], (), None)
    assert "6 models of two or more photos are needed" in found.sentence
    nothing = quick_check({MAIN: rows[MAIN]}, np.full(len(labels), UNLABELLED))
    assert (nothing.candidate, nothing.n_models) == (quick_settings()[0], 0)


def test_when_the_time_is_over_the_settings_tried_so_far_decide():
    rows, labels = views({MAIN: 3.0, SECOND: 0.3})
    found = quick_check(rows, labels, seconds=0)
    assert [each.candidate for each in found.tried] == [quick_settings()[0]]
    assert "Of 1 setting (7 more were left untried for lack of time)" in found.sentence


def test_a_second_visit_reads_what_was_kept(tmp_path, monkeypatch):
    rows, labels = views({MAIN: 3.0, SECOND: 0.3})
    first = quick_check(rows, labels, store=Store(tmp_path))
    monkeypatch.setattr(checking, "_checked", None)
    again = quick_check(rows, labels, store=Store(tmp_path))
    assert (again.tried, again.candidate, again.sentence) == (first.tried, first.candidate, first.sentence)
    assert again.seconds == 0.0 < first.seconds


@pytest.mark.parametrize("table", [np.zeros((99, 3)), np.zeros((2, 4)), np.zeros(3), np.full((2, 3), np.nan)])
def test_an_entry_of_another_form_is_computed_again(tmp_path, table):
    rows, labels = views({MAIN: 1.0})
    first = quick_check(rows, labels, store=Store(tmp_path))
    (entry,) = (tmp_path / KIND).iterdir()
    Store(tmp_path).save(KIND, entry.name.partition(".")[0], table)
    assert quick_check(rows, labels, store=Store(tmp_path)).tried == first.tried


def test_labels_of_held_out_models_change_no_group():
    rows, labels = views({MAIN: 1.0})
    fold = Fold(np.flatnonzero(labels < 8), np.flatnonzero(labels >= 8))
    other = labels.copy()
    other[fold.held_out] = np.random.default_rng(0).permutation(other[fold.held_out])
    sizes, scores = [], []
    for given in (labels, other):
        (scored,) = QuickFolds(np.arange(len(labels)), given, (fold,), False).scored(rows, quick_settings()[:1])
        sizes.append(scored.tables[0].sum(axis=0).tolist())
        scores.append(scored.ari)
    assert sizes[0] == sizes[1]
    assert scores[0] > scores[1]


def test_of_many_photos_whole_models_are_looked_at():
    labels = np.repeat(np.arange(100), 40)
    folds = QuickFolds.of(labels, 0)
    counts = np.bincount(labels[folds.photos])
    assert set(counts.tolist()) == {0, 40}
    assert MOST_PHOTOS - 40 < folds.n_images <= MOST_PHOTOS
    assert (folds.is_sample, folds.n_models) == (True, folds.n_images // 40)
    assert np.array_equal(folds.photos, QuickFolds.of(labels, 0).photos)


def test_of_few_models_with_very_many_photos_some_photos_of_each_are_looked_at():
    folds = QuickFolds.of(np.repeat(np.arange(14), 2000), 0)
    assert folds.n_models == 12
    assert folds.n_images <= MOST_PHOTOS


def test_a_sample_is_named_in_the_sentence(monkeypatch):
    monkeypatch.setattr("shopsim.tuning.quick_folds.MOST_PHOTOS", 72)
    rows, labels = views({MAIN: 0.1}, n_models=30)
    found = quick_check(rows, labels)
    assert (found.n_images, found.n_models, found.is_sample) == (72, 12, True)
    assert "on held-out models of a sample of 72 photos" in found.sentence
