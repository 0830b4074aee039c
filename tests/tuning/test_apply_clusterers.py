"""Tuned settings with other clusterers than average linkage, applied to new photos."""

from dataclasses import replace

import pytest
from tuned_cases import photos, tuned_once, with_other_clusterers

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.clusterers import memory
from shopsim.clusterers.hdbscan import HDBSCANClusterer
from shopsim.clusterers.merge_tree import threshold_for_size
from shopsim.tuning import tuned_groups
from shopsim.tuning.apply import group_as_tuned
from shopsim.tuning.candidate import CUT_AT_A_VALUE
from shopsim.tuning.level_cuts import tree_of

NEW = photos("second", n_models=30, n_photos=4, seed=1)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def grouped(store, catalog, features, settings, **given):
    return group_as_tuned(catalog, features, {}, settings, store, **given)


@pytest.fixture(scope="module")
def others():
    """Settings with a member for each clusterer that is cut at a value."""
    return with_other_clusterers(tuned_once("first"))


def no_average(settings):
    """Only what is cut at a value."""
    return replace(settings, members=settings.members[1:])


@pytest.mark.parametrize("number, name", list(enumerate(CUT_AT_A_VALUE, start=1)))
def test_a_grouping_of_another_clusterer_is_that_of_its_value_here(store, others, number, name):
    member = others.members[number]
    assert member.candidate.recipe.clusterer == name
    fitted = grouped(store, *NEW, replace(others, members=(member,)))
    tree = tree_of(fitted.vectors, member.candidate.recipe)
    rule = member.rule_for(len(fitted.vectors) / others.n_validation)
    assert fitted.group(0.5).labels_pred.tolist() == rule.cut(tree, len(fitted.vectors)).tolist()


def test_other_clusterers_join_the_consensus_with_their_weight(store, others):
    def labels(*members):
        return grouped(store, *NEW, replace(others, members=members)).group(0.5).labels_pred

    first, *rest = others.members
    weighed = [first, *(replace(member, weight=first.weight / 10) for member in rest)]
    # Two thirds of all weight decide alone; of equal weights it is one voice of six.
    assert labels(*weighed).tolist() == labels(first).tolist() != labels(*others.members).tolist()


@pytest.mark.parametrize("changed", [lambda settings: settings, no_average], ids=["beside average", "alone"])
def test_for_models_of_another_size_every_space_is_cut_by_average_linkage(store, others, changed):
    settings = changed(others)
    fitted = grouped(store, *NEW, settings, photos_per_model=4.0)
    recipe = replace(settings.members[0].candidate.recipe, clusterer="average", clusterer_settings={})
    tree = tree_of(fitted.vectors, recipe)
    found = fitted.group(0.5)
    # Five of the six have become this one tree, or all five of five.
    assert found.labels_pred.tolist() == tree.cut(threshold_for_size(tree, 4.0)).tolist()
    assert found.evaluation.ari > 0.55
    assert fitted.opening[1].endswith("for models of 4 photos")


def test_what_would_not_fit_in_memory_is_left_out_and_that_is_said(store, others, monkeypatch):
    check_memory = tuned_groups.check_memory

    def too_little(clusterer, *shape):
        if isinstance(clusterer, HDBSCANClusterer):
            raise ShopsimError("too little memory")
        check_memory(clusterer, *shape)

    whole = grouped(store, *NEW, others)
    monkeypatch.setattr(tuned_groups, "check_memory", too_little)
    fitted = grouped(store, *NEW, others)
    assert "Of its 7 groupings 1 would not fit in memory" in fitted.space_note
    assert "would not fit" not in whole.space_note
    # Kept apart, so that a machine with more memory doesn't find the poorer one.
    assert fitted.key != whole.key
    monkeypatch.setattr(memory, "free_memory", lambda: 1)
    with pytest.raises(ShopsimError, match="of memory and"):
        grouped(store, *photos("third", seed=5), no_average(others))
