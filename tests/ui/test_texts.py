"""Words on pages: names are shown as they are written, and one photo is no photos."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopsim.catalog.catalog import Problem
from shopsim.ui.parts.texts import as_written, counted, problems_title


@pytest.mark.parametrize(
    ("name", "markdown"),
    [
        ("plain name.jpg", "plain name.jpg"),
        ("*bold*", r"\*bold\*"),
        ("<b>", r"\<b\>"),
        ("$x$ :red[y]", r"\$x\$ \:red\[y\]"),
        ("a\nb", "a b"),
        ("C:\\photos", r"C\:\\photos"),
        ("가방", "가방"),
        ("- a", r"\- a"),
        ("---", r"\---"),
        ("+ a", r"\+ a"),
        ("1. a", r"1\. a"),
        ("12) a", r"12\) a"),
        ("a - b 1. c", "a - b 1. c"),
    ],
)
def test_marks_of_markdown_are_escaped(name, markdown):
    assert as_written(name) == markdown


@given(st.text())
def test_no_character_is_lost_but_line_ends(name):
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", as_written(name)) == " ".join(name.split())


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 photos"), (1, "1 photo"), (2, "2 photos"), (1200, "1,200 photos")]
)
def test_one_photo_is_no_photos(number, words):
    assert counted(number, "photo") == words


def test_what_is_left_out_is_counted_apart_from_what_is_only_damaged():
    out, damaged = Problem("a", "empty"), Problem("b", "read, but damaged: cut", left_out=False)
    assert problems_title([out, out]) == "2 files left out"
    assert problems_title([damaged]) == "1 photo used all the same"
    assert problems_title([out, damaged, damaged]) == "1 file left out, 2 photos used all the same"
