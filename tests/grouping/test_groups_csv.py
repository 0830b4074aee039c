"""The group CSV: its bytes, what spreadsheets make of it, and that it reads back."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from group_tables import read_groups_csv
from hypothesis import given
from hypothesis import strategies as st

from shopsim.base.text.csv_text import guard, unguard
from shopsim.grouping.groups_csv import COLUMNS, groups_csv

GOLDEN = (
    b"\xef\xbb\xbfimage_id,model,product,group,group_size,similarity,representative\r\n"
    b"01_1_0.jpg,01,1,0,2,1.000000,01_1_0.jpg\r\n"
    b"01_2_0.jpg,01,2,0,2,-0.123457,01_1_0.jpg\r\n"
    b"\xea\xb0\x80\xeb\xb0\xa9/a.jpg,,,1,1,0.000000,\xea\xb0\x80\xeb\xb0\xa9/a.jpg\r\n"
)


def golden_arguments():
    """Three photos, not in the order of their ids; the last similarity would print as -0.000000."""
    return {
        "image_ids": ["가방/a.jpg", "01_2_0.jpg", "01_1_0.jpg"],
        "models": [None, "01", "01"],
        "products": [None, "2", "1"],
        "labels_pred": np.array([1, 0, 0]),
        "similarity": np.array([-1e-9, -0.1234567, 1.0], dtype=np.float32),
        "representative_ids": ["가방/a.jpg", "01_1_0.jpg", "01_1_0.jpg"],
    }


def one_row(image_id="a.jpg", model=None, raw=False):
    return groups_csv([image_id], [model], [None], np.array([0]), np.array([1.0]), [image_id], raw=raw)


def cells_of(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1]


def test_csv_has_these_very_bytes():
    assert groups_csv(**golden_arguments()) == GOLDEN


def test_csv_does_not_depend_on_the_order_of_the_photos():
    backwards = {name: values[::-1] for name, values in golden_arguments().items()}
    assert groups_csv(**backwards) == GOLDEN


def test_chosen_photos_are_lines_of_the_whole_csv():
    header, first, _, third, _ = GOLDEN.split(b"\r\n")
    # The size of a group is that of the whole group, though one of its two photos is left out.
    assert groups_csv(**golden_arguments(), rows={0, 2}) == b"\r\n".join([header, first, third, b""])
    assert groups_csv(**golden_arguments(), rows=()) == header + b"\r\n"


def test_no_photos_give_the_header_alone():
    data = groups_csv([], [], [], np.array([], dtype=int), np.array([]), [])
    assert data == b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n"
    assert len(read_groups_csv(data)) == 0


SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−"]
BEFORE = [
    "",
    " ",
    "  ",
    "\xa0",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\u2060",
    "\u202e",
    "\xad",
    "\x1f",
    "\x85",
    '"',
    "'",
    "' ",
]


@pytest.mark.parametrize("before", BEFORE, ids=ascii)
def test_signs_in_any_width_and_behind_anything_unseen_are_guarded(before):
    for text in (f"{before}{sign}1+1" for sign in SIGNS):
        assert guard(text) == f"'{text}"
        assert unguard(f"'{text}") == text


@pytest.mark.parametrize("start", ["\t", "\r", "\n", " \n", "\u200b\t"], ids=ascii)
def test_tabs_and_line_ends_at_the_start_are_guarded(start):
    assert guard(f"{start}a") == f"'{start}a"


@pytest.mark.parametrize("end", [";", "|", "\t", "\r\n", "; ", ";\u200b"], ids=ascii)
def test_what_would_begin_a_cell_where_other_signs_separate_is_guarded(end):
    separator, blank = end.rstrip(" \u200b"), end[len(end.rstrip(" \u200b")) :]
    assert guard(f"a{end}=1+1") == f"a{separator}'{blank}=1+1"
    assert unguard(f"a{separator}'{blank}=1+1") == f"a{end}=1+1"


@pytest.mark.parametrize(
    "text", ["", "a", "a=b", "a-1.jpg", "1", "가-방", "'", "'a", " a", "a b;c", "–", "a;b=c", "#=1"]
)
def test_other_text_is_left_alone(text):
    assert guard(text) == unguard(text) == text


def test_many_separators_are_guarded_in_time():
    assert guard("\n" * 200_000) == "'" + "\n" * 200_000


def test_a_csv_of_before_the_guard_covered_more_is_read_as_it_was_meant():
    old = GOLDEN.replace("가방/a.jpg".encode(), b" =1.jpg").replace(b"01_2_0.jpg", b"'-1.jpg")
    assert read_groups_csv(old)["image_id"].tolist() == ["01_1_0.jpg", "-1.jpg", " =1.jpg"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_guarded(start):
    cells = cells_of(one_row(f"{start}1+1.jpg", f"{start}model"))
    assert cells[0] == cells[6] == f"'{start}1+1.jpg"
    assert cells[1] == f"'{start}model"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_raw_leaves_text_as_it_is(start):
    assert cells_of(one_row(f"{start}1+1.jpg", raw=True))[0] == f"{start}1+1.jpg"


def test_a_negative_similarity_stays_a_number():
    assert b",-0.123457," in groups_csv(**golden_arguments())


def test_names_with_commas_quotes_and_line_ends_are_quoted():
    data = one_row('a,"b"\n.jpg')
    assert b'\r\n"a,""b""\n.jpg",' in data
    assert read_groups_csv(data)["image_id"][0] == 'a,"b"\n.jpg'


def test_pandas_reads_the_file_without_options():
    frame = pd.read_csv(io.BytesIO(groups_csv(**golden_arguments())))
    assert list(frame.columns) == list(COLUMNS)
    assert frame["group_size"].tolist() == [2, 2, 1]


def test_a_file_name_of_stray_bytes_is_spelled_out():
    assert read_groups_csv(one_row("a\udcff.jpg"))["image_id"][0] == "a\\udcff.jpg"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_similarity_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="finite"):
        groups_csv(["a"], [None], [None], np.array([0]), np.array([value]), ["a"])


def test_lists_of_different_length_are_refused():
    with pytest.raises(ValueError):
        groups_csv(["a", "b"], [None], [None], np.array([0]), np.array([1.0]), ["a"])


# File names hold no NUL, and it is how UTF-16 without a mark is told from UTF-8.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8) | st.text(
    "'=+-@\t\r\n,\"a;| ＝\u200b", max_size=8
)


@given(texts)
def test_guard_is_undone_exactly(text):
    assert unguard(guard(text)) == text


@given(texts)
def test_a_guarded_cell_never_starts_like_a_formula(text):
    for cell in [guard(text), *re.split(r"[;\t\r\n|]", guard(text))]:
        assert not cell.lstrip(' "\u200b').startswith(tuple(SIGNS))
    assert not guard(text).startswith(("\t", "\r", "\n"))


@given(st.dictionaries(texts.filter(bool), st.tuples(st.none() | texts.filter(bool), st.integers(0, 3)), max_size=8))
def test_what_is_written_is_read_back(photos):
    ids = list(photos)
    models = [model for model, _ in photos.values()]
    groups = np.array([group for _, group in photos.values()], dtype=int)
    similarity = np.linspace(-1, 1, len(ids))
    frame = read_groups_csv(groups_csv(ids, models, models, groups, similarity, ids))
    order = sorted(range(len(ids)), key=ids.__getitem__)
    assert frame["image_id"].tolist() == frame["representative"].tolist() == [ids[i] for i in order]
    assert frame["model"].tolist() == frame["product"].tolist() == [models[i] for i in order]
    assert frame["group"].tolist() == groups[order].tolist()
    assert frame["group_size"].tolist() == [int((groups == groups[i]).sum()) for i in order]
    np.testing.assert_allclose(frame["similarity"], similarity[order], atol=5e-7)


def test_reading_a_file_gives_what_reading_its_bytes_gives(tmp_path):
    path = tmp_path / "groups.csv"
    path.write_bytes(GOLDEN)
    pd.testing.assert_frame_equal(read_groups_csv(path), read_groups_csv(GOLDEN))
    assert read_groups_csv(path)["model"].tolist() == ["01", "01", None]


def saved_again(data, delimiter=";", sep=b"", encoding="utf-8-sig"):
    """As a German Excel saves the group CSV: with semicolons and decimal commas."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([*row[:5], row[5].replace(".", ","), row[6]] for row in rows)
    return sep + text.getvalue().encode(encoding)


@pytest.mark.parametrize(
    "options", [{}, {"delimiter": "\t", "encoding": "utf-16"}, {"sep": b"sep=;\r\n", "encoding": "utf-8"}]
)
def test_a_spreadsheet_may_save_it_again(options):
    pd.testing.assert_frame_equal(read_groups_csv(saved_again(GOLDEN, **options)), read_groups_csv(GOLDEN))


def test_integers_that_became_floats_are_integers_still():
    assert read_groups_csv(GOLDEN.replace(b",0,2,", b",0.0,2.0,"))["group"].tolist() == [0, 0, 1]
