"""`catalog.csv` and `models.csv` as people's programs save them."""

import os

import pytest
from catalog_fixtures import models, photo_folder, reasons

from shopsim import ShopsimError
from shopsim.catalog.open_folder import load_catalog


@pytest.fixture
def folder(tmp_path):
    return photo_folder(tmp_path / "photos", ["a.jpg", "m/b.jpg", "m/c.jpg"])


@pytest.fixture
def opened(folder, cache):
    def open_with(**tables):
        for name, text in tables.items():
            (folder / f"{name}.csv").write_bytes(text.encode())
        return load_catalog(folder, cache=cache)

    return open_with


@pytest.mark.parametrize(
    "text",
    [
        "path;model\r\na.jpg;x\r\nm\\b.jpg;y\r\nm/c.jpg;y\r\n",
        "sep=;\r\nPath;MODEL\r\na.jpg;x\r\nm/b.jpg;y\r\nm/c.jpg;y\r\n;\r\n",
        "path\tmodel\na.jpg\tx\nm//b.jpg\ty\n./m/c.jpg\ty\n",
        "Model|Path\nx|a.jpg\ny|.\\m\\b.jpg\ny|m/c.jpg\n",
        '"path";"model";"note"\n"a.jpg";"x";"1;2,3"\n"m/b.jpg";"y";""\n"m/c.jpg";"y";""\n',
    ],
)
def test_a_table_of_any_delimiter_and_spelling_tells_the_models(opened, text):
    catalog = opened(catalog=text)
    assert models(catalog) == ["x", "y", "y"]
    assert catalog.problems == ()


def test_a_table_that_can_be_read_in_two_ways_is_asked_about(opened):
    with pytest.raises(ShopsimError, match=r"'catalog.csv' can be read in two ways: .*'path;model', 'product'.*"):
        opened(catalog="path;model,product\na.jpg;x,1\n")


@pytest.mark.parametrize("name", ["Catalog", "CATALOG"])
def test_a_table_is_found_in_any_case(opened, name):
    catalog = opened(**{name: "path,model\na.jpg,x\n", "MODELS": "Model_ID;Name\nx;Tote\n"})
    assert catalog.form == "table"
    assert catalog.reason == f"it has a {name}.csv with a column 'path'"
    assert catalog.model_name("x") == "Tote"
    assert reasons(catalog) == dict.fromkeys(["m/b.jpg", "m/c.jpg"], f"not listed in {name}.csv")


def test_two_tables_of_one_name_are_refused(opened):
    with pytest.raises(
        ShopsimError, match=r"both 'Catalog.csv' and 'catalog.csv', which differ in case only; keep one"
    ):
        opened(catalog="path\na.jpg\n", Catalog="path\na.jpg\n")


def test_only_a_table_at_the_top_counts(folder, opened):
    (folder / "m" / "catalog.csv").write_text("path\nb.jpg\n")
    (folder / "a.jpg").rename(folder / "m" / "a.jpg")
    catalog = opened()
    assert catalog.form == "plain"
    assert reasons(catalog) == {"m/catalog.csv": "read only where it lies beside the photos, at the top of the folder"}


def test_absolute_paths_into_the_folder_are_taken_and_others_refused(folder, opened, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    outside = photo_folder(tmp_path / "other", ["a.jpg"])
    rows = [f"{folder}/a.jpg,x", f"{tmp_path}/link/m/b.jpg,y", f"../photos//m{os.sep}c.jpg,y", f"{outside}/a.jpg,z"]
    catalog = opened(catalog="\n".join(["path,model", *rows, f"{folder}/d.jpg,z"]))
    assert models(catalog) == ["x", "y", "y"]
    assert reasons(catalog) == {
        f"{outside}/a.jpg": "listed in catalog.csv, row 5, but its path leads out of the folder",
        f"{folder}/d.jpg": "listed in catalog.csv, row 6, but there is no such photo of a supported format",
    }


def test_absolute_paths_are_taken_where_the_folder_is_opened_by_a_link(folder, cache, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    (folder / "catalog.csv").write_text(f"path,model\n{tmp_path}/link/a.jpg,x\n{folder.resolve()}/m/b.jpg,y\n")
    assert models(load_catalog(tmp_path / "link", cache=cache)) == ["x", "y"]


def test_labels_take_absolute_paths_too(folder, cache, tmp_path):
    (tmp_path / "labels.csv").write_text(f"path,model\n{folder}/a.jpg,x\nm\\b.jpg,y\n")
    catalog = load_catalog(folder, form="plain", labels=tmp_path / "labels.csv", cache=cache)
    assert models(catalog) == ["x", "y", None]


def test_ids_that_pandas_made_floats_are_integers_and_name_their_models(opened):
    table = "path,model,product\na.jpg,15136734052.0,12.0\nm/b.jpg,,\nm/c.jpg,7.0,nan\n"
    catalog = opened(catalog=table, models="model_id,name\n15136734052.0,Tote\n7.0,Clutch\n")
    assert [(image.model, image.product) for image in catalog.images] == [
        ("15136734052", "12"),
        (None, None),
        ("7", None),
    ]
    assert catalog.model_names == {"15136734052": "Tote", "7": "Clutch"}


def test_models_called_as_floats_keep_their_names(folder, cache):
    for model in ("1.0", "2.0"):
        photo_folder(folder / model, ["a.jpg"], first_seed=int(model[0]) * 10)
    (folder / "a.jpg").unlink()
    (folder / "models.csv").write_text("model_id,name\n1.0,First\n2.0,Second\n")
    assert load_catalog(folder, cache=cache).model_names == {"1.0": "First", "2.0": "Second"}


def test_names_that_are_no_integers_stay_as_they_are(opened):
    catalog = opened(catalog="path,model,product\na.jpg,1.10,01\nm/b.jpg,1.1,1.0\nm/c.jpg,-1,1\n")
    assert models(catalog) == ["1.10", "1.1", "-1"]
    assert [image.product for image in catalog.images] == ["01", "1.0", "1"]


def test_ids_that_a_spreadsheet_shortened_are_refused(opened):
    with pytest.raises(
        ShopsimError, match=r"The column 'model' of 'catalog.csv' has the number '1.51367E\+11', which may have lost"
    ):
        opened(catalog="path,model\na.jpg,1.51367E+11\nm/b.jpg,1.51367E+11\n")
