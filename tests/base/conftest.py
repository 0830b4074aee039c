"""What tests of jobs share: work that waits, and a clock."""

import time

import pytest
from gated_work import Gate


@pytest.fixture
def gate():
    """Work that waits until it is let through; at the end of the test it is."""
    gate = Gate()
    yield gate
    gate.may_go.set()


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves by hand."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now
