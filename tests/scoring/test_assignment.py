"""The best assignment of models to groups, from a full table and from its entries."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from shopsim.scoring import assignment, confusion
from shopsim.scoring.assignment import best_assignment
from shopsim.scoring.confusion import contingency_csv, diagonal_order


@pytest.fixture
def by_entries(monkeypatch):
    """Every table counts as too large for a full matrix."""
    monkeypatch.setattr(assignment, "MOST_CELLS", 0)
    monkeypatch.setattr(confusion, "MOST_CELLS", 0)


def some_table(seed, shape, share=0.2):
    rng = np.random.default_rng(seed)
    return csr_array(np.where(rng.random(shape) < share, rng.integers(1, 30, shape), 0).astype(np.int64))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("shape", [(12, 30), (30, 12), (9, 9), (1, 5)])
def test_the_entries_give_as_many_photos_as_the_full_table(seed, shape, monkeypatch):
    table = some_table(seed, shape)
    most = best_assignment(table)[2].sum()
    monkeypatch.setattr(assignment, "MOST_CELLS", 0)
    rows, columns, counts = best_assignment(table)
    assert len(set(rows)) == len(rows)
    assert len(set(columns)) == len(columns)
    assert counts.tolist() == [table.toarray()[place] for place in zip(rows, columns, strict=True)]
    assert (counts > 0).all()
    assert counts.sum() == most


def test_rows_without_photos_have_no_group(by_entries):
    rows, columns, counts = best_assignment(csr_array(np.array([[0, 0], [0, 7], [0, 0]])))
    assert (rows.tolist(), columns.tolist(), counts.tolist()) == ([1], [1], [7])


def test_no_model_at_all_is_no_pair(by_entries):
    assert [len(each) for each in best_assignment(csr_array((0, 3), dtype=np.int64))] == [0, 0, 0]


def test_an_order_from_entries_has_everything_once(by_entries):
    models, groups = diagonal_order(some_table(1, (40, 25)))
    assert sorted(models.tolist()) == list(range(40))
    assert sorted(groups.tolist()) == list(range(25))


def test_the_csv_of_a_large_table_lists_the_cells_with_photos(by_entries):
    table = csr_array(np.array([[3, 0, 1], [0, 0, 0], [0, 9, 0]]))
    lines = contingency_csv(table, ["7", "8", "9"], ["Tote", "Clog", "Boot"]).decode("utf-8-sig").splitlines()
    assert lines == ["model,name,photos,group,photos_in_group", "9,Boot,9,1,9", "7,Tote,4,0,3", "7,Tote,4,2,1"]
