"""The contest's K-means as a candidate of Auto: the same groups as the baseline, kept, and applied to other photos."""

from statistics import fmean

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from tuned_cases import of_any_length

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.contest_baseline import baseline_labels
from shopsim.tuning.apply import group_as_tuned
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.control_values import Portable
from shopsim.tuning.held_out import held_out
from shopsim.tuning.level_cuts import validation_folds
from shopsim.tuning.search import search
from shopsim.tuning.settings_files import load_settings, save_settings
from shopsim.tuning.settings_json import arrays_of, from_dict, to_dict
from shopsim.tuning.tune import tune
from shopsim.tuning.validation import with_unnormalised

CONTEST = Candidate(Recipe("raw", {}, "kmeans", {}), unnormalised=True)


def test_on_validation_models_it_scores_as_the_baseline_does():
    catalog, features = of_any_length()
    labels = catalog.labels_true
    views = with_unnormalised({"main": features.vectors}, features.raw)
    found = search(views, labels, 25, [CONTEST])
    scores = []
    for fold in validation_folds(labels, 25, 0):
        mean = len(fold.tuning) / len(np.unique(labels[fold.tuning]))
        groups = baseline_labels(features.raw[fold.held_out], mean)
        scores.append(adjusted_rand_score(labels[fold.held_out], groups))
    assert found.trials[0].score == pytest.approx(fmean(scores))
    assert found.members[0].rule == Portable("count", 5.0)


def test_alone_it_is_the_baseline_on_held_out_models():
    catalog, features = of_any_length()
    scored = held_out(catalog, features, [CONTEST])
    assert scored.ari == scored.baseline_ari
    assert scored.ari != held_out(catalog, features, [Candidate(CONTEST.recipe)]).ari


def test_kept_settings_give_other_photos_the_groups_of_the_baseline(tmp_path):
    settings = tune(*of_any_length(), "fake", {}, {}, candidates=[CONTEST])
    again = load_settings(save_settings(settings, tmp_path / "kept"))
    catalog, features = of_any_length(n_models=9, seed=1)
    fitted = group_as_tuned(catalog, features, {}, again, Store(tmp_path))
    groups = fitted.group(*fitted.opening).labels_pred
    assert adjusted_rand_score(groups, baseline_labels(features.raw, 5.0)) == 1.0
    # A map shows unit rows, whatever was clustered.
    assert np.allclose(np.linalg.norm(fitted.vectors, axis=1), 1, atol=1e-5)
    of_size = group_as_tuned(catalog, features, {}, again, Store(tmp_path), photos_per_model=3.0)
    assert len(set(of_size.group(*of_size.opening).labels_pred)) == 15


def test_a_file_says_whether_rows_are_normalised_and_only_raw_rows_of_one_extractor_may_be(tmp_path):
    settings = tune(*of_any_length(), "fake", {}, {}, candidates=[CONTEST])
    values, arrays = to_dict(settings), arrays_of(settings)
    again = from_dict(values, arrays, "settings.json")
    assert (again.members, again.digest) == (settings.members, settings.digest)
    normalised = {name: value for name, value in values["members"][0].items() if name != "unnormalised"}
    other = from_dict(values | {"members": [normalised]}, arrays, "settings.json")
    assert other.digest != settings.digest
    assert not other.members[0].candidate.unnormalised
    wrong = values["members"][0] | {"space": "whitened"}
    with pytest.raises(ShopsimError, match="its space must be 'raw'"):
        from_dict(values | {"members": [wrong]}, arrays, "settings.json")
