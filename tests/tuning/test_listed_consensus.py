"""The consensus of many photos: equal to that of all pairs, and else a sample that says so."""

import numpy as np
import pytest
from bound_cases import assert_each_merge_is_the_best, random_bindings
from tuned_cases import photos, tuned_once

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.clusterers import sparse_merges
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.tuning import apply, consensus, listed_consensus, memberships
from shopsim.tuning.apply import group_as_tuned
from shopsim.tuning.consensus import MAJORITY, agreement_tree
from shopsim.tuning.listed_consensus import EXACT

WEIGHTS = [0.31, 0.17, 0.23, 0.29]


def some_labelings(n, n_groups, seed, noise=0.2):
    """Four groupings that are alike, but for some photos that each puts elsewhere."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(n_groups, size=n)
    return [np.where(rng.random(n) < noise, rng.integers(n_groups, size=n), truth) for _ in WEIGHTS]


def agreement(labelings):
    """(n, n) weighted share of the groupings that join each pair."""
    return sum(weight * (own[:, None] == own) for own, weight in zip(labelings, WEIGHTS, strict=True))


@pytest.fixture
def listed(monkeypatch):
    """Lists for any number of photos, and no square of more than three groups."""
    monkeypatch.setattr(consensus, "MOST_BY_SQUARE", 1)
    monkeypatch.setattr(sparse_merges, "_FEW_GROUPS", 3)
    monkeypatch.setattr(memberships, "_BLOCK", 7)


@pytest.mark.parametrize(("n", "n_groups"), [(2, 1), (12, 3), (40, 4), (50, 25), (45, 45)])
@pytest.mark.parametrize("seed", range(4))
def test_listed_pairs_give_average_linkage_of_all_pairs(n, n_groups, seed, listed):
    labelings = some_labelings(n, n_groups, seed)
    tree = agreement_tree(labelings, WEIGHTS)
    assert_each_merge_is_the_best(tree, agreement(labelings), "average", [], [], atol=1e-9)
    assert tree.way == EXACT


@pytest.mark.parametrize("seed", range(4))
def test_the_groups_are_those_of_the_square_where_no_tie_decides(seed, monkeypatch):
    """Groups that share a few photos; weights of which no two sums are equal."""
    labelings = some_labelings(300, 60, seed, noise=0.05)
    square = agreement_tree(labelings, WEIGHTS)
    monkeypatch.setattr(consensus, "MOST_BY_SQUARE", 1)
    listed = agreement_tree(labelings, WEIGHTS)
    assert (square.way, listed.way) == ("", EXACT)
    for share in (0.999, 0.8, 0.7, MAJORITY):
        np.testing.assert_array_equal(listed.cut(share), square.cut(share))


def test_what_no_grouping_joins_agrees_in_nothing(listed):
    tree = agreement_tree([np.arange(20)] * 4, WEIGHTS)
    assert tree.cut(1e-6).tolist() == list(range(20))
    assert tree.cut(0.0).tolist() == [0] * 20


@pytest.mark.parametrize("seed", range(3))
def test_of_too_many_pairs_a_sample_says_so_and_keeps_what_all_agree_on(seed, listed, monkeypatch):
    monkeypatch.setattr(listed_consensus, "MOST_PAIRS", 500)
    labelings = some_labelings(400, 8, seed, noise=0.1)
    tree = agreement_tree(labelings, WEIGHTS)
    assert isinstance(tree, MergeTree)
    assert "on a sample of " in tree.way
    assert "of 400 photos" in tree.way
    exact = agreement_of_square(labelings)
    same = [share for share in (0.9, MAJORITY) if scores(tree.cut(share), exact.cut(share)) > 0.9]
    assert MAJORITY in same
    # Photos that all groupings treat alike are together down from 100 %.
    kinds = np.unique(np.stack(labelings), axis=1, return_inverse=True)[1]
    labels = tree.cut(1.0)
    assert all(len(set(labels[kinds == kind])) == 1 for kind in range(kinds.max() + 1))


def test_a_sample_of_groups_that_are_all_alike_is_right(listed, monkeypatch):
    monkeypatch.setattr(listed_consensus, "MOST_PAIRS", 0)
    labels = np.repeat(np.arange(10), 5)
    tree = agreement_tree([labels] * 3 + [np.arange(50)], [0.3, 0.3, 0.3, 0.1])
    assert tree.cut(MAJORITY).max() < 49


def agreement_of_square(labelings):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consensus, "MOST_BY_SQUARE", 10_000)
        return agreement_tree(labelings, WEIGHTS)


def scores(one, other):
    from sklearn.metrics import adjusted_rand_score

    return adjusted_rand_score(one, other)


@pytest.mark.parametrize("way", ["all pairs", "listed"])
@pytest.mark.parametrize("seed", range(6))
def test_people_bind_the_consensus(seed, way, request):
    if way == "listed":
        request.getfixturevalue("listed")
    labelings = some_labelings(40, 6, seed)
    together, apart = random_bindings(np.random.default_rng(seed), 40)
    tree = agreement_tree(labelings, WEIGHTS, together=together, apart=apart)
    if way == "all pairs":
        assert_each_merge_is_the_best(tree, agreement(labelings), "average", together, apart, atol=1e-9)
    assert_bound(tree, together, apart)


@pytest.mark.parametrize("seed", range(6))
def test_listed_pairs_keep_bindings_down_to_where_nothing_agrees(seed, listed, monkeypatch):
    """With room for all groups at the end, also groups at agreement 0 are joined where they may be."""
    monkeypatch.setattr(sparse_merges, "_FEW_GROUPS", 30)
    labelings = some_labelings(60, 20, seed)
    together, apart = random_bindings(np.random.default_rng(seed), 60)
    tree = agreement_tree(labelings, WEIGHTS, together=together, apart=apart)
    assert_each_merge_is_the_best(tree, agreement(labelings), "average", together, apart, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_a_sample_keeps_bindings(seed, listed, monkeypatch):
    monkeypatch.setattr(listed_consensus, "MOST_PAIRS", 500)
    labelings = some_labelings(400, 8, seed, noise=0.1)
    together, apart = random_bindings(np.random.default_rng(seed), 400)
    tree = agreement_tree(labelings, WEIGHTS, together=together, apart=apart[:30])
    assert "on a sample" in tree.way
    assert_bound(tree, together, apart[:30])


def test_bindings_that_alone_have_too_many_pairs_are_refused(listed, monkeypatch):
    monkeypatch.setattr(listed_consensus, "MOST_PAIRS", 100)
    together = np.arange(120).reshape(60, 2)
    with pytest.raises(ShopsimError, match=r"^\d+ groups hold .* more than 100 pairs .* undo some"):
        agreement_tree(some_labelings(200, 2, 0), WEIGHTS, together=together)


def assert_bound(tree, together, apart):
    for share in (2.0, 1.0, 0.7, MAJORITY, 0.1, 0.0, -1.0):
        labels = tree.cut(share)
        assert all(len(set(labels[group])) == 1 for group in together)
        assert all(labels[a] != labels[b] for a, b in apart)


def test_tuned_groups_of_many_photos_say_how_far_they_are_exact_also_when_they_are_read_again(tmp_path, monkeypatch):
    for module in (consensus, apply):
        monkeypatch.setattr(module, "MOST_BY_SQUARE", 1)
    catalog, features = photos("second", n_models=30, n_photos=4, seed=1)
    store, settings = Store(tmp_path), tuned_once("first")
    first = group_as_tuned(catalog, features, {}, settings, store)
    monkeypatch.setattr(apply, "consensus", None)
    again = group_as_tuned(catalog, features, {}, settings, store)
    assert first.space_note.endswith(EXACT)
    assert again.space_note == first.space_note
    np.testing.assert_array_equal(again.tree.linkage, first.tree.linkage)


def test_lists_that_would_not_fit_in_memory_are_refused(listed, monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.memory.free_memory", lambda: 1)
    with pytest.raises(ShopsimError, match="memory"):
        agreement_tree([np.zeros(10, int)], [1.0])
