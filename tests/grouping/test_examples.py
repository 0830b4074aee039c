"""Groups as examples: three that are right and the one with the most wrong pairs, with its reason."""

from types import SimpleNamespace

import numpy as np

from shopsim.grouping.examples import examples
from shopsim.grouping.group_table import Representatives
from shopsim.scoring.confused_cut import Confusion


def _numbers(letters):
    return np.unique(list(letters), return_inverse=True)[1]


def grouping_of(groups, models=None, similarity=None, chained=()):
    """A cut of these groups, as far as examples look at it."""
    labels_pred = _numbers(groups)
    labels_true = None if models is None else _numbers(models)
    central = np.array([int(np.flatnonzero(labels_pred == group)[0]) for group in labels_pred])
    near = np.where(central == np.arange(len(central)), 1.0, 0.5 if similarity is None else similarity)
    return SimpleNamespace(
        labels_pred=labels_pred,
        fitted=SimpleNamespace(catalog=SimpleNamespace(labels_true=labels_true)),
        evaluation=None if models is None else object(),
        confusion=None if models is None else Confusion.of(labels_true, labels_pred),
        representatives=Representatives(central, near),
        is_chained=lambda group: group in chained,
    )


def test_whole_models_come_before_larger_parts_of_one():
    found = examples(grouping_of("aaaaabbbcccccc", "xxxxxyyyxzzzzz"))
    right = [each for each in found if each.verdict == "right"]
    assert [(each.group, each.is_whole) for each in right] == [(1, True), (0, False)]


def test_a_group_of_two_models_is_the_wrong_one_with_both_shown():
    wrong = examples(grouping_of("aaaabbb", "xxyyzzz"))[-1]
    assert (wrong.verdict, wrong.group, wrong.counts, wrong.others) == ("mixed", 0, (2, 2), 0)
    assert wrong.parts == ((0, 1), (2, 3))


def test_a_model_in_two_groups_is_the_wrong_one_where_no_group_is_mixed():
    wrong = examples(grouping_of("aaabbbccc", "xxxyyyyyy"))[-1]
    assert (wrong.verdict, wrong.models, wrong.parts) == ("divided", (1,), ((3, 4, 5), (6, 7, 8)))


def test_where_all_is_right_no_wrong_group_is_shown():
    assert {each.verdict for each in examples(grouping_of("aaabbb", "xxxyyy"))} == {"right"}


def test_without_labels_the_loosest_group_is_the_doubtful_one():
    similarity = np.array([1, 0.9, 0.9, 1, 0.2, 0.2, 1, 0.8, 0.8])
    found = examples(grouping_of("aaabbbccc", None, similarity))
    assert [(each.verdict, each.group) for each in found][-1] == ("loose", 1)
    assert all(each.verdict == "tight" for each in found[:-1])
    assert found[0].group in (0, 2)


def test_groups_too_small_to_show_anything_are_left_out():
    assert examples(grouping_of("ab")) == []


def test_no_part_of_a_divided_model_is_called_right():
    found = examples(grouping_of("aaabbbcccddd", "xxxxxxxxxyyy"))
    assert [(each.verdict, each.models) for each in found] == [("right", (1,)), ("divided", (0,))]
    # Most of a model, but the one that is shown as wrong.
    found = examples(grouping_of("aaaaabbbccc", "xxxxxxxxyyy"))
    assert [(each.verdict, each.models) for each in found] == [("right", (1,)), ("divided", (0,))]


def test_a_chained_group_is_no_example_of_similar_photos():
    similarity = np.array([1, 0.9, 0.9, 1, 0.8, 0.8, 1, 0.3, 0.3])
    found = examples(grouping_of("aaabbbccc", None, similarity, chained=[0]))
    assert [(each.verdict, each.group) for each in found] == [("tight", 1), ("loose", 2)]
