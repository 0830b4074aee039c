"""Bindings: closures, pairs of closures, and contradictions that name their chain."""

import pickle

import pytest
from vectors import clustered_rows

from shopsim import ShopsimError
from shopsim.clusterers.bindings import Contradiction, bindings_of
from shopsim.clusterers.hierarchical import Linkage


def test_groups_that_share_a_photo_are_one_closure():
    bindings = bindings_of(7, [(1, 2), (5, 2), (3, 6)])
    assert bindings.closure.tolist() == [0, 1, 1, 2, 3, 1, 2]


def test_a_pair_keeps_whole_closures_apart_and_stands_once():
    bindings = bindings_of(6, [(0, 1), (2, 3)], [(1, 3), (2, 0), (5, 4)])
    assert bindings.apart.tolist() == [[0, 1], [2, 3]]


def test_without_bindings_each_photo_is_alone():
    bindings = bindings_of(3)
    assert bindings.closure.tolist() == [0, 1, 2]
    assert bindings.apart.shape == (0, 2)
    assert bindings_of(0).closure.shape == (0,)


def test_a_contradiction_names_the_shortest_chain():
    together = [(0, 1), (1, 2), (2, 3), (3, 4), (1, 4, 5)]
    with pytest.raises(ShopsimError, match=r"Photos 0 and 4 are to stay apart.*0 - 1 - 4") as caught:
        bindings_of(6, together, [(0, 4), (2, 5)])
    assert caught.value.chain == (0, 1, 4)


def test_a_contradiction_calls_photos_by_their_names_and_survives_another_process():
    with pytest.raises(Contradiction, match=r"'a\.jpg' - 'b\.jpg' - 'c\.jpg'") as caught:
        bindings_of(3, [(0, 1), (1, 2)], [(0, 2)], names=["a.jpg", "b.jpg", "c.jpg"])
    sent = pickle.loads(pickle.dumps(caught.value))
    assert (str(sent), sent.chain) == (str(caught.value), (0, 1, 2))


def test_a_photo_is_not_apart_from_itself():
    with pytest.raises(Contradiction, match="itself"):
        bindings_of(3, [], [(1, 1)])


@pytest.mark.parametrize(("together", "apart"), [([(0, 3)], []), ([(-1, 0)], []), ([], [(1, 3)])])
def test_a_photo_that_is_not_there_is_a_mistake(together, apart):
    with pytest.raises(ValueError, match="outside 0 to 2"):
        bindings_of(3, together, apart)


def test_a_clustering_refuses_a_contradiction():
    with pytest.raises(Contradiction, match="put together: 1 - 0"):
        Linkage("average").fit(clustered_rows(5), together=[(0, 1)], apart=[(1, 0)])
