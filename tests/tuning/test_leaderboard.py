"""The leaderboard: rows as the protocol scores them, kept one by one, the same folds for all."""

import csv
import io
import json
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from shopsim import ShopsimError
from shopsim.base.disk.sealed import SEALED, write_sealed
from shopsim.base.work.progress import Stopped
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.features.extract import Features
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.folds import model_folds
from shopsim.spaces.whitened import Whitening
from shopsim.tuning import leaderboard_row as leaderboard_task
from shopsim.tuning.held_out import held_out
from shopsim.tuning.leaderboard import DUMB, Cell, Row, fill, load_all, n_rows
from shopsim.tuning.leaderboard_row import AUTO, BASELINE, KIND, load_scores, save_scores
from shopsim.tuning.leaderboard_table import best_row, by_score, distinct_titles, error_ratios, leaderboard_csv, titles

N_FOLDS = 3
CELLS = [
    Cell("color_shape", {}, Recipe(space, {}, clusterer, {}))
    for space in ("raw", "whitened")
    for clusterer in ("average", "complete")
]


def photos(n_models=12, n_photos=4, noise=0.8, seed=0):
    """A catalogue of so many models and its features, around one direction a model and of any length."""
    rng = np.random.default_rng(seed)
    models = np.repeat(np.arange(n_models), n_photos)
    raw = rng.standard_normal((n_models, 12))[models] + noise * rng.standard_normal((len(models), 12))
    images = tuple(
        CatalogImage(f"{row:03}.jpg", Path(f"{row:03}.jpg"), f"{row:032}", f"m{model:02}")
        for row, model in enumerate(models)
    )
    catalog = Catalog("many", Path("many"), "table", "made here", images)
    return catalog, Features((raw * rng.uniform(0.5, 2, (len(raw), 1))).astype(np.float32), catalog.image_ids, "made")


@pytest.fixture
def computed(monkeypatch):
    """The digests of the recipes that are really computed, in order."""
    done = []

    def counted(catalog, features, candidates, *rest, **more):
        result = held_out(catalog, features, candidates, *rest, **more)
        if candidates is not None:
            done.append(candidates[0].digest)
        return result

    monkeypatch.setattr(leaderboard_task, "held_out", counted)
    return done


def filled(catalog, features, cache, cells=CELLS, n_folds=N_FOLDS, auto=False, **given):
    """The rows; without that of Auto, which tries a dozen settings itself, unless a test is about it."""
    return fill(catalog, cells, load_all(cells, lambda cell, progress: features), cache, n_folds, auto=auto, **given)


def of_settings(rows):
    return [row for row in rows if row.cell is not None]


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
    catalog, features = photos()
    fitted = []
    fit = Whitening.fit
    monkeypatch.setattr(Whitening, "fit", lambda space, rows: fitted.append(rows.tobytes()) or fit(space, rows))
    whitened = [
        replace(CELLS[0], recipe=Recipe("whitened", {}, name, {})) for name in ("average", "complete", "kmeans")
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


def test_a_second_run_computes_nothing_and_says_the_same(tmp_path, computed, monkeypatch):
    catalog, features = photos()
    first = filled(catalog, features, tmp_path, auto=True)
    computed.clear()
    monkeypatch.setattr(leaderboard_task, "baseline_labels", None)
    assert filled(catalog, features, tmp_path, auto=True) == first
    assert not computed


def other_photo(catalog, features):
    images = (replace(catalog.images[0], digest="f" * 32), *catalog.images[1:])
    return replace(catalog, images=images), features, {}


def other_label(catalog, features):
    return replace(catalog, images=(replace(catalog.images[0], model="m01"), *catalog.images[1:])), features, {}


def other_features(catalog, features):
    return catalog, replace(features, key="others"), {}


def other_seed(catalog, features):
    return catalog, features, {"seed": 1}


def other_folds(catalog, features):
    return catalog, features, {"n_folds": 2}


@pytest.mark.parametrize("change", [other_photo, other_label, other_features, other_seed, other_folds])
def test_whatever_a_score_comes_from_makes_it_anew(tmp_path, computed, change):
    catalog, features = photos()
    filled(catalog, features, tmp_path, CELLS[:1])
    catalog, features, given = change(catalog, features)
    filled(catalog, features, tmp_path, CELLS[:1], **given)
    assert len(computed) == 2


def test_another_version_of_the_protocol_makes_it_anew(tmp_path, computed, monkeypatch):
    filled(*photos(), tmp_path, CELLS[:1])
    monkeypatch.setattr(leaderboard_task, "PROTOCOL", "another")
    filled(*photos(), tmp_path, CELLS[:1])
    assert len(computed) == 2


@pytest.mark.parametrize(
    "damage, auto",
    [(b"", True), (b"{", False), (b"[]", False), (b'{"ari": 1}', False), (b"\xff\xfe", False), (b"null", False)],
)
def test_a_damaged_entry_is_computed_again(tmp_path, computed, damage, auto):
    first = filled(*photos(), tmp_path, CELLS[:1], auto=auto)
    # Damaged on the disk, and sound but not what is expected.
    for write in (Path.write_bytes, write_sealed):
        for path in list((tmp_path / KIND).iterdir()):
            write(path, damage)
        again = filled(*photos(), tmp_path, CELLS[:1], auto=auto)
        assert [row.scores and row.scores.ari for row in again] == [row.scores and row.scores.ari for row in first]
    assert len(computed) == 3


@pytest.mark.parametrize("change", [{"more": "x"}, {"ari": 1e13}, {"ari": float("inf")}, {"n_groups": 2.5}])
def test_kept_scores_with_other_fields_or_impossible_numbers_are_a_miss(tmp_path, change):
    scores = asdict(filled(*photos(), tmp_path, CELLS[:1])[-1].scores)
    write = partial(write_sealed, tmp_path / KIND / f"d{SEALED}.json")
    write(json.dumps(scores | {"low": float("nan")}).encode())
    assert np.isnan(load_scores(tmp_path, "d").low)
    write(json.dumps(scores | change).encode())
    assert load_scores(tmp_path, "d") is None


def test_scores_of_text_are_a_miss(tmp_path):
    scores = filled(*photos(), tmp_path, CELLS[:1])[-1].scores
    save_scores(tmp_path, "d", replace(scores, ari="1"))
    assert load_scores(tmp_path, "d") is None


def test_a_setting_that_fails_is_a_row_with_its_reason_and_is_tried_again(tmp_path, monkeypatch):
    def refuse(catalog, features, candidates, *rest, **more):
        raise ShopsimError("Too much memory.")

    with monkeypatch.context() as patch:
        patch.setattr(leaderboard_task, "held_out", refuse)
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
