"""How many jobs compute at once, and that none waits for ever."""

import subprocess
import threading

import pytest
from gated_work import Gate, ended, wait_for

from shopsim import ShopsimError
from shopsim.base.work.job import Job
from shopsim.base.work.progress import WAITING
from shopsim.base.work.turns import Turns, elsewhere
from shopsim.base.work.workers import Workers


@pytest.fixture
def gates():
    """Two pieces of work that wait."""
    gates = [Gate(), Gate()]
    yield gates
    for gate in gates:
        gate.may_go.set()


def test_a_job_that_waits_for_its_turn_says_so_and_then_runs(gates):
    turns = Turns(1)
    first = Job("First", gates[0], turns)
    assert gates[0].reported.wait(20)
    second = Job("Second", gates[1], turns)
    assert wait_for(lambda: second.doing == WAITING)
    assert (second.state, gates[1].runs, first.doing) == ("running", 0, "")
    gates[0].may_go.set()
    assert gates[1].reported.wait(20)
    assert second.doing == ""
    gates[1].may_go.set()
    assert (ended(second).state, second.result) == ("done", "result")


def test_a_job_that_waits_for_its_turn_can_be_stopped(gates):
    turns = Turns(1)
    first = Job("First", gates[0], turns)
    assert gates[0].reported.wait(20)
    second = Job("Second", gates[1], turns)
    second.stop()
    assert (ended(second).state, gates[1].runs) == ("stopped", 0)
    gates[0].may_go.set()
    assert ended(first).state == "done"
    assert ended(Job("Third", lambda progress: "third", turns)).result == "third"


def test_who_came_first_goes_first(gates):
    turns, order = Turns(1), []
    Job("First", gates[0], turns)
    assert gates[0].reported.wait(20)
    waiting = []
    for number in range(5):
        waiting.append(Job("Later", lambda progress, number=number: order.append(number), turns))
        assert wait_for(lambda: waiting[-1].doing == WAITING)
    gates[0].may_go.set()
    for job in waiting:
        ended(job)
    assert order == [0, 1, 2, 3, 4]


def test_work_that_fails_gives_its_turn_back():
    def fail(progress):
        raise ShopsimError("The disk is full.")

    turns = Turns(1)
    assert ended(Job("Fails", fail, turns)).state == "failed"
    assert ended(Job("Next", lambda progress: "next", turns)).result == "next"


def test_who_waits_for_a_worker_lets_others_compute(gates):
    turns = Turns(1)

    def of_a_network(progress):
        with elsewhere():
            return gates[0](progress)

    minutes = Job("A network", of_a_network, turns)
    assert gates[0].reported.wait(20)
    assert ended(Job("A quick cut", lambda progress: "cut", turns)).result == "cut"
    gates[0].may_go.set()
    assert ended(minutes).result == "result"


def test_a_worker_is_waited_for_without_a_turn():
    turns, workers = Turns(1), Workers()
    job = Job("Sleep", lambda progress: workers.run(subprocess.run, ["sleep", "30"], progress=progress), turns)
    try:
        assert ended(Job("A quick cut", lambda progress: "cut", turns)).result == "cut"
        assert job.state == "running"
    finally:
        job.stop()
        assert ended(job).state == "stopped"


def test_who_comes_back_from_a_worker_waits_for_a_turn_again(gates):
    turns, is_back = Turns(1), threading.Event()

    def of_a_network(progress):
        with elsewhere():
            gates[0](progress)
        is_back.set()

    network = Job("A network", of_a_network, turns)
    assert gates[0].reported.wait(20)
    other = Job("Other", gates[1], turns)
    assert gates[1].reported.wait(20)
    gates[0].may_go.set()
    assert wait_for(lambda: network.doing == WAITING)
    assert not is_back.is_set()
    gates[1].may_go.set()
    assert is_back.wait(20)
    assert {ended(network).state, ended(other).state} == {"done"}


def test_one_that_is_stopped_while_it_waits_to_come_back_ends_once(gates):
    turns = Turns(1)

    def of_a_network(progress):
        with elsewhere():
            gates[0](progress)

    network = Job("A network", of_a_network, turns)
    assert gates[0].reported.wait(20)
    other = Job("Other", gates[1], turns)
    assert gates[1].reported.wait(20)
    gates[0].may_go.set()
    assert wait_for(lambda: network.doing == WAITING)
    network.stop()
    assert ended(network).state == "stopped"
    third = Job("Third", lambda progress: "third", turns)
    assert wait_for(lambda: third.doing == WAITING), "the one turn is still the other's"
    gates[1].may_go.set()
    assert (ended(other).state, ended(third).result) == ("done", "third")


def test_a_thread_without_a_turn_goes_through():
    with elsewhere():
        pass
