"""Choosing on tuning models: thresholds against cuts, the best one against all, spaces fitted on other models."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vectors import clustered_rows, unit

from shopsim import ShopsimError
from shopsim.base.work.progress import Stopped
from shopsim.clusterers import clusterers
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.curve import threshold_curve
from shopsim.scoring.evaluation import evaluate
from shopsim.spaces import whitened
from shopsim.tuning import level_cuts as candidates
from shopsim.tuning.control_values import ari_at, best_on_average
from shopsim.tuning.level_cuts import FoldRows, choose, inner_folds, tree_of

RAW = Recipe("raw", {}, "average", {})
HALF = Recipe("whitened", {"strength": 0.5}, "complete", {})
SOME = [
    Recipe(space, settings, linkage, {})
    for space, settings in (("raw", {}), ("whitened", {"strength": 0.25}), ("whitened", {"strength": 0.75}))
    for linkage in ("average", "complete")
]


def chosen(rows, labels, n_held_out, candidates, **given):
    """What is chosen among photos that are all of tuning models."""
    return choose(FoldRows(rows, labels), np.arange(len(rows)), n_held_out, candidates, **given)


def models_of(n_models, n_photos, noise=0.6, seed=0):
    """Unit rows around one direction a model, and their labels."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(n_models), n_photos)
    return unit(rng.standard_normal((n_models, 16))[labels] + noise * rng.standard_normal((len(labels), 16))), labels


def trees(n_trees, seed=0):
    """Trees of 30 photos with labels and curves."""
    for number in range(n_trees):
        rows = clustered_rows(30, seed=seed + number)
        labels = np.random.default_rng(seed + number).integers(8, size=30)
        tree = tree_of(rows, RAW)
        yield tree, labels, threshold_curve(tree, labels)


@given(st.integers(0, 99), st.lists(st.floats(-1.1, 1.1), min_size=1, max_size=20))
@settings(max_examples=40)
def test_a_looked_up_score_is_that_of_the_cut(seed, thresholds):
    ((tree, labels, curve),) = trees(1, seed)
    at = np.array([*thresholds, *tree.similarities[:3], 1.0])
    assert ari_at(curve, at).tolist() == [evaluate(labels, tree.cut(threshold)).ari for threshold in at]


@pytest.mark.parametrize("seed", range(5))
def test_no_threshold_beats_the_best_on_average(seed):
    found = list(trees(3, 10 * seed))
    threshold, score = best_on_average([curve for *_, curve in found])
    assert score == pytest.approx(np.mean([evaluate(labels, tree.cut(threshold)).ari for tree, labels, _ in found]))
    for other in np.linspace(-1, 1, 400):
        assert np.mean([evaluate(labels, tree.cut(other)).ari for tree, labels, _ in found]) <= score + 1e-12


def test_of_equally_good_thresholds_it_takes_the_one_with_most_room():
    rows, labels = models_of(6, 4, noise=0.05)
    tree = tree_of(rows, RAW)
    curve = threshold_curve(tree, labels)
    threshold, score = best_on_average([curve])
    high, low = tree.similarities[curve.best - 1], tree.similarities[curve.best]
    assert score == 1.0
    assert abs(threshold - (low + high) / 2) < (high - low) / 3


def test_the_candidates_come_best_first_each_with_its_threshold():
    rows, labels = models_of(20, 5)
    found = chosen(rows, labels, 25, SOME)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert {each.recipe.digest for each in found} == {recipe.digest for recipe in SOME}
    assert all(-1 <= each.threshold <= 1 and each.score > 0.3 for each in found)


def test_a_candidate_that_is_bad_here_does_not_win():
    rows, labels = models_of(20, 5)
    spoilt = np.concatenate([rows, np.full((100, 1), 20, np.float32)], axis=1)
    # One huge common direction leaves raw cosines near 1, and whitening takes it out.
    noisy = unit(spoilt + 0.5 * np.random.default_rng(0).standard_normal(spoilt.shape) * np.eye(17)[16] * 20)
    assert chosen(noisy, labels, 25, [RAW, HALF])[0].recipe == HALF


def test_spaces_are_fitted_on_other_models_than_they_are_judged_on(monkeypatch):
    rows, labels = models_of(18, 4)
    model_of = {row.tobytes(): model for row, model in zip(rows, labels, strict=True)}
    seen = []

    class Spy:
        def fit(self, vectors):
            self.models = {model_of[row.tobytes()] for row in vectors}
            return self

        def transform(self, vectors):
            seen.append((self.models, {model_of[row.tobytes()] for row in vectors}))
            return vectors

        def arrays(self):
            return {"fitted": rows}

    monkeypatch.setattr(candidates.spaces, "create", lambda name, **settings: Spy())
    chosen(rows, labels, 18, [RAW, HALF])
    assert len(seen) == 2 * len(inner_folds(labels, 18, 0))
    for fitted_on, judged_on in seen:
        assert fitted_on
        assert not fitted_on & judged_on


def test_rows_are_kept_only_where_a_space_was_fitted():
    rows, labels = models_of(18, 4)
    known = FoldRows(rows, labels)
    (fold, *_) = inner_folds(labels, 18, 0)
    assert known.of(HALF, fold) is known.of(HALF, fold)
    assert known.of(RAW, fold) is not known.of(RAW, fold)
    np.testing.assert_array_equal(known.of(RAW, fold), unit(rows[fold.held_out]))


def test_rows_in_other_spaces_are_forgotten():
    rows, labels = models_of(18, 4)
    known = FoldRows(rows, labels)
    (fold, *_) = inner_folds(labels, 18, 0)
    kept = known.of(HALF, fold)
    known.keep_only(HALF)
    assert known.of(HALF, fold) is kept
    known.keep_only(RAW)
    assert known.of(HALF, fold) is not kept


@pytest.mark.parametrize("n_held_out, n_folds", [(50, 4), (100, 2), (60, 3), (400, 2), (20, 5)])
def test_validation_models_are_about_as_many_photos_as_will_be_held_out(n_held_out, n_folds):
    labels = np.repeat(np.arange(40), 5)
    folds = inner_folds(labels, n_held_out, seed=0)
    assert len(folds) == n_folds
    for fold in folds:
        assert abs(len(fold.held_out) - min(n_held_out, 100)) <= 10


def test_too_few_tuning_models_are_judged_on_themselves():
    labels = np.repeat(np.arange(3), 4)
    (fold,) = inner_folds(labels, 12, seed=0)
    assert fold.tuning.tolist() == fold.held_out.tolist() == list(range(12))
    assert len(chosen(clustered_rows(12), labels, 12, [RAW, HALF])) == 2


def test_progress_counts_up_and_can_stop_it():
    rows, labels = models_of(12, 4)
    told = []
    chosen(rows, labels, 12, [RAW, HALF], progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(told[0][1]))

    def stop(done, total):
        raise Stopped

    with pytest.raises(Stopped):
        chosen(rows, labels, 12, [RAW], progress=stop)


@pytest.mark.parametrize("clusterer", clusterers.names())
def test_every_clusterer_gets_a_value_that_carries_over_to_more_photos(clusterer):
    rows, labels = models_of(24, 6, noise=0.3)
    (tuned,) = chosen(rows[:72], labels[:72], 36, [Recipe("raw", {}, clusterer, {})])
    tree = tree_of(rows, tuned.recipe)
    labels_pred = tree.cut(tuned.value.on(tree.control, len(rows)))
    assert tuned.score > 0.5
    assert evaluate(labels, labels_pred).ari > 0.5


def test_too_large_a_tree_is_said(monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.memory.free_memory", lambda: 1)
    with pytest.raises(ShopsimError, match="memory"):
        tree_of(clustered_rows(10), RAW)


def test_strengths_share_what_is_fitted_on_the_same_photos(monkeypatch):
    rows, labels = models_of(24, 5)
    fits = []
    fit = whitened.moments
    monkeypatch.setattr(whitened, "moments", lambda blocks: fits.append(1) or fit(blocks))
    chosen(rows, labels, 30, SOME)
    assert len(fits) == len(inner_folds(labels, 30, 0))


def test_what_is_shared_is_not_taken_for_other_photos():
    few, many = models_of(24, 4, seed=1)[0], models_of(24, 4, seed=2)[0]
    first, _, again = (candidates.fit_space(rows, HALF).transform(few) for rows in (few, many, few))
    assert first.tolist() == again.tolist()
    assert candidates.fit_space(many, HALF).transform(few).tolist() != first.tolist()
