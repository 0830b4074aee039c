"""`evaluate` on what `group` and `export` write gives the scores that they told."""

import numpy as np
import pytest
from vector_folders import vectors_folder

from shopsim.clusterers import clusterers

# A model called as noise is, ids that are not numbers, what a spreadsheet would run, and no model at all.
MODELS = ["-1", "01", "1", "'=x", "nan bag", "", "é", "2.0"]
SCORES = ("ari", "pair_precision", "pair_recall", "n_labelled", "n_models", "n_groups", "n_singletons")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Photos of eight models by their vectors, noisy enough for every clustering to be wrong here and there."""
    folder = vectors_folder(tmp_path_factory.mktemp("own") / "own", len(MODELS), 6, noise=0.9, labels=False)
    (folder / "labels_true.txt").write_text("".join(f"{model}\n" * 6 for model in MODELS), encoding="utf-8")
    return folder


@pytest.mark.parametrize("clusterer", sorted(clusterers.names()))
def test_evaluate_agrees_with_group(run_json, folder, tmp_path, clusterer):
    told = run_json("export", folder, "--clusterer", clusterer, "--space", "raw", "--out", tmp_path / "out")
    assert told["n_models"] == 7
    groups = tmp_path / "out" / "groups.csv"
    pairs = [(groups, groups)] + [
        (tmp_path / "out" / f"labels_true{end}", tmp_path / "out" / f"labels_pred{other}")
        for end, other in ((".txt", ".tsv"), (".npy", ".npy"), (".tsv", ".npy"), (".npy", ".txt"))
    ]
    for true, pred in pairs:
        again = run_json("evaluate", true, pred)
        assert [again[name] for name in SCORES] == [told[name] for name in SCORES], (true.name, pred.name)


@pytest.mark.parametrize("clusterer", ["dbscan", "dbscan_sklearn", "hdbscan"])
def test_noise_is_written_as_groups_of_one(run_json, folder, tmp_path, clusterer):
    told = run_json("export", folder, "--clusterer", clusterer, "--space", "raw", "--out", tmp_path / "out")
    assert told["n_singletons"] > 0
    assert np.load(tmp_path / "out" / "labels_pred.npy").min() == 0


def test_an_export_that_is_opened_again_has_the_same_models(run_json, folder, tmp_path):
    told = run_json("export", folder, "--out", tmp_path / "out")
    again = run_json("group", tmp_path / "out", "--out", tmp_path / "again")
    assert (again["n_models"], again["n_labelled"]) == (told["n_models"], told["n_labelled"])
