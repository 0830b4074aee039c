"""The line that tells how far a command is: on a terminal, in a log file."""

import io
import os
import subprocess
import sys

import pytest
from catalog_fixtures import PROJECT

from shopsim.cli.progress_line import ProgressLine, duration


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self):
        return True


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("tqdm.std.time", clock)
    return clock


def test_a_terminal_sees_one_line_that_rewrites_itself(clock):
    shown = Terminal()
    with ProgressLine("Extracting", shown) as progress:
        for done in range(0, 50, 10):
            progress(done, 40)
            clock.now += 1
    assert shown.getvalue().count("\n") == 1
    assert shown.getvalue().count("\r") == 6
    assert "10 of 40 photos, 10.0/s, 3 s left" in shown.getvalue()
    assert shown.getvalue().endswith("\rExtracting: 40 of 40 photos, 8.0/s, 5 s\x1b[K\n")


def test_a_terminal_is_written_to_ten_times_a_second_at_most(clock):
    shown = Terminal()
    with ProgressLine("Extracting", shown) as progress:
        for done in range(1001):
            progress(done, 1000)
            clock.now += 0.001
    assert 3 <= shown.getvalue().count("\r") <= 12


def test_a_log_file_sees_few_lines(clock):
    shown = io.StringIO()
    with ProgressLine("Extracting", shown) as progress:
        for done in range(101):
            progress(done, 100)
            clock.now += 1
    assert 3 <= len(shown.getvalue().splitlines()) <= 12
    assert shown.getvalue().splitlines()[0] == "Extracting: 10 of 100 photos, 1.0/s, 1 min 30 s left"
    assert shown.getvalue().splitlines()[-1] == "Extracting: 100 of 100 photos, 1.0/s, 1 min 41 s"
    assert "\r" not in shown.getvalue()


def test_a_log_file_of_quick_work_sees_one_line_and_none_of_no_work(clock):
    shown = io.StringIO()
    with ProgressLine("Extracting", shown) as progress:
        progress(0, 8)
    with ProgressLine("Extracting", shown) as progress:
        progress(8, 8)
    with ProgressLine("Extracting", shown) as progress:
        progress(0, 0)
    with ProgressLine("Extracting", shown):
        pass
    assert shown.getvalue() == "Extracting: 8 of 8 photos, 0 s\nExtracting: 8 of 8 photos, known from before\n"


def test_what_an_earlier_run_did_does_not_count_towards_the_rate(clock):
    shown = io.StringIO()
    with ProgressLine("Extracting", shown) as progress:
        progress(900, 1000)
        clock.now += 10
        progress(950, 1000)
    assert "950 of 1,000 photos, 5.0/s, 10 s left" in shown.getvalue()


def test_work_that_fails_leaves_behind_how_far_it_came(clock):
    shown = io.StringIO()
    with pytest.raises(KeyError), ProgressLine("Tuning", shown, unit="") as progress:
        progress(0, 10)
        clock.now += 2
        progress(4, 10)
        raise KeyError
    assert shown.getvalue() == "Tuning: 4 of 10, 2.0/s, 2 s\n"


def test_a_second_line_stands_where_the_first_was_left(clock):
    """A learning reports phase after phase, and ends no line."""
    shown = Terminal()
    for title in ("Preparing", "Learning"):
        line = ProgressLine(title, shown, unit="")
        line(0, 4)
        clock.now += 1
        line(2, 4)
    del line
    assert "\n" not in shown.getvalue()
    assert shown.getvalue().endswith("\rLearning: 2 of 4, 2.0/s, 1 s left\x1b[K")


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_a_person_can_turn_the_line_off_and_the_work_is_counted_all_the_same(stream):
    script = (
        "import io, sys; from shopsim.cli.progress_line import ProgressLine; shown = io.StringIO()\n"
        f"shown.isatty = lambda: {stream is Terminal}\n"
        "with ProgressLine('Extracting', shown) as progress:\n    progress(1, 4); progress(2, 4)\n"
        "print([shown.getvalue(), progress.initial, progress.done])"
    )
    off = os.environ | {"TQDM_DISABLE": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, env=off, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "['', 1, 4]\n"


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_a_name_gives_a_terminal_no_commands(stream, clock):
    shown = stream()
    with ProgressLine("Extracting \x1b]0;owned\x07\u202e\nbags", shown) as progress:
        progress(0, 4)
        clock.now += 20
        progress(2, 4)
    lines = shown.getvalue().replace("\r", "\n").replace("\x1b[K", "").split("\n")
    assert {line.partition(":")[0] for line in lines if line} == {"Extracting \\x1b]0;owned\\x07\\u202e\\nbags"}
    assert not any("\x1b" in line or "\x07" in line or "\u202e" in line for line in lines)


def test_a_line_is_no_wider_than_the_terminal(clock, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    shown = Terminal()
    with ProgressLine("Extracting a name that is far too long", shown) as progress:
        progress(0, 4)
        clock.now += 1
        progress(2, 4)
    assert {len(line) for line in shown.getvalue().replace("\n", "").replace("\x1b[K", "").split("\r")} == {0, 29}


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations_read_as_people_say_them(seconds, text):
    assert duration(seconds) == text
