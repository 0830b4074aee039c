"""Which form a folder is recognised as, and what its names say."""

import pytest
from catalog_fixtures import photo_folder

from shopsim import ShopsimError
from shopsim.catalog.open_folder import load_catalog


@pytest.fixture
def opened(tmp_path):
    def open_folder(*names, table=None, form=None):
        folder = photo_folder(tmp_path / "photos", names)
        if table is not None:
            (folder / "catalog.csv").write_text(table)
        return load_catalog(folder, cache=tmp_path / "cache", form=form)

    return open_folder


def known(catalog):
    return [(image.image_id, image.model, image.product, image.category) for image in catalog.images]


def test_table_comes_before_contest_names(opened):
    catalog = opened("1_2_3.jpg", "4_5_6.jpg", table="path,model\n1_2_3.jpg,bag\n4_5_6.jpg,shoe\n")
    assert catalog.form == "table"
    assert catalog.models == ("bag", "shoe")


def test_contest_names_come_before_folders(opened):
    catalog = opened("x/1_2_3.jpg", "y/4_5_6.jpg")
    assert catalog.form == "contest"
    assert known(catalog) == [("x/1_2_3.jpg", "1", "2", "x"), ("y/4_5_6.jpg", "4", "5", "y")]


def test_folders_come_before_plain(opened):
    assert opened("m1/a.jpg", "m2/b.jpg").form == "folders"


@pytest.mark.parametrize("names", [("a.jpg", "b.jpg"), ("all/a.jpg", "all/b.jpg")])
def test_names_that_tell_nothing_are_plain(opened, names):
    catalog = opened(*names)
    assert catalog.form == "plain"
    assert catalog.labels_true is None


def test_contest_takes_any_extension_and_keeps_leading_zeros(opened):
    catalog = opened("007_01_1.JPEG", "7_01_2.png", "7_01_3.WebP")
    assert catalog.form == "contest"
    assert [(image.model, image.product) for image in catalog.images] == [("007", "01"), ("7", "01"), ("7", "01")]
    assert "'007_01_1'" in catalog.reason


@pytest.mark.parametrize("name", ["1_2.jpg", "1_2_3_4.jpg", "a_2_3.jpg", "1_2_3x.jpg", "1_2_٣.jpg", "1__3.jpg"])
def test_contest_names_match_in_full_and_in_plain_digits(opened, name):
    assert opened(name, "b.jpg").form == "plain"


def test_contest_mixed_with_other_names_asks_which_form(opened):
    with pytest.raises(ShopsimError, match=r"mixes photos named .* \(2\) with others \(1, such as 'b.jpg'\): .*plain"):
        opened("1_2_3.jpg", "4_5_6.jpg", "b.jpg")


def test_asked_for_contest_leaves_other_names_unlabelled(opened):
    catalog = opened("1_2_3.jpg", "4_5_6.jpg", "b.jpg", form="contest")
    assert catalog.labels_true.tolist() == [0, 1, -1]
    assert catalog.reason.startswith("2 of 3 photos")


def test_loose_photos_beside_folders_ask_which_form(opened):
    with pytest.raises(ShopsimError, match=r"loose photos \(1, such as 'a.jpg'\) beside folders of photos \(2\)"):
        opened("a.jpg", "m1/b.jpg", "m2/c.jpg")


def test_asked_for_folders_leaves_loose_photos_unlabelled(opened):
    catalog = opened("a.jpg", "m1/b.jpg", "m2/c.jpg", form="folders")
    assert [image.model for image in catalog.images] == [None, "m1", "m2"]


def test_photos_above_and_below_a_folder_ask_which_form(opened):
    with pytest.raises(ShopsimError, match="'m1/' and in its subfolder 'm1/old/'"):
        opened("m1/a.jpg", "m1/old/b.jpg", "m2/c.jpg")


def test_asked_for_plain_takes_any_folder(opened):
    catalog = opened("a.jpg", "1_2_3.jpg", "m1/old/b.jpg", form="plain")
    assert catalog.form == "plain"
    assert len(catalog.images) == 3


def test_one_folder_is_one_model_if_asked_for_folders(opened):
    assert opened("m1/a.jpg", "m1/b.jpg", form="folders").models == ("m1",)


def test_top_folders_of_several_models_are_categories(opened):
    catalog = opened("bags/m1/a.jpg", "bags/m2/b.jpg", "shoes/m3/c.jpg")
    assert known(catalog) == [
        ("bags/m1/a.jpg", "bags/m1", None, "bags"),
        ("bags/m2/b.jpg", "bags/m2", None, "bags"),
        ("shoes/m3/c.jpg", "shoes/m3", None, "shoes"),
    ]


def test_asked_for_folders_keeps_equal_names_in_different_folders_apart(opened):
    catalog = opened("bags/m1/a.jpg", "bags/m2/b.jpg", "shoes/m1/c.jpg", form="folders")
    assert known(catalog) == [
        ("bags/m1/a.jpg", "bags/m1", None, "bags"),
        ("bags/m2/b.jpg", "bags/m2", None, "bags"),
        ("shoes/m1/c.jpg", "shoes/m1", None, "shoes"),
    ]


def test_nested_models_without_company_are_no_categories(opened):
    catalog = opened("a/m1/a.jpg", "b/m2/b.jpg")
    assert catalog.models == ("a/m1", "b/m2")
    assert catalog.categories == ()


def test_folder_around_everything_says_nothing(opened):
    catalog = opened("photos/bags/m1/a.jpg", "photos/bags/m2/b.jpg", "photos/shoes/m3/c.jpg")
    assert catalog.models == ("bags/m1", "bags/m2", "shoes/m3")
    assert catalog.categories == ("bags", "shoes")


def test_folder_around_all_models_is_no_category(opened):
    catalog = opened("images/m1/a.jpg", "images/m2/b.jpg")
    assert catalog.models == ("m1", "m2")
    assert catalog.categories == ()


def test_contest_photos_in_one_folder_have_no_category(opened):
    assert opened("images/1_2_3.jpg", "images/4_5_6.jpg").categories == ()


def test_table_fills_every_column_in_any_case_and_order(opened):
    catalog = opened("a.jpg", table="Split, Category ,PATH,product,model\ntrain,bags,a.jpg,p,m\n")
    image = catalog.images[0]
    assert (image.model, image.product, image.category, image.split) == ("m", "p", "bags", "train")


def test_table_needs_only_paths(opened):
    catalog = opened("a.jpg", table="path\na.jpg\n")
    assert catalog.form == "table"
    assert catalog.labels_true is None


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("file,model\na.jpg,x\n", "has the columns file, model; it needs 'path'"),
        ("path,model,model\na.jpg,x,y\n", "has the column 'model' more than once"),
        ("path,model\na.jpg\n", "has 1 cells; its header has 2"),
        ("", "is empty"),
    ],
)
def test_bad_table_is_refused_in_a_sentence(opened, table, told):
    with pytest.raises(ShopsimError, match=told):
        opened("a.jpg", table=table)


def test_table_tells_what_it_lists_in_vain_and_what_it_does_not_list(opened):
    long = "x" * 5000
    table = f"path,model\na.jpg,x\na.jpg,y\nb.jpg,x\n../a.jpg,x\n/etc/hostname.jpg,x\n,x\n{long},x\n"
    catalog = opened("a.jpg", "c.jpg", table=table)
    assert known(catalog) == [("a.jpg", "x", None, None)]
    assert {problem.name: problem.reason for problem in catalog.problems} == {
        "../a.jpg": "listed in catalog.csv, row 5, but its path leads out of the folder",
        "/etc/hostname.jpg": "listed in catalog.csv, row 6, but its path leads out of the folder",
        "b.jpg": "listed in catalog.csv, row 4, but there is no such photo of a supported format",
        "c.jpg": "not listed in catalog.csv",
        "catalog.csv, row 3": "lists 'a.jpg' again; the first row counts",
        "catalog.csv, row 7": "the cell 'path' is empty",
        long: "listed in catalog.csv, row 8, but there is no such photo of a supported format",
    }


@pytest.mark.parametrize(("form", "told"), [("tabel", "Unknown form 'tabel'. Known: table"), ("table", "has no")])
def test_form_that_does_not_fit_is_refused(opened, form, told):
    with pytest.raises(ShopsimError, match=told):
        opened("a.jpg", form=form)


def test_vectors_asked_for_where_there_are_none_are_refused(opened):
    with pytest.raises(ShopsimError, match=r"has no \.npy of vectors"):
        opened("a.jpg", form="vectors")
