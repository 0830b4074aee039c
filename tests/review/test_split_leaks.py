"""Near-duplicates across parts of a split, against looking at every pair."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from vectors import clustered_rows, unit

from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.review.split_leaks import has_parts, leak_fields, split_leaks, split_leaks_csv


def catalog(splits, digests=None):
    images = [
        CatalogImage(f"{n:03}.jpg", Path(f"{n:03}.jpg"), digests[n] if digests else f"{n:032}", split=split)
        for n, split in enumerate(splits)
    ]
    return Catalog("x", Path("x"), "table", "", tuple(images))


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_those_of_looking_at_every_pair(seed):
    rng = np.random.default_rng(seed)
    rows = clustered_rows(12, seed=seed)[rng.integers(12, size=40)]
    rows = unit(rows + rng.normal(scale=0.05, size=rows.shape))
    splits = [("train", "test", "val", None)[code] for code in rng.integers(0, 4, 40)]
    similarity = rows @ rows.T
    expected = {
        (a, b)
        for a, b in combinations(range(40), 2)
        if similarity[a, b] >= 0.97 and None not in (splits[a], splits[b]) and splits[a] != splits[b]
    }
    found = split_leaks(catalog(splits), rows, None, near=0.97)
    assert {(leak.one, leak.other) for leak in found.leaks} == expected
    assert len(expected) > 3
    assert [leak.similarity for leak in found.leaks] == sorted((leak.similarity for leak in found.leaks), reverse=True)
    for name, count in found.n_photos.items():
        assert count == len({row for pair in expected for row in pair if splits[row] == name})


def test_byte_equal_photos_come_first_and_once_per_pair_of_parts():
    """A set of 40 copies is longer than any list; a near-duplicate of another file comes after it."""
    rows = np.concatenate([np.repeat(clustered_rows(1), 40, axis=0), clustered_rows(3, seed=1)])
    splits = ["train"] * 20 + ["test"] * 20 + ["train", "test", "test"]
    rows[41] = rows[40]
    found = split_leaks(catalog(splits, ["c" * 32] * 40 + ["d" * 32, "e" * 32, "f" * 32]), rows, None)
    assert [(leak.one, leak.other, leak.is_copy) for leak in found.leaks] == [(0, 20, True), (40, 41, False)]
    assert found.n_photos == {"train": 2, "test": 2}


def test_without_two_parts_there_is_nothing_to_compare():
    assert not has_parts(catalog(["train", "train"]))
    assert not has_parts(catalog([None, None]))
    assert has_parts(catalog(["train", "test"]))


def test_the_csv_has_one_line_per_pair():
    kept = catalog(["train", "test"])
    leak = split_leaks(kept, np.repeat(clustered_rows(1), 2, axis=0), None).leaks[0]
    assert leak_fields(kept, leak)["other"] == "001.jpg"
    assert split_leaks_csv(kept, [leak]).decode("utf-8-sig") == (
        "image_id,split,other,other_split,similarity,byte_equal\r\n000.jpg,train,001.jpg,test,1.0000,0\r\n"
    )
