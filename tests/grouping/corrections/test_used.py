"""What corrections mean, kept by the keys of photos, gives the same closures and pairs again."""

from dataclasses import replace

import numpy as np
import pytest
from correction_cases import catalog_of, random_action

from shopsim.catalog.photo_keys import photo_keys
from shopsim.clusterers.bindings import Contradiction
from shopsim.grouping.corrections.action import NAME, SAME, action
from shopsim.grouping.corrections.bound import bound_of
from shopsim.grouping.corrections.meaning import statements_of
from shopsim.grouping.corrections.used import digest_of_statements, statements_in, used_of

# 'a+' is a copy of 'a', and 'x' and 'y' are photos of another catalogue.
NAMES = ["a", "b", "c", "a+", "d", "e", "f"]
ELSEWHERE = ["x", "y"]


def random_bound(seed):
    """Random actions, as many as do not contradict each other, and what they mean for the photos."""
    rng, keys = np.random.default_rng(seed), photo_keys(catalog_of(NAMES))
    actions, bound = [], bound_of(keys, statements_of([]))
    for number in range(1, 7):
        tried = [*actions, replace(random_action(rng, [*dict.fromkeys(keys), *ELSEWHERE]), number=number)]
        try:
            bound = bound_of(keys, statements_of(tried))
        except Contradiction:
            continue
        actions = tried
    return bound


@pytest.mark.parametrize("seed", range(40))
def test_what_is_kept_gives_the_same_again_whatever_the_order_of_the_photos(seed):
    bound, keys = random_bound(seed), photo_keys(catalog_of(NAMES))
    kept = statements_in(bound, keys)
    assert bound_of(keys, kept) == bound
    turned = photo_keys(catalog_of(NAMES[::-1]))
    assert digest_of_statements(statements_in(bound_of(turned, kept), turned)) == digest_of_statements(kept)


def test_numbers_count_what_a_clustering_must_respect():
    made = [action(SAME, [["a"], ["b"]], "Jisoo"), action(SAME, [["c"], ["d"]]), action(NAME, [["a"]], "Jisoo", "Bag")]
    undone = replace(action(SAME, [["e"], ["f"]], "Minho"), undone=1)
    used = used_of([*made, undone], statements_of(made))
    assert (used.n, used.kinds, used.people) == (2, {"same": 2}, {"": 1, "Jisoo": 1})
    assert used.latest == max(each.at for each in made[:2])
