"""How the processes of `make test` share the files."""

from pathlib import Path

import pytest
from balance import SLOW, TOGETHER, turn_of, unit_of

PROJECT = Path(__file__).parents[1]
# Fixtures and calls of tests that start TensorFlow.
STARTING = (
    "random_network",
    "(backbone",
    " backbone,",
    "learner_on",
    "tf = import_tensorflow()",
    "save_writing_network",
)
PLACES = [*(place for places in TOGETHER.values() for place in places), *SLOW]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_listed_is_there(place):
    assert (PROJECT / place).exists()


def test_files_that_start_the_same_are_one_unit_and_any_other_is_its_own():
    assert unit_of("tests/browser/test_a.py::test_b[1]") == unit_of("tests/browser/test_c.py::test_d") == "browser"
    assert unit_of("tests/base/test_a.py::test_b[x::y]") == "tests/base/test_a.py"


def test_the_longest_start_first():
    ids = ["tests/base/test_a.py::b", "tests/ui/test_a.py::b", f"{PLACES[1]}::b", f"{PLACES[0]}::b"]
    assert sorted(ids, key=turn_of) == [f"{PLACES[0]}::b", f"{PLACES[1]}::b", ids[1], ids[0]]


def test_files_that_start_tensorflow_are_listed():
    """Those that train a network, or take one of random weights."""
    starting = [path for path in PROJECT.glob("tests/**/test_*.py") if starts_tensorflow(path)]
    assert {path.relative_to(PROJECT).as_posix() for path in starting} <= set(TOGETHER["tensorflow"])


def starts_tensorflow(path):
    return path != Path(__file__) and any(name in path.read_text(encoding="utf-8") for name in STARTING)
