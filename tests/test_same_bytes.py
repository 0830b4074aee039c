"""The same photos give the same bytes, whatever the number of threads that the environment asks for."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from vector_folders import vectors_folder

from shopsim.base.work.cores import usable_cores
from shopsim.clusterers.lloyd import k_means_labels

PROJECT = Path(__file__).parents[1]
COMMANDS = """
import {imported_before}
from shopsim.cli.main import main
sys.exit(main(["export", {folder!r}, "--out", {out!r}]) or main(["review", {folder!r}, "--out", {out!r}]))
"""


def exported(folder, out, threads, imported_before):
    """The bytes of every file that `export` and `review` write in an environment of so many threads, by name."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    places = {"SHOPSIM_CACHE": str(out / "cache"), "SHOPSIM_HOME": str(out / "home"), "PYTHONHASHSEED": threads}
    script = COMMANDS.format(imported_before=imported_before, folder=str(folder), out=str(out / "files"))
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env=dict(os.environ) | dict.fromkeys(names, threads) | places,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return {path.name: path.read_bytes() for path in (out / "files").iterdir()}


@pytest.mark.skipif(usable_cores() < 2, reason="needs 2 cores: with one there are no threads")
def test_files_do_not_depend_on_the_number_of_threads(tmp_path):
    folder = vectors_folder(tmp_path / "vectors", n_models=12, n_photos=20, n_features=300)
    one = exported(folder, tmp_path / "one", "1", "sys")
    two = exported(folder, tmp_path / "two", "2", "sys")
    assert {"groups.csv", "label_errors.csv", "features.npy", "metadata.tsv"} <= one.keys()
    assert {name for name, data in one.items() if two[name] != data} == set()
    # Streamlit loads NumPy before it runs a page.
    after_numpy = exported(folder, tmp_path / "after", "2", "sys, numpy, scipy.linalg")
    assert {name for name, data in one.items() if after_numpy[name] != data} == set()


def test_k_means_adds_up_its_centres_in_one_thread(monkeypatch):
    from threadpoolctl import threadpool_info

    seen = []

    class Watched:
        def __init__(self, *_, **__):
            seen.extend(library["num_threads"] for library in threadpool_info() if library["user_api"] == "openmp")

        def fit_predict(self, vectors):
            return np.zeros(len(vectors))

    monkeypatch.setattr("sklearn.cluster.KMeans", Watched)
    k_means_labels(np.zeros((4, 2), np.float32), 2, 1, 0)
    assert set(seen) == {1}
