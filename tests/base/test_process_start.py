"""A process is known by its number and its start, so that a later one of that number is not taken for it."""

import os
import subprocess
import sys

import psutil
import pytest

from shopsim.base.work.process_start import is_running, process_start

ANOTHER_NUMBER = 2**22 + 1


@pytest.fixture
def child():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.communicate(b"\n")


def test_a_process_runs_until_it_has_ended_even_if_nobody_asked_how(child):
    start = process_start(child.pid)
    assert start > process_start(os.getpid())
    assert is_running(child.pid, start)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert process_start(child.pid) is None
    assert not is_running(child.pid, start)


def test_another_process_of_that_number_is_another(child):
    start = process_start(child.pid)
    assert not is_running(child.pid, start - 10)
    assert not is_running(child.pid, start + 10)
    assert not is_running(child.pid, 0.0)


@pytest.mark.parametrize("pid", [ANOTHER_NUMBER, 2**31, 10**12])
def test_a_number_that_no_process_has_runs_nothing(pid):
    assert process_start(pid) is None


def test_a_clock_that_is_set_makes_no_other_process_of_it(child, monkeypatch):
    start, boot = process_start(child.pid), psutil.boot_time()
    monkeypatch.setattr(psutil, "boot_time", lambda: boot + 3600)
    monkeypatch.setattr(psutil.Process, "create_time", lambda _, really=psutil.Process.create_time: really(_) + 3600)
    assert process_start(child.pid) == pytest.approx(start)


def test_a_process_that_may_not_be_looked_at_is_none_of_ours(monkeypatch):
    def refuse(_):
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "create_time", refuse)
    assert process_start(os.getpid()) is None
