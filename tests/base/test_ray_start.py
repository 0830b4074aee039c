"""What is wrong with Ray is one sentence, and an address that nobody answers at is found soon."""

import importlib.util
import os
import socket
import subprocess
import sys
import tempfile

import pytest

from shopsim import ShopsimError
from shopsim.base.work import ray_cluster, ray_folder, ray_start


@pytest.fixture
def there(monkeypatch):
    """As if Ray were installed; its start is what a test says."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: True)

    def raising(error):
        def init(**options):
            raise error

        monkeypatch.setattr(ray_start, "_init", init)
        monkeypatch.setattr(ray_start.os, "environ", {})
        stopped = []
        monkeypatch.setitem(sys.modules, "ray", type("ray", (), {"shutdown": lambda: stopped.append(True)}))
        return stopped

    return raising


def test_a_missing_package_is_said(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ShopsimError, match=r"The engine 'ray' needs ray; type: pip install ray$"):
        ray_cluster.RayCluster().start()


@pytest.mark.parametrize("address", ["nowhere", ":6379", "host:port", "host:0", "host:70000", "ray://host:10001", ""])
def test_an_address_of_another_form_is_refused(address, there):
    there(AssertionError("connected"))
    with pytest.raises(ShopsimError, match=f"The address of Ray is '{address}'; give HOST:PORT"):
        ray_cluster.RayCluster(address).start()


def test_nobody_waits_where_nothing_answers(there):
    there(AssertionError("connected"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = f"127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(ShopsimError, match=rf"Nothing answers at '{free}' \(Connection refused\)"):
        ray_cluster.RayCluster(free).start()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Exception("The current node timed out during startup. ..."), "it was not ready in time; try again"),
        (TimeoutError("no answer"), "it was not ready in time; try again"),
        (SystemExit(15), "it was not ready in time; try again"),
        (RuntimeError("Failed to start GCS.\n\nTraceback ..."), "Failed to start GCS.$"),
        (ValueError(), "ValueError.$"),
    ],
    ids=repr,
)
def test_a_start_that_fails_is_one_sentence_and_leaves_nothing(there, error, sentence, monkeypatch, tmp_path):
    stopped = there(error)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ShopsimError, match=f"^Ray did not start: {sentence}"):
        ray_cluster.RayCluster().start()
    assert stopped == [True]
    assert not list(tmp_path.iterdir())


def test_a_cluster_that_refuses_says_what_to_do(there):
    there(ConnectionError("Failed to connect to Ray cluster at host:6379. Please check ..."))
    with pytest.raises(ShopsimError) as refused:
        ray_cluster.RayCluster("auto").start()
    assert str(refused.value) == (
        "Cannot connect to Ray at 'auto': Failed to connect to Ray cluster at host:6379; if it asks for a token, set "
        "RAY_AUTH_MODE=token and put the token into ~/.ray/auth_token."
    )


def test_what_a_killed_run_left_is_removed_a_day_later(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    old, young, alive = (
        tmp_path / f"shopsim-ray-{pid}-{name}" for pid, name in ((ended.pid, "a"), (ended.pid, "b"), (os.getpid(), "c"))
    )
    for folder in (old, young, alive):
        folder.mkdir()
    for folder in (old, alive):
        os.utime(folder, (0, 0))
    mine = ray_folder.new_folder()
    assert set(tmp_path.iterdir()) == {young, alive, mine}
    assert mine.stat().st_mode & 0o777 == 0o700


def test_what_a_person_has_set_stays(monkeypatch):
    monkeypatch.setattr(ray_start.os, "environ", {"RAY_AUTH_MODE": "disabled"})
    ray_start._set_variables(ray_start._PRIVATE)
    assert ray_start.os.environ["RAY_AUTH_MODE"] == "disabled"
    assert ray_start.os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] == "0"
