"""The last few results are kept, the oldest is dropped, and no thread gets another object than the others."""

import copy
import pickle
import threading

import pytest

from shopsim.base.work.last_few import LastFew


def asked(kept, key, calls):
    """What is kept under the key, and each computation noted."""

    def compute():
        calls.append(key)
        return [key]

    return kept.get(key, compute)


def test_a_result_is_computed_once():
    kept, calls = LastFew(2), []
    first = asked(kept, "a", calls)
    assert asked(kept, "a", calls) is first
    assert calls == ["a"]


def test_none_is_a_result_too():
    kept, calls = LastFew(2), []
    for _ in range(2):
        assert kept.get("a", lambda: calls.append(1)) is None
    assert calls == [1]


def test_the_one_not_asked_for_longest_is_dropped():
    kept, calls = LastFew(2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        asked(kept, key, calls)
    assert calls == ["a", "b", "c", "b"]


def test_what_fails_is_not_kept():
    kept, calls = LastFew(2), []
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 / 0)
    assert asked(kept, "a", calls) == ["a"]


def test_threads_that_ask_at_once_get_one_object():
    kept, both, found = LastFew(2), threading.Barrier(2), []

    def compute():
        both.wait(10)
        return object()

    threads = [threading.Thread(target=lambda: found.append(kept.get("a", compute))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(found) == 2
    assert found[0] is found[1]


def test_a_slow_result_keeps_nobody_from_what_is_at_hand():
    kept, going, may_end = LastFew(2), threading.Event(), threading.Event()
    asked(kept, "a", [])

    def slow():
        going.set()
        may_end.wait(10)

    thread = threading.Thread(target=kept.get, args=("b", slow))
    thread.start()
    going.wait(10)
    assert asked(kept, "a", []) == ["a"]
    assert thread.is_alive()
    may_end.set()
    thread.join(10)


def test_a_copy_starts_empty_and_keeps_as_many():
    kept = LastFew(1)
    asked(kept, "a", [])
    for other in (pickle.loads(pickle.dumps(kept)), copy.deepcopy(kept)):
        calls = []
        for key in ("a", "b", "a"):
            asked(other, key, calls)
        assert calls == ["a", "b", "a"]
