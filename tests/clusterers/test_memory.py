"""What would not fit in memory is said before the start."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.base.work.progress import Stopped
from shopsim.clusterers import clusterers
from shopsim.clusterers.memory import check_memory, fit_in_memory, free_memory

MEMINFO = "MemTotal: 4096 kB\nMemFree: 10 kB\nMemAvailable: 2048 kB\n"


@pytest.fixture
def machine(tmp_path):
    """A machine with 2 MB left, and a function that writes its other files."""
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text(MEMINFO)

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    write.free = lambda: free_memory(tmp_path / "proc", tmp_path / "cgroup")
    return write


def test_what_fits_raises_nothing():
    check_memory(clusterers.create("average"), 1000, 1280)


def test_the_sentence_says_how_much_is_needed_how_much_is_free_and_what_to_do():
    with pytest.raises(ShopsimError) as caught:
        check_memory(clusterers.create("complete"), 100_000, 1280, free=8 * 2**30)
    sentence = str(caught.value)
    assert "100,000 photos" in sentence
    assert "80.2 GB" in sentence
    assert "8.0 GB is free" in sentence
    assert "K-means" in sentence


class LargeClusterer:
    """Says that it needs so much memory, and takes none."""

    def __init__(self, n_bytes=2**29):
        self.n_bytes = n_bytes
        self.most_at_once = 0
        self._fitting = 0
        self._counting = threading.Lock()

    def memory(self, n_images, n_features):
        return self.n_bytes

    def fit(self, vectors):
        with self._counting:
            self._fitting += 1
            self.most_at_once = max(self.most_at_once, self._fitting)
        time.sleep(0.3)
        with self._counting:
            self._fitting -= 1
        return "tree"


@pytest.mark.parametrize(("free", "at_once"), [(2**31, 4), (2**30 + 2**28, 2), (2**29, 1)])
def test_as_many_large_fits_run_at_once_as_fit_together(monkeypatch, free, at_once):
    monkeypatch.setattr("shopsim.clusterers.memory.free_memory", lambda: free)
    clusterer = LargeClusterer()
    with ThreadPoolExecutor(4) as pool:
        trees = list(pool.map(lambda _: fit_in_memory(clusterer, np.eye(3)), range(4)))
    assert (trees, clusterer.most_at_once) == (["tree"] * 4, at_once)


def test_a_large_fit_is_made_where_the_cache_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.memory.free_memory", lambda: 2**30)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SHOPSIM_CACHE", str(tmp_path / "file" / "cache"))
    assert fit_in_memory(LargeClusterer(), np.eye(3)) == "tree"


def test_what_does_not_fit_is_not_begun_and_stops_no_other(monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.memory.free_memory", lambda: 2**30)
    with pytest.raises(ShopsimError, match=r"1\.0 GB is free"):
        fit_in_memory(clusterers.create("complete"), np.broadcast_to(np.float32(1), (100_000, 8)))
    assert len(fit_in_memory(clusterers.create("average"), np.eye(3, dtype=np.float32)).cut(0.5)) == 3


class Stopping:
    """A progress that notes what it is told, and stops the work at its third look."""

    def __init__(self):
        self.told, self.looks = [], 0

    def __call__(self, done, total):
        pass

    def say(self, doing):
        self.told.append(doing)

    def look(self):
        self.looks += 1
        if self.looks == 3:
            raise Stopped


@pytest.mark.parametrize("name", ["average", "average_count", "average_local"])
def test_a_long_fit_says_how_far_it_is_and_can_be_stopped(name, monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.nearest_lists._LONG", 3000)
    rows = np.random.default_rng(0).standard_normal((4096, 4)).astype(np.float32)
    progress = Stopping()
    with pytest.raises(Stopped):
        fit_in_memory(clusterers.create(name), rows, progress)
    assert progress.told == [f"comparing 4,096 photos with each other, {share} done" for share in ("0%", "44%")]


@pytest.mark.parametrize(("name", "has_a_way_out"), [("average", True), ("average_local", False), ("leiden", False)])
def test_only_average_linkage_of_very_many_photos_names_a_quicker_search(name, has_a_way_out, monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.nearest_lists._LONG", 3000)
    monkeypatch.setattr("shopsim.clusterers.hierarchical._VERY_LONG", 4096)
    rows = np.random.default_rng(0).standard_normal((4096, 4)).astype(np.float32)
    progress = Stopping()
    with pytest.raises(Stopped):
        fit_in_memory(clusterers.create(name), rows, progress)
    assert len(progress.told) == 2
    way_out = "; average linkage with search=hnsw is quicker, and approximate"
    assert [said.endswith(way_out) for said in progress.told] == [has_a_way_out] * 2


@pytest.mark.parametrize("name", ["average", "average_count", "average_local", "kmeans"])
def test_as_many_photos_fit_where_no_square_of_them_is_needed(name):
    check_memory(clusterers.create(name), 100_000, 1280, free=8 * 2**30)


def test_a_machine_that_does_not_tell_is_not_checked(monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.memory.free_memory", lambda: None)
    check_memory(clusterers.create("average"), 10**6, 1280)


def test_linux_tells_what_is_available(machine):
    assert machine.free() == 2 * 2**20


def test_a_containers_limit_counts_if_it_is_lower(machine):
    machine("cgroup/memory.max", "1500000\n")
    machine("cgroup/memory.current", "900000\n")
    machine("cgroup/memory.stat", "anon 5\ninactive_file 100000\n")
    assert machine.free() == 700_000


def test_a_limit_on_a_group_above_the_process_counts_too(machine):
    machine("proc/self/cgroup", "0::/user/job\n")
    machine("cgroup/user/memory.max", "1000000\n")
    machine("cgroup/user/memory.current", "400000\n")
    machine("cgroup/user/job/memory.max", "max\n")
    machine("cgroup/user/job/memory.current", "300000\n")
    assert machine.free() == 600_000


def test_the_older_files_are_read_as_well(machine):
    machine("proc/self/cgroup", "4:memory:/job\n2:cpu:/job\n")
    machine("cgroup/memory/job/memory.limit_in_bytes", "800000\n")
    machine("cgroup/memory/job/memory.usage_in_bytes", "900000\n")
    assert machine.free() == 0


def test_no_limit_is_no_limit(machine):
    machine("cgroup/memory/memory.limit_in_bytes", str(2**63 - 4096))
    machine("cgroup/memory/memory.usage_in_bytes", "900000\n")
    assert machine.free() == 2 * 2**20


def test_elsewhere_than_on_linux_all_memory_counts(tmp_path):
    free = free_memory(tmp_path, tmp_path)
    assert free is None or free > 2**20
