"""The command line as other programs see it: files, one JSON object, exit codes, sentences."""

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import shopsim.cli
from shopsim.cli.progress_line import ProgressLine, duration
from shopsim.cli.result import to_json
from shopsim.export import read_groups_csv

PROJECT = Path(__file__).parents[1]
# Registers an extractor that takes its time, then runs the command line.
SLOW_RUN = """
import sys, time
sys.path.insert(0, {tests!r})
from conftest import FakeExtractor
from shopsim.extractors import extractors
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


@pytest.fixture
def run_json(run):
    """Runs a command that must succeed and gives its JSON object."""

    def call(*arguments):
        code, out, err = run(*arguments, "--json")
        assert code == 0, err
        assert out.count("\n") == 1
        return json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))

    return call


@pytest.fixture
def group(run_json, tiny_catalog, fake_extractor, tmp_path):
    """Groups the tiny catalogue with more options: the JSON object."""
    return lambda *more: run_json("group", tiny_catalog, "--extractor", "fake", "--out", tmp_path / "out", *more)


def sentence(run, *arguments, code=1):
    """The one line on stderr with which a command fails, stdout being empty."""
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    return err.strip().splitlines()[-1]


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_group_writes_a_csv_of_every_photo(group, tmp_path):
    result = group()
    table = read_groups_csv(tmp_path / "out" / "groups.csv")
    assert len(table) == result["n_images"] == 16
    assert table["group"].nunique() == result["n_groups"]
    assert result["files"] == [str(tmp_path / "out" / "groups.csv")]


def test_without_threshold_labels_choose_the_best_and_say_so(group):
    chosen, best = group(), group("--threshold", "best")
    assert chosen["tuned_on"] == best["tuned_on"] == "tuned on these photos"
    assert chosen["threshold"] == best["threshold"]
    for threshold in np.linspace(-0.5, 1, 16):
        assert group(f"--threshold={threshold}")["ari"] <= best["ari"] + 1e-12


def test_the_threshold_printed_gives_the_same_groups_again(group, tmp_path):
    first = group()
    before = (tmp_path / "out" / "groups.csv").read_bytes()
    again = group("--threshold", repr(first["threshold"]))
    assert again["ari"] == first["ari"]
    assert again["tuned_on"] == "not known"
    assert (tmp_path / "out" / "groups.csv").read_bytes() == before


def test_a_percentage_is_the_same_threshold(group):
    assert group("--threshold", "62%")["threshold"] == group("--threshold", "0.62")["threshold"] == 0.62


def test_without_labels_a_guess_is_taken_and_scores_are_null(group):
    result = group("--form", "plain")
    assert result["tuned_on"] == "a guess without labels"
    assert 1 < result["n_groups"] < 16
    assert all(result[name] is None for name in ("ari", "pair_precision", "pair_recall", "pair_f1", "tp", "ami"))
    assert (result["n_labelled"], result["n_models"]) == (0, 0)


def test_best_without_labels_is_refused_before_any_work(run, tiny_catalog, fake_extractor, tmp_path):
    options = ("--extractor", "fake", "--form", "plain", "--threshold", "best", "--out", tmp_path / "out")
    assert "no true labels" in sentence(run, "group", tiny_catalog, *options)
    assert fake_extractor.n_extracted == 0


def test_kmeans_takes_a_number_of_groups(group):
    assert group("--clusterer", "kmeans", "--threshold", "4")["n_groups"] == 4


def test_kmeans_opens_with_the_baselines_number(group):
    result = group("--clusterer", "kmeans", "--photos-per-model", "8")
    assert (result["control"], result["threshold"], result["tuned_on"]) == ("count", 2.0, "not known")
    assert group("--clusterer", "kmeans")["tuned_on"] == "nothing tuned"


def test_each_category_is_scored_by_itself(group):
    whole, categories = group("--threshold", "0.5"), group("--threshold", "0.5")["categories"]
    assert [category["category"] for category in categories] == ["bags", "shoes"]
    assert sum(category["n_images"] for category in categories) == whole["n_images"]
    assert all(category["n_models"] == 2 and category["ari"] is not None for category in categories)


def test_one_category_is_grouped_alone(group):
    assert (group("--category", "bags")["n_images"], group("--category", "bags")["n_models"]) == (8, 2)


def test_an_unknown_category_is_answered_with_the_known(run, tiny_catalog, fake_extractor, tmp_path):
    options = ("--extractor", "fake", "--category", "hats", "--out", tmp_path)
    assert "Known: bags, shoes." in sentence(run, "group", tiny_catalog, *options)


def test_a_known_number_of_photos_a_model_chooses_the_threshold(group, run, tiny_catalog, tmp_path):
    result = group("--expect-photos", "4")
    assert result["tuned_on"] == "a guess for models of 4 photos"
    assert group("--expect-photos", "16")["n_groups"] == 1
    for options in (["--threshold", "0.5"], ["--clusterer", "kmeans"]):
        assert run("group", tiny_catalog, "--out", tmp_path / "o", "--expect-photos", "4", *options)[0] == 2
    assert run("group", tiny_catalog, "--out", tmp_path / "o", "--expect-photos", "0.5")[0] == 2


def test_copies_are_counted_or_left_out(group, tiny_catalog):
    photo = next(tiny_catalog.rglob("*.png"))
    shutil.copy(photo, photo.with_name("101_999_9.png"))
    assert (group()["n_images"], group()["n_copies"]) == (17, 1)
    assert (group("--no-copies")["n_images"], group("--no-copies")["n_copies"]) == (16, 0)


def test_a_labels_file_makes_a_plain_folder_scored(group, tmp_path):
    labels = written(tmp_path / "labels.txt", "a\nb\n" * 8)
    assert group("--form", "plain", "--labels", labels)["n_models"] == 2


def test_a_setting_reaches_the_space_and_the_clusterer(group, draw_photo, tiny_catalog):
    for seed in range(100, 130):
        draw_photo(tiny_catalog / "bags" / f"103_{seed}_0.png", (seed, 250 - seed, 100), seed)
    result = group("--strength", "0", "--clusterer", "dbscan", "--min-samples", "3")
    assert result["space_settings"] == {"strength": 0.0, "components": 0}
    assert result["clusterer_settings"] == {"min_samples": 3}
    assert "strength 0 " in result["space_note"]


def test_raw_leaves_formulas_unguarded(group, tiny_catalog, tmp_path):
    photo = next((tiny_catalog / "bags").glob("*.png"))
    photo.rename(photo.with_name("=1+1.png"))
    (tiny_catalog / "bags").rename(tiny_catalog / "=bags")
    for more, first in (((), "'=bags/"), (("--raw",), "=bags/")):
        group("--form", "contest", *more)
        rows = list(csv.reader(io.StringIO((tmp_path / "out" / "groups.csv").read_text("utf-8-sig"))))
        assert rows[1][0].startswith(first)


def test_json_has_full_precision(group):
    result = group("--threshold", "0.5")
    precision = result["tp"] / (result["tp"] + result["fp"])
    assert result["pair_precision"] == precision


def test_what_is_not_finite_is_null_in_json():
    values = {"a": float("nan"), "b": [float("inf"), np.float64("nan"), 0.1]}
    assert json.loads(to_json(values)) == {"a": None, "b": [None, None, 0.1]}


def undocumented(result):
    """Fields of a JSON object that `shopsim.cli` does not tell of."""
    return set(result) - set(re.findall(r"\w+", shopsim.cli.__doc__))


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


def test_photos_left_out_are_listed_with_reasons(run, run_json, fake_extractor, tiny_catalog):
    written(tiny_catalog / "bags" / "101_5_5.jpg", "no photo")
    problems = run_json("extract", tiny_catalog, "--extractor", "fake")["problems"]
    assert [problem["name"] for problem in problems] == ["bags/101_5_5.jpg"]
    _, out, err = run("extract", tiny_catalog, "--extractor", "fake")
    assert f"Left out 'bags/101_5_5.jpg': {problems[0]['reason']}" in err
    assert "Left out" not in out


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
    expected = labels | {"img_paths.txt", "features.npy", "features.tsv", "metadata.tsv", "groups.csv"}
    assert {path.name for path in out.iterdir()} == {Path(file).name for file in exported["files"]} == expected
    assert np.load(out / "features.npy").shape == (16, 48)
    reopened = run_json("group", out, "--out", tmp_path / "again")
    assert (reopened["extractor"], reopened["form"]) == ("own_vectors", "vectors")
    assert reopened["ari"] == exported["ari"]
    scored = run_json("evaluate", out / "labels_true.txt", out / "labels_pred.txt")
    assert scored["ari"] == exported["ari"]


def test_export_beside_the_photos_is_refused(run, tiny_catalog, fake_extractor):
    options = ("--extractor", "fake", "--out", tiny_catalog)
    assert "choose another folder" in sentence(run, "export", tiny_catalog, *options)
    assert not (tiny_catalog / "img_paths.txt").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["nonsense"],
        ["group"],
        ["group", "x", "--out", "y", "--extractor", "mobilnet"],
        ["group", "x", "--out", "y", "--clusterer", "kmean"],
        ["group", "x", "--out", "y", "--threshold", "high"],
        ["group", "x", "--out", "y", "--threshold", "nan"],
        ["group", "x", "--out", "y", "--threshold", "62", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--clusterer", "kmeans", "--threshold", "62%", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--clusterer", "kmeans", "--threshold", "2.5", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--clusterer", "kmeans", "--threshold", "best", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--strength", "7", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--strength", "nan", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--min-samples", "3", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--thresh", "0.5", "--extractor", "own_vectors"],
        ["evaluate", "one.txt"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(run, wrong):
    assert "error: " in sentence(run, *wrong, code=2)


def test_a_setting_nobody_has_is_named(run, tiny_catalog, fake_extractor):
    options = ("--extractor", "fake", "--out", "y", "--min-samples", "3")
    message = sentence(run, "group", tiny_catalog, *options, code=2)
    assert "--min-samples is given, but none of what is chosen (fake, whitened, average)" in message


def test_a_missing_folder_is_one_sentence(run, fake_extractor, tmp_path):
    code, out, err = run("group", tmp_path / "nowhere", "--extractor", "fake", "--out", tmp_path / "out")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "is not a folder" in err


def test_a_folder_without_photos_is_one_sentence(run, fake_extractor, tmp_path):
    (tmp_path / "empty").mkdir()
    options = ("--extractor", "fake", "--out", tmp_path / "out")
    assert "holds no photo" in sentence(run, "group", tmp_path / "empty", *options)


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_as_out_is_refused_before_any_work(run, tiny_catalog, fake_extractor, tmp_path, below):
    out = written(tmp_path / "file", "mine") / below
    assert "is a file" in sentence(run, "group", tiny_catalog, "--extractor", "fake", "--out", out)
    assert (tmp_path / "file").read_text() == "mine"
    assert fake_extractor.n_extracted == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_out_is_one_sentence(run, tiny_catalog, fake_extractor, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    options = ("--extractor", "fake", "--out", tmp_path / "locked")
    assert "permission denied" in sentence(run, "group", tiny_catalog, *options)


def test_ctrl_c_is_one_sentence_and_exit_code_1(run, fake_extractor, tiny_catalog, monkeypatch):
    monkeypatch.setattr(fake_extractor, "extract", lambda images: (_ for _ in ()).throw(KeyboardInterrupt))
    assert "What was finished is kept" in sentence(run, "extract", tiny_catalog, "--extractor", "fake")


def slow_run(*arguments, pause=1.0):
    script = SLOW_RUN.format(tests=str(PROJECT / "tests"), pause=pause)
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_rows(cache, process):
    """Until the first batch is stored; the run goes on."""
    deadline = time.monotonic() + 30
    while not any(path.name.count(".") == 1 for path in (cache / "features").rglob("*.npy")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    # A batch is more than one file.
    time.sleep(0.3)


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


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self):
        return True


def test_a_terminal_sees_one_line_that_rewrites_itself(monkeypatch):
    clock = iter(float(tick) for tick in range(100))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    shown = Terminal()
    with ProgressLine("Extracting", shown) as progress:
        for done in range(0, 50, 10):
            progress(done, 40)
    assert shown.getvalue().count("\n") == 1
    assert shown.getvalue().count("\r") == 6
    assert "10 of 40 photos, 10.0/s, 3 s left" in shown.getvalue()


def test_a_log_file_sees_few_lines(monkeypatch):
    clock = iter(float(tick) for tick in range(200))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    shown = io.StringIO()
    with ProgressLine("Extracting", shown) as progress:
        for done in range(101):
            progress(done, 100)
    assert 3 <= len(shown.getvalue().splitlines()) <= 12
    assert shown.getvalue().splitlines()[-1].startswith("Extracting: 100 of 100 photos, ")
    assert "\r" not in shown.getvalue()


def test_what_an_earlier_run_did_does_not_count_towards_the_rate(monkeypatch):
    clock = iter([0.0, 0.0, 10.0, 20.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    shown = io.StringIO()
    with ProgressLine("Extracting", shown) as progress:
        progress(900, 1000)
        progress(950, 1000)
    assert "950 of 1,000 photos, 5.0/s, 10 s left" in shown.getvalue()


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations_read_as_people_say_them(seconds, text):
    assert duration(seconds) == text
