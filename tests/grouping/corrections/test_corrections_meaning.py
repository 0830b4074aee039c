"""What actions mean, alone and after one another: by hand, and for a clustering against the plainest one."""

import numpy as np
import pytest
from bound_cases import assert_each_merge_is_the_best, kept_apart
from correction_cases import random_action
from vectors import clustered_rows

from shopsim import ShopsimError
from shopsim.clusterers.bindings import Contradiction
from shopsim.clusterers.hierarchical import Linkage
from shopsim.grouping.chains import split_strictly
from shopsim.grouping.corrections.action import APPROVE, DIFFERENT, DIVIDE, MOVE, NAME, SAME, SPLIT, Action, action
from shopsim.grouping.corrections.bound import bound_of
from shopsim.grouping.corrections.meaning import statements_of


def numbered(*actions):
    return [
        Action(each.kind, each.parts, each.text, number=number, undone=each.undone)
        for number, each in enumerate(actions, 1)
    ]


def meaning(*actions):
    statements = statements_of(numbered(*actions))
    return [set(group) for group in statements.together], [set(pair) for pair in statements.apart]


def letters(text):
    return [list(part) for part in text.split()]


@pytest.mark.parametrize(
    ("kind", "parts", "together", "apart"),
    [
        (SAME, "ab cd", ["abcd"], []),
        (DIFFERENT, "ab cd", [], ["ac"]),
        (MOVE, "p gh xy", ["pgh"], ["px"]),
        (MOVE, "p gh", ["pgh"], []),
        (SPLIT, "pq xyz", ["pq"], ["px", "py", "pz"]),
        (SPLIT, "p xy", [], ["px", "py"]),
        (DIVIDE, "ab cd e", [], ["ac", "ae", "ce"]),
    ],
)
def test_one_action_means(kind, parts, together, apart):
    assert meaning(action(kind, letters(parts))) == ([*map(set, together)], [*map(set, apart)])


def test_names_and_approvals_bind_nothing():
    assert not statements_of(numbered(action(NAME, [["a", "b"]], text="boots"), action(APPROVE, [["a", "b"]])))


def test_a_photo_of_a_merged_group_can_be_moved_on():
    merge, on = action(SAME, letters("ab pc")), action(MOVE, letters("p xy ab"))
    assert meaning(merge, on) == ([set("abc"), set("pxy")], [set("pa")])


def test_the_next_photo_of_a_group_speaks_for_it_once_the_first_has_moved():
    moved, on = action(MOVE, letters("p gh xy")), action(MOVE, letters("x gh yz"))
    assert meaning(moved, on) == ([set("pgh"), set("xgh")], [set("py"), set("xy")])


def test_a_photo_that_is_moved_again_is_only_where_it_went_last():
    first, again = action(MOVE, letters("p gh xy")), action(MOVE, letters("p xy gh"))
    assert meaning(first, again) == ([set("pxy")], [set("pg")])


def test_what_is_said_of_two_single_photos_is_firm():
    firm, moved = action(SAME, letters("p q")), action(MOVE, letters("p xy qz"))
    with pytest.raises(Contradiction, match=r"'p' - 'q'|'q' - 'p'"):
        bound_of(list("pqxyz"), statements_of(numbered(firm, moved)))


def test_a_division_leaves_the_largest_part_where_it_was():
    merge, divide = action(SAME, letters("ab cd")), action(DIVIDE, letters("ab c d"))
    assert meaning(merge, divide) == ([set("ab")], [set("ac"), set("ad"), set("cd")])


def test_a_contradiction_names_its_chain_of_photos():
    said = numbered(
        *(action(kind, letters(parts)) for kind, parts in ((SAME, "a b"), (SAME, "b c"), (DIFFERENT, "a c")))
    )
    with pytest.raises(Contradiction, match=r"'A\.jpg' - 'B\.jpg' - 'C\.jpg'") as caught:
        bound_of(list("abc"), statements_of(said), ["A.jpg", "B.jpg", "C.jpg"])
    assert caught.value.chain == (0, 1, 2)


def test_a_photo_that_is_gone_still_links_two_others():
    said = statements_of(numbered(action(SAME, [["a"], ["gone"]]), action(SAME, [["gone"], ["c"]])))
    assert bound_of(["a", "b", "c"], said).together == ((0, 2),)
    assert not bound_of(["a", "b"], said)


def test_byte_equal_copies_are_bound_only_where_somebody_names_them():
    said = statements_of(numbered(action(DIFFERENT, letters("a b"))))
    bound = bound_of(["a", "b", "a", "c", "c"], said)
    assert (bound.together, bound.apart) == (((0, 2),), ((0, 1),))


@pytest.mark.parametrize(
    ("kind", "parts", "words"),
    [
        ("join", "a b", "no kind of correction"),
        (SAME, "a", "at least two"),
        (SPLIT, "a", "needs 2"),
        (MOVE, "a b c d", "needs 2 to 3"),
        (DIFFERENT, "a", "needs 2 or more"),
        (DIFFERENT, "a a", "byte-equal"),
        (NAME, "ab", "only a name has a text"),
    ],
)
def test_an_action_that_means_nothing_is_refused(kind, parts, words):
    with pytest.raises(ShopsimError, match=words):
        action(kind, letters(parts))


@pytest.mark.parametrize("method", ["average", "complete", "single"])
@pytest.mark.parametrize("seed", range(8))
def test_a_clustering_with_corrections_is_the_plainest_one_and_every_cut_respects_them(method, seed):
    rng = np.random.default_rng(seed)
    rows, keys, said = clustered_rows(14, seed=seed), [f"k{number}" for number in range(14)], []
    for _ in range(6):
        wanted = numbered(*said, random_action(rng, keys))
        try:
            bound_of(keys, statements_of(wanted))
        except Contradiction:
            continue
        said = wanted
    bound = bound_of(keys, statements_of(said))
    assert bound
    tree = Linkage(method).fit(rows, together=bound.together, apart=bound.apart)
    similarity = (rows @ rows.T).astype(np.float64)
    assert_each_merge_is_the_best(tree, similarity, method, bound.together, bound.apart)
    for threshold in [1.01, *tree.similarities.tolist(), -1.0]:
        labels = tree.cut(threshold)
        strict = split_strictly(labels, rows, threshold, bound.bindings)
        assert_respected(labels, bound)
        assert_respected(strict, bound)
        assert_strict(strict, labels, similarity, threshold, bound)


def assert_respected(labels, bound):
    for group in bound.together:
        assert len(set(labels[list(group)])) == 1
    for one, other in bound.apart:
        assert labels[one] != labels[other]


def assert_strict(strict, labels, similarity, threshold, bound):
    """Two photos of one group are as similar as the threshold, or were put together; no more groups than needed."""
    closure = bound.bindings.closure
    for one, other in np.argwhere(strict[:, None] == strict).tolist():
        assert labels[one] == labels[other]
        assert closure[one] == closure[other] or similarity[one, other] >= threshold - 1e-6
    groups = [set(np.flatnonzero(strict == number).tolist()) for number in range(strict.max() + 1)]
    for place, one in enumerate(groups):
        for other in groups[:place]:
            inside = labels[min(one)] == labels[min(other)] and not kept_apart(one, other, bound.apart)
            assert not inside or similarity[np.ix_(sorted(one), sorted(other))].min() < threshold + 1e-6
