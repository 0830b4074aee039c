"""Ray for tests: small, and with processes that can be killed by the name of their work."""

import os
import signal
import time

import psutil

from shopsim.base.work.ray_cluster import RayCluster

SMALL_STORE = 300 * 2**20


def small_cluster():
    """Two processors and little memory."""
    return RayCluster(n_cpus=2, store_bytes=SMALL_STORE)


def processes_at(work):
    """The processes of this test's Ray that have begun such work, as Ray calls it."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if process.cmdline()[:1] and process.cmdline()[0].startswith(f"ray::{work}"):
                found.append(process)
        except psutil.Error:
            continue
    return found


def kill_one_at(work, timeout_s=20.0):
    """Kills such a process by SIGKILL as soon as there is one; returns its number."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        for process in processes_at(work):
            os.kill(process.pid, signal.SIGKILL)
            return process.pid
        time.sleep(0.005)
    raise AssertionError(f"Ray never began {work}")
