"""Settings with a second extractor in the leaderboard: scored on the same folds, by the mean of both similarities."""

from functools import partial

import pytest
from leaderboard_cases import N_FOLDS, photos
from tuned_cases import second_view

from shopsim import ShopsimError
from shopsim.grouping.recipe import Recipe
from shopsim.spaces.fusion import fused
from shopsim.tuning.held_out import held_out
from shopsim.tuning.leaderboard import fill, load_all
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.tuning.leaderboard_row import BASELINE
from shopsim.tuning.leaderboard_table import leaderboard_csv, titles
from shopsim.tuning.level_cuts import FoldRows, fit_space

PLAIN = Cell("color_shape", {}, Recipe("raw"))
TWO = Cell("color_shape", {}, Recipe("raw"), ("image_signature", 0.4))


@pytest.fixture
def two():
    catalog, features = photos()
    return catalog, features, second_view(features)


def loaded(cells, features, second):
    return load_all(cells, lambda cell, _: second if cell.extractor == "image_signature" else features)


def rows_by_second(catalog, cells, at_hand, cache):
    rows = fill(catalog, cells, at_hand, cache, N_FOLDS, auto=False)
    return {row.cell.second: row for row in rows if row.cell is not None}, rows


def test_it_is_scored_as_one_extractor_with_the_fused_rows(two, cache):
    catalog, features, second = two
    found, _ = rows_by_second(catalog, [PLAIN, TWO], loaded([PLAIN, TWO], features, second), cache)
    rows = FoldRows(fused([features.vectors, second.vectors], [0.6, 0.4]), catalog.labels_true)
    expected = held_out(catalog, features, [TWO.recipe], N_FOLDS, rows=rows)
    assert found[TWO.second].scores.ari == pytest.approx(expected.ari)
    assert found[TWO.second].scores.ari != found[None].scores.ari


def test_a_row_of_one_extractor_is_the_same_with_another_row_beside_it(two, cache, tmp_path):
    catalog, features, second = two
    alone, _ = rows_by_second(catalog, [PLAIN], loaded([PLAIN], features, second), cache)
    beside, rows = rows_by_second(catalog, [TWO, PLAIN], loaded([TWO, PLAIN], features, second), tmp_path / "other")
    assert beside[None].scores.ari == alone[None].scores.ari
    (baseline,) = (row for row in rows if row.title == BASELINE)
    assert baseline.source.second is None


def test_each_share_is_a_row_of_its_own_and_kept(two, cache, monkeypatch):
    catalog, features, second = two
    cells = [TWO, Cell("color_shape", {}, Recipe("raw"), ("image_signature", 0.8))]
    first, _ = rows_by_second(catalog, cells, loaded(cells, features, second), cache)
    assert len({row.scores.ari for row in first.values()}) == 2
    monkeypatch.setattr("shopsim.tuning.leaderboard_row.held_out", lambda *_, **__: pytest.fail("scored again"))
    again, _ = rows_by_second(catalog, cells, loaded(cells, features, second), cache)
    assert again == first


def test_without_features_of_the_second_the_row_says_why(two, cache):
    catalog, features, _ = two

    def load(cell, _):
        if cell.extractor == "image_signature":
            raise ShopsimError("It has no weights.")
        return features

    found, _ = rows_by_second(catalog, [PLAIN, TWO], load_all([PLAIN, TWO], load), cache)
    assert (found[TWO.second].scores, found[TWO.second].reason) == (None, "It has no weights.")
    assert found[None].scores is not None


def test_its_title_names_both_with_their_shares(two, cache):
    catalog, features, second = two
    assert titles(TWO)[0] == "Colour and shape 60% + Image signature 40%"
    _, rows = rows_by_second(catalog, [TWO], loaded([TWO], features, second), cache)
    assert b"Colour and shape 60% + Image signature 40%,Raw" in leaderboard_csv(rows)


def test_the_next_clusterer_fits_no_space_again(tmp_path, monkeypatch):
    # Below 32 photos whitening fits nothing, and so keeps nothing.
    catalog, features = photos(n_models=24)
    second = second_view(features)
    fits = []
    monkeypatch.setattr("shopsim.tuning.level_cuts.fit_space", lambda *given: fits.append(1) or fit_space(*given))
    two_of = partial(Cell, "color_shape", {}, second=("image_signature", 0.4))
    counts = []
    for clusterers in (["average"], ["average", "complete"]):
        cells = [two_of(Recipe("whitened", {}, clusterer, {})) for clusterer in clusterers]
        rows_by_second(catalog, cells, loaded(cells, features, second), tmp_path / str(len(cells)))
        counts.append(len(fits))
    assert counts == [counts[0], 2 * counts[0]]
