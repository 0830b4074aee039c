"""The groups as Parquet hold what groups.csv holds, with types."""

import io

import numpy as np
import pyarrow.parquet as pq
import pytest
from group_tables import read_groups_csv

from shopsim.base.disk.store import Store
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.features.extract import Features
from shopsim.grouping.fit import fit
from shopsim.grouping.groups_csv import csv_of
from shopsim.grouping.handed_on.parquet import parquet_of
from shopsim.grouping.recipe import Recipe

PHOTOS = [("b.jpg", "01", None), ("=a.jpg", "1", "7"), ("c.jpg", None, None)]


@pytest.fixture
def grouping(tmp_path):
    images = tuple(CatalogImage(name, tmp_path / name, name, model, product) for name, model, product in PHOTOS)
    features = Features(np.eye(3, dtype=np.float32)[[0, 0, 1]], tuple(name for name, _, _ in PHOTOS), "test", ())
    catalog = Catalog("some", tmp_path, "table", "", images)
    return fit(catalog, features, Recipe(space="raw"), Store(tmp_path / "cache")).group(0.9)


def test_it_has_the_lines_of_the_csv(grouping):
    table = pq.read_table(io.BytesIO(parquet_of(grouping))).to_pydict()
    expected = read_groups_csv(csv_of(grouping, raw=True)).to_dict("list")
    assert list(table) == list(expected)
    assert table.pop("similarity") == pytest.approx(expected.pop("similarity"), abs=1e-6)
    assert table == expected


def test_text_stays_text_and_is_not_guarded(grouping):
    table = pq.read_table(io.BytesIO(parquet_of(grouping)))
    assert table["model"].to_pylist() == ["1", "01", None]
    assert table["image_id"].to_pylist()[0] == "=a.jpg"
    assert [str(table.schema.field(name).type) for name in ("model", "group", "similarity")] == [
        "string",
        "int64",
        "double",
    ]


def test_the_same_photos_give_the_same_bytes(grouping):
    assert parquet_of(grouping) == parquet_of(grouping)
