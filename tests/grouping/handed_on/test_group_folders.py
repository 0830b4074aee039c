"""Groups as folders in a zip: names, one photo per group, photos that are gone or have changed."""

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from catalog_fixtures import photo_folder

from shopsim.base.disk.store import Store
from shopsim.base.work.progress import Stopped
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.catalog.scan import file_digest
from shopsim.features.extract import Features
from shopsim.grouping.fit import fit
from shopsim.grouping.groups_csv import csv_of
from shopsim.grouping.handed_on.group_folders import bytes_of_photos, write_group_folders
from shopsim.grouping.recipe import Recipe

NAMES = ["one/a.png", "two/A.png", "two/b.png", "con.png", "what?.png"]
VECTORS = np.array([[1, 0], [1, 0], [1, 0.1], [0, 1], [0, 1]], dtype=np.float32)


@pytest.fixture
def grouping(tmp_path):
    photo_folder(tmp_path / "photos", NAMES)
    paths = [tmp_path / "photos" / name for name in NAMES]
    images = tuple(
        CatalogImage(name, path, file_digest(path), None, None) for name, path in zip(NAMES, paths, strict=True)
    )
    features = Features(VECTORS, tuple(NAMES), "test", ())
    catalog = Catalog("some", tmp_path / "photos", "table", "", images)
    return fit(catalog, features, Recipe(space="raw"), Store(tmp_path / "cache")).group(0.9)


def zipped(grouping, which="all"):
    """What was made, and the entries of the zip."""
    buffer = io.BytesIO()
    made = write_group_folders(grouping, buffer, which)
    with zipfile.ZipFile(buffer) as pack:
        assert pack.testzip() is None
        return made, {name: pack.read(name) for name in pack.namelist()}


def test_each_group_is_a_folder_with_its_photos(grouping):
    made, entries = zipped(grouping)
    assert (made.n_packed, made.n_groups, made.problems) == (5, 2, ())
    photos = [image.path.read_bytes() for image in grouping.fitted.catalog.images]
    assert entries == {
        "groups.csv": csv_of(grouping),
        "group 0/a.png": photos[0],
        "group 0/A (2).png": photos[1],
        "group 0/b.png": photos[2],
        "group 1/_con.png": photos[3],
        "group 1/what_.png": photos[4],
    }
    assert bytes_of_photos(grouping, "all") == sum(map(len, photos))


def test_one_photo_per_group_is_the_most_central_one(grouping):
    made, entries = zipped(grouping, "one")
    assert made.n_packed == 2
    assert list(entries) == ["groups.csv", "group 0/a.png", "group 1/_con.png"]
    assert bytes_of_photos(grouping, "one") == len(entries["group 0/a.png"]) + len(entries["group 1/_con.png"])


def test_a_photo_that_is_gone_or_has_changed_is_listed(grouping):
    images = grouping.fitted.catalog.images
    images[0].path.unlink()
    images[3].path.write_bytes(b"other")
    made, entries = zipped(grouping)
    assert {problem.name: problem.reason for problem in made.problems} == {
        "one/a.png": "the file is gone",
        "con.png": "the file has changed since it was grouped",
    }
    assert list(entries) == ["groups.csv", "group 0/A.png", "group 0/b.png", "group 1/what_.png"]


def test_the_same_photos_give_the_same_bytes(grouping):
    first, second = io.BytesIO(), io.BytesIO()
    for buffer in (first, second):
        write_group_folders(grouping, buffer)
    assert first.getvalue() == second.getvalue()


def test_long_and_hostile_names_stay_inside_their_folder(grouping):
    images = grouping.fitted.catalog.images
    path = images[0].path.rename(images[0].path.with_name(".." + "x" * 200 + "... .png. "))
    catalog = replace(grouping.fitted.catalog, images=(replace(images[0], path=path), *images[1:]))
    _, entries = zipped(replace(grouping, fitted=replace(grouping.fitted, catalog=catalog)))
    name = next(name for name in entries if "xxx" in name)
    assert name.startswith("group 0/..x")
    assert len(name) < 140
    assert name.count("/") == 1
    assert not name.endswith((".", " "))


def test_it_can_be_stopped(grouping):
    def stop(done, total):
        raise Stopped

    with pytest.raises(Stopped):
        write_group_folders(grouping, io.BytesIO(), progress=stop)
