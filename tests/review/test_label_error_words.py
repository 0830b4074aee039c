"""The evidence of a label error, as sentences."""

import numpy as np
from label_error_cases import BLUE, RED, digests_of, find, three_models

from shopsim.review import find_label_errors
from shopsim.review.report import evidence_sentence


def test_evidence_reads_as_a_sentence():
    rows, labels = three_models(extra=[2.5])
    found = find(rows, [*labels, BLUE])
    assert evidence_sentence(found, 36, "Blue bag", "Red bag") == (
        "All of its 10 nearest photos show Red bag, none Blue bag; its group mostly shows Red bag at 4 of 4 "
        "thresholds, Blue bag at none; it is 100% similar to the nearest of Red bag, 79% to those of Blue bag."
    )


def test_the_evidence_of_a_stray_names_no_other_model():
    rows, labels = three_models(extra=[250])
    found = find(rows, [*labels, BLUE], n_groups=4)
    assert evidence_sentence(found, 36, "Blue bag", "") == (
        "It is unlike the photos of Blue bag, and fits no other model either."
    )


def test_without_a_tree_the_evidence_tells_of_one_group():
    rows, labels = three_models(extra=[2.5])
    found = find_label_errors(rows, digests_of(37), np.array([*labels, BLUE]), [np.array([*labels, RED])])
    assert "none Blue bag; its group mostly shows Red bag; it is" in evidence_sentence(found, 36, "Blue bag", "Red bag")
    found = find_label_errors(rows, digests_of(37), np.array([*labels, BLUE]), [np.array([*labels, 3])])
    assert "; it is in a group of its own; " in evidence_sentence(found, 36, "Blue bag", "Red bag")


def test_the_evidence_tells_of_copies_and_small_models():
    rows, labels = three_models(extra=[2.5, 2.5, 240])
    found = find(rows, [*labels, RED, 3, 3], copies=[(37, 36)], n_groups=4)
    sentence = evidence_sentence(found, 37, "Pair", "Red bag")
    assert "A byte-equal copy is filed under Red bag." in sentence
    assert "Pair has only one other photo, so that one may be the wrong one." in sentence
    rows, labels = three_models(extra=[2.5])
    alone = find(rows, [*labels, 3], n_groups=4)
    assert "Solo has no other photo to compare with." in evidence_sentence(alone, 36, "Solo", "Red bag")
