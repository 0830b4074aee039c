"""The jobs of one server: joined, kept within a bound of bytes, and so many at once."""

import threading

import numpy as np
import pytest
from gated_work import Gate, ended

from shopsim import ShopsimError
from shopsim.base.work.cores import usable_cores
from shopsim.base.work.jobs import Jobs

MB = 1 << 20


def test_who_asks_for_the_same_joins(gate):
    all_jobs = Jobs(at_once=2)
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
    all_jobs, got, together = Jobs(at_once=2), [], threading.Barrier(16)

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
    all_jobs = Jobs(at_once=2)
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


def test_clearing_forgets_what_has_ended_only(gate):
    all_jobs = Jobs(at_once=2)
    running = all_jobs.ensure("slow", "slow", gate)
    ended(all_jobs.ensure("quick", "quick", lambda progress: "quick"))
    all_jobs.clear()
    assert all_jobs.result("quick") is None
    assert all_jobs.running() == [running]


def test_a_job_can_be_looked_at_without_being_started(gate):
    all_jobs = Jobs(at_once=2)
    assert all_jobs.get("slow") is None
    assert all_jobs.running() == []
    running = all_jobs.ensure("slow", "slow", gate)
    assert all_jobs.get("slow") is running


def megabytes(count):
    return np.zeros(count * MB, np.uint8)


def ask(all_jobs, *keys, size=1):
    """Ask for each key; how many of them had to be computed."""
    started = []
    for key in keys:
        ended(all_jobs.ensure(key, key, lambda progress, key=key: (started.append(key), megabytes(size))[1]))
    return len(started)


def kept(all_jobs, keys):
    return "".join(key for key in keys if all_jobs.get(key) is not None)


def test_the_results_asked_for_longest_ago_leave_once_there_are_too_many_bytes(clock):
    all_jobs = Jobs(keep_bytes=3 * MB + MB // 2)
    ask(all_jobs, *"abc")
    clock[0] += 100
    ask(all_jobs, "a")
    assert kept(all_jobs, "abcd") == "abc"
    ask(all_jobs, "d")
    assert kept(all_jobs, "abcd") == "acd"
    assert 3 * MB < all_jobs.kept_bytes() < 3 * MB + MB // 2


def test_results_without_a_size_are_bounded_too(clock):
    all_jobs = Jobs(keep_bytes=100_000)
    for number in range(200):
        clock[0] += 1
        ended(all_jobs.ensure(f"{number}", "None", lambda progress: None))
    assert 60 <= sum(all_jobs.get(f"{number}") is not None for number in range(200)) <= 62


def test_what_a_page_still_needs_stays_and_leaves_a_minute_later(clock):
    """Two results that do not fit together would otherwise drop each other for ever."""
    all_jobs = Jobs(keep_bytes=MB)
    assert ask(all_jobs, "a", "b", size=2) == 2
    assert ask(all_jobs, "a", "b", size=2) == 0
    clock[0] += 61
    ask(all_jobs, "c")
    assert kept(all_jobs, "abc") == "c"


def test_an_array_that_results_share_counts_once():
    all_jobs, vectors = Jobs(), megabytes(5)
    for key in "abc":
        ended(all_jobs.ensure(key, key, lambda progress: {"vectors": vectors, "own": megabytes(1)}))
    assert 8 * MB < all_jobs.kept_bytes() < 8 * MB + MB // 4
    all_jobs.forget("a")
    assert 7 * MB < all_jobs.kept_bytes() < 7 * MB + MB // 4


@pytest.mark.parametrize("keep_bytes", [100 * MB, 20 * MB])
def test_two_visitors_who_each_need_many_groupings_do_not_compute_them_in_turns(clock, keep_bytes):
    """As two visitors on Compare whose pages are drawn again and again; even where both together are too large."""
    all_jobs = Jobs(keep_bytes)
    pages = [[f"{visitor} {number}" for number in range(16)] for visitor in ("first", "second")]
    computed = []
    for _ in range(5):
        for page in pages:
            clock[0] += 5
            computed.append(ask(all_jobs, *page))
    assert computed == [16, 16, *[0] * 8]


def test_running_jobs_are_never_dropped(gate, clock):
    all_jobs = Jobs(keep_bytes=0, at_once=2)
    running = all_jobs.ensure("slow", "slow", gate)
    clock[0] += 100
    ask(all_jobs, *"abc")
    clock[0] += 100
    ask(all_jobs, "d")
    assert kept(all_jobs, "abcd") == "d"
    assert all_jobs.ensure("slow", "slow", gate) is running


def test_a_job_forgotten_while_it_runs_takes_no_room(gate):
    all_jobs = Jobs(at_once=2)
    running = all_jobs.ensure("slow", "slow", gate)
    all_jobs.forget("slow")
    gate.may_go.set()
    ended(running)
    assert all_jobs.kept_bytes() == 0


def test_as_many_jobs_compute_at_once_as_there_are_cores():
    all_jobs, gates = Jobs(), [Gate() for _ in range(usable_cores() + 2)]
    started = [all_jobs.ensure(f"{number}", "Work", gate) for number, gate in enumerate(gates)]
    first, waiting = gates[: usable_cores()], gates[usable_cores() :]
    assert all(gate.reported.wait(30) for gate in first)
    assert not any(gate.reported.wait(0.1) for gate in waiting)
    for gate in gates:
        gate.may_go.set()
    assert {ended(job).state for job in started} == {"done"}
