"""How many bytes results hold."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from shopsim.base.work.held_bytes import parts_of, total

KB = 1024
MB = KB * KB


def size(*results):
    """Bytes of all of them together."""
    return total(parts_of(result) for result in results)


def about(n_bytes, slack=8 * KB):
    return pytest.approx(n_bytes, abs=slack)


def floats(n_bytes):
    return np.zeros(n_bytes // 4, np.float32)


@dataclass(frozen=True)
class Photos:
    vectors: np.ndarray
    names: tuple[str, ...] = ()
    more: dict = field(default_factory=dict)


class Slotted:
    __slots__ = ("rows",)

    def __init__(self, rows):
        self.rows = rows


@pytest.mark.parametrize(
    "wrap",
    [
        lambda array: array,
        lambda array: (array, "text"),
        lambda array: [array, array],
        lambda array: {"key": [{"deeper": array}]},
        lambda array: Photos(array, more={"same": array}),
        lambda array: Slotted(array),
        lambda array: np.array([array, None], dtype=object),
    ],
)
def test_an_array_counts_once_wherever_it_lies(wrap):
    assert size(wrap(floats(3 * MB))) == about(3 * MB)


def test_a_view_counts_with_all_that_it_keeps_alive():
    whole = floats(3 * MB)
    assert size(whole[:1]) == about(3 * MB)
    assert size((whole[:100], whole[100:].reshape(-1, 4))) == about(3 * MB)


def test_a_buffer_received_from_a_worker_counts():
    buffer = bytearray(2 * MB)
    assert size(np.frombuffer(buffer, np.float32)) == about(2 * MB)
    assert size(np.frombuffer(memoryview(buffer), np.uint8)[10:]) == about(2 * MB)


def test_a_file_mapped_into_memory_takes_none(tmp_path: Path):
    np.save(tmp_path / "rows.npy", floats(2 * MB))
    assert size(np.load(tmp_path / "rows.npy", mmap_mode="r")) == about(0)


def test_a_sparse_matrix_counts_with_its_three_arrays():
    matrix = csr_matrix(np.eye(1000, dtype=np.float64))
    expected = matrix.data.nbytes + matrix.indices.nbytes + matrix.indptr.nbytes
    assert size(matrix) == about(expected)
    assert expected > 15_000


def test_a_table_counts_with_its_texts():
    table = pd.DataFrame({"number": np.zeros(10_000), "text": pd.Series(["x" * 100] * 10_000, dtype=object)})
    assert size({"table": table}) == about(table.memory_usage(deep=True).sum())
    assert size(table["number"]) == about(80_000)


def test_many_texts_count_one_by_one():
    names = tuple(f"{number:0100}" for number in range(10_000))
    assert 1_490_000 < size(names) < 1_600_000


def test_results_that_share_an_array_count_it_once():
    vectors, names = floats(4 * MB), tuple(f"{number:0100}" for number in range(10_000))
    one, other = Photos(vectors, names), Photos(vectors[:10], names, {"own": floats(MB)})
    alone = size(one)
    assert size(one, other) == about(alone + MB)


def test_a_list_known_from_another_result_is_not_counted_item_by_item(monkeypatch):
    names = tuple(f"{number:0100}" for number in range(10_000))
    known = parts_of(Photos(floats(MB), names))
    monkeypatch.setattr("shopsim.base.work.held_bytes.sys.getsizeof", lambda thing, default=0: 1)
    parts = parts_of(Photos(floats(MB), names), known)
    assert parts[id(names)] == known[id(names)] > MB


def test_a_result_inside_another_counts_with_all_its_arrays():
    """The first may be dropped before the second."""
    inner = Photos(floats(2 * MB), more={"second": floats(MB)})
    known = parts_of(inner)
    assert total([parts_of({"fitted": inner}, known)]) == about(3 * MB)


def test_what_refers_to_itself_ends():
    ring: list = [floats(MB)]
    ring.append(ring)
    assert size(ring) == about(MB)


def test_code_is_no_part_of_a_result():
    assert size({"module": np, "type": Photos, "function": size}) < 2 * KB
