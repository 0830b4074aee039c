"""The leaderboard: rows as the protocol scores them, kept one by one, the same folds for all."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from leaderboard_cases import CELLS, N_FOLDS, filled, of_settings, photos
from sklearn.metrics import adjusted_rand_score

from shopsim import ShopsimError
from shopsim.base.work.progress import Stopped
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.folds import model_folds
from shopsim.spaces.whitened import Whitening
from shopsim.tuning import leaderboard_row
from shopsim.tuning.held_out import held_out
from shopsim.tuning.leaderboard import DUMB, Row, fill, load_all, n_rows
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.tuning.leaderboard_row import AUTO, BASELINE
from shopsim.tuning.leaderboard_table import best_row, by_score, distinct_titles, error_ratios, leaderboard_csv, titles


def test_a_row_is_what_the_protocol_says(tmp_path):
    catalog, features = photos()
    for row in of_settings(filled(catalog, features, tmp_path)):
        held = held_out(catalog, features, [row.cell.recipe], N_FOLDS)
        scores = row.scores
        assert (scores.ari, scores.low, scores.high, scores.tuned_ari) == (held.ari, *held.interval, held.tuned_ari)
        assert (scores.precision, scores.recall) == (held.pair_mean("precision"), held.pair_mean("recall"))
        assert scores.n_groups == sum(fold.evaluation.n_groups for fold in held.folds)
        assert (scores.n_models, scores.n_images, scores.n_folds) == (12, 48, len(held.folds))


def test_a_space_is_fitted_once_per_fold_however_many_clusterers_use_it(tmp_path, monkeypatch):
    # Below 32 photos there is nothing to fit.
    catalog, features = photos(n_models=24, n_photos=6)
    fitted = []
    fit = Whitening.fit
    monkeypatch.setattr(Whitening, "fit", lambda space, rows: fitted.append(rows.tobytes()) or fit(space, rows))
    # Without built-in settings, which fit spaces of their own.
    whitened = [
        replace(CELLS[0], extractor="image_signature", recipe=Recipe("whitened", {}, name, {}))
        for name in ("average", "complete", "kmeans")
    ]
    alone = of_settings(filled(catalog, features, tmp_path / "alone", whitened[:1], auto=False))
    n_folds = len(fitted)
    fitted.clear()
    together = of_settings(filled(catalog, features, tmp_path / "together", whitened, auto=False))
    assert len(fitted) == len(set(fitted)) == n_folds > N_FOLDS
    assert replace(together[0].scores, seconds=0) == replace(alone[0].scores, seconds=0)


def test_extractors_in_the_same_space_do_not_share_a_fit(tmp_path):
    catalog, features = photos()
    other = replace(photos(noise=2.0)[1], key="other")
    cells = [replace(CELLS[2], extractor=name) for name in ("color_shape", "image_signature", "color_shape")]
    cells[2] = replace(cells[2], recipe=CELLS[3].recipe)
    loaded = load_all(cells, lambda cell, progress: features if cell.extractor == "color_shape" else other)
    rows = of_settings(fill(catalog, cells, loaded, tmp_path, N_FOLDS, auto=False))
    given = zip((features, other, features), cells, strict=True)
    aris = [held_out(catalog, each, [cell.recipe], N_FOLDS).ari for each, cell in given]
    assert [row.scores.ari for row in rows] == aris
    assert len(set(aris)) == 3


def test_the_baseline_row_is_the_protocols_baseline(tmp_path):
    catalog, features = photos()
    (row,) = [row for row in filled(catalog, features, tmp_path, CELLS[:1]) if row.title == BASELINE]
    assert row.scores.ari == pytest.approx(held_out(catalog, features, [CELLS[0].recipe], N_FOLDS).baseline_ari)
    assert row.scores.tuned_ari is None


def test_dumb_groups_are_scored_on_the_same_folds(tmp_path):
    catalog, features = photos()
    images = tuple(
        replace(image, digest=catalog.images[row // 2 * 2].digest) for row, image in enumerate(catalog.images)
    )
    catalog = replace(catalog, images=images)
    rows = {row.title: row.scores for row in filled(catalog, features, tmp_path, CELLS[:1])}
    truth, folds = catalog.labels_true, model_folds(catalog.labels_true, N_FOLDS)
    pairs = np.arange(len(truth)) // 2
    for title, labels in zip(DUMB, [np.zeros_like(truth), np.arange(len(truth)), pairs], strict=True):
        aris = [adjusted_rand_score(truth[fold.held_out], labels[fold.held_out]) for fold in folds]
        assert rows[title].ari == pytest.approx(np.mean(aris))
    assert rows["All one group"].recall == rows["Byte-equal copies"].precision == 1.0
    assert rows["Byte-equal copies"].n_groups == 24


def test_an_interrupted_board_computes_only_the_others(tmp_path, computed):
    catalog, features = photos()

    def stop_after_the_first(done, total):
        if computed:
            raise Stopped

    with pytest.raises(Stopped):
        filled(catalog, features, tmp_path, progress=stop_after_the_first)
    assert computed == [CELLS[0].recipe.digest]
    rows = filled(catalog, features, tmp_path)
    assert computed == [cell.recipe.digest for cell in CELLS]
    assert [row.cell for row in of_settings(rows)] == CELLS


def test_a_setting_that_fails_is_a_row_with_its_reason_and_is_tried_again(tmp_path, monkeypatch):
    def refuse(catalog, features, candidates, *rest, **more):
        raise ShopsimError("Too much memory.")

    with monkeypatch.context() as patch:
        patch.setattr(leaderboard_row, "held_out", refuse)
        (row,) = of_settings(filled(*photos(), tmp_path, CELLS[:1]))
        assert (row.scores, row.reason) == (None, "Too much memory.")
    (row,) = of_settings(filled(*photos(), tmp_path, CELLS[:1]))
    assert row.scores is not None


def two_extractors(cache, image_signature):
    catalog, features = photos()
    cells = [CELLS[0], replace(CELLS[0], extractor="image_signature")]

    def load(cell, progress):
        return features if cell.extractor == "color_shape" else image_signature(features)

    return fill(catalog, cells, load_all(cells, load), cache, N_FOLDS)


def test_an_extractor_that_fails_has_its_reason_and_the_others_go_on(tmp_path):
    def fails(features):
        raise ShopsimError("No weights.")

    rows = two_extractors(tmp_path, fails)
    assert [(row.source.extractor, row.title, row.reason) for row in rows if row.scores is None] == [
        ("image_signature", BASELINE, "No weights."),
        ("image_signature", "", "No weights."),
        ("image_signature", AUTO, "No weights."),
    ]
    assert rows[best_row(rows)].source == CELLS[0]


def test_all_rows_are_scored_on_the_photos_every_extractor_knows(tmp_path):
    rows = two_extractors(tmp_path, lambda features: replace(features.of(features.image_ids[1:]), key="fewer"))
    assert {row.scores.n_images for row in rows} == {47}


def test_rows_appear_while_others_are_computed(tmp_path):
    catalog, features = photos()
    told, seen = [], []
    rows = filled(
        catalog,
        features,
        tmp_path,
        auto=True,
        progress=lambda done, total: seen.append((len(told), done, total)),
        tell=told.append,
    )
    assert told == rows
    assert {rows for rows, _, _ in seen} == set(range(len(DUMB), len(DUMB) + n_rows(CELLS) + 1))
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert seen[-1][1:] == (1000 * n_rows(CELLS), 1000 * n_rows(CELLS))


def test_without_labels_it_says_so(tmp_path):
    catalog, features = photos()
    bare = replace(catalog, images=tuple(replace(image, model=None) for image in catalog.images))
    with pytest.raises(ShopsimError, match="has no true labels"):
        filled(bare, features, tmp_path)


def test_the_best_row_stands_first_and_failures_last(tmp_path):
    rows = filled(*photos(), tmp_path)
    rows.insert(0, replace(rows[-1], scores=None, reason="broken"))
    ordered = by_score(rows)
    assert ordered[-1].reason == "broken"
    best = rows[best_row(rows)]
    assert best.scores.ari == max(row.scores.ari for row in rows if row.source and row.title != BASELINE and row.scores)


def test_the_error_ratio_is_against_the_baseline_of_the_same_extractor(tmp_path):
    rows = two_extractors(tmp_path, lambda features: replace(photos(noise=2.0)[1], key="other"))
    baselines = {row.source.extractor: row.scores.ari for row in rows if row.title == BASELINE}
    assert len(set(baselines.values())) == 2
    for row, ratio in zip(rows, error_ratios(rows), strict=True):
        if row.source is None or row.title == BASELINE:
            assert ratio is None
        else:
            assert ratio == pytest.approx((1 - row.scores.ari) / (1 - baselines[row.source.extractor]))


def test_the_row_of_auto_is_what_the_protocol_says_with_the_other_extractor_fused_in(tmp_path):
    catalog, features = photos()
    other = replace(photos(noise=2.0)[1], key="other")
    cell = CELLS[0]
    loaded = load_all([cell], lambda c, progress: features if c == cell else other)
    rows = fill(catalog, [cell], loaded, tmp_path, N_FOLDS)
    (row,) = [row for row in rows if row.title == AUTO]
    held = held_out(catalog, features, None, N_FOLDS, added={"image_signature": other}, main="color_shape")
    assert (row.scores.ari, row.scores.tuned_ari, row.cell) == (held.ari, held.tuned_ari, None)


def test_the_csv_has_a_line_a_row(tmp_path):
    rows = [*filled(*photos(), tmp_path), Row("", CELLS[0], None, '=1+1, "no"')]
    data = leaderboard_csv(rows)
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(lines) == len(rows)
    assert lines[-1]["note"] == '\'=1+1, "no"'
    assert lines[-1]["held_out_ari"] == ""
    assert [line["clusterer"] for line in lines[:3]] == list(DUMB)
    assert float(lines[4]["held_out_ari"]) == pytest.approx(rows[4].scores.ari, abs=1e-6)


def test_titles_tell_settings_and_only_what_differs():
    strong = Cell("color_shape", {}, Recipe("whitened", {"strength": 0.3}, "average", {}))
    assert titles(strong)[1] == "Whitened, strength 0.3"
    assert distinct_titles([strong, CELLS[0]]) == ["Whitened, strength 0.3", "Raw"]
    assert distinct_titles([CELLS[0]]) == ["Average linkage"]
