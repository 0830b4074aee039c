"""Names of three numbers against the folders they lie in: which are the contest's, and which are asked about."""

import pickle

import pytest
from reading_cases import asked, models, read

from shopsim.catalog.forms.readings import SeveralReadingsError

BURSTS = {
    "phone": "20230415_1130{:02}_001",
    "day first": "15042023_1130{:02}_001",
    "two-digit year": "230415_1130{:02}_001",
    "time first": "1130{:02}_20230415_001",
    "month first": "04152023_1130{:02}_001",
    "one stamp": "202304151130{:02}_001_0",
    "date in parts": "2023_04_{:02}",
    "date and time in parts": "2023_0415_1130{:02}",
    "counter": "100_7_{:04}",
    "epoch seconds": "16815546{:02}_1_0",
    "epoch milliseconds": "16815546{:02}123_1_0",
    "sender and epoch": "77_16815546{:02}_0",
    "stamp to the minute": "2023041511{:02}_001_0",
    "counter and date": "{:04}_20230415_1",
    "width and height": "{:04}_800_600",
    "square": "1080_1080_{:04}",
}


@pytest.mark.parametrize("burst", BURSTS.values(), ids=BURSTS)
def test_bursts_of_one_day_in_five_model_folders_are_asked_about(tmp_path, burst):
    names = [f"m{model}/{burst.format(10 * model + number)}.jpg" for model in range(1, 3) for number in range(4)]
    offered = asked(tmp_path, *names)
    assert offered["folders"] == 2
    assert offered["contest"] == len({name.split("/")[1].split("_")[0] for name in names})
    assert offered["plain"] == 0


def test_the_question_names_each_reading_with_its_models_and_an_example(tmp_path):
    names = [f"bag{model}/20230415_1130{model}{number}_001.jpg" for model in range(5) for number in range(3)]
    with pytest.raises(SeveralReadingsError) as error:
        read(tmp_path, *names)
    assert str(error.value) == (
        "'photos/' has photos named by dates or times, as phones name them ('bag0/20230415_113000_001.jpg'): rename "
        "or move them, or say which form to use: contest (1 model: 'bag0/20230415_113000_001.jpg' shows '20230415'), "
        "folders (5 models: 'bag0/20230415_113000_001.jpg' shows 'bag0') or plain (no models)."
    )
    assert pickle.loads(pickle.dumps(error.value)).readings == error.value.readings


def test_bursts_of_several_days_in_each_model_folder_are_asked_about(tmp_path):
    names = [
        f"m{model}/2023040{2 * model + day}_113010_00{n}.jpg" for model in (1, 2) for day in (0, 1) for n in (1, 2)
    ]
    assert asked(tmp_path, *names) == {"contest": 4, "folders": 2, "plain": 0}


def test_bursts_of_a_day_for_each_folder_are_models_by_folder(tmp_path):
    recognition = read(tmp_path, "a/20230415_113010_001.jpg", "a/20230415_113011_001.jpg", "b/20230416_113010_001.jpg")
    assert recognition.form == "folders"
    assert set(models(recognition).values()) == {"a", "b"}


@pytest.mark.parametrize(
    "names",
    [
        ("20230415_113010_001", "20230416_113010_001"),
        ("1681554610_1_0", "1681554610_1_1", "1681554611_1_0", "1681554611_1_1"),
        ("1681554610123_1_0", "1681554611123_1_0"),
        ("20230415113010_001_0", "20230415113010_002_0", "20230415113011_001_0"),
        ("7_800_600", "8_800_600", "9_1024_768"),
        ("7_800_533", "7_400_267", "8_800_533"),
        ("1_750_1011", "2_750_1100", "3_750_1000"),
    ],
)
def test_times_and_sizes_without_folders_are_asked_about(tmp_path, names):
    offered = asked(tmp_path, *(f"{name}.jpg" for name in names))
    assert offered == {"contest": len({name.split("_")[0] for name in names}), "plain": 0}


@pytest.mark.parametrize(
    "burst",
    ["168155{:04}_1_{}", "20230415{:02}3010_1_{}", "{}_800_600", "{}7_1_{}", "12345678{:03}_99{:03}_{}"],
    ids=["epoch", "stamps", "sizes", "listings", "long ids"],
)
def test_folders_that_hold_several_names_each_are_asked_about(tmp_path, burst):
    # Each first number stands in one folder only, and twice: a category would look so too.
    names = {
        f"{folder}/{burst.format(2 * m + number // 2, number, 0)}.jpg"
        for m, folder in enumerate(("tote A", "tote B"))
        for number in range(4)
    }
    assert asked(tmp_path, *sorted(names))["folders"] == 2


def test_sizes_that_the_folders_agree_with_are_models_by_folder(tmp_path):
    recognition = read(tmp_path, "a/1_800_600.jpg", "a/1_400_300.jpg", "b/2_800_600.jpg", "b/2_400_300.jpg")
    assert recognition.form == "folders"
    assert set(models(recognition).values()) == {"a", "b"}


@pytest.mark.parametrize("burst", ["16815546{:02}_1_{}", "202304151130{:02}_1_{}", "{}_800_600"])
def test_times_and_sizes_in_categories_are_asked_about(tmp_path, burst):
    names = {
        f"{kind}/{burst.format(2 * k + n // 2, n)}.jpg" for k, kind in enumerate(("bags", "shoes")) for n in range(4)
    }
    assert asked(tmp_path, *sorted(names))["folders"] == 2


@pytest.mark.parametrize(
    "folders",
    [
        ("bags", "shoes"),
        ("Bags", "Women's shoes"),
        ("여성 가방", "여성구두"),
        ("category_1", "category_2"),
        ("women/bags", "women/boots"),
    ],
)
def test_folders_called_as_kinds_of_products_are_categories(tmp_path, folders):
    names = [
        f"{folder}/1513673{n // 2}{f}_1244399{n // 2}{f}_{n % 2}.jpg"
        for f, folder in enumerate(folders)
        for n in range(6)
    ]
    recognition = read(tmp_path, *names)
    assert recognition.form == "contest"
    assert len(set(models(recognition).values())) == 6


@pytest.mark.parametrize("folders", [("bag1", "bag2"), ("red bags", "blue bags"), ("A", "B"), ("cats", "dogs")])
def test_folders_called_otherwise_are_asked_about(tmp_path, folders):
    names = [
        f"{folder}/1513673{n // 2}{f}_1244399{n // 2}{f}_{n % 2}.jpg"
        for f, folder in enumerate(folders)
        for n in range(6)
    ]
    assert asked(tmp_path, *names) == {"contest": 6, "folders": 2, "plain": 0}


def test_folders_of_as_many_models_and_photos_as_the_contest_are_categories(tmp_path):
    names = [
        f"{f}/{15136734052 + 100 * f + n // 10}_{12443999634 + 1000 * f + n // 5}_{n % 5}.jpg"
        for f in (1, 2)
        for n in range(200)
    ]
    recognition = read(tmp_path, *names)
    assert recognition.form == "contest"
    assert {row.category for row in recognition.rows} == {"1", "2"}
    assert len(set(models(recognition).values())) == 40


def test_the_contest_without_folders_is_never_asked_about(tmp_path):
    names = [f"{15136734052 + 31 * (n // 10)}_{12443999634 + 17 * (n // 5)}_{n % 5}.jpg" for n in range(200)]
    assert read(tmp_path, *names).form == "contest"


def test_one_model_for_every_photo_of_a_folder_is_told(tmp_path):
    recognition = read(tmp_path, "123_456_789.jpg", "123_456_790.jpg", "123_457_1.jpg")
    assert recognition.form == "contest"
    assert recognition.reason.endswith(", as in '123_456_789', all of one model, so that scores mean nothing")


def test_one_photo_is_never_asked_about(tmp_path):
    assert read(tmp_path, "123_456_789.jpg").form == read(tmp_path, "20230415_113010_001.jpg").form == "contest"


def test_a_model_in_the_names_that_stands_in_two_folders_is_asked_about(tmp_path):
    names = ["a/1_1_1.jpg", "a/1_1_2.jpg", "b/1_1_3.jpg", "b/2_1_4.jpg"]
    assert asked(tmp_path, *names) == {"contest": 2, "folders": 2, "plain": 0}


def test_names_that_count_photos_in_model_folders_are_asked_about(tmp_path):
    names = [f"m{number // 3}/{number:03}_1_1.jpg" for number in range(6)]
    assert asked(tmp_path, *names) == {"contest": 6, "folders": 2, "plain": 0}


@pytest.mark.parametrize(
    "names",
    [
        ("bags/1_1_1.jpg", "bags/1_1_2.jpg", "bags/2_1_1.jpg", "bags/2_1_2.jpg", "shoes/3_1_1.jpg", "shoes/3_1_2.jpg"),
        ("7/1_1_1.jpg", "7/1_1_2.jpg", "8/2_1_1.jpg"),
        ("1/10/1_10_1.jpg", "1/11/1_11_1.jpg", "2/20/2_20_1.jpg"),
        ("train/1_1_1.jpg", "test/1_1_2.jpg", "test/2_1_1.jpg"),
        ("99999999_1_1.jpg", "20239999_1_1.jpg"),
    ],
    ids=["categories", "the same models", "models above products", "split", "no dates"],
)
def test_names_that_folders_do_not_contradict_are_the_models(tmp_path, names):
    recognition = read(tmp_path, *names)
    assert recognition.form == "contest"
    assert models(recognition) == {name: name.rpartition("/")[2].split("_")[0] for name in names}


def test_folders_taken_as_categories_are_said(tmp_path):
    names = (
        "bags/1_1_1.jpg",
        "bags/1_1_2.jpg",
        "bags/2_1_1.jpg",
        "bags/2_1_2.jpg",
        "shoes/3_1_1.jpg",
        "shoes/3_1_2.jpg",
    )
    assert read(tmp_path, *names).reason.endswith(", as in '1_1_1', and its folders (2) are taken as categories")
