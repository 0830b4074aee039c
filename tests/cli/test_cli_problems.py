"""Files with a problem on the command line: listed, counted and written."""

import json

from shopsim.catalog.catalog import Problem
from shopsim.cli.problem_list import problem_lines
from shopsim.cli.result import Result

MANY = [Problem(f"{number}.jpg", "blank" if number == 2400 else "gone") for number in range(2500)]


def test_json_lists_the_first_thousand_and_counts_all(capsys):
    Result({}, [], MANY).show("group", as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert [problem["name"] for problem in found["problems"]] == [f"{number}.jpg" for number in range(1000)]
    assert found["n_problems"] == 2500
    assert found["problem_reasons"] == [
        {"reason": "gone", "left_out": True, "n_files": 2499},
        {"reason": "blank", "left_out": True, "n_files": 1},
    ]


def test_text_lists_the_first_thousand_and_counts_all(capsys):
    Result({}, [], MANY).show("group", as_json=False)
    lines = capsys.readouterr().err.splitlines()
    assert lines[999] == "Left out '999.jpg': gone"
    assert lines[1000] == "And 1,500 more, 2,500 in all; --problems FILE writes all of them. By reason:"
    assert lines[1001:] == ["  2,499 files left out: gone", "  1 file left out: blank"]


def test_a_few_problems_are_only_listed():
    assert problem_lines(MANY[:2]) == ["Left out '0.jpg': gone", "Left out '1.jpg': gone"]


def test_a_file_takes_every_problem(run, fake_extractor, tiny_catalog, tmp_path):
    for number in range(3):
        (tiny_catalog / "bags" / f"101_5_{number + 5}.jpg").write_text("no photo")
    code, _, _ = run("extract", tiny_catalog, "--extractor", "fake", "--problems", tmp_path / "problems.csv")
    lines = (tmp_path / "problems.csv").read_text("utf-8-sig").splitlines()
    assert code == 0
    assert [line.split(",")[0] for line in lines] == ["file", *(f"bags/101_5_{number}.jpg" for number in (5, 6, 7))]


def test_a_folder_is_refused_before_the_work(run, fake_extractor, tiny_catalog, tmp_path):
    code, out, err = run("extract", tiny_catalog, "--extractor", "fake", "--problems", tmp_path)
    assert (code, out) == (1, "")
    assert f"'{tmp_path}' is a folder; --problems needs the name of a file." in err
    code, _, err = run("extract", tiny_catalog, "--extractor", "fake", "--problems", tmp_path / "no" / "a.csv")
    assert code == 1
    assert "is no folder; --problems needs a file in a folder that exists." in err
