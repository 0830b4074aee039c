"""Labels as programs write them: integers as floats are integers, everything else stays text."""

import unicodedata

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.catalog.labels.label_values import as_integer, as_labels


@pytest.mark.parametrize(
    ("cells", "labels"),
    [
        (["-1.000e+00", "0.000e+00", "1.200e+01"], ["-1", "0", "12"]),
        (["-1.0", "0.0", "2.", "10.00"], ["-1", "0", "2", "10"]),
        (["1", "1.0", "-1.0"], ["1", "1", "-1"]),
        (["1.0", "nan", "", "NaN", "-nan"], ["1", "", "", "", ""]),
        (["nan", "nan"], ["", ""]),
        (["1,0", "-1,0"], ["1", "-1"]),
        (["1,000e+00", "-1,000E+00"], ["1", "-1"]),
        (["-0.0", "+1.0"], ["0", "1"]),
        (["1.513673405200000000e+10"], ["15136734052"]),
        (["15136734052.0", ""], ["15136734052", ""]),
    ],
)
def test_integers_written_as_floats_are_those_integers(cells, labels):
    assert as_labels(cells, "'x'") == labels


@pytest.mark.parametrize(
    "cells",
    [
        ["01", "1", "1.0"],
        ["1.10", "2.0"],
        ["bag", "1.0"],
        ["nan", "bag"],
        ["1", "01", "-1"],
        ["1,000", "2,000"],
        ["1e5", "2E7"],
        ["1.5e+00", "1.0"],
        ["1.0e-05", "1.0"],
        ["inf", "1.0"],
        ["٣.0", "1.0"],
        ["1" * 5000, "+1"],
    ],
)
def test_one_label_that_is_no_such_number_leaves_the_column_as_text(cells):
    assert as_labels(cells, "'x'") == cells


def test_blanks_and_unicode_forms_make_no_other_label():
    assert as_labels([unicodedata.normalize("NFD", " 가방 "), "가방"], "'x'") == ["가방", "가방"]


@pytest.mark.parametrize("text", ["1.51367E+10", "1,51367E+11", "1e+16", "9007199254740993.0", "-1.5e+300"])
def test_a_number_that_lost_its_last_digits_is_refused(text):
    with pytest.raises(ShopsimError, match=r"of 'c.csv' has the number '.*', which may have lost its last"):
        as_labels(["1.0", text], "The column 'model' of 'c.csv'")


@pytest.mark.parametrize("fmt", ["%.18e", "%.3e", "%.1f", "%f", "%g", "%d"])
def test_every_way_of_savetxt_gives_the_integers_back(tmp_path, fmt):
    labels = [-1, 0, 1, 7, 12, -1, 105]
    np.savetxt(tmp_path / "labels.txt", labels, fmt=fmt)
    assert as_labels((tmp_path / "labels.txt").read_text().split(), "'x'") == [str(label) for label in labels]


@pytest.mark.parametrize(("text", "integer"), [("+07", None), ("-0", "0"), ("+1", "1"), ("1.5", None), ("", None)])
def test_only_integers_are_integers(text, integer):
    assert as_integer(text, "'x'") == integer
