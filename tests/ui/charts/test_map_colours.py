"""What the colours of the map say of right and wrong."""

import numpy as np
import pytest

from shopsim.base.labels import UNLABELLED
from shopsim.grouping.group_table import Representatives, group_table, similarity_to_representative
from shopsim.ui.charts.map_colours import (
    EXTRA,
    FOUND,
    PALETTE,
    REST,
    RIGHT,
    SPLIT,
    WRONG,
    by_category,
    by_group,
    by_likeness,
    by_model,
    by_verdict,
    find_homes,
    only_found,
    verdicts,
)


def judged(labels_true, labels_pred):
    labels_true, labels_pred = np.array(labels_true, dtype=np.int64), np.array(labels_pred)
    homes = find_homes(labels_true, labels_pred)
    return verdicts(labels_true, labels_pred, homes).tolist()


def test_a_photo_is_wrong_where_its_group_shows_another_model():
    assert judged([0, 0, 1], [0, 0, 0]) == [RIGHT, RIGHT, WRONG]


def test_a_photo_is_split_off_where_a_larger_group_shows_its_model():
    assert judged([0, 0, 0], [0, 0, 1]) == [RIGHT, RIGHT, SPLIT]


def test_of_all_singletons_one_a_model_is_right():
    assert judged([0, 0, 0, 1], [0, 1, 2, 3]) == [RIGHT, SPLIT, SPLIT, RIGHT]


def test_a_photo_without_a_label_is_neither_right_nor_wrong():
    assert judged([0, UNLABELLED, 0], [0, 0, 1]) == [RIGHT, REST, SPLIT]


def test_a_group_without_labels_shows_no_model():
    homes = find_homes(np.array([0, UNLABELLED]), np.array([0, 1]))
    assert homes.model_of.tolist() == [0, -1]


def test_a_model_is_at_home_where_it_is_shown_not_where_most_of_it_hides():
    labels_true, labels_pred = np.array([0] * 5 + [1] * 3 + [1] * 2), np.array([0] * 5 + [0] * 3 + [1] * 2)
    homes = find_homes(labels_true, labels_pred)
    assert homes.group_of.tolist() == [0, 1]
    assert verdicts(labels_true, labels_pred, homes).tolist() == [RIGHT] * 5 + [WRONG] * 3 + [RIGHT] * 2


def test_a_model_that_no_group_shows_is_at_home_where_most_of_it_is():
    homes = find_homes(np.array([0, 0, 0, 1, 1, 0, 0, 1]), np.array([0, 0, 0, 0, 0, 1, 1, 1]))
    assert homes.group_of[1] == 0


def test_groups_show_the_model_that_the_group_table_names():
    rng = np.random.default_rng(5)
    labels_true, labels_pred = rng.integers(0, 6, 200), rng.permutation(np.arange(200) % 9)
    central = similarity_to_representative(labels_pred, np.eye(200))
    table = group_table([f"{n:03}" for n in range(200)], labels_pred, central, labels_true, list("abcdef"))
    shown = find_homes(labels_true, labels_pred).model_of
    assert ["abcdef"[shown[group]] for group in table["group"]] == table["model"].tolist()


def test_one_group_tells_members_intruders_and_absentees_apart():
    labels_true = np.array([0, 0, 1, UNLABELLED, 0, 1])
    labels_pred = np.array([0, 0, 0, 0, 1, 1])
    homes = find_homes(labels_true, labels_pred)
    assert by_group(labels_true, labels_pred, 0, homes).kinds.tolist() == [RIGHT, RIGHT, WRONG, EXTRA, SPLIT, REST]


def test_one_group_without_labels_stands_against_grey():
    assert by_group(None, np.array([0, 1, 0]), 0, None).kinds.tolist() == [RIGHT, REST, RIGHT]


def test_one_model_shows_where_it_is_and_with_whom():
    labels_true, labels_pred = np.array([0, 0, 1, 0, 1]), np.array([0, 0, 0, 1, 1])
    homes = find_homes(labels_true, labels_pred)
    assert by_model(labels_true, labels_pred, 0, homes).kinds.tolist() == [RIGHT, RIGHT, WRONG, SPLIT, REST]


def test_the_largest_categories_have_a_colour_each_and_the_rest_none():
    names = [name for number, name in enumerate("abcdefgh") for _ in range(9 - number)] + [None]
    colouring = by_category(names)
    kinds = dict(zip(names, colouring.kinds.tolist(), strict=True))
    assert len({PALETTE[kinds[name]] for name in "abcde"}) == 5
    assert {kinds[name] for name in [*"fgh", None]} == {REST}
    assert [text for _, text in colouring.legend][:5] == list("abcde")


def test_without_labels_the_photos_least_like_their_group_stand_out():
    similarity = np.linspace(0, 1, 100)
    labels_pred = np.append(np.zeros(100, dtype=np.int64), 1)
    central = Representatives(np.zeros(101, dtype=np.int64), np.append(similarity, 1.0))
    kinds = by_likeness(labels_pred, central).kinds
    assert kinds[:5].tolist() == [WRONG] * 5
    assert kinds[5] == SPLIT
    assert kinds[99] == RIGHT
    assert kinds[100] == REST


def test_singletons_alone_are_not_called_unlike():
    central = Representatives(np.arange(3), np.ones(3))
    assert by_likeness(np.arange(3), central).kinds.tolist() == [REST] * 3


def test_equal_photos_are_not_called_unlike():
    central = Representatives(np.zeros(4, dtype=np.int64), np.array([1, 1 - 1e-11, 1, 1 - 1e-12]))
    assert by_likeness(np.zeros(4, dtype=np.int64), central).kinds.tolist() == [RIGHT] * 4


def test_a_search_puts_all_else_in_the_background_and_what_it_finds_in_front():
    colouring = by_verdict(np.array([RIGHT, WRONG, REST, WRONG], dtype=np.int8))
    found = only_found(colouring, np.array([True, False, True, True]))
    assert found.kinds.tolist() == [RIGHT, REST, FOUND, WRONG]


@pytest.mark.parametrize("labels_true", [[UNLABELLED, UNLABELLED], []])
def test_no_known_model_is_no_crash(labels_true):
    assert judged(labels_true, np.arange(len(labels_true))) == [REST] * len(labels_true)


def test_every_colour_of_a_legend_is_in_the_palette_once():
    labels_true, labels_pred = np.array([0, 1]), np.array([0, 0])
    homes = find_homes(labels_true, labels_pred)
    for colouring in (
        by_verdict(verdicts(labels_true, labels_pred, homes)),
        by_group(labels_true, labels_pred, 0, homes),
        by_model(labels_true, labels_pred, 1, homes),
    ):
        kinds = [kind for kind, _ in colouring.legend]
        assert len(set(kinds)) == len(kinds)
        assert set(kinds) <= set(range(len(PALETTE)))
