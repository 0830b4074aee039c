"""The group CSV is the same wherever it is asked for: pages and the command line make it of a cut by one function."""

import numpy as np
import pytest
from group_tables import read_groups_csv

from shopsim.base.disk.store import Store
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.cli.grouping import write_groups
from shopsim.features.extract import Features
from shopsim.grouping.fit import fit
from shopsim.grouping.groups_csv import csv_of
from shopsim.grouping.recipe import Recipe

PHOTOS = [("=sum.jpg", "red", "1"), ("a.jpg", "red", "2"), ("b.jpg", "blue", None), ("c.jpg", None, None)]
VECTORS = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=np.float32)


@pytest.fixture
def grouping(tmp_path):
    images = tuple(CatalogImage(name, tmp_path / name, name, model, product) for name, model, product in PHOTOS)
    features = Features(VECTORS, tuple(name for name, _, _ in PHOTOS), "test", ())
    catalog = Catalog("some", tmp_path, "table", "", images)
    return fit(catalog, features, Recipe(space="raw"), Store(tmp_path / "cache")).group(0.9)


def test_every_photo_has_its_line(grouping):
    table = read_groups_csv(csv_of(grouping))
    assert table["image_id"].tolist() == [name for name, _, _ in PHOTOS]
    assert table["model"].tolist() == ["red", "red", "blue", None]
    assert table["product"].tolist() == ["1", "2", None, None]
    assert table["group"].tolist() == [0, 0, 0, 1]
    assert table["group_size"].tolist() == [3, 3, 3, 1]
    assert table["representative"].tolist() == ["=sum.jpg"] * 3 + ["c.jpg"]


def test_a_selection_is_the_whole_csv_with_fewer_lines(grouping):
    whole = csv_of(grouping).split(b"\r\n")
    assert csv_of(grouping, frozenset({1, 3})).split(b"\r\n") == [whole[0], whole[2], whole[4], b""]


def test_formulas_are_guarded_unless_raw_is_asked_for(grouping):
    assert b"'=sum.jpg" in csv_of(grouping)
    assert b"'" not in csv_of(grouping, raw=True)


@pytest.mark.parametrize("raw", [False, True])
def test_the_command_line_writes_the_same_bytes(grouping, tmp_path, raw):
    assert write_groups(grouping, tmp_path, raw).read_bytes() == csv_of(grouping, raw=raw)
