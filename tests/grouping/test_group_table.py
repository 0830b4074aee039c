"""The group table: who represents a group, who fits least, what is wrong."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import at_angles, clustered_rows

from shopsim.base.labels import by_first_appearance
from shopsim.grouping.group_table import group_table, similarity_to_representative
from shopsim.scoring.evaluation import UNLABELLED, evaluate

IDS = ["e", "d", "c", "b", "a"]
ROWS = at_angles(0, 10, 40, 90, 90)
GROUPS = np.array([0, 0, 0, 1, 1])
COLUMNS = ["group", "size", "model", "purity", "representative", "weakest", "weakest_similarity", "wrong_pairs"]


def table_of(image_ids, groups, rows, *models):
    """The group table of rows that were grouped so."""
    return group_table(image_ids, groups, similarity_to_representative(groups, rows, image_ids), *models)


def test_a_row_a_group_as_worked_out_by_hand():
    table = table_of(IDS, GROUPS, ROWS, np.array([0, 0, 1, 1, UNLABELLED]), ["bag", "shoe"])
    assert table.columns.tolist() == COLUMNS
    first, second = table.to_dict("records")
    assert first == {
        "group": 0,
        "size": 3,
        "model": "bag",
        "purity": pytest.approx(2 / 3),
        "representative": "d",
        "weakest": "c",
        "weakest_similarity": pytest.approx(np.cos(np.deg2rad(30))),
        "wrong_pairs": 2,
    }
    assert (second["model"], second["purity"], second["wrong_pairs"]) == ("shoe", 1.0, 0)
    assert (second["representative"], second["weakest"]) == ("a", "b")


def test_without_labels_the_table_has_the_same_columns():
    table = table_of(IDS, GROUPS, ROWS)
    assert table.columns.tolist() == COLUMNS
    assert table["model"].tolist() == [None, None]
    assert table["purity"].isna().all()
    assert table["wrong_pairs"].tolist() == [0, 0]


def test_a_group_without_labelled_photos_has_no_model():
    table = table_of(IDS, GROUPS, ROWS, np.array([0, 0, 0, UNLABELLED, UNLABELLED]), ["bag"])
    assert table["model"].tolist() == ["bag", None]
    assert np.isnan(table["purity"][1])


def test_groups_come_largest_first_then_by_number():
    groups = np.array([0, 1, 1, 2, 3, 3])
    table = table_of(list("abcdef"), groups, clustered_rows(6))
    assert table["group"].tolist() == [1, 3, 0, 2]


def test_a_group_of_one_is_its_own_representative_and_weakest():
    table = table_of(["only"], np.array([0]), clustered_rows(1))
    row = table.iloc[0]
    assert (row["representative"], row["weakest"], row["weakest_similarity"]) == ("only", "only", 1.0)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
@pytest.mark.parametrize("seed", range(5))
def test_the_smaller_image_id_represents_a_pair(order, seed):
    rows = clustered_rows(2, n_features=1280, seed=seed)[order]
    central = similarity_to_representative(np.zeros(2, int), rows, [["a", "b"][i] for i in order])
    assert central.index.tolist() == [order.index(0)] * 2
    assert central.similarity[order.index(0)] == 1.0


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.integers(0, 9))
def test_the_representative_has_the_highest_mean_cosine_to_the_others(groups, seed):
    groups = by_first_appearance(np.array(groups))
    rows = clustered_rows(len(groups), seed=seed).astype(np.float64)
    central = similarity_to_representative(groups, rows)
    for group in set(groups.tolist()):
        members = np.flatnonzero(groups == group)
        cosines = rows[members] @ rows[members].T
        np.fill_diagonal(cosines, 0)
        representative = central.index[members[0]]
        assert (central.index[members] == representative).all()
        means = cosines.sum(axis=1) / max(len(members) - 1, 1)
        assert means[members == representative] == pytest.approx(means.max(), abs=1e-6)
        others = members != representative
        expected = rows[members] @ rows[representative]
        assert central.similarity[members][others] == pytest.approx(expected[others], abs=1e-6)
        assert central.similarity[representative] == 1.0


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 5)), min_size=1, max_size=40))
def test_sizes_and_wrong_pairs_add_up(pairs):
    truth, groups = np.array(pairs).T
    groups = by_first_appearance(groups)
    names = list("pqrst")
    table = table_of([f"{i:02d}" for i in range(len(groups))], groups, clustered_rows(len(groups)), truth, names)
    assert table["size"].sum() == len(groups)
    assert table["wrong_pairs"].sum() == evaluate(truth, groups).pairs.fp
    assert table["size"].is_monotonic_decreasing
    for row in table.itertuples():
        inside = truth[(groups == row.group) & (truth != UNLABELLED)]
        assert (row.model is None) == (len(inside) == 0)
        if len(inside):
            assert row.purity == np.bincount(inside).max() / len(inside)
            assert (inside == names.index(row.model)).mean() == row.purity


def test_the_weakest_member_is_the_one_least_like_the_representative():
    groups = np.zeros(30, int)
    rows, ids = clustered_rows(30), [f"{i:02d}" for i in range(30)]
    row = table_of(ids, groups, rows).iloc[0]
    cosines = rows @ rows[ids.index(row["representative"])]
    assert row["weakest"] == ids[int(np.argmin(cosines))]
    assert row["weakest_similarity"] == pytest.approx(cosines.min(), abs=1e-6)


def test_shuffling_photos_changes_nothing_but_the_numbers_of_groups():
    rows, ids = clustered_rows(50), np.array([f"{i:02d}" for i in range(50)])
    groups = np.random.default_rng(0).integers(9, size=50)
    order = np.random.default_rng(1).permutation(50)
    told = ["size", "representative", "weakest"]
    one = table_of(ids, by_first_appearance(groups), rows)[told]
    other = table_of(ids[order], by_first_appearance(groups[order]), rows[order])[told]
    by = {"by": told, "ignore_index": True}
    pd.testing.assert_frame_equal(one.sort_values(**by), other.sort_values(**by))


def test_no_photos_make_an_empty_table():
    table = table_of([], np.zeros(0, int), np.zeros((0, 4), np.float32))
    assert table.columns.tolist() == COLUMNS
    assert len(table) == 0


def test_a_zero_row_is_like_nothing_but_itself():
    rows = np.concatenate([at_angles(0, 5), np.zeros((1, 2), np.float32)])
    central = similarity_to_representative(np.zeros(3, int), rows)
    assert central.index.tolist() == [0, 0, 0]
    assert central.similarity == pytest.approx([1.0, np.cos(np.deg2rad(5)), 0.0])


def test_ten_thousand_photos_in_three_thousand_groups_take_under_a_third_of_a_second():
    rng = np.random.default_rng(0)
    groups = by_first_appearance(rng.integers(3000, size=10_000))
    rows = rng.standard_normal((10_000, 256)).astype(np.float32)
    ids, models = [f"{i:05d}" for i in range(10_000)], rng.integers(141, size=10_000)
    names = [str(i) for i in range(141)]
    times = []
    for _ in range(3):
        start = time.process_time()
        table_of(ids, groups, rows, models, names)
        times.append(time.process_time() - start)
    assert min(times) < 0.3
