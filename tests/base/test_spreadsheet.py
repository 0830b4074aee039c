"""Tables as CSV: one writer, which guards text and leaves numbers alone."""

import numpy as np

from shopsim.base.text.spreadsheet import Digits, csv_bytes

ROW = ["=1+1", -1, -0.5, np.int64(-2), Digits("-0.50"), "-1", None, ""]


def test_text_is_guarded_and_numbers_are_not():
    assert csv_bytes(["a", "b"], [ROW]) == b"\xef\xbb\xbfa,b\r\n'=1+1,-1,-0.5,-2,-0.50,'-1,,\r\n"


def test_raw_guards_nothing():
    assert csv_bytes(["a"], [ROW], raw=True) == b"\xef\xbb\xbfa\r\n=1+1,-1,-0.5,-2,-0.50,-1,,\r\n"


def test_a_header_may_come_from_outside_too():
    assert csv_bytes(["=1+1"], []) == b"\xef\xbb\xbf'=1+1\r\n"
