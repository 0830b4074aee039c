"""One piece of work that outlives the page that asked for it."""

import gc
import threading
import weakref

import pytest
from gated_work import ended

from shopsim import ShopsimError
from shopsim.base.work.job import Job


def test_job_gives_its_result(gate):
    job = Job("Work", gate)
    assert gate.reported.wait(30)
    assert (job.state, job.done, job.total, job.result) == ("running", 1, 2, None)
    assert not job.wait(0.01)
    gate.may_go.set()
    ended(job)
    assert (job.state, job.done, job.result, job.error) == ("done", 2, "result", "")


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


class Held:
    """What a closure keeps alive."""


def lend_to(title, fails=False):
    """(job, weak reference to what its work closes over)."""
    held = Held()

    def work(progress):
        if fails:
            raise ShopsimError(f"{held} is no good.")
        return len(repr(held))

    return ended(Job(title, work)), weakref.ref(held)


@pytest.mark.parametrize("fails", [False, True])
def test_a_job_that_has_ended_keeps_nothing_of_its_work(fails):
    gc.disable()
    try:
        job, held = lend_to("Grouping", fails)
        for thread in threading.enumerate():
            if thread.name == "Grouping":
                thread.join(30)
        assert job.state == ("failed" if fails else "done")
        assert held() is None
    finally:
        gc.enable()
