"""Auto: what it tries, what it keeps, what it says, and that it ends when it is told to."""

import math

import numpy as np
import pytest
from tuned_cases import rows_of

from shopsim import ShopsimError
from shopsim.base.work.progress import Stopped
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.evaluation import evaluate
from shopsim.tuning import search as auto
from shopsim.tuning.branch_cuts import CutRule
from shopsim.tuning.candidate import CUT_AT_A_VALUE, Candidate
from shopsim.tuning.candidates import auto_candidates
from shopsim.tuning.control_values import Portable
from shopsim.tuning.level_cuts import inner_folds
from shopsim.tuning.members import _MOST_MEMBERS, SOFTNESS, Member
from shopsim.tuning.search import search
from shopsim.tuning.tuned_groups import consensus, fit_spaces

RAW = Candidate(Recipe("raw", {}, "average", {}))
HALF = Candidate(Recipe("whitened", {"strength": 0.5}, "average", {}))
LOCAL = Candidate(Recipe("raw", {}, "average_local", {}))
FUSED = Candidate(Recipe("raw", {}, "average", {}), (("other", 0.3),))
SOME = [RAW, HALF, LOCAL]
OTHERS = [Candidate(Recipe("raw", {}, name, {})) for name in CUT_AT_A_VALUE]


def views_of_two(n_models=20, n_photos=5, noise=1.4):
    """Two independent looks at the same photos, and the models."""
    first, labels = rows_of(n_models, n_photos, noise)
    return {"main": first, "other": rows_of(n_models, n_photos, noise, seed=1)[0]}, labels


def found_with(candidates=SOME, seed=0, **given):
    views, labels = views_of_two()
    return search(views, labels, 25, candidates, seed, **given)


def told(found):
    """All that was found but how long it took."""
    return [(trial.candidate, trial.rule, trial.score) for trial in found.trials], found.members, found.untried


def test_the_weights_of_the_members_sum_to_1_heaviest_first():
    members = found_with().members
    weights = [member.weight for member in members]
    assert sum(weights) == pytest.approx(1)
    assert weights == sorted(weights, reverse=True)
    assert all(weight > 0 for weight in weights)
    assert all(member.slope >= 1 for member in members)


def test_a_member_counts_by_how_near_it_comes_to_the_best():
    best, *others = found_with().members
    for member in others:
        assert member.weight / best.weight == pytest.approx(math.exp((member.score - best.score) / SOFTNESS))


def test_the_trials_come_best_first_and_none_is_left_out():
    found = found_with()
    scores = [trial.score for trial in found.trials]
    assert scores == sorted(scores, reverse=True)
    assert (len(scores), found.untried) == (3, ())
    assert found.gap == pytest.approx(scores[0] - scores[1])
    assert {trial.recipe.clusterer for trial in found.trials} == {"average", "average_local"}


def test_the_same_seed_finds_the_same_and_another_one_tunes_on_other_folds():
    assert told(found_with(seed=3)) == told(found_with(seed=3))
    assert told(found_with(seed=3)) != told(found_with(seed=4))


def test_when_time_is_up_the_first_was_tried_and_the_rest_is_told_as_untried():
    found = found_with(seconds=0)
    assert len(found.trials) == 1
    assert found.trials[0].candidate.recipe == RAW.recipe
    assert [candidate.recipe.clusterer for candidate in found.untried] == ["average", "average_local"]
    assert found.gap is None
    assert found.sentence.startswith("Of 1 candidate (2 more were left untried for lack of time or memory) the best")


def test_progress_counts_candidates_times_folds_and_can_stop_it():
    counted = []
    found_with(progress=lambda done, total: counted.append((done, total)))
    assert [done for done, _ in counted] == list(range(counted[0][1]))
    assert counted[0][1] % len(SOME) == 0

    def stop(done, total):
        raise Stopped

    with pytest.raises(Stopped):
        found_with(progress=stop)


def test_the_sentence_names_the_best_its_score_and_the_gap():
    found = found_with()
    best = found.trials[0]
    assert best.candidate.describe("main") in found.sentence
    assert f"ARI {best.score:.3f}, {found.gap:.3f} ahead of the runner-up" in found.sentence
    assert "3 candidates" in found.sentence
    assert found.sentence.endswith(".")
    assert "\n" not in found.sentence


def test_two_looks_that_err_apart_are_better_than_one():
    found = found_with([RAW, FUSED])
    assert found.trials[0].candidate == FUSED
    assert found.trials[0].score > found.trials[1].score + 0.05
    assert "main 70% + other 30%" in found.sentence or "main 70 % + other 30 %" in found.sentence


def test_every_candidate_of_two_extractors_can_be_tried():
    views, labels = views_of_two(12, 4)
    candidates = auto_candidates(["other"])
    found = search(views, labels, 12, candidates)
    assert len(found.trials) == len(candidates)
    assert len({trial.candidate.digest for trial in found.trials}) == len(candidates)
    assert len(found.members) <= _MOST_MEMBERS


def test_too_few_models_are_judged_on_themselves():
    rows, labels = rows_of(4, 5)
    found = search({"main": rows}, labels, 5, SOME)
    assert (len(found.trials), found.n_validation) == (3, 20)
    assert sum(member.weight for member in found.members) == pytest.approx(1)


def test_validation_folds_have_about_as_many_photos_as_will_be_grouped():
    rows, labels = rows_of(40, 5)
    assert search({"main": rows}, labels, 50, [RAW]).n_validation == pytest.approx(50, abs=5)


def test_no_validation_fold_is_looked_at_twice():
    labels = np.repeat(np.arange(9), 5)
    folds = [tuple(fold.held_out) for fold in inner_folds(labels, 9, 0, rounds=3)]
    assert len(set(folds)) == len(folds) > 5


def test_the_prior_knows_the_photos_of_the_tuning_models():
    rows, _ = rows_of(12, 5)
    labels = np.repeat(np.arange(10), [2, 2, 3, 4, 5, 6, 7, 8, 10, 13])
    assert sorted(search({"main": rows}, labels, 12, [RAW]).prior.sizes) == [2, 2, 3, 4, 5, 6, 7, 8, 10, 13]


def test_a_space_keeps_to_the_components_that_the_smallest_fold_bears():
    rows, labels = rows_of(12, 6)
    wide = Candidate(Recipe("whitened", {"components": 500}, "average", {}))
    narrow = Candidate(Recipe("whitened", {"components": 3}, "average", {}))
    found = search({"main": rows}, labels, 24, [HALF, wide, narrow, RAW])
    settings = {trial.candidate.recipe.space_settings.get("components") for trial in found.trials}
    smallest = min(len(fold.tuning) for fold in inner_folds(labels, 24, 0, 3))
    assert settings == {smallest // 4, 3, None}


def test_other_clusterers_are_tried_with_one_value_each_and_told_beside_the_others():
    found = found_with([RAW, *OTHERS])
    assert len(found.trials) == 1 + len(OTHERS)
    for trial in found.trials:
        if trial.candidate != RAW:
            assert isinstance(trial.rule, Portable)
            assert trial.rule.kind == CUT_AT_A_VALUE[trial.recipe.clusterer]
            assert trial.threshold == trial.rule.value


def rings(n_models, n_photos=12):
    """Photos evenly around a circle in a plane of each model's own: on average no more similar than strangers."""
    labels, angles = np.repeat(np.arange(n_models), n_photos), np.tile(np.arange(n_photos), n_models)
    rows = np.zeros((len(labels), 2 * n_models), np.float32)
    places = np.arange(len(labels))
    rows[places, 2 * labels] = np.cos(2 * np.pi * angles / n_photos)
    rows[places, 2 * labels + 1] = np.sin(2 * np.pi * angles / n_photos)
    return rows, labels


def test_photos_that_average_linkage_is_wrong_for_are_grouped_by_what_is_right():
    rows, labels = rings(15)
    found = search({"main": rows}, labels, 60, [RAW, *OTHERS])
    assert found.trials[0].recipe.clusterer in CUT_AT_A_VALUE
    assert found.trials[0].score > 0.9 > next(trial.score for trial in found.trials if trial.candidate == RAW)
    assert found.members[0].candidate == found.trials[0].candidate
    views = {"main": rings(15)[0]}
    tree = consensus(found.members, fit_spaces(found.members, views, labels), views, found.prior, found.n_validation)
    assert evaluate(labels, tree.cut(0.5)).ari > 0.9


def test_what_does_not_fit_in_memory_is_untried_unless_nothing_takes_less(monkeypatch):
    tree_of = auto.tree_of

    def refuse(name):
        def fit(rows, recipe):
            if recipe.clusterer == name:
                raise ShopsimError("too little memory")
            return tree_of(rows, recipe)

        monkeypatch.setattr(auto, "tree_of", fit)

    refuse("hdbscan")
    found = found_with([RAW, *OTHERS])
    assert [candidate.recipe.clusterer for candidate in found.untried] == ["hdbscan"]
    assert len(found.trials) == len(OTHERS)
    refuse("average")
    with pytest.raises(ShopsimError, match="too little memory"):
        found_with([RAW, *OTHERS])


def member(slope=20.0):
    return Member(RAW, CutRule(0.5, 0.25, 0.1), 0.9, 1.0, slope)


def test_as_many_photos_as_tuned_on_keep_the_rule():
    assert member().rule_for(1.0) == member().rule


@pytest.mark.parametrize("factor", [0.01, 0.5, 2.0, 40.0])
def test_more_photos_raise_the_threshold_and_fewer_lower_it(factor):
    rule = member().rule_for(factor)
    assert np.sign(rule.threshold - 0.5) == np.sign(factor - 1)
    assert (rule.size_power, rule.prior_weight) == (0.25, 0.1)
    # At the new threshold the log odds, which fell by log(factor), are what they were at the old one.
    assert 20 * (rule.threshold - 0.5) - math.log(factor) == pytest.approx(0)


def test_where_similarity_tells_much_the_threshold_moves_little():
    assert member(100.0).rule_for(10).threshold < member(10.0).rule_for(10).threshold


@pytest.mark.parametrize(
    "rule, moved",
    [
        (Portable("similarity", 0.5), Portable("similarity", 0.5 + math.log(4) / 20)),
        (Portable("similarity", 1.0), Portable("similarity", 1.0)),
        (Portable("resolution", 0.1), Portable("resolution", 0.1)),
        (Portable("count", 7.0), Portable("count", 7.0)),
    ],
)
def test_for_more_photos_a_similarity_rises_and_what_means_the_same_for_any_number_stays(rule, moved):
    other = Member(OTHERS[0], rule, 0.9, 1.0, 20.0)
    assert (other.rule_for(4.0), other.rule_for(1.0)) == (moved, rule)


@pytest.mark.parametrize("candidates", [SOME, [*SOME, *OTHERS]], ids=["by rules", "at a value too"])
def test_spaces_are_fitted_on_other_models_than_they_are_judged_on(monkeypatch, candidates):
    rows, labels = rows_of(18, 4)
    model_of = {row.tobytes(): model for row, model in zip(rows, labels, strict=True)}
    seen = []

    class Spy:
        def __init__(self, vectors):
            self.models = {model_of[row.tobytes()] for row in vectors}

        def transform(self, vectors):
            seen.append((self.models, {model_of[row.tobytes()] for row in vectors}))
            return vectors

    monkeypatch.setattr("shopsim.tuning.validation.fit_space", lambda vectors, recipe, labels: Spy(vectors))
    search({"main": rows}, labels, 18, candidates)
    assert len(seen) == 2 * len(inner_folds(labels, 18, 0, 3))
    for fitted_on, judged_on in seen:
        assert fitted_on
        assert not fitted_on & judged_on


def test_other_clusterers_are_judged_by_models_that_their_space_was_not_fitted_on(monkeypatch):
    rows, labels = rows_of(18, 4)
    seen = []
    for name in ("best_values", "given_count"):
        work = getattr(auto, name)
        monkeypatch.setattr(auto, name, lambda *given, work=work: seen.append(given[1]) or work(*given))
    search({"main": rows}, labels, 18, OTHERS)
    folds = inner_folds(labels, 18, 0, 3)
    assert len(seen) == len(OTHERS)
    for truth in seen:
        for judged, fold in zip(truth, folds, strict=True):
            assert judged.tolist() == labels[fold.held_out].tolist()
            assert not set(judged) & set(labels[fold.tuning])


def test_the_prior_in_a_fold_is_that_of_the_models_which_are_not_judged(monkeypatch):
    labels = np.repeat(np.arange(12), np.arange(2, 14))
    rows = np.random.default_rng(0).standard_normal((len(labels), 8)).astype(np.float32)
    seen = []
    best_rules = auto.best_rules
    monkeypatch.setattr(auto, "best_rules", lambda *given: seen.append(given[1:]) or best_rules(*given))
    search({"main": rows}, labels, 40, [RAW])
    ((truth, priors),) = seen
    for judged, prior in zip(truth, priors, strict=True):
        own = set(np.unique(judged, return_counts=True)[1].tolist())
        assert set(prior.sizes) == set(range(2, 14)) - own
