"""Work in processes beside the server: results, progress, stops, crashes, and the end of the server."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.base.disk import damage
from shopsim.base.disk.damage import note_damage
from shopsim.base.work.cores import usable_cores
from shopsim.base.work.job import Job
from shopsim.base.work.lanes import NETWORK, NUMBERS, SEARCH
from shopsim.base.work.progress import look, say
from shopsim.base.work.workers import Workers

HERE = str(Path(__file__).parent)


@pytest.fixture
def workers(monkeypatch):
    """Processes that can import this file, ended with the test."""
    monkeypatch.setenv("PYTHONPATH", HERE)
    workers = Workers()
    yield workers
    for process in [process for lane in workers._idle.values() for process in lane]:
        process.end()


def double(numbers):
    return numbers * 2


def pid(progress):
    return os.getpid()


def count_up(progress, tell):
    say(progress, "counting")
    for done in range(4):
        progress(done, 3)
        tell(f"step {done}")
        # Long enough for a busy machine to be seen at each step.
        time.sleep(0.5)
    return "counted"


def report_for_ever(path, progress):
    Path(path).write_text(str(os.getpid()))
    while True:
        progress(1, 2)
        time.sleep(0.01)


def wait_for_ever(path, doing, progress):
    Path(path).write_text(str(os.getpid()))
    while not time.sleep(0.01):
        if doing:
            say(progress, doing)
        look(progress)


def compute_for_ever(path):
    Path(path).write_text(str(os.getpid()))
    while True:
        pass


def refuse():
    raise ShopsimError("The folder 'x' is empty; give one with photos.")


def make_a_mistake():
    return {}["missing"]


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def leave():
    os._exit(3)


def modules():
    return sorted(sys.modules)


def is_gone(pid):
    """Whether no such process runs; one that has ended but was not waited for counts as gone."""
    try:
        return b"Z" in Path(f"/proc/{pid}/stat").read_bytes().rsplit(b")", 1)[1].split()[0]
    except FileNotFoundError:
        return True


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_a_worker_computes_and_is_kept(workers):
    assert np.array_equal(workers.run(double, np.arange(3)), [0, 2, 4])
    first = workers.run(pid)
    assert workers.run(pid) == first != os.getpid()


def test_progress_what_it_does_and_what_it_tells_arrive(workers):
    told = []
    job = Job("Counting", lambda report: workers.run(count_up, progress=report, tell=told.append))
    seen = set()
    while not job.wait(0.02):
        seen.add((job.doing, job.done, job.total))
    assert (job.state, job.result, job.error) == ("done", "counted", "")
    assert told == ["step 0", "step 1", "step 2", "step 3"]
    assert {("counting", 1, 3), ("counting", 2, 3)} <= seen


def test_work_that_reports_is_stopped_and_its_process_kept(workers, tmp_path):
    job = Job("Work", lambda report: workers.run(report_for_ever, tmp_path / "pid", progress=report))
    assert wait_for(lambda: job.done == 1)
    job.stop()
    assert job.wait(20)
    assert job.state == "stopped"
    assert str(workers.run(pid)) == (tmp_path / "pid").read_text()


def test_work_that_reports_nothing_is_stopped_all_the_same(workers, tmp_path):
    job = Job("Work", lambda report: workers.run(compute_for_ever, tmp_path / "pid", progress=report))
    assert wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    job.stop()
    assert job.wait(20)
    assert job.state == "stopped"
    assert wait_for(lambda: is_gone((tmp_path / "pid").read_text()))
    assert np.array_equal(workers.run(double, np.arange(3)), [0, 2, 4])


def test_a_stop_does_not_reach_the_next_task(workers, tmp_path):
    for _ in range(3):
        job = Job("Work", lambda report: workers.run(report_for_ever, tmp_path / "pid", progress=report))
        assert wait_for(lambda job=job: job.done == 1)
        job.stop()
        assert job.wait(20)
        assert workers.run(count_up) == "counted"


def find_damage(path):
    note_damage(path)


def test_what_a_worker_finds_damaged_is_said_by_the_server_once(workers, tmp_path):
    damage.take()
    workers.run(find_damage, tmp_path / "rows")
    workers.run(find_damage, tmp_path / "rows")
    said = f"A file of the cache was damaged on the disk and is computed again: '{tmp_path.name}/rows'."
    assert damage.take() == [said]


def test_a_sentence_of_the_work_arrives_as_it_is(workers):
    with pytest.raises(ShopsimError, match=r"^The folder 'x' is empty; give one with photos\.$"):
        workers.run(refuse)


def test_a_mistake_in_the_program_arrives_with_its_traceback(workers):
    with pytest.raises(KeyError) as raised:
        workers.run(make_a_mistake)
    assert "in make_a_mistake" in "".join(raised.value.__notes__)


@pytest.mark.parametrize(
    ("crash", "how"), [(die, "it was killed, as by a system that is short of memory"), (leave, "it ended with code 3")]
)
def test_a_crash_is_a_sentence_and_the_next_task_has_a_new_process(workers, crash, how):
    before = workers.run(pid)
    with pytest.raises(ShopsimError) as raised:
        workers.run(crash)
    assert str(raised.value) == f"The process that computes this is gone: {how}. What was done is kept; try again."
    assert workers.run(pid) != before


def test_a_worker_that_was_killed_while_idle_is_replaced(workers):
    idle = workers.run(pid)
    os.kill(idle, signal.SIGKILL)
    assert wait_for(lambda: is_gone(idle))
    assert workers.run(pid) != idle


def test_one_that_dies_between_the_look_and_the_task_is_replaced(workers, monkeypatch):
    idle = workers.run(pid)
    os.kill(idle, signal.SIGKILL)
    assert wait_for(lambda: is_gone(idle))
    process = workers._idle[NUMBERS][0]
    looks = iter([True])
    monkeypatch.setattr(process, "is_alive", lambda: next(looks, False))
    assert workers.run(pid) != idle


@pytest.mark.parametrize("doing", ["", "waiting for memory"])
def test_work_that_only_waits_hears_its_stop_and_its_process_stays(workers, tmp_path, doing):
    job = Job("Work", lambda report: workers.run(wait_for_ever, tmp_path / "pid", doing, progress=report))
    assert wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    job.stop()
    assert job.wait(20) and job.state == "stopped"
    assert workers.run(pid) == int((tmp_path / "pid").read_text())


def test_a_lane_runs_so_many_at_once_and_the_rest_waits(workers, tmp_path):
    first = Job("First", lambda report: workers.run(report_for_ever, tmp_path / "a", lane=NETWORK, progress=report))
    assert wait_for(lambda: first.done == 1)
    second = Job("Second", lambda report: workers.run(double, 2, lane=NETWORK, progress=report))
    assert wait_for(lambda: second.doing == "waiting until other work has finished")
    assert workers.run(double, 4, lane=NUMBERS) == 8
    first.stop()
    assert second.wait(20)
    assert (second.state, second.result, second.doing) == ("done", 4, "")


def test_processes_nobody_needed_for_a_while_end_and_the_one_with_networks_stays(workers, monkeypatch):
    monkeypatch.setattr("shopsim.base.work.workers._IDLE_S", 0.2)
    idle, network = workers.run(pid, lane=SEARCH), workers.run(pid, lane=NETWORK)
    assert wait_for(lambda: is_gone(idle))
    assert workers.run(pid, lane=NETWORK) == network


def test_work_that_waits_can_be_stopped(workers, tmp_path):
    first = Job("First", lambda report: workers.run(report_for_ever, tmp_path / "a", lane=SEARCH, progress=report))
    others = [
        Job("Other", lambda report: workers.run(report_for_ever, tmp_path / "b", lane=SEARCH, progress=report))
        for _ in range(usable_cores())
    ]
    assert wait_for(lambda: any(job.doing for job in others))
    for job in (first, *others):
        job.stop()
    assert all(job.wait(20) for job in (first, *others))
    assert {job.state for job in (first, *others)} == {"stopped"}


def test_many_threads_share_the_processes(workers):
    got = []
    threads = [
        threading.Thread(target=lambda number=number: got.append(workers.run(double, number))) for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [2 * number for number in range(12)]
    assert len(workers._idle[NUMBERS]) <= usable_cores() + 1


def test_a_worker_imports_no_streamlit(workers):
    assert "streamlit" not in workers.run(modules)
    with pytest.raises(ValueError, match="imports Streamlit"):
        workers.run(_in_the_interface())


def _in_the_interface():
    from shopsim.ui.parts.texts import counted

    return counted


def test_what_cannot_be_sent_fails_before_anything_runs(workers):
    with pytest.raises(Exception, match="pickle"):
        workers.run(double, lambda: 0)
    assert workers.run(double, 1) == 2


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc")
def test_workers_die_with_the_server_however_that_ends(tmp_path):
    script = (
        f"import sys, threading, time; sys.path.insert(0, {HERE!r})\n"
        "from shopsim.base.work.workers import Workers\n"
        "import test_workers as t\n"
        "w = Workers()\n"
        f"threading.Thread(target=lambda: w.run(t.compute_for_ever, {str(tmp_path / 'pid')!r}), daemon=True).start()\n"
        "time.sleep(60)\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([HERE, str(Path(HERE).parents[1])])}
    server = subprocess.Popen([sys.executable, "-c", script], env=environment)
    try:
        assert wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(), 60)
        server.kill()
        server.wait()
        assert wait_for(lambda: is_gone((tmp_path / "pid").read_text()))
    finally:
        server.kill()
