"""How far a part of some work is, as a count of the whole; what it says and hears is the whole's."""

import pytest

from shopsim.base.work.progress import Stopped, look, part_of, say


class Whole:
    """A progress that keeps what it is told and stops when asked to."""

    def __init__(self):
        self.told, self.is_to_stop = [], False

    def __call__(self, done, total):
        self.told.append((done, total))

    def say(self, doing):
        self.told.append(doing)

    def look(self):
        if self.is_to_stop:
            raise Stopped


def test_a_part_counts_as_its_share_of_the_whole():
    told = []
    part = part_of(lambda *given: told.append(given), 30, 10, 100)
    for done in (0, 1, 2, 4):
        part(done, 4)
    assert told == [(30, 100), (32, 100), (35, 100), (40, 100)]


def test_a_part_with_nothing_to_do_is_at_its_beginning():
    told = []
    part_of(lambda *given: told.append(given), 30, 10, 100)(0, 0)
    assert told == [(30, 100)]


def test_a_part_of_a_part_says_its_step_and_hears_a_stop_without_counting():
    whole = Whole()
    part = part_of(part_of(whole, 30, 10, 100), 1, 1, 2)
    say(part, "waiting for memory")
    look(part)
    assert whole.told == ["waiting for memory"]
    whole.is_to_stop = True
    with pytest.raises(Stopped):
        look(part)


def test_a_part_of_work_that_hears_nothing_says_nothing():
    told = []
    part = part_of(lambda *given: told.append(given), 0, 1, 1)
    say(part, "waiting")
    look(part)
    assert told == []
