"""The held-out protocol: nothing of the held-out models reaches the tuning, and each is scored once."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from tuned_cases import of_any_length

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.base.work.progress import Stopped
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.contest_baseline import baseline_labels
from shopsim.scoring.evaluation import evaluate
from shopsim.scoring.folds import model_folds
from shopsim.spaces import spaces
from shopsim.tuning.candidate import CUT_AT_A_VALUE, Candidate
from shopsim.tuning.candidates import metric_candidates
from shopsim.tuning.held_out import held_out
from shopsim.tuning.level_cuts import fit_space, tree_of
from shopsim.tuning.outer_folds import OWN_SPLIT
from shopsim.tuning.search import search
from shopsim.tuning.tuned_groups import consensus, fit_spaces

TRIED = [Recipe("raw", {}, "average", {}), Recipe("whitened", {"strength": 0.5}, "complete", {})]


def with_models(catalog, models):
    """The catalogue with other true models, in the order of its photos."""
    return replace(
        catalog, images=tuple(replace(image, model=model) for image, model in zip(catalog.images, models, strict=True))
    )


def choices(result):
    """All that was chosen on the tuning models."""
    return [[(tuned.recipe.digest, tuned.threshold, tuned.score) for tuned in fold.chosen] for fold in result.folds]


HALF_SPLIT = ["train"] * 60 + ["test"] * 40


def test_other_labels_of_held_out_models_change_the_score_and_no_choice():
    catalog, features = of_any_length(splits=HALF_SPLIT)
    models = [image.model for image in catalog.images]
    shuffled = models[:60] + np.random.default_rng(1).permutation(models[60:]).tolist()
    before, after = (held_out(found, features, TRIED) for found in (catalog, with_models(catalog, shuffled)))
    assert choices(before) == choices(after)
    assert before.ari > 0.5 > after.ari


def test_other_photos_of_held_out_models_change_no_choice():
    catalog, features = of_any_length(splits=HALF_SPLIT)
    raw = features.raw.copy()
    raw[60:] = np.random.default_rng(1).standard_normal((40, 16))
    before, after = (held_out(catalog, found, TRIED) for found in (features, replace(features, raw=raw)))
    assert choices(before) == choices(after)
    assert before.ari > 0.5 > after.ari


def test_other_labels_of_tuning_models_do_change_the_choice():
    catalog, features = of_any_length(splits=HALF_SPLIT)
    models = [image.model for image in catalog.images]
    shuffled = np.random.default_rng(1).permutation(models[:60]).tolist() + models[60:]
    assert choices(held_out(catalog, features, TRIED)) != choices(
        held_out(with_models(catalog, shuffled), features, TRIED)
    )


@pytest.mark.parametrize("tried", [TRIED, TRIED[1:]], ids=["both", "whitened"])
def test_each_fold_is_the_choice_applied_once_to_its_held_out_photos(tried):
    catalog, features = of_any_length()
    labels = catalog.labels_true
    result = held_out(catalog, features, tried, seed=3)
    for fold, score in zip(model_folds(labels, 5, seed=3), result.folds, strict=True):
        best = score.chosen[0]
        rows = fit_space(features.vectors[fold.tuning], best.recipe).transform(features.vectors[fold.held_out])
        labels_pred = tree_of(rows, best.recipe).cut(best.threshold)
        assert score.evaluation == evaluate(labels[fold.held_out], labels_pred, "held-out models")
        assert score.table.sum() == len(fold.held_out)


def test_the_baseline_is_kmeans_on_raw_features_with_k_from_the_tuning_models():
    catalog, features = of_any_length()
    labels = catalog.labels_true
    result = held_out(catalog, features, TRIED[:1], seed=2)
    for fold, score in zip(model_folds(labels, 5, seed=2), result.folds, strict=True):
        k = max(1, round(len(fold.held_out) / (len(fold.tuning) / len(set(labels[fold.tuning])))))
        expected = KMeans(k, n_init=10, random_state=2).fit_predict(features.raw[fold.held_out])
        assert score.baseline.ari == adjusted_rand_score(labels[fold.held_out], expected)
        assert k == 4


@pytest.mark.parametrize("n, photos_per_model, n_groups", [(3, 70, 1), (30, 10.0, 3), (30, 12, 2), (30, 0.5, 30)])
def test_the_baseline_makes_at_least_one_group_and_no_more_than_photos(n, photos_per_model, n_groups):
    rows = np.random.default_rng(0).standard_normal((n, 4))
    assert len(set(baseline_labels(rows, photos_per_model))) == n_groups


def test_the_baseline_is_the_same_whatever_ours_tries():
    catalog, features = of_any_length(noise=1.2)
    assert held_out(catalog, features, TRIED[:1]).baseline_ari == held_out(catalog, features, TRIED[1:]).baseline_ari


def test_means_are_over_folds_and_the_interval_is_around_them():
    result = held_out(*of_any_length(noise=1.0), TRIED)
    assert result.ari == pytest.approx(np.mean([fold.evaluation.ari for fold in result.folds]))
    assert result.pair_mean("f1") == pytest.approx(np.mean([fold.evaluation.pairs.f1 for fold in result.folds]))
    assert result.interval[0] <= result.ari <= result.interval[1]
    recorded = result.recorded
    assert (recorded["held_out"], recorded["baseline"], recorded["tuned"]) == (
        result.ari,
        result.baseline_ari,
        result.tuned_ari,
    )
    assert (recorded["low"], recorded["high"]) == result.interval
    assert result.error_ratio == pytest.approx((1 - result.ari) / (1 - result.baseline_ari))


def test_tuning_on_the_scored_photos_is_never_worse():
    result = held_out(*of_any_length(noise=1.0), TRIED)
    assert all(fold.tuned_ari >= fold.evaluation.ari - 1e-12 for fold in result.folds)
    assert result.tuned_ari > result.ari


def test_the_error_ratio_is_unknown_where_the_baseline_is_perfect():
    result = held_out(*of_any_length(n_models=6, n_photos=4, noise=0.01), TRIED[:1])
    assert result.baseline_ari == 1.0
    assert result.error_ratio is None


def test_the_same_seed_gives_the_same_result():
    catalog, features = of_any_length()
    first, again = (held_out(catalog, features, TRIED, seed=1) for _ in range(2))
    assert (choices(first), first.ari, first.interval) == (choices(again), again.ari, again.interval)


def test_an_own_split_by_model_is_used_and_named():
    result = held_out(*of_any_length(splits=HALF_SPLIT), TRIED)
    assert (len(result.folds), result.how) == (1, OWN_SPLIT)
    assert result.folds[0].evaluation.n_images == 40


def test_an_own_split_of_photos_is_not_used_and_that_is_said():
    result = held_out(*of_any_length(splits=["train", "test"] * 50), TRIED)
    assert len(result.folds) == 5
    assert result.how.startswith("5 folds of models; the catalogue's own split is not used: 20 models stand in two")


def test_photos_without_a_label_take_no_part():
    catalog, features = of_any_length()
    some = with_models(catalog, [image.model if row % 10 else None for row, image in enumerate(catalog.images)])
    result = held_out(some, features, TRIED)
    assert sum(fold.evaluation.n_images for fold in result.folds) == 90


@pytest.mark.parametrize("models, reason", [(None, "no true labels"), (5, "two or more photos: 5;")])
def test_what_cannot_be_held_out_is_refused_by_name(models, reason):
    catalog, features = of_any_length(n_models=models or 8)
    if models is None:
        catalog = with_models(catalog, [None] * len(catalog.images))
    with pytest.raises(ShopsimError, match=f"'many' .*{reason}"):
        held_out(catalog, features, TRIED)


def test_progress_counts_held_out_photos_and_can_stop_it():
    told = []
    catalog, features = of_any_length()
    held_out(catalog, features, TRIED, progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert (told[0], told[-1]) == ((0, 100), (100, 100))

    def stop(done, total):
        if done > 50:
            raise Stopped

    with pytest.raises(Stopped):
        held_out(catalog, features, TRIED, progress=stop)


ONE = Candidate(Recipe("whitened", {"strength": 0.5}, "average", {}))
LEARNED = [each for each in metric_candidates() if spaces.entry(each.recipe.space).learns]
SOME = [ONE, Candidate(Recipe("raw", {}, "average_local", {}))]


def with_auto(catalog, features, candidates=SOME, **given):
    """The protocol with Auto, and all that it found on the tuning models of each fold."""
    seen = []

    def spy(*given):
        seen.append(search(*given))
        return seen[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shopsim.tuning.held_out_fold.search", spy)
        result = held_out(catalog, features, candidates, **given)
    tried = [[(trial.candidate, trial.rule, trial.score) for trial in found.trials] for found in seen]
    return result, [(*trials, found.members, found.prior) for trials, found in zip(tried, seen, strict=True)]


@pytest.mark.parametrize("candidates", [SOME, None, LEARNED], ids=["some", "all", "learned"])
def test_other_labels_of_held_out_models_change_no_trial_member_or_rule_of_auto(candidates):
    catalog, features = of_any_length(splits=HALF_SPLIT)
    models = [image.model for image in catalog.images]
    shuffled = models[:60] + np.random.default_rng(1).permutation(models[60:]).tolist()
    given = (features, candidates)
    (before, found), (after, again) = (with_auto(each, *given) for each in (catalog, with_models(catalog, shuffled)))
    assert found == again
    assert before.ari > 0.5 > after.ari
    assert before.folds[0].evaluation.n_groups == after.folds[0].evaluation.n_groups


@pytest.mark.parametrize("candidates", [SOME, None, LEARNED], ids=["some", "all", "learned"])
def test_other_photos_of_held_out_models_change_no_trial_member_or_rule_of_auto(candidates):
    catalog, features = of_any_length(splits=HALF_SPLIT)
    raw = features.raw.copy()
    raw[60:] = np.random.default_rng(1).standard_normal((40, 16))
    both = (features, replace(features, raw=raw))
    (before, found), (after, again) = (with_auto(catalog, each, candidates) for each in both)
    assert found == again
    assert before.ari > 0.5 > after.ari


def test_other_labels_of_tuning_models_do_change_what_auto_finds():
    catalog, features = of_any_length(splits=HALF_SPLIT)
    models = [image.model for image in catalog.images]
    shuffled = np.random.default_rng(1).permutation(models[:60]).tolist() + models[60:]
    assert with_auto(catalog, features)[1] != with_auto(with_models(catalog, shuffled), features)[1]


def test_each_fold_of_auto_is_the_consensus_on_its_held_out_photos():
    catalog, features = of_any_length()
    labels = catalog.labels_true
    result, found = with_auto(catalog, features, seed=3)
    for fold, score, (*_, members, prior) in zip(model_folds(labels, 5, seed=3), result.folds, found, strict=True):
        tuning, scored = ({"features": features.vectors[part]} for part in fold.parts)
        n_validation = search(tuning, labels[fold.tuning], len(fold.held_out), SOME, 3).n_validation
        spaces = fit_spaces(members, tuning, labels[fold.tuning])
        tree = consensus(members, spaces, scored, prior, n_validation)
        assert score.evaluation == evaluate(labels[fold.held_out], tree.cut(0.5), "held-out models")
        assert "2 candidates" in score.sentence


def test_features_that_are_added_are_used():
    catalog, features = of_any_length(noise=1.4)
    # Another look at the same models, which errs elsewhere.
    other = of_any_length(noise=1.4, seed=1)[1]
    fusing = [ONE, replace(ONE, added=(("other", 0.5),))]
    alone, _ = with_auto(catalog, features, [ONE])
    both, _ = with_auto(catalog, features, fusing, added={"other": other}, main="first")
    assert both.ari > alone.ari + 0.05
    assert any("other" in fold.sentence and "first" in fold.sentence for fold in both.folds)


def test_auto_on_an_own_split_is_one_fold_and_tuning_on_the_scored_photos_is_no_worse():
    result, found = with_auto(*of_any_length(splits=HALF_SPLIT))
    assert (len(result.folds), len(found), result.how) == (1, 1, OWN_SPLIT)
    assert result.tuned_ari >= result.ari


@pytest.mark.parametrize("name", CUT_AT_A_VALUE)
def test_any_clusterer_alone_is_searched_applied_and_scored(name):
    result, ((*trials, members, _),) = with_auto(
        *of_any_length(splits=HALF_SPLIT), [Candidate(Recipe("raw", {}, name, {}))]
    )
    assert [(candidate.recipe.clusterer, rule.kind) for candidate, rule, _ in trials] == [(name, CUT_AT_A_VALUE[name])]
    assert len(members) == 1
    assert 1 >= result.tuned_ari >= result.ari > 0.2


def test_recipes_and_candidates_for_auto_are_not_mixed():
    with pytest.raises(ValueError, match="not both"):
        held_out(*of_any_length(), [*TRIED, *SOME])


def test_the_spaces_of_auto_are_fitted_on_all_tuning_photos_and_no_others(monkeypatch):
    catalog, features = of_any_length(splits=HALF_SPLIT)
    seen = []

    def noted(*given):
        seen.append(given)
        return fit_spaces(*given)

    monkeypatch.setattr("shopsim.tuning.held_out_fold.fit_spaces", noted)
    with_auto(catalog, features)
    ((_, views, labels),) = seen
    assert views["features"].tolist() == features.vectors[:60].tolist()
    assert labels.tolist() == catalog.labels_true[:60].tolist()


def test_the_baseline_is_computed_once(tmp_path, monkeypatch):
    rows = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    first = baseline_labels(rows, 5.0, 0, Store(tmp_path))
    np.testing.assert_array_equal(first, baseline_labels(rows, 5.0, 0))
    monkeypatch.setattr("sklearn.cluster.KMeans", None)
    np.testing.assert_array_equal(first, baseline_labels(rows, 5.0, 0, Store(tmp_path)))
