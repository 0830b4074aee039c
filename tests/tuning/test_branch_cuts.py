"""Cuts that are not level: against the level cut, against brute force, and against the scores of the groups."""

import itertools

import numpy as np
import pytest
from bound_cases import random_bindings
from hypothesis import given, settings
from hypothesis import strategies as st
from vectors import at_angles, clustered_rows

from shopsim.base.labels import UNLABELLED
from shopsim.clusterers import clusterers
from shopsim.scoring.evaluation import evaluate
from shopsim.tuning.branch_cuts import AVERAGE_LINKAGES, MOST_NUMBERS, Branches, CutRule, ari_of_cuts, cut_by
from shopsim.tuning.size_prior import SizePrior

PRIOR = SizePrior((2, 3, 3, 5))
GRID = np.array(list(itertools.product([-0.2, 0.2, 0.5, 0.8], [0.0, 0.5, 1.0], [0.0, 0.1, 1.0])))


def average_tree(n_rows, seed=0, name="average", copies=0):
    """The tree of random rows, the first of which stand there `copies` times more."""
    rows = clustered_rows(n_rows, seed=seed)
    return clusterers.create(name).fit(np.concatenate([rows, np.repeat(rows[:3], copies, axis=0)]))


def leaves(tree):
    """The photos of each branch."""
    found = [frozenset([photo]) for photo in range(tree.n_images)]
    for left, right in tree.linkage[:, :2].astype(int).tolist():
        found.append(found[left] | found[right])
    return found


def antichains(tree, branch):
    """Every way to part a branch into branches."""
    yield [branch]
    if branch >= tree.n_images:
        left, right = tree.linkage[branch - tree.n_images, :2].astype(int)
        for parts in itertools.product(antichains(tree, left), antichains(tree, right)):
            yield parts[0] + parts[1]


@given(st.integers(0, 40), st.integers(0, 20), st.integers(0, 3), st.floats(-1.1, 1.0))
def test_without_power_and_prior_it_is_the_level_cut(n_rows, seed, copies, threshold):
    tree = average_tree(n_rows, seed, copies=copies)
    assert cut_by(tree, CutRule(threshold), PRIOR).tolist() == tree.cut(threshold).tolist()


@given(st.integers(2, 60), st.integers(0, 50))
@settings(max_examples=40)
def test_at_the_very_similarity_of_a_merge_it_joins_as_the_level_cut_does(n_rows, seed):
    tree = average_tree(n_rows, seed)
    for similarity in tree.similarities:
        assert cut_by(tree, CutRule(float(similarity)), PRIOR).tolist() == tree.cut(similarity).tolist()


@pytest.mark.parametrize("step", [90, 60, 15])
def test_tied_merges_are_joined_together_as_in_the_level_cut(step):
    tree = clusterers.create("average").fit(at_angles(*range(0, 360, step)))
    for similarity in tree.similarities:
        assert cut_by(tree, CutRule(float(similarity)), PRIOR).tolist() == tree.cut(similarity).tolist()


@pytest.mark.parametrize("name", AVERAGE_LINKAGES)
@given(seed=st.integers(0, 30), unlabelled=st.floats(0, 1))
@settings(max_examples=10)
def test_the_score_of_every_rule_is_that_of_its_groups(name, seed, unlabelled):
    tree = average_tree(40, seed, name, copies=2)
    rng = np.random.default_rng(seed)
    labels = np.where(rng.random(tree.n_images) < unlabelled, UNLABELLED, rng.integers(6, size=tree.n_images) * 3)
    expected = [evaluate(labels, cut_by(tree, CutRule(*rule), PRIOR)).ari for rule in GRID.tolist()]
    assert ari_of_cuts(tree, labels, GRID, PRIOR) == pytest.approx(expected, abs=1e-12)


@given(
    st.integers(2, 9),
    st.integers(0, 50),
    st.floats(-0.5, 1),
    st.sampled_from([0.0, 0.5, 0.75, 1.0]),
    st.sampled_from([0.0, 0.05, 1.0, 20.0]),
)
@settings(max_examples=80)
def test_no_other_branches_earn_more(n_rows, seed, threshold, power, weight):
    tree = average_tree(n_rows, seed)
    rules = np.array([[threshold, power, weight]])
    branches = Branches.of(tree)
    earned, chosen = branches.earned(rules, PRIOR)[:, 0], branches.chosen(rules, PRIOR)[:, 0]
    members = leaves(tree)
    assert sorted(itertools.chain(*(members[branch] for branch in np.flatnonzero(chosen)))) == list(range(n_rows))
    best = max(earned[list(parts)].sum() for parts in antichains(tree, 2 * n_rows - 2))
    assert earned[chosen].sum() == pytest.approx(best, abs=1e-9)
    groups = cut_by(tree, CutRule(threshold, power, weight), PRIOR)
    assert {frozenset(np.flatnonzero(groups == group)) for group in groups} == {
        members[branch] for branch in np.flatnonzero(chosen)
    }


def test_what_a_branch_earns_is_its_formula():
    tree = average_tree(12)
    branches = Branches.of(tree)
    rules = np.array([[0.3, 0.5, 0.7], [0.6, 1.0, 0.0]])
    log_probability = PRIOR.log_probability(12)
    for branch, (size, within) in enumerate(zip(branches.sizes, branches.within, strict=True)):
        for earned, (threshold, power, weight) in zip(branches.earned(rules, PRIOR)[branch], rules, strict=True):
            by_similarity = (within - threshold * size * (size - 1) / 2) / size**power
            assert earned == pytest.approx(by_similarity + weight * log_probability[int(size) - 1])


@pytest.mark.parametrize("seed", range(3))
def test_the_similarity_within_a_branch_is_the_sum_over_its_pairs(seed):
    rows = clustered_rows(30, seed=seed)
    tree = clusterers.create("average").fit(rows)
    cosines = rows.astype(np.float64) @ rows.T
    branches = Branches.of(tree)
    for members, size, pairs, within in zip(leaves(tree), branches.sizes, branches.pairs, branches.within, strict=True):
        own = sorted(members)
        assert (size, pairs) == (len(own), len(own) * (len(own) - 1) / 2)
        assert within == pytest.approx(np.triu(cosines[np.ix_(own, own)], 1).sum(), abs=1e-4)


@pytest.mark.parametrize("name", AVERAGE_LINKAGES)
@pytest.mark.parametrize("rule", [CutRule(5.0), CutRule(5.0, 1.0, 0.5), CutRule(0.5, 0.5, 100.0)])
def test_copies_are_never_parted(name, rule):
    # A prior that wants groups of one, and a threshold nothing reaches.
    tree = average_tree(10, name=name, copies=4)
    groups = cut_by(tree, rule, SizePrior((1,) * 50))
    for photo in range(3):
        copies = [photo, *range(10 + 4 * photo, 14 + 4 * photo)]
        assert len(set(groups[copies].tolist())) == 1


@pytest.mark.parametrize("n_rows", [0, 1, 2])
def test_few_photos_are_cut_too(n_rows):
    tree = average_tree(n_rows)
    assert cut_by(tree, CutRule(2.0, 0.5, 0.1), PRIOR).tolist() == list(range(n_rows))
    assert cut_by(tree, CutRule(-2.0, 0.5, 0.0), PRIOR).tolist() == [0] * n_rows
    assert len(ari_of_cuts(tree, np.zeros(n_rows, int), GRID, PRIOR)) == len(GRID)


def test_nothing_labelled_is_a_perfect_match_as_elsewhere():
    assert (ari_of_cuts(average_tree(9), np.full(9, UNLABELLED), GRID, PRIOR) == 1).all()


def test_the_groups_are_numbered_by_first_appearance():
    groups = cut_by(average_tree(50), CutRule(0.4, 0.5, 0.1), PRIOR)
    assert list(dict.fromkeys(groups.tolist())) == list(range(groups.max() + 1))


def test_more_rules_than_are_scored_at_once_score_as_few_do():
    tree, labels = average_tree(40), np.arange(40) // 5
    at_once = ari_of_cuts(tree, labels, GRID, PRIOR)
    again = 2 + 2 * MOST_NUMBERS // (79 * len(GRID))
    found = ari_of_cuts(tree, labels, np.tile(GRID, (again, 1)), PRIOR)
    assert found.tolist() == np.tile(at_once, again).tolist()


def test_a_prior_that_knows_the_size_parts_two_models_that_touch():
    rows = at_angles(0, 4, 8, 12, 21, 25, 29, 33)
    tree = clusterers.create("average").fit(rows)
    assert cut_by(tree, CutRule(0.9), PRIOR).tolist() == [0] * 8
    assert cut_by(tree, CutRule(0.9, 0.0, 2.0), SizePrior((4,) * 20)).tolist() == [0] * 4 + [1] * 4


def test_a_higher_power_asks_more_of_a_join_of_large_groups():
    rows = at_angles(0, 4, 8, 12, 41, 45, 49, 53)
    tree = clusterers.create("average").fit(rows)
    assert cut_by(tree, CutRule(0.7), PRIOR).tolist() == [0] * 8
    assert cut_by(tree, CutRule(0.7, 1.0), PRIOR).tolist() == [0] * 4 + [1] * 4


@pytest.mark.parametrize("name", AVERAGE_LINKAGES)
@pytest.mark.parametrize("seed", range(4))
def test_cuts_by_branch_keep_photos_together_and_apart(name, seed):
    together, apart = random_bindings(np.random.default_rng(seed), 40)
    tree = clusterers.create(name).fit(clustered_rows(40, seed=seed), together=together, apart=apart)
    for threshold, power, weight in GRID:
        labels = cut_by(tree, CutRule(threshold, power, weight), PRIOR)
        assert all(len(set(labels[group])) == 1 for group in together)
        assert all(labels[a] != labels[b] for a, b in apart)
    truth = np.random.default_rng(seed).integers(5, size=40)
    found = [evaluate(truth, cut_by(tree, CutRule(*rule), PRIOR)).ari for rule in GRID]
    assert ari_of_cuts(tree, truth, GRID, PRIOR) == pytest.approx(found)
