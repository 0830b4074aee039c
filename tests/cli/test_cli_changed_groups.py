"""Groups that a rule, corrections or --strict changed: no estimate and no best threshold of other groups is told."""

import csv
import json

import pytest
from cli_cases import documented
from column_cases import table_of_photos

from shopsim.catalog.open_folder import load_catalog
from shopsim.cli.main import main
from shopsim.grouping.corrections.action import SPLIT, action
from shopsim.grouping.corrections.store import keep
from shopsim.tuning.built_in import opening
from shopsim.tuning.built_in.shipped import shipped

pytestmark = pytest.mark.usefixtures("fake_extractor")
NOTE = "Scores and costs are not estimated with a never-join rule or corrections"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Photos with brands, and for the extractor of the tests the built-in settings of a real one."""
    monkeypatch.setattr(opening, "shipped", lambda extractor: shipped("efficientnet_lite0"))
    return table_of_photos(tmp_path / "photos")


@pytest.fixture
def unlabelled(folder):
    """The same photos without models."""
    table = folder / "catalog.csv"
    rows = list(csv.reader(table.read_text().splitlines()))
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([row[:1] + row[4:] for row in rows])
    return folder


@pytest.fixture
def costed(capsys, tmp_path):
    """Runs a command with costs: its text and its fields."""

    def call(folder, *options, command="group"):
        out = tmp_path / ("report.html" if command == "report" else "out")
        given = [command, folder, "--extractor", "fake", "--out", out, "--costs", "5", "1", *options]
        found = []
        for more in ([], ["--json"]):
            assert main([*map(str, given), *more]) == 0
            found.append(capsys.readouterr().out)
        return found[0], json.loads(found[1])

    return call


def correct(folder):
    catalog = load_catalog(folder)
    digests = [image.digest for image in catalog.images]
    keep(catalog, action(SPLIT, [digests[:1], digests[1:4]], "Jisoo"))


@pytest.mark.parametrize("option", [("--never-join", "brand"), ("--corrections",)])
def test_without_labels_nothing_is_estimated_of_changed_groups(option, unlabelled, costed, tmp_path):
    correct(unlabelled)
    plain = costed(unlabelled)[1]
    assert plain["expected"] is not None
    assert plain["costs"]["estimated"]
    assert plain["expected_note"] == ""
    said, fields = costed(unlabelled, *option)
    assert fields["expected"] is fields["photos_per_model"] is fields["costs"]["cost"] is None
    assert fields["costs"]["best_threshold"] is None
    assert fields["expected_note"] in said
    assert fields["expected_note"].startswith(NOTE)
    assert "there is no estimate for these groups" in said
    assert "Expected without labels" not in said
    assert set(fields) <= documented()
    if option == ("--corrections",):
        return  # `report` takes none.
    costed(unlabelled, *option, command="report")
    page = " ".join((tmp_path / "report.html").read_text(encoding="utf-8").split())
    assert "estimate for groups that a never-join rule or corrections changed" in page
    assert "expects an ARI" not in page


def test_measured_scores_and_costs_of_changed_groups_stay(folder, costed):
    fields = costed(folder, "--never-join", "brand")[1]
    assert fields["ari"] is not None
    assert fields["costs"]["cost"] == 5 * fields["fp"] + fields["fn"]
    assert fields["costs"]["best_cost"] <= fields["costs"]["cost"]


def test_strict_groups_have_no_best_threshold(folder, costed, tmp_path):
    said, fields = costed(folder, "--threshold", "0.9", "--strict")
    assert fields["costs"]["cost"] == 5 * fields["fp"] + fields["fn"]
    assert fields["costs"]["best_threshold"] is fields["costs"]["best_cost"] is None
    assert "Which threshold costs least with --strict is not known." in said
    costed(folder, "--threshold", "0.9", "--strict", command="report")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "With strict, the threshold that costs least is not known." in page
    assert "The least possible cost" not in page


def test_an_estimate_of_strict_groups_says_that_it_is_before_the_split(unlabelled, costed, tmp_path):
    said, fields = costed(unlabelled, "--threshold", "0.9", "--strict")
    assert fields["costs"]["estimated"]
    assert fields["costs"]["best_threshold"] is None
    assert "estimated for the groups before --strict splits them" in said
    costed(unlabelled, "--threshold", "0.9", "--strict", command="report")
    assert "before strict splits them" in (tmp_path / "report.html").read_text(encoding="utf-8")
