"""The matrix as a picture: which cells, in which order and colour; the readable pieces; the table as CSV."""

import csv
import io

import altair as alt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopsim.scoring.confusion import contingency, contingency_csv, diagonal_order, merges, splits
from shopsim.scoring.confusion_blocks import confused_parts
from shopsim.ui.charts.confusion import APART, KINDS, matrix_chart, matrix_frame
from shopsim.ui.charts.style import RIGHT, WRONG

MAIN, SPLIT_OFF, IN_ANOTHER = KINDS
#                 group 0  1  2
COUNTS = np.array([[8, 0, 2], [0, 5, 0], [1, 0, 0]])


def table_of(counts):
    """A contingency table made of labels, as the pages make it."""
    models, groups = np.indices(counts.shape).reshape(2, -1)
    return contingency(models.repeat(counts.ravel()), groups.repeat(counts.ravel()))


def frame_of(counts, models=None, groups=None):
    table = table_of(counts)
    models, groups = models or range(counts.shape[0]), groups or range(counts.shape[1])
    ids = [f"id {model}" for model in range(counts.shape[0])]
    return matrix_frame(table, list(models), list(groups), ids, [name.upper() for name in ids], counts.sum(axis=0))


def kinds(frame):
    return {(row.model, row.group): row.kind for row in frame.itertuples()}


# The cells


def test_only_cells_with_photos_are_drawn():
    frame = frame_of(COUNTS)
    assert len(frame) == np.count_nonzero(COUNTS)
    assert frame["photos"].sum() == COUNTS.sum()


def test_a_cell_is_right_split_off_or_in_another_models_group():
    found = kinds(frame_of(COUNTS))
    assert found == {
        ("id 0", 0): MAIN,
        ("id 0", 2): SPLIT_OFF,
        ("id 1", 1): MAIN,
        ("id 2", 0): IN_ANOTHER,
    }


def test_a_model_that_dominates_no_group_is_wrong_everywhere():
    assert set(kinds(frame_of(np.array([[3, 3], [2, 1]]))).values()) == {MAIN, SPLIT_OFF, IN_ANOTHER}
    assert {kind for (model, _), kind in kinds(frame_of(np.array([[3, 3], [2, 1]]))).items() if model == "id 1"} == {
        IN_ANOTHER
    }


def test_a_cell_stands_where_its_model_and_group_are_in_order():
    frame = frame_of(COUNTS, models=[1, 0], groups=[2, 0])
    assert {(row.model, row.group): (row.x, row.y) for row in frame.itertuples()} == {
        ("id 0", 2): (0, 1),
        ("id 0", 0): (1, 1),
    }


def test_a_cell_tells_its_share_of_the_whole_model_and_group():
    row = frame_of(COUNTS).query("model == 'id 2'").iloc[0]
    assert (row["photos"], row["of_model"], row["of_group"], row["name"]) == (1, 1, 9, "ID 2")


def test_strength_grows_with_the_square_root_of_the_photos():
    strength = frame_of(np.diag([100, 25, 1])).sort_values("photos")["strength"].tolist()
    assert strength == pytest.approx([0.1, 0.5, 1.0])


def test_no_cell_at_all_makes_an_empty_frame():
    frame = frame_of(COUNTS, models=[1], groups=[2])
    assert len(frame) == 0
    assert "strength" in frame


# The chart


def layers(chart):
    return chart.to_dict()["layer"]


def test_right_is_blue_and_wrong_is_vermilion():
    scale = layers(matrix_chart(frame_of(COUNTS), ["a", "b", "c"], ["0", "1", "2"]))[0]["encoding"]["fill"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {
        MAIN: RIGHT,
        SPLIT_OFF: APART,
        IN_ANOTHER: WRONG,
    }


@pytest.mark.parametrize("whole", [False, True])
def test_a_click_selects_the_model_and_the_group(whole):
    spec = matrix_chart(frame_of(COUNTS), ["a", "b", "c"], ["0", "1", "2"], whole).to_dict()
    cell = next(param for param in spec["params"] if param["name"] == "cell")
    assert cell["select"]["fields"] == ["model", "group"]


def test_only_the_whole_matrix_is_zoomed():
    def zooms(whole):
        spec = matrix_chart(frame_of(COUNTS), ["a", "b", "c"], ["0", "1", "2"], whole).to_dict()
        return [param["name"] for param in spec["params"] if param.get("bind") == "scales"]

    assert zooms(True) == ["zoom"]
    assert zooms(False) == []


def test_a_piece_has_its_numbers_and_all_its_labels():
    cells, numbers = layers(matrix_chart(frame_of(COUNTS), ["a", "b", "c"], ["0", "1", "2"]))
    assert numbers["mark"]["type"] == "text"
    assert numbers["encoding"]["text"]["field"] == "photos"
    for layer in (cells, numbers):
        assert layer["encoding"]["y"]["axis"]["values"] == [0, 1, 2]
        assert layer["encoding"]["y"]["axis"]["labelOverlap"] is False


def test_any_name_can_be_a_label():
    names = ["\"quoted\" 'n' \\", "<b>x</b>", "가방", "y" * 120, "\ud800"]
    chart = matrix_chart(frame_of(np.diag([1] * 5)), names, [str(n) for n in range(5)])
    label = layers(chart)[0]["encoding"]["y"]["axis"]["labelExpr"]
    assert '"\\"quoted\\" \'n\' \\\\"' in label
    assert label.isascii()


def test_thousands_of_groups_send_only_the_cells_that_hold_photos():
    rng = np.random.default_rng(0)
    table = contingency(rng.integers(0, 141, 10_000), rng.integers(0, 2_000, 10_000))
    frame = matrix_frame(
        table, range(141), range(2_000), [str(n) for n in range(141)], ["m"] * 141, np.bincount(table.indices)
    )
    assert len(frame) == table.nnz
    with alt.data_transformers.enable("default", max_rows=None):
        (cells,) = layers(matrix_chart(frame, ["m"] * 141, ["g"] * 2_000, whole=True))
    assert cells["mark"]["type"] == "rect"


# The readable pieces


def test_what_is_quite_right_is_in_no_piece():
    assert confused_parts(table_of(np.diag([4, 3, 2]))) == []
    parts = confused_parts(table_of(COUNTS))
    assert [sorted(part.models) for part in parts] == [[0, 2]]


def test_a_piece_costs_its_splits_and_the_merges_inside_it():
    (part,) = confused_parts(table_of(COUNTS))
    assert part.wrong_pairs == 8 * 2 + 8 * 1
    assert part.groups == (0, 2)


def test_the_costliest_piece_comes_first():
    counts = np.zeros((4, 4), dtype=int)
    counts[:2, 0] = 3, 2
    counts[2:, 1] = 9, 8
    parts = confused_parts(table_of(counts), most_models=2)
    assert [part.wrong_pairs for part in parts] == [72, 6]


def test_small_pieces_share_a_page():
    counts = np.zeros((4, 4), dtype=int)
    counts[:2, 0] = 3, 2
    counts[2:, 1] = 9, 8
    (part,) = confused_parts(table_of(counts))
    assert (part.models, part.groups, part.wrong_pairs) == ((2, 3, 0, 1), (1, 0), 78)


def test_models_that_are_only_split_share_a_page_however_many_groups_they_are_in():
    models = np.repeat(np.arange(6), 50)
    parts = confused_parts(contingency(models, np.arange(300)), most_models=14, most_groups=40)
    assert [len(part.models) for part in parts] == [6]
    assert len(parts[0].groups) == 300


tables = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=60)


@given(tables, st.integers(1, 6))
def test_no_piece_is_too_tall_and_no_model_is_in_two(pairs, most_models):
    models, groups = np.array(pairs).T
    table = contingency(models, groups)
    parts = confused_parts(table, most_models=most_models, most_groups=8)
    drawn = [model for part in parts for model in part.models]
    assert len(drawn) == len(set(drawn))
    assert all(len(part.models) <= most_models for part in parts)
    assert {split.model for split in splits(table)} <= set(drawn)
    all_wrong = sum(entry.wrong_pairs for entry in [*splits(table), *merges(table)])
    assert sum(part.wrong_pairs for part in parts) <= all_wrong
    for part in parts:
        assert set(part.groups) == set(np.flatnonzero(table[list(part.models)].sum(axis=0)).tolist())


def test_one_giant_group_does_not_take_long():
    rng = np.random.default_rng(0)
    groups = np.where(rng.random(6_000) < 0.5, 0, rng.integers(1, 800, 6_000))
    parts = confused_parts(contingency(rng.integers(0, 600, 6_000), groups))
    assert max(len(part.models) for part in parts) <= 14


# The table as CSV


def rows_of(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_csv_has_a_row_a_model_and_a_column_a_group():
    header, *rows = rows_of(contingency_csv(table_of(COUNTS), ["7", "8", "9"], ["Tote", "=1+1", "가방"]))
    order = diagonal_order(table_of(COUNTS))[1].tolist()
    assert header == ["model", "name", "photos", *(f"group {group}" for group in order)]
    by_model = {row[0]: row for row in rows}
    assert [int(cell) for cell in by_model["7"][2:]] == [10, *(COUNTS[0, order].tolist())]
    assert by_model["8"][1] == "'=1+1"
    assert by_model["9"][1] == "가방"


def test_the_csv_is_the_same_bytes_every_time_with_excels_line_ends():
    first, second = (contingency_csv(table_of(COUNTS), ["7", "8", "9"], ["a", "b", "c"]) for _ in range(2))
    assert first == second
    assert first.startswith(b"\xef\xbb\xbf")
    assert first.count(b"\r\n") == first.count(b"\n") == 4


def test_a_group_without_a_known_model_has_no_column():
    labels_true, labels_pred = np.array([0, 0, -1]), np.array([0, 0, 1])
    (header, _) = rows_of(contingency_csv(contingency(labels_true, labels_pred), ["7"], ["a"]))
    assert header == ["model", "name", "photos", "group 0"]
