"""Work that waits until a test lets it through."""

import threading
import time


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


def ended(job):
    assert job.wait(30)
    return job


def wait_for(condition, seconds=30):
    """Whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()
