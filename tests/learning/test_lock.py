"""One process at a time learns with a cache; others see that it does, and never keep it from starting."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from catalog_fixtures import PROJECT

from shopsim import ShopsimError
from shopsim.learning.lock import BENCHMARK, LEARN, holder, is_held, one_at_a_time

HOLDS = """
import sys
from pathlib import Path
from shopsim.learning.lock import one_at_a_time
with one_at_a_time(Path(sys.argv[1]), "benchmark"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(cache):
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLDS, str(cache)]
    process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_at_first_nobody_learns(cache):
    assert not is_held(cache)
    assert holder(cache) == ""


def test_another_process_that_learns_is_seen_and_a_second_is_refused(cache, other):
    assert is_held(cache)
    assert holder(cache) == BENCHMARK
    with pytest.raises(ShopsimError, match="Another learning is running with the cache"), one_at_a_time(cache):
        pass
    other.communicate("")
    with one_at_a_time(cache):
        assert is_held(cache)
        assert holder(cache) == LEARN
    assert not is_held(cache)


def test_the_lock_of_a_killed_process_is_free(cache, other):
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert not is_held(cache)
    with one_at_a_time(cache):
        pass


def test_visitors_who_only_look_do_not_see_each_other_and_keep_nobody_from_starting(cache):
    with one_at_a_time(cache):
        pass
    seen, ended = [], threading.Event()

    def look():
        while not ended.is_set():
            seen.append(is_held(cache))
            time.sleep(0.002)

    looking = [threading.Thread(target=look) for _ in range(4)]
    for thread in looking:
        thread.start()
    for _ in range(300):
        assert not is_held(cache)
    ended.set()
    for thread in looking:
        thread.join()
    assert not any(seen)


def test_who_may_only_read_sees_it_too(cache, other, monkeypatch):
    def open_to_read(path, mode="r", really=Path.open, **named):
        if mode == "r+b":
            raise PermissionError(13, "Permission denied")
        return really(path, mode, **named)

    monkeypatch.setattr(Path, "open", open_to_read)
    assert is_held(cache)
    other.communicate("")
    assert not is_held(cache)
