"""`--engine ray` as a command: the same files as without, Ctrl-C keeps what was done, and no process stays behind."""

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from catalog_fixtures import PROJECT, photo_folder
from vectors import clustered_rows

from shopsim.cli import engine
from shopsim.clusterers.nearest_lists import nearest_lists

N_PHOTOS = 260
GROUP = ("--extractor", "color_shape", "--threshold", "0.8")


@pytest.fixture
def folder(tmp_path):
    return photo_folder(tmp_path / "photos", [f"{number:03}.png" for number in range(N_PHOTOS)])


def command(*arguments):
    """A command in a process of its own, which starts Ray."""
    return subprocess.Popen(
        [sys.executable, "-m", "shopsim", *map(str, arguments), "--engine", "ray"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(condition, timeout_s=120.0):
    deadline = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


needs_ray = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed: pip install ray")


@pytest.mark.slow
@needs_ray
def test_a_command_that_is_stopped_keeps_what_was_done(folder, run_json):
    stopped = command("extract", folder, *GROUP[:2])
    until(lambda: list(Path(os.environ["SHOPSIM_CACHE"]).rglob("*.rows")))
    theirs = psutil.Process(stopped.pid).children(recursive=True)
    stopped.send_signal(signal.SIGINT)
    out, err = stopped.communicate(timeout=100)
    assert (stopped.returncode, out) == (1, "")
    assert err.splitlines()[-1].startswith("Stopped. What was finished is kept"), err
    assert theirs and not psutil.wait_procs(theirs, timeout=10)[1]
    again = run_json("extract", folder, *GROUP[:2])
    assert again["n_known"] >= 64
    assert again["n_known"] + again["n_computed"] == N_PHOTOS


@pytest.mark.nightly("By day the engine runs in the tests' own process, and the command with a stand-in")
@needs_ray
def test_a_command_gives_the_same_file_and_says_nothing_of_ray(folder, tmp_path, run, monkeypatch):
    by_ray = command("group", folder, *GROUP, "--out", tmp_path / "ray")
    _, err = by_ray.communicate(timeout=200)
    assert by_ray.returncode == 0, err
    lines = err.splitlines()
    assert "Starting Ray on this machine." in lines
    lines.remove("Starting Ray on this machine.")
    assert all(re.match(rf"[A-Z][a-z_ ]+: [\d,]+ of {N_PHOTOS} photos", line) for line in lines), err
    monkeypatch.setenv("SHOPSIM_CACHE", str(tmp_path / "other-cache"))
    assert run("group", folder, *GROUP, "--out", tmp_path / "here")[0] == 0
    assert (tmp_path / "ray" / "groups.csv").read_bytes() == (tmp_path / "here" / "groups.csv").read_bytes()


def test_group_searches_by_the_engine_that_is_asked_for(tmp_path, run, monkeypatch):
    folder = tmp_path / "vectors"
    folder.mkdir()
    np.save(folder / "features.npy", clustered_rows(3200))
    (folder / "img_paths.txt").write_text("".join(f"{number:04}.png\n" for number in range(3200)))
    calls = []

    def search(rows, offsets, k, cluster, progress):
        calls.append(len(rows))
        return nearest_lists(rows, offsets, k)

    monkeypatch.setattr(engine, "check_ray", lambda: None)
    monkeypatch.setattr(engine, "lists_by_ray", search)
    files = []
    for name in ("ray", "here"):
        monkeypatch.setenv("SHOPSIM_CACHE", str(tmp_path / f"cache-{name}"))
        options = ("--space", "raw", "--threshold", "0.5", "--engine", name, "--out", tmp_path / name)
        assert run("group", folder, *options)[0] == 0
        files.append((tmp_path / name / "groups.csv").read_bytes())
    assert files[0] == files[1]
    assert calls == [3200]


def test_known_rows_start_no_ray(tiny_catalog, run, run_json, monkeypatch):
    assert run_json("extract", tiny_catalog, *GROUP[:2])["n_computed"] == 16
    monkeypatch.setattr("shopsim.cli.engine.check_ray", lambda: None)
    monkeypatch.setattr("shopsim.base.work.ray_cluster.start_here", lambda *_: pytest.fail("started"))
    assert run_json("extract", tiny_catalog, *GROUP[:2], "--engine", "ray")["n_known"] == 16


def test_a_missing_package_is_said_before_the_work(tiny_catalog, run, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    code, out, err = run("extract", tiny_catalog, *GROUP[:2], "--engine", "ray")
    assert (code, out) == (1, "")
    assert err.endswith("The engine 'ray' needs ray; type: pip install ray\n")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--ray-address", "auto"), "--ray-address is given without --engine ray"),
        (("--engine", "spark"), "argument --engine: invalid choice: 'spark'"),
        (("--engine", "ray", "--tuned-on", "elsewhere"), "--engine ray does not go with --tuned-on"),
    ],
)
def test_options_that_do_not_fit_are_refused(tiny_catalog, run, tmp_path, options, sentence):
    code, out, err = run("group", tiny_catalog, "--out", tmp_path / "out", *options)
    assert (code, out) == (2, "")
    assert sentence in err
