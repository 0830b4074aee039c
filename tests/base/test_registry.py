"""Registries: entries that are there only for a while."""

from dataclasses import replace

import pytest

from shopsim import ShopsimError
from shopsim.base.registry import Entry
from shopsim.features.projections import projections


def entry(name, version=1):
    return Entry(name, name.title(), "tests", "", (), lambda: f"{name} {version}", version=version)


def test_an_entry_is_there_until_the_block_ends():
    before = projections.all_names()
    with projections.temporarily(entry("globe")):
        assert projections.all_names() == [*before, "globe"]
        assert projections.create("globe") == "globe 1"
    assert projections.all_names() == before
    with pytest.raises(ShopsimError, match="Unknown projection 'globe'"):
        projections.create("globe")


def test_an_entry_takes_the_place_of_another_and_gives_it_back():
    before, names = projections.entry("pca"), projections.all_names()
    with projections.temporarily(replace(before, version=7)):
        assert projections.entry("pca").key == "pca/7"
        assert projections.all_names() == names
    assert projections.entry("pca") is before


def test_what_is_registered_inside_ends_too_even_after_a_failure():
    before = projections.all_names()
    with pytest.raises(ZeroDivisionError), projections.temporarily():
        projections.register("globe", title="Globe", source="tests")(lambda: None)
        assert projections.all_names() == [*before, "globe"]
        _ = 1 / 0
    assert projections.all_names() == before


def test_blocks_may_lie_in_each_other():
    with projections.temporarily(entry("globe")), projections.temporarily(entry("globe", version=2)):
        assert projections.create("globe") == "globe 2"
    assert "globe" not in projections.all_names()
