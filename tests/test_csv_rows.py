"""The CSV of a selection is the whole CSV with fewer rows."""

import numpy as np

from shopsim.csv_rows import keep_rows
from shopsim.export import groups_csv, read_groups_csv

IDS = ["a,b.jpg", "=1+1.jpg", '가방 "x".jpg', "line\nbreak.jpg"]


def whole(raw=False):
    ids = sorted(IDS)
    return groups_csv(ids, ["m"] * 4, [None] * 4, np.array([0, 0, 1, 1]), np.ones(4), [ids[0]] * 4, raw=raw)


def test_all_rows_are_the_same_bytes():
    assert keep_rows(whole(), range(4)) == whole()


def test_kept_rows_keep_the_size_of_their_whole_group():
    kept = read_groups_csv(keep_rows(whole(), {1, 3}))
    assert kept["image_id"].tolist() == [sorted(IDS)[1], sorted(IDS)[3]]
    assert kept["group_size"].tolist() == [2, 2]


def test_a_formula_stays_guarded():
    position = sorted(IDS).index("=1+1.jpg")
    assert b"'=1+1.jpg" in keep_rows(whole(), {position})


def test_no_rows_leave_the_header():
    assert keep_rows(whole(), ()) == whole().split(b"\r\n")[0] + b"\r\n"
