"""The strongest links are those that the whole product of all models with all others would give."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array, triu

from shopsim.scoring.confusion import contingency
from shopsim.scoring.strongest_links import strongest_links


def by_the_whole_product(table, most):
    """Every pair of models, sorted, then cut off: (row, column, weight) of each."""
    links = triu(table @ table.T, k=1).tocoo()
    found = np.stack([*links.coords, links.data])[:, links.data > 0]
    return found[:, np.lexsort((found[1], found[0], -found[2]))[:most]].T.tolist()


def found_by(table, most):
    links = strongest_links(table, most)
    return np.stack([links.rows, links.columns, links.weights]).T.tolist()


@given(
    st.integers(1, 20).flatmap(
        lambda n_groups: st.lists(st.lists(st.integers(0, 4), min_size=n_groups, max_size=n_groups), min_size=1)
    ),
    st.integers(1, 60),
)
def test_small_tables(rows, most):
    table = csr_array(np.array(rows, dtype=np.int64))
    assert found_by(table, most) == by_the_whole_product(table, most)


@pytest.mark.parametrize("most", [1, 300, 50_000])
@pytest.mark.parametrize("share_in_one_group", [0, 0.5, 1])
def test_tables_of_many_blocks(share_in_one_group, most):
    rng = np.random.default_rng(3)
    models, groups = rng.integers(0, 900, 6_000), rng.integers(0, 400, 6_000)
    table = contingency(models, np.where(rng.random(6_000) < share_in_one_group, 7, groups))
    assert found_by(table, most) == by_the_whole_product(table, most)


def test_models_that_are_right_have_no_links():
    assert found_by(csr_array(np.diag([4, 3, 2])), 10) == []


def test_no_models_have_no_links():
    assert found_by(csr_array((0, 5), dtype=np.int64), 10) == []


def peak_bytes(step, *arguments):
    tracemalloc.start()
    step(*arguments)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return taken


def test_two_thousand_models_in_two_thousand_groups_take_little_memory():
    rng = np.random.default_rng(0)
    models, groups = rng.integers(0, 2_000, 20_000), rng.integers(0, 2_000, 20_000)
    table = contingency(models, np.where(rng.random(20_000) < 0.5, 0, groups))
    assert peak_bytes(strongest_links, table, 50_000) < 64e6


def test_models_that_cannot_be_among_the_strongest_are_not_multiplied(monkeypatch):
    """Ten models have hundreds of photos in one group; of 1,000 others each has one photo in each of ten groups."""
    counts = np.zeros((1_010, 11), dtype=np.int64)
    counts[:10, 0], counts[10:, 1:] = 300, 1
    table = csr_array(counts)
    expected = [[row, column, 90_000] for row in range(10) for column in range(row + 1, 10)]
    assert by_the_whole_product(table, 45) == expected
    multiply, multiplied = csr_array.__matmul__, []

    def counting(one, other):
        multiplied.append(one.shape[0])
        return multiply(one, other)

    monkeypatch.setattr(csr_array, "__matmul__", counting)
    assert found_by(table, 45) == expected
    assert 10 <= sum(multiplied) < 1_010 / 2
