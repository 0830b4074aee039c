"""What a network learns from tuning models, and what it must not see."""

import numpy as np
import pytest
from learning_cases import RECIPE, coloured_photos

from shopsim.base.rows import unit_rows
from shopsim.base.work.progress import Stopped
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.features.extract import Features
from shopsim.features.row_reader import RowReader
from shopsim.learning.network.activations import Activations
from shopsim.learning.network.learner import NAME, NetworkLearner
from shopsim.tuning.held_out import held_out

pytestmark = pytest.mark.slow
N_MODELS, N_PHOTOS = 12, 6
LABELS = np.repeat(np.arange(N_MODELS), N_PHOTOS)
FIRST = np.flatnonzero(LABELS < 9)
"""Photos of the models that are learnt from; numbers that don't start at 0 would hide a mistake, so they are turned."""


@pytest.fixture(scope="module")
def rows(backbone):
    """Activations of each photo in two views, and the features of the first."""
    views = [backbone.stem(coloured_photos(LABELS, seed).astype(np.uint8)) for seed in range(2)]
    return [view.reshape(len(LABELS), -1).astype(np.float16) for view in views], backbone.new_tail()(views[0]).numpy()


def catalog_of(tmp_path, labels=LABELS):
    images = [
        CatalogImage(f"{row:03d}.jpg", tmp_path / f"{row:03d}.jpg", f"{row:032x}", f"m{model:02d}", None, None)
        for row, model in enumerate(labels)
    ]
    return Catalog("made", tmp_path, "folders", "made here", tuple(images))


@pytest.fixture
def learner_on(backbone, engine, rows, tmp_path):
    """A learner for the photos, its cache in a folder of that name."""

    def make(place="cache", order=slice(None), **changed):
        views, features = rows
        readers = [RowReader([view[order]], np.arange(len(view[order]))) for view in views]
        return NetworkLearner(
            catalog_of(tmp_path),
            {"own": unit_rows(features[order])},
            backbone,
            Activations(readers, backbone.stem.shape, [f"{row:032x}" for row in range(len(LABELS))]),
            tmp_path / place,
            RECIPE,
            **{"most_passes": 2, "engine": engine, **changed},
        )

    return make


def test_what_was_learnt_comes_first_and_the_rest_is_as_it_was(learner_on):
    learner = learner_on()
    learnt = learner.learn(FIRST, LABELS[FIRST], 18)
    views = learnt.views(np.array([70, 3]))
    assert list(views) == [NAME, "own"]
    np.testing.assert_array_equal(views["own"], learner.others["own"][[70, 3]])
    assert learnt.candidates[0].shares(NAME) == {NAME: 0.7, "own": 0.3}
    assert learnt.candidates[0].added_in.space == "wccn"
    assert any(each.shares(NAME) == {NAME: 1.0} for each in learnt.candidates)
    assert {fold.tuning.max() < len(FIRST) for fold in learnt.validation.folds} == {True}


def test_without_a_pass_the_features_are_those_of_the_network(learner_on):
    learner = learner_on(most_passes=0)
    learnt = learner.learn(FIRST, LABELS[FIRST], 18)
    assert learnt.card["passes"] == 0
    np.testing.assert_allclose(learnt.views(FIRST)[NAME], learner.others["own"][FIRST], atol=1e-3)
    for views in learnt.validation.views:
        np.testing.assert_allclose(views[NAME], learner.others["own"][FIRST], atol=1e-3)


def test_where_photos_stand_changes_nothing(learner_on):
    """The models learnt from may be the last of the catalogue as well as the first."""
    turned = np.arange(len(LABELS))[::-1]
    one = learner_on("one", most_passes=1)
    other = learner_on("other", turned, most_passes=1)
    learnt = one.learn(FIRST, LABELS[FIRST], 18)
    again = other.learn(np.flatnonzero(np.isin(turned, FIRST))[::-1], LABELS[FIRST], 18)
    for score, same in zip(learnt.card["curve"], again.card["curve"], strict=True):
        assert score["map_at_r"] == pytest.approx(same["map_at_r"], abs=0.02)


def test_nothing_of_the_held_out_models_reaches_it(learner_on, rows):
    """Other photos of the models that are held out: the same loss, the same weights; of another model: others."""

    def learnt_with(place, changed):
        learner = learner_on(place, most_passes=1)
        shaken = [view.copy() for view in rows[0]]
        for view in shaken:
            view[changed] = np.float16(0.5)
        readers = [RowReader([view], np.arange(len(view))) for view in shaken]
        given = learner.activations
        object.__setattr__(learner, "activations", Activations(readers, given.shape, given.digests))
        return learner.learn(FIRST, LABELS[FIRST], 18)

    learnt, same, other = (
        learnt_with(f"cache-{n}", changed) for n, changed in enumerate((LABELS > 99, LABELS >= 9, LABELS == 3))
    )
    assert same.card["curve"][1]["loss"] == pytest.approx(learnt.card["curve"][1]["loss"], rel=1e-5)
    assert other.card["curve"][1]["loss"] != pytest.approx(learnt.card["curve"][1]["loss"], rel=1e-4)
    for weights, others in zip(learnt.weights, same.weights, strict=True):
        np.testing.assert_allclose(weights, others, atol=1e-6)


def test_with_too_few_models_to_judge_by_no_metric_is_tried_beside_it(learner_on):
    few = np.flatnonzero(LABELS < 3)
    learnt = learner_on().learn(few, LABELS[few], 18)
    assert learnt.card["passes"] == 0
    assert not any(each.added_in for each in learnt.candidates)


def test_a_learning_that_was_stopped_goes_on_where_it_was(learner_on):
    counted = []

    def stop(done, total):
        counted.append((done, total))
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        learner_on().learn(FIRST, LABELS[FIRST], 18, progress=stop)
    again = learner_on()
    seen = []
    learnt = again.learn(FIRST, LABELS[FIRST], 18, progress=lambda done, total: seen.append(done))
    assert min(seen) > 0
    fresh = learner_on("fresh").learn(FIRST, LABELS[FIRST], 18)
    assert learnt.card["passes"] == fresh.card["passes"]
    for one, other in zip(learnt.card["curve"], fresh.card["curve"], strict=True):
        assert one["map_at_r"] == pytest.approx(other["map_at_r"], abs=0.02)


def test_the_same_again_needs_no_pass_that_was_removed_however_little_time_there_is(learner_on):
    learnt = learner_on().learn(FIRST, LABELS[FIRST], 18)
    assert len(learnt.card["curve"]) == 3
    again = learner_on(seconds=1e-6).learn(FIRST, LABELS[FIRST], 18)
    assert again.card["curve"] == learnt.card["curve"]
    for weights, same in zip(learnt.weights, again.weights, strict=True):
        np.testing.assert_array_equal(weights, same)


def test_judges_keep_one_pass_and_another_judgement_needs_others(learner_on, tmp_path):
    learner_on(most_passes=1).learn(FIRST, LABELS[FIRST], 18)
    folders = set((tmp_path / "cache" / "trainings").iterdir())
    assert all(len(list(folder.glob("pass-*"))) <= 2 for folder in folders)
    # One photo less: the judges that were not trained on it had it left out, and are others all the same.
    learner_on(most_passes=1).learn(FIRST[1:], LABELS[FIRST[1:]], 18)
    more = set((tmp_path / "cache" / "trainings").iterdir())
    assert len(more) == 2 * len(folders)


def test_every_fold_of_the_protocol_learns_anew(learner_on, rows, tmp_path):
    catalog = catalog_of(tmp_path)
    features = Features(rows[1], catalog.image_ids, "made")
    scored = held_out(catalog, features, n_folds=2, main="own", learner=learner_on(most_passes=1))
    assert len(scored.folds) == 2
    assert all("validation models" in fold.sentence for fold in scored.folds)
    # Five networks a fold: one to keep, and four to judge by.
    assert len(list((tmp_path / "cache" / "trainings").iterdir())) == 10
