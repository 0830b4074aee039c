"""How far a part of some work is, as a count of the whole."""

from shopsim.base.work.progress import part_of


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
