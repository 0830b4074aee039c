"""The script that makes the built-in settings: it samples, grows, judges on unseen families, and repeats itself."""

import json
import sys

import numpy as np
import pytest
from catalog_fixtures import PROJECT

from shopsim.base.rows import unit_rows
from shopsim.tuning.built_in.shipped import SCORES


@pytest.fixture(scope="module")
def script():
    """The modules beside the script, which are no part of the package."""
    sys.path.insert(0, str(PROJECT / "scripts"))
    from built_in import card, measuring, sampling, training

    yield card, measuring, sampling, training
    sys.path.remove(str(PROJECT / "scripts"))


@pytest.fixture(scope="module")
def measured(script):
    """Two families with three catalogues each."""
    _, measuring, _, _ = script
    rng = np.random.default_rng(0)
    found = []
    for number in range(6):
        labels_true = np.repeat(np.arange(12), 2 + number)
        views = [
            unit_rows(rng.normal(size=(12, 40))[labels_true] + 0.5 * rng.normal(size=(len(labels_true), 40)))
            for _ in range(2)
        ]
        found.append(measuring.measure(f"kind{number}", f"family{number % 2}", "all", *views, labels_true))
    return found


def test_measured_scores_are_those_of_the_cuts(measured):
    for one in measured:
        assert one.scores.shape == (len(one.threshold), len(SCORES))
        assert one.scores[:, 0].max() <= one.best_ari
        assert one.scores[0].tolist() == [0, 1, 0]


def test_each_family_is_judged_by_a_forest_that_has_not_seen_it(script, measured, monkeypatch):
    training = script[3]
    seen = []
    grow = training.grow
    monkeypatch.setattr(
        training, "grow", lambda catalogs: seen.append({one.family for one in catalogs}) or grow(catalogs)
    )
    judged = training.judge_unseen(measured)
    assert seen == [{"family1"}, {"family0"}]
    assert len(judged) == len(measured)
    assert all(0 <= one.share <= 1 for one in judged)


def test_catalogues_of_several_families_teach_only_what_none_of_them_is_judged_by(script, measured):
    measuring = script[1]
    union = measuring.FAMILIES.join(["family0", "family2"])
    mixed = measuring.measure("several kinds", union, "all", *(np.eye(12, 40, dtype=np.float32),) * 2, np.arange(12))
    assert mixed.shows("family0")
    assert mixed.shows("family2")
    assert not mixed.shows("family1")


def test_the_same_catalogues_give_the_same_bytes(script, measured, tmp_path):
    card, _, _, training = script
    for folder in (tmp_path / "one", tmp_path / "two"):
        judged = training.judge_unseen(measured)
        card.save_model(folder, "color_shape", training.grow(measured), measured, judged, training.table_of(judged))
    for name in ("color_shape.json", "color_shape.npz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    said = json.loads((tmp_path / "one" / "color_shape.json").read_text(encoding="utf-8"))
    assert said["catalogues"] == {f"kind{number}": 1 for number in range(6)}
    assert said["margins"].keys() == {*SCORES, "photos_per_model"}


def test_parts_have_the_photos_per_model_that_their_names_say(script):
    sampling = script[2]
    labels_true = np.repeat(np.arange(10), 30)
    parts = dict(sampling.parts_of(labels_true, np.random.default_rng(0)))
    assert len(parts[sampling.WHOLE]) == 300
    assert np.bincount(labels_true[parts["5 per model, 0.5"]]).tolist().count(5) == 5
    assert np.unique(labels_true[parts["1 per model"]], return_counts=True)[1].tolist() == [1] * 10
    assert all((np.diff(rows) > 0).all() for rows in parts.values())
