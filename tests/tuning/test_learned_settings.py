"""Spaces that learn, from the search to settings that are kept: what they are fitted to, and there and back again."""

import json
from dataclasses import replace

import numpy as np
import pytest
from tuned_cases import photos, rows_of, second_view, tuned_settings

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.grouping.recipe import Recipe
from shopsim.learning.metric import MetricLearner
from shopsim.scoring.folds import model_folds
from shopsim.spaces import spaces
from shopsim.tuning.apply import group_as_tuned
from shopsim.tuning.candidates import Candidate, learned_candidates, metric_candidates
from shopsim.tuning.level_cuts import fit_space
from shopsim.tuning.search import search
from shopsim.tuning.settings_json import arrays_of, from_dict, to_dict
from shopsim.tuning.tuned_groups import consensus, fit_spaces
from shopsim.tuning.validation import Validation, ValidationRows

TRIED = [*metric_candidates(("other",)), *learned_candidates(("other",))]
LEARNED = [each for each in TRIED if any(spaces.entry(recipe.space).learns for recipe in each.in_spaces)]
every_learned = pytest.mark.parametrize("candidate", LEARNED, ids=lambda candidate: candidate.describe("main"))


def views_of_rows(rows):
    """Two extractors' rows of the same photos."""
    return {"main": rows, "other": rows[:, ::-1].copy()}


def learned_settings():
    """Settings with one member for each space that learns, alone and fused."""
    catalog, features = photos()
    views = {"fake": features.vectors, "other": second_view(features).vectors}
    tuned = tuned_settings(added=True)
    members = tuple(replace(tuned.members[0], candidate=candidate, weight=1 / len(LEARNED)) for candidate in LEARNED)
    return replace(tuned, members=members, fitted=fit_spaces(members, views, catalog.labels_true))


@pytest.fixture(scope="module")
def settings():
    return learned_settings()


@every_learned
def test_a_space_is_learned_from_the_tuning_models_of_its_fold_alone(candidate):
    rows, labels = rows_of(20, 5)
    fold = model_folds(labels, 2)[0]
    other_labels, other_rows = labels.copy(), rows.copy()
    other_labels[fold.held_out] = np.random.default_rng(0).permutation(other_labels[fold.held_out])
    other_rows[fold.held_out[1:]] *= -1
    seen = [
        ValidationRows(Validation.of(views_of_rows(given), [fold]), models, [candidate])
        for given, models in [(rows, labels), (rows, other_labels), (other_rows, labels)]
    ]
    first, *others = (each.of(each.candidates[0], 0) for each in seen)
    assert all(first[0].tolist() == other[0].tolist() for other in others)


@every_learned
def test_other_labels_of_tuning_models_do_change_a_space(candidate):
    rows, labels = rows_of(20, 5)
    mixed = np.random.default_rng(0).permutation(labels)
    recipe = candidate.in_spaces[-1]
    first, second = (fit_space(rows, recipe, given).transform(rows) for given in (labels, mixed))
    assert not np.allclose(first, second, atol=0.01)


def test_a_space_that_learns_is_not_fitted_without_labels():
    with pytest.raises(ValueError, match="'wccn' learns from true models"):
        fit_space(rows_of(20, 5)[0], Recipe("wccn"))


def test_a_space_that_does_not_learn_is_the_same_whatever_the_labels():
    rows, labels = rows_of(20, 5)
    first, second = (fit_space(rows, Recipe(), given).arrays() for given in (labels, None))
    assert first["projection"].tolist() == second["projection"].tolist()


def test_a_space_may_ask_for_more_components_than_whitening_has_but_no_more_than_the_photos_bear():
    rows, labels = rows_of(40, 50, n_features=400)
    given = [Candidate(Recipe("wccn", {"components": most})) for most in (0, 300, 400, 512)]
    found = ValidationRows(Validation.of({"main": rows}, model_folds(labels, 4)[:1]), labels, given).candidates
    assert [each.recipe.space_settings["components"] for each in found] == [256, 300, 375, 375]


def test_a_search_that_learns_gains_where_models_differ_in_what_photos_of_one_do_not():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(24), 8)
    models = rng.standard_normal((24, 10))[labels] + 0.4 * rng.standard_normal((len(labels), 10))
    rows = np.concatenate([models, 3 * rng.standard_normal((len(labels), 6))], axis=1)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    learnt = MetricLearner({"main": rows}).learn(np.arange(len(labels)), labels, 48)
    kept = [each for each in learnt.candidates if each.is_cut_by_rules]
    found = search({"main": rows}, labels, 48, kept, validation=learnt.validation)
    assert spaces.entry(found.trials[0].recipe.space).learns
    best_unlearned = next(each.score for each in found.trials if not spaces.entry(each.recipe.space).learns)
    assert found.trials[0].score > best_unlearned + 0.05


def test_too_few_models_to_hold_any_out_are_tried_without_metrics():
    rows, labels = rows_of(5, 20)
    learnt = MetricLearner({"main": rows}).learn(np.arange(100), labels, 30)
    assert not any(spaces.entry(each.recipe.space).learns for each in learnt.candidates)
    assert learnt.told == "There are too few models to judge a metric by, so none was tried."


def test_settings_with_learned_spaces_are_there_and_back_the_same(settings):
    again = from_dict(json.loads(json.dumps(to_dict(settings))), arrays_of(settings), "settings.json")
    assert again.digest == settings.digest
    assert again.members == settings.members
    views = views_of_rows(rows_of(8, 5, seed=3)[0])
    views = {"fake": views["main"], "other": second_view(photos(seed=3, n_models=8)[1]).vectors}
    trees = (
        consensus(each.members, each.fitted, views, each.prior, each.n_validation).linkage for each in (settings, again)
    )
    assert len({tree.tobytes() for tree in trees}) == 1


def test_photos_are_grouped_by_settings_with_learned_spaces(settings, tmp_path):
    catalog, features = photos("new", n_models=8, seed=3, labels=False)
    fitted = group_as_tuned(catalog, features, {"other": second_view(features)}, settings, Store(tmp_path))
    assert 2 <= len(np.unique(fitted.tree.cut(0.5))) < 40


@pytest.mark.parametrize(
    "space, given, reason",
    [
        ("wccn", {"shrinkage": 1.5}, "'shrinkage' is 1.5"),
        ("lda", {"shrinkage": "much"}, "'shrinkage' is 'much'"),
        ("projection", {"loss": "triplet"}, "'loss' is 'triplet'"),
        ("projection", {"seed": 3}, "no setting 'seed'"),
        ("wccm", {}, "Unknown space 'wccm'"),
    ],
)
def test_a_wrong_setting_of_a_learned_space_is_told(space, given, reason, settings):
    values = json.loads(json.dumps(to_dict(settings)))
    values["members"][0] |= {"space": space, "space_settings": given}
    with pytest.raises(ShopsimError, match=reason):
        from_dict(values, arrays_of(settings), "settings.json")


@pytest.mark.parametrize("name", ["mean", "projection"])
def test_no_array_of_a_learned_space_may_be_missing_or_of_another_shape(name, settings):
    values, arrays = json.loads(json.dumps(to_dict(settings))), arrays_of(settings)
    for place in [key for key in arrays if key.endswith(f".{name}")]:
        for wrong in [
            {key: array for key, array in arrays.items() if key != place},
            arrays | {place: arrays[place][1:]},
        ]:
            with pytest.raises(ShopsimError, match=r"missing|'mean'|not for its"):
                from_dict(values, wrong, "settings.json")
