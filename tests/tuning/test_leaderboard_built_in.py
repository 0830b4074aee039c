"""The row of the leaderboard that tunes nothing: the built-in settings on the same folds as every other row."""

from dataclasses import replace

import numpy as np
import pytest
from built_in_cases import forget_built_in, share_built_in
from leaderboard_cases import CELLS, N_FOLDS, filled, photos

from shopsim.grouping.recipe import Recipe
from shopsim.scoring.evaluation import evaluate
from shopsim.scoring.folds import model_folds
from shopsim.spaces import spaces
from shopsim.tuning.built_in import row as built_in_row
from shopsim.tuning.built_in.opening import opening_without_labels
from shopsim.tuning.built_in.row import NOTHING_TUNED_HERE
from shopsim.tuning.leaderboard import n_rows
from shopsim.tuning.leaderboard_row import BASELINE
from shopsim.tuning.leaderboard_table import best_row, error_ratios
from shopsim.tuning.level_cuts import tree_of


@pytest.fixture
def built_in(tmp_path, monkeypatch):
    share_built_in(tmp_path / "built-in", monkeypatch, "color_shape")
    yield
    forget_built_in()


def row_of(rows):
    return [row for row in rows if row.title == NOTHING_TUNED_HERE]


def test_each_fold_opens_as_a_catalogue_without_labels(tmp_path, built_in):
    catalog, features = photos()
    (row,) = row_of(filled(catalog, features, tmp_path / "cache"))
    truth, aris = catalog.labels_true, []
    for fold in model_folds(truth, N_FOLDS):
        rows = features.vectors[fold.held_out]
        vectors = spaces.create("whitened").fit(rows).transform(rows)
        tree = tree_of(vectors, Recipe())
        blind = opening_without_labels("color_shape", Recipe(), tree, vectors, rows, rows)
        aris.append(evaluate(truth[fold.held_out], tree.cut(blind.threshold)).ari)
    assert row.scores.ari == pytest.approx(np.mean(aris))
    assert row.scores.tuned_ari is None
    assert row.cell is None


def test_it_comes_once_per_extractor_and_is_counted(tmp_path, built_in):
    assert len(row_of(filled(*photos(), tmp_path / "cache"))) == 1
    others = [replace(cell, extractor="image_signature") for cell in CELLS]
    assert n_rows([*CELLS, *others], auto=False) == len(CELLS) + len(others) + 2 + 1


def test_it_is_read_from_the_cache_the_next_time(tmp_path, built_in, monkeypatch):
    catalog, features = photos()
    (first,) = row_of(filled(catalog, features, tmp_path / "cache", CELLS[:1]))
    monkeypatch.setattr(built_in_row, "opening_without_labels", None)
    assert row_of(filled(catalog, features, tmp_path / "cache", CELLS[:1])) == [first]


def test_photos_that_are_too_few_are_a_row_with_the_reason(tmp_path, built_in):
    catalog, features = photos()
    same = replace(features, raw=np.repeat(features.raw[:1], len(features.raw), axis=0))
    (row,) = row_of(filled(catalog, same, tmp_path / "cache", CELLS[:1]))
    assert row.scores is None
    assert "5 different photos" in row.reason


def test_without_built_in_settings_there_is_no_such_row(tmp_path):
    cells = [replace(CELLS[0], extractor="image_signature")]
    assert not row_of(filled(*photos(), tmp_path / "cache", cells))


def test_its_error_is_compared_with_the_baseline_but_it_is_no_setting_to_take(tmp_path, built_in):
    rows = filled(*photos(noise=2.0), tmp_path / "cache", CELLS[:1])
    baseline = next(row for row in rows if row.title == BASELINE)
    (row,) = row_of(rows)
    ratio = error_ratios(rows)[rows.index(row)]
    assert ratio == pytest.approx((1 - row.scores.ari) / (1 - baseline.scores.ari))
    perfect = replace(row, scores=replace(row.scores, ari=1.0))
    assert rows[best_row([*rows, perfect])].cell is not None
