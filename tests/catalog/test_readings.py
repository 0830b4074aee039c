"""Folders that can be read in several ways: which are asked about, what is offered, and what each reading gives."""

import random

import pytest
from catalog_fixtures import photo_folder
from reading_cases import asked, models, read

from shopsim.catalog.forms.readings import SeveralReadingsError
from shopsim.catalog.open_folder import load_catalog

# Folders of one name under several folders


def test_training_and_test_photos_of_the_same_models_are_asked_about(tmp_path):
    names = [f"{part}/bag{n}/{part}.jpg" for part in ("train", "test") for n in range(4)]
    assert asked(tmp_path, *names) == {"folders": 8, "split-folders": 4, "plain": 0}
    recognition = read(tmp_path, *names, form="split-folders")
    assert {(row.model, row.split) for row in recognition.rows} == {
        (f"bag{n}", part) for part in ("train", "test") for n in range(4)
    }
    assert {row.category for row in recognition.rows} == {None}


def test_training_and_test_photos_of_other_models_are_a_split(tmp_path):
    recognition = read(tmp_path, "train/a/1.jpg", "train/b/1.jpg", "Validation/c/1.jpg", "TEST/d/1.jpg")
    assert recognition.form == "split-folders"
    assert [(row.model, row.split, row.category) for row in recognition.rows] == [
        ("d", "test", None),
        ("c", "val", None),
        ("a", "train", None),
        ("b", "train", None),
    ]


@pytest.mark.parametrize("name", ["train", "Training", "val", "valid", "VALIDATION", "test", "testing"])
def test_every_usual_name_of_a_part_is_one(tmp_path, name):
    recognition = read(tmp_path, f"{name}/a/1.jpg", "test/b/1.jpg", "train/c/1.jpg")
    assert recognition.form == "split-folders"


def test_a_split_beside_other_folders_is_no_split(tmp_path):
    recognition = read(tmp_path, "train/a/1.jpg", "test/b/1.jpg", "extra/c/1.jpg")
    assert recognition.form == "folders"
    assert {row.split for row in recognition.rows} == {None}


def test_parts_without_folders_of_models_tell_no_models(tmp_path):
    recognition = read(tmp_path, "train/a.jpg", "train/b.jpg", "test/c.jpg")
    assert recognition.form == "plain"
    assert [row.split for row in recognition.rows] == ["test", "train", "train"]


def test_the_split_may_stand_between_category_and_model_or_within_each_model(tmp_path):
    between = read(tmp_path, "bags/train/a/1.jpg", "bags/test/b/1.jpg", "shoes/train/c/1.jpg", "shoes/train/d/1.jpg")
    assert [(row.model, row.split, row.category) for row in between.rows] == [
        ("bags/b", "test", "bags"),
        ("bags/a", "train", "bags"),
        ("shoes/c", "train", "shoes"),
        ("shoes/d", "train", "shoes"),
    ]
    names = ("a/train/1.jpg", "a/test/1.jpg", "b/train/1.jpg", "b/test/1.jpg")
    assert asked(tmp_path, *names) == {"folders": 4, "split-folders": 2, "plain": 0}


def test_contest_photos_below_a_split_keep_their_category(tmp_path):
    names = [
        f"{part}/{kind}_/{m}_1_{n}.jpg" for part, kind, m in (("train", "bag", 1), ("test", "shoe", 2)) for n in (1, 2)
    ]
    recognition = read(tmp_path, *names)
    assert {(row.model, row.split, row.category) for row in recognition.rows} == {
        ("1", "train", "bag_"),
        ("2", "test", "shoe_"),
    }


def test_sellers_of_the_same_models_are_asked_about(tmp_path):
    names = [f"shop{shop}/bag{n}/1.jpg" for shop in (1, 2, 3) for n in range(4)]
    assert asked(tmp_path, *names) == {"folders": 12, "lowest-folders": 4, "upper-folders": 3, "plain": 0}
    merged = read(tmp_path, *names, form="lowest-folders")
    assert {row.model for row in merged.rows} == {f"bag{n}" for n in range(4)}
    assert {row.category for row in merged.rows} == {"shop1", "shop2", "shop3"}


@pytest.mark.parametrize(
    "folders",
    [
        ("sellerA/Bag1", "sellerA/Bag2", "sellerB/bag1", "sellerB/bag2"),
        ("sellerA/Bag 1", "sellerA/Bag2", "sellerB/Bag  1", "sellerB/Bag2 "),
        ("Bag1", "BAG1", "Bag2", "bag2"),
    ],
)
def test_names_that_differ_in_case_or_blanks_only_are_asked_about(tmp_path, folders):
    offered = asked(tmp_path, *(f"{folder}/{number}.jpg" for folder in folders for number in range(2)))
    assert (offered["folders"], offered["lowest-folders"]) == (4, 2)


def test_the_first_spelling_by_path_names_the_model(tmp_path):
    names = [f"{folder}/{number}.jpg" for folder in ("b/bag1", "a/Bag1", "a/x", "b/x") for number in range(2)]
    read_so = models(read(tmp_path, *names, form="lowest-folders"))
    assert {read_so["a/Bag1/0.jpg"], read_so["b/bag1/1.jpg"]} == {"Bag1"}


def test_one_name_that_returns_among_many_is_enough_to_ask(tmp_path):
    names = [f"shop{n % 2}/bag{n}/1.jpg" for n in range(40)]
    assert read(tmp_path, *names).form == "folders"
    offered = asked(tmp_path, *names, "shop0/bag7/1.jpg")
    assert (offered["folders"], offered["lowest-folders"]) == (41, 40)


def test_views_of_each_model_are_asked_about(tmp_path):
    names = [f"bag{n}/{view}/1.jpg" for n in range(3) for view in ("front", "back")]
    assert asked(tmp_path, *names) == {"folders": 6, "lowest-folders": 2, "upper-folders": 3, "plain": 0}
    assert set(models(read(tmp_path, *names, form="upper-folders")).values()) == {"bag0", "bag1", "bag2"}


def test_three_levels_are_offered_without_the_top_and_without_the_lowest(tmp_path):
    names = [f"shop{s}/{kind}/{n}/1.jpg" for s in (1, 2) for kind in ("bags", "shoes") for n in (1, 2, 3)]
    assert asked(tmp_path, *names) == {
        "folders": 12,
        "lowest-folders": 3,
        "inner-folders": 6,
        "middle-folders": 2,
        "upper-folders": 4,
        "plain": 0,
    }
    assert models(read(tmp_path, *names, form="inner-folders"))["shop2/bags/3/1.jpg"] == "bags/3"


def test_views_of_models_of_several_sellers_are_offered_without_both(tmp_path):
    names = [f"shop{s}/bag{n}/{view}/1.jpg" for s in (1, 2) for n in (1, 2, 3) for view in ("front", "back")]
    assert asked(tmp_path, *names)["middle-folders"] == 3
    assert models(read(tmp_path, *names, form="middle-folders"))["shop2/bag3/back/1.jpg"] == "bag3"


def test_a_split_above_numbered_models_of_categories_keeps_the_categories(tmp_path):
    names = [f"{part}/{kind}/{n}/1.jpg" for part in ("train", "test") for kind in ("bags", "shoes") for n in (1, 2)]
    offered = asked(tmp_path, *names)
    assert (offered["split-folders"], offered["folders"], offered["lowest-folders"]) == (4, 8, 2)


def test_a_folder_of_one_name_in_every_model_says_nothing(tmp_path):
    recognition = read(tmp_path, "a/photos/1.jpg", "b/photos/1.jpg")
    assert models(recognition) == {"a/photos/1.jpg": "a", "b/photos/1.jpg": "b"}


def test_one_model_of_two_sellers_is_asked_about(tmp_path):
    assert asked(tmp_path, "shop1/bagA/1.jpg", "shop2/bagA/1.jpg") == {"folders": 2, "lowest-folders": 1, "plain": 0}
    assert asked(tmp_path, "train/bagA/1.jpg", "test/bagA/1.jpg") == {"folders": 2, "split-folders": 1, "plain": 0}
    assert asked(tmp_path, "shop1/bagA/1_1_1.jpg", "shop2/bagA/1_1_2.jpg")["contest"] == 1


def test_a_subfolder_of_a_model_may_belong_to_it(tmp_path):
    names = ("m1/a.jpg", "m1/old/b.jpg", "m2/c.jpg")
    assert asked(tmp_path, *names) == {"folders": 3, "upper-folders": 2, "plain": 0}
    assert set(models(read(tmp_path, *names, form="upper-folders")).values()) == {"m1", "m2"}


def test_composed_and_decomposed_names_are_one_name(tmp_path):
    assert asked(tmp_path, "x/\uac00/1.jpg", "y/\u1100\u1161/1.jpg", "x/b/1.jpg")["lowest-folders"] == 2


def test_split_folders_without_a_split_are_refused(tmp_path):
    with pytest.raises(Exception, match="has no level of folders that are all called train, val or test"):
        read(tmp_path, "a/1.jpg", "b/1.jpg", form="split-folders")


# Whatever the order, and how large


@pytest.mark.parametrize("form", [None, "folders", "lowest-folders"])
def test_the_order_of_the_files_changes_nothing(tmp_path, form):
    names = [f"shop{n % 3}/bag{n % 5}/{n}.jpg" for n in range(60)]
    shuffled = random.Random(0).sample(names, len(names))
    if form is None:
        with pytest.raises(SeveralReadingsError) as one:
            read(tmp_path, *names)
        with pytest.raises(SeveralReadingsError) as other:
            read(tmp_path, *shuffled)
        assert str(one.value) == str(other.value)
    else:
        assert read(tmp_path, *names, form=form) == read(tmp_path, *shuffled, form=form)


def test_a_file_of_true_models_answers_the_question(tmp_path):
    photo_folder(tmp_path / "photos", ["shop1/a/1.jpg", "shop1/b/1.jpg", "shop2/a/1.jpg"])
    (tmp_path / "labels.txt").write_text("x\ny\nx\n")
    catalog = load_catalog(tmp_path / "photos", labels=tmp_path / "labels.txt", cache=tmp_path / "cache")
    assert [image.model for image in catalog.images] == ["x", "y", "x"]
