"""Rows of the leaderboard are kept, and computed again when what they come from changes or the entry is damaged."""

import json
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from leaderboard_cases import CELLS, filled, photos

from shopsim.base.disk.sealed import SEALED, write_sealed
from shopsim.tuning import leaderboard_row
from shopsim.tuning.leaderboard_row import KIND, load_scores, save_scores


def test_a_second_run_computes_nothing_and_says_the_same(tmp_path, computed, monkeypatch):
    catalog, features = photos()
    first = filled(catalog, features, tmp_path, auto=True)
    computed.clear()
    monkeypatch.setattr(leaderboard_row, "baseline_labels", None)
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
    monkeypatch.setattr(leaderboard_row, "PROTOCOL", "another")
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
