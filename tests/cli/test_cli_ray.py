"""`--engine ray` as a command: the same files as without, Ctrl-C keeps what was done, and no process stays behind."""

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from catalog_fixtures import PROJECT, photo_folder

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


def until(condition, timeout_s=60.0):
    deadline = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed: pip install ray")
def test_a_command_that_is_stopped_goes_on_and_gives_the_same_file(folder, tmp_path, run, run_json):
    stopped = command("extract", folder, *GROUP[:2])
    until(lambda: list(Path(os.environ["SHOPSIM_CACHE"]).rglob("*.rows")))
    theirs = psutil.Process(stopped.pid).children(recursive=True)
    stopped.send_signal(signal.SIGINT)
    out, err = stopped.communicate(timeout=60)
    assert (stopped.returncode, out) == (1, "")
    assert err.splitlines()[-1].startswith("Stopped. What was finished is kept")
    assert theirs and not psutil.wait_procs(theirs, timeout=10)[1]

    again = command("group", folder, *GROUP, "--out", tmp_path / "ray")
    out, err = again.communicate(timeout=100)
    assert again.returncode == 0, err
    lines = err.splitlines()
    assert lines[0] == "Starting Ray on this machine."
    # Nothing of Ray's own.
    assert all(re.match(rf"[A-Z][a-z_ ]+: [\d,]+ of {N_PHOTOS} photos", line) for line in lines[1:]), err

    cache = os.environ["SHOPSIM_CACHE"]
    os.environ["SHOPSIM_CACHE"] = str(tmp_path / "other-cache")
    assert run_json("extract", folder, *GROUP[:2])["n_computed"] == N_PHOTOS
    assert run("group", folder, *GROUP, "--out", tmp_path / "here")[0] == 0
    os.environ["SHOPSIM_CACHE"] = cache
    assert (tmp_path / "ray" / "groups.csv").read_bytes() == (tmp_path / "here" / "groups.csv").read_bytes()


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
