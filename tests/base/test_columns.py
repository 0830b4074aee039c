"""What people call the columns of their tables, in every reader."""

import pytest
from catalog_fixtures import models, photo_folder
from refusals import refusal

from shopsim.base.text.columns import plain_name
from shopsim.catalog.labels.label_files import LabelFile, read_labels
from shopsim.catalog.labels.label_pairs import read_label_pair
from shopsim.catalog.open_folder import load_catalog

READ = LabelFile(("x", "y"), ("a.jpg", "b.jpg"))


@pytest.fixture
def opened(tmp_path, cache):
    def open_with(table, name="catalog.csv"):
        folder = photo_folder(tmp_path / "photos", ["a.jpg", "b.jpg"])
        (folder / name).write_bytes(table.encode())
        return load_catalog(folder, cache=cache)

    return open_with


@pytest.mark.parametrize("path", ["image_id", "filename", "File Name", "filepath", "image", "img_path", "Image-Path"])
@pytest.mark.parametrize("model", ["model", "label", "Class", "class_name", "model_id", "ground_truth"])
def test_well_known_names_are_read_by_every_reader(opened, tmp_path, path, model):
    table = f"{path},{model}\na.jpg,x\nb.jpg,y\n"
    catalog = opened(table)
    assert (catalog.form, models(catalog), catalog.problems) == ("table", ["x", "y"], ())
    for name in ("labels.csv", "labels.txt"):
        (tmp_path / name).write_text(table)
        assert read_labels(tmp_path / name) == READ


def test_which_columns_were_read_is_said(opened):
    assert opened("path,model\na.jpg,x\n").reason == "it has a catalog.csv with a column 'path'"
    reason = "it has a catalog.csv with a column 'filename', and models in 'class'"
    assert opened("filename,class\na.jpg,x\n").reason == reason


def test_our_names_go_before_others(opened):
    assert models(opened("filename,path,class,model\nz,a.jpg,z,x\nz,b.jpg,z,y\n")) == ["x", "y"]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (
            "filename,image,model",
            "'catalog.csv' has the columns 'filename' and 'image', and either may be the path; call the right one",
        ),
        (
            "path,class,labels",
            "'catalog.csv' has the columns 'class' and 'labels', and either may be the label; call the right one",
        ),
        ("photo,model", "'catalog.csv' has the columns photo, model; it needs 'path'."),
    ],
)
def test_what_could_be_two_columns_or_is_none_is_refused(opened, header, told):
    assert refusal(lambda: opened(f"{header}\n" + "," * header.count(",") + "\n")).startswith(told)


def test_predictions_beside_true_labels_are_told_apart(tmp_path):
    (tmp_path / "both.csv").write_text("path,label,prediction\na.jpg,x,1\nb.jpg,x,2\nc.jpg,y,2\n")
    true, pred, _ = read_label_pair(tmp_path / "both.csv", tmp_path / "both.csv")
    assert (true.tolist(), pred.tolist()) == ([0, 0, 1], [0, 1, 1])


def test_a_guarded_cell_is_what_it_guards(opened, tmp_path):
    photo_folder(tmp_path / "photos", ["=a.jpg", "'=b.jpg"], first_seed=5)
    catalog = opened("path,model\n'=a.jpg,'-1\n'=b.jpg,'=x\na.jpg,-1\nb.jpg,'quoted\n")
    assert {image.image_id: image.model for image in catalog.images} == {
        "=a.jpg": "-1",
        "'=b.jpg": "=x",
        "a.jpg": "-1",
        "b.jpg": "'quoted",
    }


@pytest.mark.parametrize(
    "table",
    [
        '"path", "model"\n"a.jpg", "x"\n"b.jpg", "y"\n',
        "path, model\na.jpg, x\nb.jpg, y\n",
        'path, model\n"a.jpg", "x"\n"b.jpg", "y"\n',
        '"path"; "model"\n"a.jpg"; "x"\n"b.jpg"; "y"\n',
        "\ufeff\ufeffpath,model\na.jpg,x\nb.jpg,y\n",
        '\ufeff\ufeff"path","model"\n"a.jpg","x"\n"b.jpg","y"\n',
    ],
)
def test_blanks_before_quotes_and_doubled_marks_are_no_part_of_a_name(opened, tmp_path, table):
    catalog = opened(table)
    assert (models(catalog), catalog.problems) == (["x", "y"], ())
    (tmp_path / "labels.csv").write_text(table)
    assert read_labels(tmp_path / "labels.csv").labels == ("x", "y")


def test_names_of_models_may_be_called_otherwise(opened, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "models.csv").write_text("ID;Model Name\nx;Tote\n")
    assert opened("path,model\na.jpg,x\n").model_name("x") == "Tote"


def test_names_are_compared_without_case_and_blanks():
    assert {plain_name(name) for name in ("File Name", "file-name", " FILE_NAME ", "file.name")} == {"file_name"}
