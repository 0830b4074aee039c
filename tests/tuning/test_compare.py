"""Auto against the setting that it would replace: on the same folds, with figures, and never for the worse."""

from dataclasses import replace

import pytest
from tuned_cases import of_any_length, second_view

from shopsim.base.disk.store import Store
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.candidates import auto_candidates
from shopsim.tuning.compare import compare
from shopsim.tuning.comparison import Comparison, few
from shopsim.tuning.held_out import held_out
from shopsim.tuning.leaderboard_row import Task
from shopsim.tuning.level_cuts import FoldRows
from shopsim.tuning.settings_files import load_settings, save_settings
from shopsim.tuning.tune import tune

WINS = Comparison("net, whitened, average", 0.9, 0.8, 0.7, 0.1, 0.03, 0.85, 0.85, 200, 20)
FEW = auto_candidates()[:2]
RAW = Candidate(Recipe("raw", {}, "average", {}))


@pytest.fixture(scope="module")
def case():
    catalog, features = of_any_length()
    added = {"other": second_view(features)}
    return catalog, features, added, tune(catalog, features, "fake", {}, added, candidates=FEW)


def test_all_three_are_scored_on_the_same_folds_as_elsewhere(case, tmp_path):
    catalog, features, added, settings = case
    scored, found = compare(catalog, features, added, settings, RAW, candidates=FEW)
    auto = held_out(catalog, features, FEW, added=added, main="fake")
    current = held_out(catalog, features, [RAW.recipe])
    assert (found.auto, found.current, found.baseline) == (auto.ari, current.ari, auto.baseline_ari)
    assert found.gain == pytest.approx(auto.ari - current.ari)
    assert scored.recorded == auto.recorded
    # The rows of the leaderboard say the same.
    task = Task(catalog, tmp_path, 5, 0)
    assert task.baseline(features, lambda *_: None).ari == pytest.approx(found.baseline)
    assert task.setting(features, RAW.recipe, None, lambda *_: None).ari == pytest.approx(found.current)


def test_a_current_setting_of_two_extractors_is_scored_with_both(case):
    catalog, features, added, settings = case
    both = Candidate(RAW.recipe, (("other", 0.5),))
    found = compare(catalog, features, added, settings, both, candidates=FEW)[1]
    assert found.setting == "fake 50% + other 50%, raw, average"
    alone = compare(catalog, features, added, settings, RAW, candidates=FEW)[1]
    assert (found.current, found.current_here) != (alone.current, alone.current_here)


def test_a_fused_current_setting_sees_no_label_of_a_held_out_model(case, monkeypatch):
    catalog, features, added, settings = case
    seen = []
    of = FoldRows.of
    monkeypatch.setattr(FoldRows, "of", lambda rows, recipe, fold: seen.append(fold) or of(rows, recipe, fold))
    compare(catalog, features, added, settings, Candidate(RAW.recipe, (("other", 0.5),)), candidates=FEW)
    labels = catalog.labels_true
    whole = [fold for fold in seen if not fold.leaves_models_out]
    # On all photos at once it is tuned in sight, which the sentence says; everywhere else models are held out.
    assert len(whole) == 2
    assert not any(set(labels[f.tuning]) & set(labels[f.held_out]) for f in seen if f.leaves_models_out)


def test_the_time_is_shared_by_all_folds(case, monkeypatch):
    catalog, features, added, settings = case
    given = []

    def spy(*args, **more):
        given.append(more.get("seconds"))
        return held_out(*args, **more)

    monkeypatch.setattr("shopsim.tuning.compare.held_out", spy)
    compare(catalog, features, added, settings, RAW, seconds=50.0, candidates=FEW)
    assert given == [None, 10.0]


def test_a_clear_gain_on_held_out_models_wins_and_the_figures_are_told():
    assert WINS.wins
    assert WINS.sentence.startswith("Auto wins: ARI on held-out models 0.900, ")
    for figure in (
        "current setting (net, whitened, average) 0.800",
        "baseline 0.700",
        "+0.100 ± 0.030",
        "on all 200 photos 0.850",
    ):
        assert figure in WINS.sentence


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gain": 0.0}, "not better on held-out models"),
        ({"gain": -0.2}, "not better on held-out models"),
        ({"error": 0.1}, "too small to be told from chance"),
        ({"baseline": 0.95}, "the contest baseline is better"),
        ({"auto_here": 0.7}, "on all these photos at once Auto's groups are worse"),
    ],
)
def test_else_the_setting_stays_and_the_sentence_says_why(changes, reason):
    stays = replace(WINS, **changes)
    assert not stays.wins
    assert stays.sentence.startswith("The setting stays as it is, because ")
    assert reason in stays.sentence


def test_it_is_kept_with_the_settings_and_found_again_by_the_same_search(case, tmp_path):
    settings = case[3]
    folder = save_settings(replace(settings, comparison=WINS), tmp_path / "kept")
    assert load_settings(folder).comparison == WINS
    assert load_settings(folder).digest == settings.digest
    save_settings(settings, folder)
    assert load_settings(folder).comparison == WINS


def test_few_models_or_photos_are_warned_of():
    assert few(20, 200) == ""
    assert "19 models" in few(19, 5000)
    assert "199 photos" in few(99, 199)


def test_a_search_that_was_kept_gives_the_same_comparison(case, tmp_path):
    catalog, features, added, settings = case
    results = [
        compare(catalog, features, added, settings, RAW, store=Store(tmp_path), candidates=FEW)[1] for _ in range(2)
    ]
    assert results[0] == results[1]
