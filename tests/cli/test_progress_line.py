"""The line that tells how far a command is: on a terminal, in a log file."""

import io
import time

import pytest

from shopsim.cli.progress_line import ProgressLine, duration


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self):
        return True


def test_a_terminal_sees_one_line_that_rewrites_itself(monkeypatch):
    clock = iter(float(tick) for tick in range(100))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    shown = Terminal()
    with ProgressLine("Extracting", shown) as progress:
        for done in range(0, 50, 10):
            progress(done, 40)
    assert shown.getvalue().count("\n") == 1
    assert shown.getvalue().count("\r") == 6
    assert "10 of 40 photos, 10.0/s, 3 s left" in shown.getvalue()


def test_a_log_file_sees_few_lines(monkeypatch):
    clock = iter(float(tick) for tick in range(200))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    shown = io.StringIO()
    with ProgressLine("Extracting", shown) as progress:
        for done in range(101):
            progress(done, 100)
    assert 3 <= len(shown.getvalue().splitlines()) <= 12
    assert shown.getvalue().splitlines()[-1].startswith("Extracting: 100 of 100 photos, ")
    assert "\r" not in shown.getvalue()


def test_what_an_earlier_run_did_does_not_count_towards_the_rate(monkeypatch):
    clock = iter([0.0, 0.0, 10.0, 20.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    shown = io.StringIO()
    with ProgressLine("Extracting", shown) as progress:
        progress(900, 1000)
        progress(950, 1000)
    assert "950 of 1,000 photos, 5.0/s, 10 s left" in shown.getvalue()


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations_read_as_people_say_them(seconds, text):
    assert duration(seconds) == text
