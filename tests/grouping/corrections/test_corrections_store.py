"""Corrections in the workspace: kept, undone, redone, refused as a whole, and found again by the photos' bytes."""

from dataclasses import replace

import numpy as np
import pytest
from correction_cases import catalog_of, random_action

from shopsim import ShopsimError
from shopsim.clusterers.bindings import Contradiction
from shopsim.grouping.corrections.action import DIFFERENT, MOVE, SAME, SPLIT, action
from shopsim.grouping.corrections.bound import bound_of
from shopsim.grouping.corrections.meaning import statements_of
from shopsim.grouping.corrections.store import keep, read_actions, read_all_actions, redo, undo

CATALOG = catalog_of("abcdefghij")


def said(catalog=CATALOG):
    return [(each.kind, each.parts) for each in read_actions(catalog) if not each.undone]


def test_an_action_is_kept_with_who_and_when():
    keep(CATALOG, action(SAME, [["a"], ["b"]], "Jisoo"))
    (kept,) = read_actions(CATALOG)
    assert (kept.kind, kept.parts, kept.who, kept.number) == (SAME, (("a",), ("b",)), "Jisoo", 1)
    assert kept.at.endswith("+00:00")


def test_undo_and_redo_go_back_and_forth_and_a_new_action_ends_redo():
    for pair in ("ab", "cd", "ef"):
        keep(CATALOG, action(SAME, pair))
    assert undo(CATALOG).parts == (("e",), ("f",))
    assert undo(CATALOG).parts == (("c",), ("d",))
    assert redo(CATALOG).parts == (("c",), ("d",))
    keep(CATALOG, action(DIFFERENT, "gh"))
    assert [parts for _, parts in said()] == [(("a",), ("b",)), (("c",), ("d",)), (("g",), ("h",))]
    with pytest.raises(ShopsimError, match="no correction to redo"):
        redo(CATALOG)


def test_without_corrections_there_is_nothing_to_undo():
    with pytest.raises(ShopsimError, match="no correction to undo"):
        undo(CATALOG)


def test_a_contradiction_changes_nothing():
    keep(CATALOG, action(SAME, "ab"))
    before = read_all_actions()
    with pytest.raises(Contradiction, match=r"'a\.jpg' - 'b\.jpg' - 'c\.jpg'"):
        keep(CATALOG, action(SAME, "bc"), action(DIFFERENT, "ac"))
    assert read_all_actions() == before


def test_an_older_action_cannot_be_undone_if_the_later_ones_would_contradict_each_other():
    keep(CATALOG, action(SAME, ["ab", "pc"]), action(MOVE, ["p", "xy", "ab"]), action(DIFFERENT, "pb"))
    before = read_all_actions()
    with pytest.raises(Contradiction):
        undo(CATALOG, 2)
    assert read_all_actions() == before
    undo(CATALOG, 3)
    undo(CATALOG, 2)
    assert [kind for kind, _ in said()] == [SAME]


def test_the_photos_are_found_again_in_another_folder_under_other_names_beside_others():
    keep(CATALOG, action(SAME, "ab"))
    images = (*CATALOG.images[:2], *catalog_of("xyz").images)
    moved = replace(
        CATALOG,
        folder=CATALOG.folder / "elsewhere",
        images=tuple(replace(image, image_id=f"new {image.image_id}") for image in images),
    )
    assert said(moved) == said()
    bound = bound_of([image.digest for image in moved.images], statements_of(read_actions(moved)))
    assert bound.together == ((0, 1),)


def test_undo_leaves_other_catalogues_alone():
    other = catalog_of("xyz")
    keep(CATALOG, action(SAME, "ab"))
    keep(other, action(SPLIT, ["x", "yz"]))
    undo(CATALOG)
    assert said() == []
    assert len(said(other)) == 1


@pytest.mark.parametrize("seed", range(12))
def test_any_sequence_of_actions_undo_and_redo_is_the_list_it_should_be(seed):
    rng, keys = np.random.default_rng(seed), list("abcdefghij")
    valid, undone = [], []
    for _ in range(25):
        step = rng.choice(["act", "act", "undo", "redo"])
        before = read_all_actions()
        try:
            if step == "act":
                new = random_action(rng, keys)
                keep(CATALOG, new)
                valid, undone = [*valid, (new.kind, new.parts)], []
            elif step == "undo":
                undo(CATALOG)
                undone.append(valid.pop())
            else:
                redo(CATALOG)
                valid.append(undone.pop())
        except Contradiction:
            assert read_all_actions() == before
        except ShopsimError:
            assert not (valid if step == "undo" else undone)
        assert said() == valid
        bound_of(keys, statements_of(read_actions(CATALOG)))
