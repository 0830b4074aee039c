"""`--strict`, chained groups and clusterers that are cut by something else than a similarity, on the command line."""

import json

import numpy as np
import pytest
from group_tables import read_groups_csv
from vectors import at_angles

from shopsim.cli.main import main
from shopsim.grouping.groups_csv import COLUMNS

AT = float(np.cos(np.deg2rad(11)))


@pytest.fixture
def folder(tmp_path):
    """Ten photos in a chain, each 9 or 10 degrees from the next, and two pairs."""
    chain = (0, 9, 19, 28, 38, 47, 57, 66, 76, 85, 180, 185, 270, 275)
    np.save(tmp_path / "features.npy", at_angles(*chain))
    (tmp_path / "img_paths.txt").write_text("\n".join(f"{place:02}.jpg" for place in range(len(chain))))
    return tmp_path


@pytest.fixture
def call(folder, capsys):
    """Groups that folder with more options: (exit code, stdout, stderr)."""

    def run(*more):
        options = ["--space", "raw", "--out", folder / "out", *more]
        try:
            code = main([str(argument) for argument in ["group", folder, *options]])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return run


def fields(answer):
    code, out, err = answer
    assert code == 0, err
    return json.loads(out)


def test_a_chain_is_counted_and_strict_splits_it(call, folder):
    plain = fields(call("--clusterer", "single", "--threshold", AT, "--json"))
    assert (plain["n_groups"], plain["strict"], plain["n_chained"]) == (3, False, 1)
    strict = fields(call("--clusterer", "single", "--threshold", AT, "--strict", "--json"))
    assert (strict["n_groups"], strict["strict"], strict["n_chained"]) == (7, True, 0)
    table = read_groups_csv(folder / "out" / "groups.csv")
    assert tuple(table.columns) == COLUMNS
    assert table["group"].nunique() == 7


def test_people_are_told_of_a_chain_and_of_strict(call):
    assert (
        "1 group hangs together by a chain of photos; --strict" in call("--clusterer", "single", "--threshold", AT)[1]
    )
    said = call("--clusterer", "single", "--threshold", AT, "--strict")[1]
    assert f"similarity {AT!r} (98.2%), strict" in said
    assert "chain" not in said


@pytest.mark.parametrize("clusterer, what", [("kmeans", "a number of groups"), ("leiden", "a resolution")])
def test_strict_without_a_threshold_is_wrong_usage(call, clusterer, what):
    code, _, error = call("--clusterer", clusterer, "--strict")
    assert code == 2
    assert f"{clusterer} takes {what}." in error


@pytest.mark.parametrize(
    "clusterer, threshold, kind",
    [
        ("leiden", "0.05", "resolution"),
        ("affinity_propagation", "-1.5", "resolution"),
        ("average_count", "4", "count"),
        ("hdbscan", "62%", "similarity"),
        ("dbscan_sklearn", "0.9", "similarity"),
    ],
)
def test_a_threshold_is_read_as_what_the_clusterer_is_cut_by(call, clusterer, threshold, kind):
    found = fields(call("--clusterer", clusterer, "--threshold", threshold, "--json"))
    wanted = float(threshold.removesuffix("%")) / (100 if "%" in threshold else 1)
    assert (found["control"], found["threshold"]) == (kind, pytest.approx(wanted))
    assert (found["n_chained"] is None) == (clusterer != "dbscan_sklearn")


@pytest.mark.parametrize("threshold, code", [("20%", 2), ("2", 1), ("0", 1)])
def test_a_resolution_out_of_range_or_in_percent_is_answered_with_a_sentence(call, threshold, code):
    answer = call("--clusterer", "leiden", "--threshold", threshold)
    assert answer[0] == code
    assert "resolution" in answer[2].lower()


def test_an_unknown_option_of_a_setting_is_wrong_usage(call):
    code, _, error = call("--clusterer", "kmeans_estimated", "--rule", "elbow")
    assert code == 2
    assert "'rule' is 'elbow'; it must be one of photos, silhouette, tree." in error
