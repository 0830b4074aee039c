"""Large clusterings of all processes keep to the memory there is, and one that is killed takes none."""

import signal
import subprocess
import sys
import threading

import psutil
import pytest
from filelock import FileLock
from gated_work import wait_for
from held_at_once import most_held

from shopsim.base.paths import cache_dir
from shopsim.base.work.job import Job
from shopsim.clusterers.reserved_memory import LITTLE, reserved

GB = 1 << 30
MB = 1 << 20
# Reserves the bytes of its first argument, takes those of its second, and keeps them until its input ends.
HOLDER = """
import sys
from shopsim.base.work.progress import silent
from shopsim.clusterers.reserved_memory import reserved
with reserved(int(sys.argv[1]), lambda: 1 << 40, silent):
    taken = b"x" * int(sys.argv[2])
    print("holding", flush=True)
    sys.stdin.read()
"""
# Three times random amounts in each of two threads; says when it began and ended to hold how much.
CLUSTERING = """
import random, sys, threading, time
from shopsim.base.work.progress import silent
from shopsim.clusterers.reserved_memory import reserved
said = threading.Lock()
def fit(seed):
    chance = random.Random(seed)
    for _ in range(3):
        n_bytes = chance.randrange(300 << 20, 1500 << 20)
        with reserved(n_bytes, lambda: 2 << 30, silent):
            began = time.monotonic()
            time.sleep(0.05)
            ended = time.monotonic()
        with said:
            print(began, n_bytes)
            print(ended, -n_bytes)
threads = [threading.Thread(target=fit, args=(10 * int(sys.argv[1]) + number,)) for number in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


class Told:
    """A progress that keeps what it is told."""

    def __init__(self):
        self.doing = []

    def __call__(self, done, total):
        raise AssertionError("nothing is counted while it waits")

    def say(self, doing):
        self.doing.append(doing)


@pytest.fixture
def holder():
    """Starts a process that holds a reservation until its input ends."""
    started = []

    def hold(n_bytes, taken=0):
        command = [sys.executable, "-c", HOLDER, str(n_bytes), str(taken)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "holding\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.communicate()


def said_while_reserving(n_bytes, free):
    told = Told()
    with reserved(n_bytes, lambda: free, told):
        return told.doing


def waiting(n_bytes, free):
    """(job that reserves, event that lets it go on to its end)."""
    go_on = threading.Event()

    def work(progress):
        with reserved(n_bytes, lambda: free, progress):
            assert go_on.wait(30)
        return "reserved"

    return Job("Grouping", work), go_on


def test_two_that_fit_together_run_together(holder):
    holder(GB)
    holder(GB)
    assert said_while_reserving(GB, 3 * GB) == []


def test_one_that_does_not_fit_says_what_it_waits_for_and_goes_on_when_that_ends(holder):
    other = holder(3 * GB)
    job, go_on = waiting(2 * GB, 4 * GB)
    assert wait_for(lambda: job.doing == "waiting for the memory of another clustering: 3.0 GB")
    assert job.state == "running"
    other.communicate("")
    assert wait_for(lambda: job.doing == "")
    go_on.set()
    assert job.wait(30)
    assert job.result == "reserved"


def test_one_that_is_killed_gives_its_memory_back(holder):
    first, second = holder(2 * GB), holder(1 * GB)
    job, go_on = waiting(4 * GB, 4 * GB)
    assert wait_for(lambda: job.doing == "waiting for the memory of 2 other clusterings: 3.0 GB")
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert wait_for(lambda: job.doing == "waiting for the memory of another clustering: 1.0 GB")
    second.send_signal(signal.SIGKILL)
    go_on.set()
    assert job.wait(30)
    assert job.result == "reserved"


def test_one_that_waits_hears_its_stop_and_reserves_nothing(holder):
    other = holder(3 * GB)
    job, _ = waiting(2 * GB, 4 * GB)
    assert wait_for(lambda: job.doing)
    job.stop()
    assert job.wait(5)
    assert job.state == "stopped"
    other.communicate("")
    assert said_while_reserving(4 * GB, 4 * GB) == []


def test_one_behind_a_process_that_was_paused_at_the_gate_hears_its_stop_too():
    (cache_dir() / "fitting").mkdir(parents=True)
    with FileLock(cache_dir() / "fitting" / "gate.lock"):
        job, _ = waiting(GB, 4 * GB)
        assert wait_for(lambda: job.doing == "waiting for another process that reserves memory")
        job.stop()
        assert job.wait(5)
        assert job.state == "stopped"
        job, go_on = waiting(GB, 4 * GB)
        assert wait_for(lambda: job.doing)
    go_on.set()
    assert job.wait(30)
    assert (job.result, job.doing) == ("reserved", "")


def test_another_can_begin_while_one_waits(holder):
    holder(3 * GB)
    job, _ = waiting(2 * GB, 4 * GB)
    assert wait_for(lambda: job.doing)
    assert said_while_reserving(GB, 4 * GB) == []
    job.stop()
    assert job.wait(5)


def test_memory_that_was_taken_is_not_counted_a_second_time(holder):
    """It is no longer free."""
    holder(300 * MB, taken=300 * MB)
    assert said_while_reserving(LITTLE, LITTLE + 50 * MB) == []


def test_memory_that_was_taken_is_not_counted_a_second_time_after_the_clock_was_set(holder, monkeypatch):
    """Linux gives the time of a start anew from the clock, and so does its own start."""
    holder(300 * MB, taken=300 * MB)
    started, booted = psutil.Process.create_time, psutil.boot_time()
    monkeypatch.setattr(psutil.Process, "create_time", lambda process: started(process) + 60)
    monkeypatch.setattr(psutil, "boot_time", lambda: booted + 60)
    assert said_while_reserving(LITTLE, LITTLE + 50 * MB) == []


def test_one_that_fits_nowhere_is_refused_by_its_check_and_waits_for_nobody():
    assert said_while_reserving(100 * GB, GB) == []


def test_files_are_used_again():
    for _ in range(5):
        with reserved(GB, lambda: 3 * GB, Told()), reserved(GB, lambda: 3 * GB, Told()):
            pass
    names = ["0.json", "0.lock", "1.json", "1.lock", "gate.lock"]
    assert sorted(path.name for path in (cache_dir() / "fitting").iterdir()) == names


def test_a_little_one_waits_for_nobody(holder):
    holder(3 * GB)
    assert said_while_reserving(LITTLE - 1, 3 * GB) == []


def test_a_machine_that_does_not_tell_is_enough(holder):
    holder(3 * GB)
    assert said_while_reserving(100 * GB, None) == []


def test_where_the_cache_cannot_be_written_nothing_is_reserved(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SHOPSIM_CACHE", str(tmp_path / "file" / "cache"))
    assert said_while_reserving(GB, GB) == []


@pytest.mark.parametrize("note", [b"", b"{}", b'{"n_bytes": "much"}'])
def test_a_note_that_is_damaged_stops_nobody_for_whom_there_is_room(holder, note):
    other = holder(GB)
    (cache_dir() / "fitting" / "0.json").write_bytes(note)
    assert said_while_reserving(GB, 3 * GB) == []
    job, go_on = waiting(4 * GB, 3 * GB)
    assert wait_for(lambda: job.doing.startswith("waiting for the memory of another clustering"))
    other.communicate("")
    go_on.set()
    assert job.wait(30)


def test_a_process_that_cannot_be_seen_counts_with_all_it_reserved(holder):
    """As one in another container, whose number may be that of a process here."""
    holder(3 * GB)
    path = cache_dir() / "fitting" / "0.json"
    path.write_bytes(path.read_bytes().replace(b'"created":', b'"created":9'))
    job, _ = waiting(2 * GB, 4 * GB)
    assert wait_for(lambda: job.doing == "waiting for the memory of another clustering: 3.0 GB")
    job.stop()
    assert job.wait(5)


def test_threads_of_many_processes_never_reserve_more_than_there_is():
    most = most_held(CLUSTERING, n_processes=3, n_times=2 * 3)
    # What a process takes for its own threads meanwhile, some MB, counts as part of what it reserved.
    assert GB < most <= 2 * GB + 50 * MB
