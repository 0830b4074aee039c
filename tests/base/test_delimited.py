"""Tables of any spreadsheet: what stands between cells is found out, or asked."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopsim import ShopsimError
from shopsim.base.text.delimited import parse_table, starts_as_table


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found(delimiter):
    text = "path,model\r\na.jpg,m1\r\nb.jpg,\r\n".replace(",", delimiter)
    assert parse_table(text, "t.csv") == (["path", "model"], [["a.jpg", "m1"], ["b.jpg", ""]])


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        ("path;model\na,b.jpg;m,1\n", ["path", "model"], [["a,b.jpg", "m,1"]]),
        ("path,model\na;b.jpg,m;1\n", ["path", "model"], [["a;b.jpg", "m;1"]]),
        ("path\tmodel\na,b;c\tm|1\n", ["path", "model"], [["a,b;c", "m|1"]]),
        ('path;model\n"a;b.jpg";"m ""1"""\n', ["path", "model"], [["a;b.jpg", 'm "1"']]),
        ('path,"model;id"\na,"m;1"\n', ["path", "model;id"], [["a", "m;1"]]),
        ('path;model\n"a\nb";m\n', ["path", "model"], [["a\nb", "m"]]),
        ("path,note\na;b,c\nd,e;f\n", ["path", "note"], [["a;b", "c"], ["d", "e;f"]]),
    ],
)
def test_other_delimiters_within_cells_do_not_count(text, header, rows):
    assert parse_table(text, "t.csv") == (header, rows)


@pytest.mark.parametrize("first", ["sep=;\r\n", "SEP=; \n", '"sep=;"\r\n', "sep=;\r"])
def test_the_first_line_of_excel_says_what_stands_between_cells(first):
    assert parse_table(f"{first}path,x;model\r\na;m\r\n", "t.csv") == (["path,x", "model"], [["a", "m"]])


def test_lines_are_counted_from_the_top_of_the_file():
    with pytest.raises(ShopsimError, match=r"Line 4 of 't.csv' has 1 cells; its header has 2"):
        parse_table("sep=;\na;b\nc;d\ne\n", "t.csv")


def test_two_readings_are_asked_for_with_both_shown():
    with pytest.raises(ShopsimError) as refused:
        parse_table("path;model,product\na;b,c\n", "t.csv")
    assert str(refused.value) == (
        "'t.csv' can be read in two ways: with ',' between cells its columns are 'path;model', 'product', with ';' "
        "they are 'path', 'model,product'; say which by a first line sep=, or sep=;"
    )


@pytest.mark.parametrize("text", [" Path ,MODEL\na,m\n", "PATH;Model\na;m\n"])
def test_column_names_are_read_in_any_case_and_without_blanks(text):
    assert parse_table(text, "t.csv") == (["path", "model"], [["a", "m"]])


@pytest.mark.parametrize("header", ["path,Path", "model; path ;PATH"])
def test_two_columns_of_one_name_are_refused(header):
    with pytest.raises(ShopsimError, match=r"'t.csv' has the column 'path' more than once; each needs its own name"):
        parse_table(f"{header}\n", "t.csv")


def test_rows_and_columns_without_anything_are_what_spreadsheets_leave_behind():
    assert parse_table("\n;;\npath;model;\na;m;\n;;\n\n", "t.csv") == (["path", "model", ""], [["a", "m", ""]])


def test_one_column_needs_no_delimiter():
    assert parse_table("path\na.jpg\n", "t.csv") == (["path"], [["a.jpg"]])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty; a table needs a header line"),
        ("sep=;\n", "is empty; a table needs a header line"),
        ("path;model\na\n", "Line 2 of 't.csv' has 1 cells; its header has 2"),
        ("path;a,b\nx;1;2\n", "Line 2 of 't.csv' has"),
        ('path,model\n"a\n', "is not valid CSV"),
    ],
)
def test_what_is_no_table_gets_a_sentence(text, told):
    with pytest.raises(ShopsimError, match=told):
        parse_table(text, "t.csv")


@pytest.mark.parametrize(
    ("text", "is_table"),
    [
        ("Image_ID;Group\na;1\n", True),
        ('"path"|model\n', True),
        ("sep=\t\nx\ty\n", True),
        ("path\nb\n", False),
        ("bag, red\nbag, blue\n", False),
        ("", False),
        ('"a\n', False),
    ],
)
def test_a_table_is_known_by_its_first_line(text, is_table):
    assert starts_as_table(text) is is_table


cells = st.text(",;\t|\"' \r\nsep=a가", max_size=6)


@given(st.sampled_from(",;\t|"), st.lists(st.tuples(cells.filter(str.strip), cells)))
def test_what_any_program_writes_is_read_back(delimiter, rows):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([("path", "model"), *rows])
    assert parse_table(text.getvalue(), "t.csv") == (["path", "model"], [list(row) for row in rows])
