"""The command line as other programs see it: files, one JSON object, runs that are cut short."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from catalog_fixtures import PROJECT
from cli_cases import documented, sentence, written
from vector_folders import vectors_folder

from shopsim.cli.result import to_json

# Registers an extractor that takes its time, then runs the command line.
SLOW_RUN = """
import sys, time
sys.path.insert(0, {helpers!r})
from fake_extractor import FakeExtractor
from shopsim.features.extractors import extractors
from shopsim.cli.main import main
import signal
signal.signal(signal.SIGTERM, signal.default_int_handler)
# A shell that runs the tests in the background lets all they start ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
class Slow(FakeExtractor):
    def extract(self, images):
        time.sleep({pause})
        return super().extract(images)
extractors.register("slow", title="", source="")(Slow)
sys.exit(main())
"""


def test_json_has_full_precision(group):
    result = group("--threshold", "0.5")
    precision = result["tp"] / (result["tp"] + result["fp"])
    assert result["pair_precision"] == precision


def test_what_is_not_finite_is_null_in_json():
    values = {"a": float("nan"), "b": [float("inf"), np.float64("nan"), 0.1]}
    assert json.loads(to_json(values)) == {"a": None, "b": [None, None, 0.1]}


def undocumented(result):
    """Fields of a JSON object that docs/json.md does not document."""
    return set(result) - documented()


def test_every_json_field_is_documented(group, run_json, tiny_catalog, fake_extractor, tmp_path):
    out = tmp_path / "export"
    for result in (
        group(),
        run_json("extract", tiny_catalog, "--extractor", "fake"),
        run_json("export", tiny_catalog, "--extractor", "fake", "--out", out),
        run_json("evaluate", out / "labels_true.txt", out / "labels_pred.txt"),
    ):
        assert not undocumented(result)
        assert result["problems"] == []


@pytest.mark.slow
@pytest.mark.nightly("By day the same function draws the demo once, which the word demo opens and test_demo looks at.")
def test_the_demo_is_drawn_as_a_labelled_catalogue(run_json, tmp_path):
    drawn = run_json("demo", "--out", tmp_path / "demo")
    assert drawn["n_images"] == len(list((tmp_path / "demo").rglob("*.jpg"))) > 400
    assert (drawn["form"], drawn["folder"]) == ("contest", str(tmp_path / "demo"))
    assert drawn["n_models"] >= 24
    assert drawn["n_wrong_labels"] > 0
    assert drawn["n_copies"] > 0
    assert not undocumented(drawn)


def test_the_demo_is_not_drawn_over_other_files(run, tiny_catalog):
    assert "not empty" in sentence(run, "demo", "--out", tiny_catalog)


@pytest.mark.slow
def test_the_word_demo_opens_the_built_in_demo(run_json, fake_extractor, demo_folder):
    result = run_json("extract", "demo", "--extractor", "fake")
    assert (result["catalog"], result["folder"]) == ("demo", str(demo_folder))


def test_a_folder_called_demo_goes_first(run_json, fake_extractor, tiny_catalog, monkeypatch):
    tiny_catalog.rename(tiny_catalog.with_name("demo"))
    monkeypatch.chdir(tiny_catalog.parent)
    assert run_json("extract", "demo", "--extractor", "fake")["n_images"] == 16


def test_extract_computes_only_what_is_new(run_json, fake_extractor, tiny_catalog, draw_photo):
    first = run_json("extract", tiny_catalog, "--extractor", "fake")
    draw_photo(tiny_catalog / "bags" / "101_77_0.png", (1, 2, 3))
    second = run_json("extract", tiny_catalog, "--extractor", "fake")
    assert (first["n_computed"], first["n_known"]) == (16, 0)
    assert (second["n_computed"], second["n_known"]) == (1, 16)
    assert fake_extractor.n_extracted == 17


def test_extract_counts_byte_equal_photos_once_and_says_so(run, fake_extractor, tiny_catalog):
    photo = next((tiny_catalog / "bags").glob("101_*.png"))
    (tiny_catalog / "bags" / "101_77_0.png").write_bytes(photo.read_bytes())
    line = run("extract", tiny_catalog, "--extractor", "fake")[1].splitlines()[1]
    assert line.startswith("fake: 48 features each of 17 photos, 16 different ones computed now in ")
    assert line.endswith(" s, 0 known from before.")


def test_photos_left_out_are_listed_with_reasons(run, run_json, fake_extractor, tiny_catalog):
    written(tiny_catalog / "bags" / "101_5_5.jpg", "no photo")
    problems = run_json("extract", tiny_catalog, "--extractor", "fake")["problems"]
    assert [problem["name"] for problem in problems] == ["bags/101_5_5.jpg"]
    _, out, err = run("extract", tiny_catalog, "--extractor", "fake")
    assert f"Left out 'bags/101_5_5.jpg': {problems[0]['reason']}" in err
    assert "Left out" not in out


def test_a_damaged_photo_that_is_used_is_told_apart(run, run_json, fake_extractor, tiny_catalog, draw_photo):
    draw_photo(tiny_catalog / "bags" / "101_5_5.jpg", (1, 2, 3))
    path = tiny_catalog / "bags" / "101_5_5.jpg"
    path.write_bytes(path.read_bytes()[:-2])
    found = run_json("extract", tiny_catalog, "--extractor", "fake")
    assert found["n_images"] == 17
    reason = "read, but damaged: the end of the file is missing"
    assert found["problems"] == [{"name": "bags/101_5_5.jpg", "reason": reason, "left_out": False}]
    _, _, err = run("extract", tiny_catalog, "--extractor", "fake")
    assert f"Note on 'bags/101_5_5.jpg': {reason}" in err
    assert "Left out" not in err


def test_evaluate_scores_two_files_of_lines(run_json, tmp_path):
    true = written(tmp_path / "true.txt", "01\n01\n01\n02\n02\n03\n")
    pred = written(tmp_path / "pred.txt", "01\n01\n02\n02\n03\n04\n")
    result = run_json("evaluate", true, pred)
    assert result["ari"] == pytest.approx(0.18918918918918917, abs=1e-15)
    assert (result["n_images"], result["n_models"], result["n_groups"], result["n_singletons"]) == (6, 3, 4, 2)
    assert (result["tp"], result["fp"], result["fn"], result["tn"]) == (1, 1, 3, 10)


def test_evaluate_joins_two_csvs_by_photo(run_json, group, tmp_path):
    grouped = group("--threshold", "0.7")
    lines = (tmp_path / "out" / "groups.csv").read_text("utf-8-sig").splitlines()
    shuffled = written(tmp_path / "shuffled.csv", "\r\n".join([lines[0], *reversed(lines[1:])]) + "\r\n")
    result = run_json("evaluate", tmp_path / "out" / "groups.csv", shuffled)
    assert result["ari"] == grouped["ari"]


def test_export_writes_the_baselines_files_and_opens_again(run_json, tiny_catalog, fake_extractor, tmp_path):
    out = tmp_path / "export"
    exported = run_json("export", tiny_catalog, "--extractor", "fake", "--out", out)
    labels = {f"labels_{which}.{suffix}" for which in ("true", "pred") for suffix in ("npy", "txt", "tsv")}
    expected = labels | {
        "img_paths.txt",
        "features.npy",
        "features.tsv",
        "metadata.tsv",
        "groups.csv",
        "groups.parquet",
    }
    assert {path.name for path in out.iterdir()} == {Path(file).name for file in exported["files"]} == expected
    assert np.load(out / "features.npy").shape == (16, 48)
    reopened = run_json("group", out, "--out", tmp_path / "again")
    assert (reopened["extractor"], reopened["form"]) == ("own_vectors", "vectors")
    assert reopened["ari"] == exported["ari"]
    scored = run_json("evaluate", out / "labels_true.txt", out / "labels_pred.txt")
    assert scored["ari"] == exported["ari"]


def test_an_export_that_fails_leaves_the_old_one_whole(run, tiny_catalog, fake_extractor, tmp_path, monkeypatch):
    options = ("--extractor", "fake", "--out", tmp_path / "export")
    assert run("export", tiny_catalog, *options, "--threshold", "0.9")[0] == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "export").iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shopsim.grouping.baseline_files._write_feature_rows", full)
    assert "No space left on device, " in sentence(run, "export", tiny_catalog, *options, "--threshold", "0.1")
    assert {path.name: path.read_bytes() for path in (tmp_path / "export").iterdir()} == before


@pytest.mark.parametrize("command", ["export", "tune"])
@pytest.mark.parametrize("inside", ["", "out", "new/deep", "link"])
def test_arrays_are_not_written_among_the_photos(run, tiny_catalog, fake_extractor, tmp_path, command, inside):
    (tmp_path / "link").symlink_to(tiny_catalog)
    out = tmp_path / "link" / "out" if inside == "link" else tiny_catalog / inside
    before = sorted(tiny_catalog.rglob("*"))
    said = sentence(run, command, tiny_catalog, "--extractor", "fake", "--out", out)
    assert said == f"'{out}' is or lies in '{tiny_catalog}', which is grouped; choose another folder for --out."
    assert sorted(tiny_catalog.rglob("*")) == before


def test_an_export_of_vectors_is_not_written_beside_them(run, run_json, tmp_path):
    vectors = vectors_folder(tmp_path / "own", 2, 3) / "features.npy"
    assert "holds 'features.npy', which is grouped" in sentence(run, "export", vectors, "--out", vectors.parent)
    assert len(run_json("export", vectors, "--out", vectors.parent / "out")["files"]) == 12


def test_ctrl_c_is_one_sentence_and_exit_code_1(run, fake_extractor, tiny_catalog, monkeypatch):
    monkeypatch.setattr(fake_extractor, "extract", lambda images: (_ for _ in ()).throw(KeyboardInterrupt))
    assert "What was finished is kept" in sentence(run, "extract", tiny_catalog, "--extractor", "fake")


def slow_run(*arguments, pause=1.0):
    script = SLOW_RUN.format(helpers=str(PROJECT / "tests/helpers"), pause=pause)
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_rows(cache, process):
    """Until the first batch is stored; the run goes on."""
    deadline = time.monotonic() + 30
    while not any((cache / "features").rglob("*.rows")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_run_goes_on_where_it_was(tiny_catalog, tmp_path, blow):
    arguments = ("extract", tiny_catalog, "--extractor", "slow", "--json")
    cut_short = slow_run(*arguments)
    wait_for_rows(tmp_path / "shopsim-cache", cut_short)
    cut_short.send_signal(blow)
    out, err = cut_short.communicate(timeout=30)
    assert out == ""
    if blow != signal.SIGKILL:
        assert cut_short.returncode == 1
        assert "What was finished is kept" in err.splitlines()[-1]
        assert not list((tmp_path / "shopsim-cache").rglob("*.tmp"))
    out, err = slow_run(*arguments, pause=0).communicate(timeout=60)
    result = json.loads(out)
    assert 0 < result["n_known"] < 16
    assert result["n_computed"] == 16 - result["n_known"]
    assert result["n_images"] == 16


def test_a_reader_that_leaves_early_causes_no_traceback(tmp_path):
    labels = written(tmp_path / "labels.txt", "1\n2\n")
    command = f"'{sys.executable}' -m shopsim evaluate '{labels}' '{labels}' | true"
    ended = subprocess.run(["bash", "-c", command], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
