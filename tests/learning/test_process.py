"""The process that learns: started once, watched from outside, stopped, and never mistaken for another."""

import os
import signal
import sys
import time

import pytest
from kept_cases import pretending, wait_for, write_diary

from shopsim import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.base.work.process_start import process_start
from shopsim.learning import process
from shopsim.learning.lock import BENCHMARK, one_at_a_time
from shopsim.learning.process import BUSY, KILLED, NONE, STARTING, can_stop, last_lines, start, stop, watched
from shopsim.learning.progress_file import DONE, FAILED, RUNNING, STOPPED, diary_path, read_diary


@pytest.fixture(autouse=True)
def nothing_started(monkeypatch):
    """Each test is the first to start anything; what it starts ends with it."""
    monkeypatch.setattr(process, "_started", None)
    yield
    if process._started is not None:
        process._started.child.kill()
        process._started.child.wait()


def test_at_first_there_is_none():
    assert watched().state == NONE


def test_it_runs_in_a_session_of_its_own_and_stops_when_told():
    start(pretending())
    now = wait_for(RUNNING)
    assert os.getsid(now.entry.pid) == now.entry.pid != os.getsid(0)
    assert (now.entry.catalog, now.entry.phase) == ("pretended", "Learning")
    stop()
    ended = wait_for(STOPPED)
    assert ended.sentence == "Stopped as it was told."


def test_a_second_one_is_refused_and_the_first_goes_on():
    start(pretending())
    with pytest.raises(ShopsimError, match="Another learning is running"):
        start(pretending())
    first = wait_for(RUNNING)
    with pytest.raises(ShopsimError, match="Another learning is running"):
        start(pretending())
    assert watched().entry.pid == first.entry.pid


def test_one_that_somebody_else_started_is_seen_but_not_before_it_has_opened_the_diary():
    with one_at_a_time(cache_dir()):
        assert watched().state == STARTING
        write_diary(DONE)
        assert watched().state == STARTING
        # Of one that was killed: its number is no process of ours.
        write_diary(RUNNING)
        assert watched().state == STARTING
        assert not can_stop()
        stop()
    assert watched().state == KILLED


def test_a_benchmark_that_learns_is_told_apart_since_it_keeps_no_diary():
    write_diary(DONE)
    with one_at_a_time(cache_dir(), BENCHMARK):
        assert watched().state == BUSY
        with pytest.raises(ShopsimError, match="Another learning is running"):
            start(pretending())
        stop()
    assert watched().state == DONE
    with one_at_a_time(cache_dir()):
        assert watched().state == STARTING


def test_one_that_is_killed_has_ended_without_a_word():
    start(pretending())
    os.kill(wait_for(RUNNING).entry.pid, signal.SIGKILL)
    assert "without a word" in wait_for(KILLED).sentence


def test_no_zombie_is_left():
    start([sys.executable, "-c", "pass"])
    child, deadline = process._started.child, time.monotonic() + 30
    while time.monotonic() < deadline and child.returncode is None:
        time.sleep(0.05)
    with pytest.raises(ChildProcessError):
        os.waitpid(child.pid, 0)


def test_what_ends_before_it_has_begun_is_told_by_the_last_line_of_the_log():
    start([sys.executable, "-c", "import sys; print('No models here.', file=sys.stderr); sys.exit(1)"])
    failed = wait_for(FAILED)
    assert failed.sentence == "No models here."
    assert "No models here." in last_lines()


def test_of_two_that_start_at_once_the_one_that_came_first_is_watched():
    start([sys.executable, "-c", "raise SystemExit('Another learning is running.')"])
    process._started.child.wait()
    with one_at_a_time(cache_dir()):
        assert watched().state == STARTING
        own_start = process_start(os.getpid())
        write_diary(RUNNING, started=time.time() + 1, pid=os.getpid(), process_start=own_start)
        assert watched().entry.pid == os.getpid()


def test_one_can_be_stopped_before_it_has_begun():
    start([sys.executable, "-c", "import time; time.sleep(60)"])
    assert watched().state == STARTING
    assert can_stop()
    stop()
    assert wait_for(STOPPED).sentence == "Stopped before it had begun."


def test_a_program_that_is_not_there_is_told():
    with pytest.raises(ShopsimError, match="cannot be started"):
        start(["/no/such/program"])


def test_an_old_end_does_not_hide_a_new_beginning():
    write_diary(FAILED, sentence="Long ago.")
    start([sys.executable, "-c", "import time; time.sleep(60)"])
    assert watched().state == STARTING


@pytest.mark.parametrize("state", [DONE, STOPPED, FAILED])
def test_an_end_is_told_as_the_diary_has_it(state):
    write_diary(state, sentence="So it was.")
    assert (watched().state, watched().sentence) == (state, "So it was.")


@pytest.mark.parametrize("pid", [-1, 0, 1, "7", None, 2.5, True])
def test_no_signal_goes_to_a_number_that_is_no_learning(pid, monkeypatch):
    monkeypatch.setattr(os, "kill", lambda *args: pytest.fail("A signal was sent."))
    write_diary(RUNNING, pid=pid)
    with one_at_a_time(cache_dir()):
        assert read_diary() is None
        stop()


@pytest.mark.parametrize("earlier", [{}, {"process_start": 0.0}, {"process_start": 7.25}])
def test_no_signal_goes_to_another_process_of_that_number(earlier):
    other = process.subprocess.Popen([sys.executable, "-c", "import time, shopsim; time.sleep(60)"])
    try:
        write_diary(RUNNING, pid=other.pid, **earlier)
        with one_at_a_time(cache_dir()):
            assert not can_stop()
            stop()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"x"', "7", '{"pid": 77}', "[" * 5000, '{"curve": 3}', '{"pid": 77, "curve": [3]}']
)
def test_a_damaged_diary_is_none(text):
    diary_path().parent.mkdir(parents=True)
    diary_path().write_text(text)
    assert watched().state == NONE


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "merry"},
        {"done": "many"},
        {"total": -1},
        {"curve": [{"ari": 1}]},
        {"curve": "abc"},
        {"result": []},
        {"phase": None},
        {"started": float("nan")},
    ],
)
def test_a_diary_of_wrong_fields_is_none(fields):
    write_diary(**{"state": DONE, **fields})
    assert watched().state == NONE


def test_time_left_follows_the_rate_of_this_run_alone():
    write_diary(RUNNING, base=40, done=60, total=100, since=1000.0, updated=1010.0)
    assert read_diary().seconds_left == pytest.approx(20)
    write_diary(RUNNING, base=60, done=60, total=100, since=1000.0, updated=1010.0)
    assert read_diary().seconds_left is None
