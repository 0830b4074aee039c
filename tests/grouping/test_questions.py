"""Questions: which pairs are in doubt, in which order, and what an answer does to the groups."""

import numpy as np
import pytest
from vectors import at_angles, clustered_rows

from shopsim.clusterers.bindings import bindings_of
from shopsim.clusterers.hierarchical import Linkage
from shopsim.grouping.corrections.action import DIFFERENT, DIVIDE, SAME, Action
from shopsim.grouping.corrections.answers import answer, settled_pairs
from shopsim.grouping.corrections.bound import bound_of
from shopsim.grouping.corrections.meaning import statements_of
from shopsim.grouping.inside_group import last_merges, parts_at, tree_inside
from shopsim.grouping.near_groups import group_means, near_groups
from shopsim.grouping.questions import JOIN, PART, questions_of

# Two groups that nearly merge, of 3 and 2 photos, and one far away whose inside is loose.
ROWS = at_angles(0, 1, 2, 20, 21, 90, 91, 104)
LABELS = np.array([0, 0, 0, 1, 1, 2, 2, 2])
THRESHOLD = 0.95


def asked(**more):
    return questions_of(LABELS, ROWS, THRESHOLD, **more)


def test_groups_that_nearly_merge_and_weak_links_are_asked_about():
    kinds = {(question.kind, tuple(sorted((*question.one, *question.other)))) for question in asked()}
    assert (JOIN, (0, 1, 2, 3, 4)) in kinds
    assert (PART, (5, 6, 7)) in kinds


def test_the_most_central_photos_are_shown_and_the_larger_side_comes_first():
    (join,) = [question for question in asked() if question.kind == JOIN and 0 in question.one and 3 in question.other]
    assert (join.pair[0], len(join.one), join.n_changed) == (1, 3, 2)
    assert join.similarity == pytest.approx(float((ROWS[:3] @ ROWS[3:5].T).mean()), abs=1e-6)


def test_the_heaviest_question_comes_first_and_so_many_are_returned_at_most():
    every = asked(most=100)
    assert [question.weight for question in every] == sorted((question.weight for question in every), reverse=True)
    assert [question.pair for question in asked(most=2)] == [question.pair for question in every[:2]]


def test_what_is_settled_or_kept_apart_is_not_asked_again():
    first = asked()[0]
    assert first.pair not in [question.pair for question in asked(settled=[first.pair])]
    turned = first.pair[::-1]
    assert first.pair not in [question.pair for question in asked(settled=[turned])]
    bindings = bindings_of(len(ROWS), [], [(0, 4)])
    joins = [question for question in asked(bindings=bindings, most=100) if question.kind == JOIN]
    assert not any(0 in question.one and 4 in question.other for question in joins)


@pytest.mark.parametrize("seed", range(5))
def test_an_answer_changes_the_groups_as_the_question_says(seed):
    rows = clustered_rows(40, seed=seed)
    keys = [f"k{row}" for row in range(40)]
    tree = Linkage("average").fit(rows)
    threshold = float(np.median(tree.similarities))
    labels = tree.cut(threshold)
    for question in questions_of(labels, rows, threshold, most=20):
        for is_same in (True, False):
            said = answer(question, is_same, keys)
            bound = bound_of(keys, statements_of([Action(said.kind, said.parts, number=1)]))
            after = Linkage("average").fit(rows, together=bound.together, apart=bound.apart).cut(threshold)
            one, other = question.pair
            assert (after[one] == after[other]) == is_same
            if question.kind == JOIN and is_same:
                assert len(set(after[[*question.one, *question.other]])) == 1
            assert settled_pairs([said], keys) == {question.pair}


def test_byte_equal_copies_are_never_asked_about():
    keys = ["same", "other", "same"]
    assert settled_pairs([], keys) == {(0, 2)}
    rows, labels = at_angles(0, 5, 0), np.zeros(3, dtype=np.int64)
    shown = [question.pair for question in questions_of(labels, rows, 0.9, settled=settled_pairs([], keys))]
    assert shown == [(0, 1)]


def test_the_kind_of_correction_follows_from_the_question_and_the_answer():
    keys = [f"k{row}" for row in range(len(ROWS))]
    by_kind = {question.kind: question for question in asked(most=100)}
    kinds = {(kind, said): answer(by_kind[kind], said, keys).kind for kind in (JOIN, PART) for said in (True, False)}
    assert kinds == {(JOIN, True): SAME, (JOIN, False): DIFFERENT, (PART, True): SAME, (PART, False): DIVIDE}
    assert answer(by_kind[PART], True, keys).is_firm


def test_the_last_merges_of_a_group_are_those_of_its_tree():
    rows = np.array([0, 2, 5, 6, 7])
    merges = last_merges(ROWS, rows, 2)
    assert [sorted(map(tuple, (one.tolist(), other.tolist()))) for one, other, _ in merges] == [
        [(0, 2), (5, 6, 7)],
        [(5, 6), (7,)],
    ]
    assert merges[0][2] < merges[1][2]
    parts = parts_at(tree_inside(ROWS, rows), rows, 0.5)
    assert [part.tolist() for part in parts] == [[5, 6, 7], [0, 2]]


def test_near_groups_are_sorted_by_mean_similarity_without_the_photos_own_groups():
    groups, similarity = near_groups(LABELS, ROWS, np.array([0, 1]), 5)
    assert groups.tolist() == [1, 2]
    means = [float((ROWS[:2] @ ROWS[group == LABELS].T).mean()) for group in (1, 2)]
    assert similarity.tolist() == pytest.approx(means, abs=1e-6)
    assert group_means(LABELS, ROWS)[1] == pytest.approx(ROWS[3:5].mean(axis=0))
