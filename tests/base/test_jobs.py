"""Work that outlives the page that asked for it."""

import threading

import pytest

from shopsim import ShopsimError
from shopsim.base.work import jobs
from shopsim.base.work.jobs import Job, Jobs


class Gate:
    """Work that reports, then waits until it is let through."""

    def __init__(self, result="result"):
        self.result = result
        self.runs = 0
        self.may_go = threading.Event()
        self.reported = threading.Event()

    def __call__(self, progress):
        self.runs += 1
        progress(1, 2)
        self.reported.set()
        assert self.may_go.wait(30)
        progress(2, 2)
        return self.result


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.may_go.set()


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves by hand."""
    now = [100.0]
    monkeypatch.setattr(jobs.time, "monotonic", lambda: now[0])
    return now


def ended(job):
    assert job.wait(30)
    return job


def test_job_gives_its_result(gate):
    job = Job("Work", gate)
    assert gate.reported.wait(30)
    assert (job.state, job.done, job.total, job.result) == ("running", 1, 2, None)
    assert not job.wait(0.01)
    gate.may_go.set()
    ended(job)
    assert (job.state, job.done, job.result, job.error) == ("done", 2, "result", "")


def test_who_asks_for_the_same_joins(gate):
    all_jobs = Jobs()
    first = all_jobs.ensure("key", "Work", gate)
    assert all_jobs.ensure("key", "Work", gate) is first
    assert all_jobs.running() == [first]
    gate.may_go.set()
    ended(first)
    assert all_jobs.ensure("key", "Work", gate) is first
    assert all_jobs.result("key") == "result"
    assert gate.runs == 1
    assert all_jobs.running() == []


def test_many_threads_asking_at_once_start_one_job(gate):
    all_jobs, got, together = Jobs(), [], threading.Barrier(16)

    def ask():
        together.wait()
        got.append(all_jobs.ensure("key", "Work", gate))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gate.may_go.set()
    ended(got[0])
    assert len(set(map(id, got))) == 1
    assert gate.runs == 1


def test_stopped_job_ends_at_its_next_report_and_starts_anew_when_forgotten(gate):
    all_jobs = Jobs()
    job = all_jobs.ensure("key", "Work", gate)
    assert gate.reported.wait(30)
    job.stop()
    gate.may_go.set()
    ended(job)
    assert (job.state, job.result, job.error) == ("stopped", None, "")
    assert all_jobs.ensure("key", "Work", gate) is job
    all_jobs.forget("key")
    again = ended(all_jobs.ensure("key", "Work", gate))
    assert again.state == "done"
    assert gate.runs == 2


def test_failure_of_a_person_s_kind_is_told_in_its_sentence():
    def fail(progress):
        raise ShopsimError("The disk is full.")

    job = ended(Job("Work", fail))
    assert (job.state, job.error) == ("failed", "The disk is full.")


def test_want_of_memory_is_told():
    def fail(progress):
        raise MemoryError

    assert ended(Job("Grouping", fail)).error == "Grouping needs more memory than this machine has free."


def test_mistake_in_the_program_is_told_and_not_hidden(monkeypatch):
    seen, passed_on = [], threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda arguments: (seen.append(arguments.exc_type), passed_on.set()))

    def fail(progress):
        raise KeyError("x")

    job = ended(Job("Work", fail))
    assert (job.state, job.error) == ("failed", "Work failed: KeyError: 'x'")
    assert passed_on.wait(30)
    assert seen == [KeyError]


def test_failed_job_can_be_tried_again():
    all_jobs, tries = Jobs(), []

    def fail_first(progress):
        tries.append(1)
        if len(tries) == 1:
            raise ShopsimError("no network")
        return "result"

    assert ended(all_jobs.ensure("key", "Work", fail_first)).state == "failed"
    assert all_jobs.result("key") is None
    all_jobs.forget("key")
    assert ended(all_jobs.ensure("key", "Work", fail_first)).result == "result"


def test_rate_leaves_out_what_an_earlier_run_had_done(clock):
    told = []

    def work(progress):
        progress(500, 1000)
        told.append((job_box[0].rate, job_box[0].seconds_left))
        clock[0] += 10
        progress(600, 1000)
        told.append((job_box[0].rate, job_box[0].seconds_left))

    job_box, begin = [], threading.Event()
    job_box.append(Job("Work", lambda progress: begin.wait(30) and work(progress)))
    begin.set()
    job = ended(job_box[0])
    assert told == [(0.0, None), (10.0, 40.0)]
    clock[0] += 1000
    assert job.rate == 10.0


def test_rate_starts_anew_with_the_next_step_of_the_work(clock):
    def work(progress):
        for done, total in ((0, 10), (10, 10), (0, 100), (50, 100)):
            progress(done, total)
            clock[0] += 5

    job = ended(Job("Work", work))
    assert job.rate == 10.0
    assert job.seconds_left == 5.0


def test_only_the_results_last_asked_for_stay():
    all_jobs = Jobs(keep=2)
    for key in "abc":
        ended(all_jobs.ensure(key, key, lambda progress, key=key: key))
    all_jobs.ensure("b", "b", lambda progress: "again")
    ended(all_jobs.ensure("d", "d", lambda progress: "d"))
    all_jobs.ensure("d", "d", lambda progress: "d")
    assert [all_jobs.result(key) for key in "abcd"] == [None, "b", None, "d"]


def test_running_jobs_are_never_evicted(gate):
    all_jobs = Jobs(keep=0)
    running = all_jobs.ensure("slow", "slow", gate)
    for key in "abc":
        ended(all_jobs.ensure(key, key, lambda progress: "quick"))
    assert all_jobs.ensure("slow", "slow", gate) is running


def test_clearing_forgets_what_has_ended_only(gate):
    all_jobs = Jobs()
    running = all_jobs.ensure("slow", "slow", gate)
    ended(all_jobs.ensure("quick", "quick", lambda progress: "quick"))
    all_jobs.clear()
    assert all_jobs.result("quick") is None
    assert all_jobs.running() == [running]


def test_a_job_can_be_looked_at_without_being_started(gate):
    all_jobs = Jobs()
    assert all_jobs.get("slow") is None
    assert all_jobs.running() == []
    running = all_jobs.ensure("slow", "slow", gate)
    assert all_jobs.get("slow") is running
