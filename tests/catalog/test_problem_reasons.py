"""Counts of files with a problem."""

from shopsim.catalog.catalog import Problem
from shopsim.catalog.problem_reasons import OTHER_REASONS, ReasonCount, count_reasons, problems_csv

GONE = "there is no such file"


def test_equal_reasons_are_counted_the_most_frequent_first():
    problems = [Problem("b.jpg", "blank"), *(Problem(f"{number}.jpg", GONE) for number in range(3))]
    assert count_reasons(problems) == [ReasonCount(GONE, True, 3), ReasonCount("blank", True, 1)]


def test_a_reason_that_names_its_file_is_one_reason():
    problems = [Problem(f"a/{number}.jpg", f"Cannot read '{number}.jpg' as an image: cut off") for number in range(4)]
    assert count_reasons(problems) == [ReasonCount("Cannot read the file as an image: cut off", True, 4)]


def test_photos_that_take_part_are_counted_apart():
    problems = [Problem("a.jpg", "cut off"), Problem("b.jpg", "cut off", left_out=False)]
    assert {(count.left_out, count.n_files) for count in count_reasons(problems)} == {(True, 1), (False, 1)}


def test_rare_reasons_are_counted_together_and_none_is_lost():
    problems = [Problem(f"{number}.jpg", f"reason {number % 70}") for number in range(100)]
    counts = count_reasons(problems)
    assert len(counts) == 51
    assert counts[-1].reason == OTHER_REASONS
    assert sum(count.n_files for count in counts) == 100


def test_the_csv_has_every_problem():
    problems = [Problem(f"{number}.jpg", GONE, left_out=number != 1) for number in range(3000)]
    lines = problems_csv(problems).decode("utf-8-sig").splitlines()
    assert lines[:3] == ["file,reason,left_out", f"0.jpg,{GONE},yes", f"1.jpg,{GONE},no"]
    assert len(lines) == 3001
