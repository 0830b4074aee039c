"""The Tune page as visitors meet it: catalogues of every kind and size."""

import re

import numpy as np
import pytest
from app_pages import button, metrics, no_traceback, open_page, select, sentences, texts
from mixed_folders import BLUE, RED
from PIL import Image


def test_without_true_models_the_threshold_is_a_guess(plain_folder):
    app = open_page(folder=plain_folder)
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "2"
    assert "ARI" not in metrics(app)
    assert "a guess without labels" in texts(app)
    assert not [label for label in metrics(app) if not metrics(app)[label]]


def test_half_labelled_photos_are_all_grouped_and_the_labelled_ones_scored(plain_folder, tmp_path):
    rows = "".join(f"photo {number}.png,{'a' if number % 2 else 'b'}\n" for number in range(4))
    (tmp_path / "half.csv").write_text("path,model\n" + rows)
    app = open_page(folder=plain_folder, labels=str(tmp_path / "half.csv"))
    assert metrics(app)["ARI"] == "1.000"
    assert "Scored on the 4 of 8 photos" in texts(app)


@pytest.mark.parametrize("at", [None, "1.0", "0.91"])
def test_two_photos_are_enough(tmp_path, draw_photo, at):
    draw_photo(tmp_path / "two" / "a.png", RED)
    draw_photo(tmp_path / "two" / "b.png", BLUE, 1)
    app = open_page(folder=tmp_path / "two", at=at)
    assert no_traceback(app)
    assert metrics(app)["Groups found"] in ("1", "2")


def test_one_photo_is_told_what_is_missing(tmp_path, draw_photo):
    draw_photo(tmp_path / "one" / "a.png", RED)
    app = open_page(folder=tmp_path / "one")
    assert no_traceback(app)
    assert sentences(app) == ["'one' has 1 photo that can be grouped; grouping needs at least 2."]


def test_no_photo_is_told_what_would_be_one(tmp_path):
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "notes.txt").write_text("nothing")
    app = open_page(folder=tmp_path / "none")
    assert no_traceback(app)
    assert "holds no photo that can be used (1 file was left out)" in sentences(app)[0]


def test_photos_of_one_model_make_one_group(tmp_path, draw_photo):
    for number in range(5):
        draw_photo(tmp_path / "same" / f"1_{number}_0.png", RED, number)
    app = open_page(folder=tmp_path / "same")
    assert no_traceback(app)
    assert metrics(app)["ARI"] == "1.000"
    assert metrics(app)["Groups found"] == "1"
    assert "-" not in texts(app).split("Groups at least")[1].split("similar")[0]


def test_models_of_one_photo_each_stay_alone(tmp_path):
    for number in range(5):
        rng = np.random.default_rng(number)
        path = tmp_path / "alone" / f"{number}_0_0.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (16, 16, 3), np.uint8)).save(path)
    app = open_page(folder=tmp_path / "alone")
    assert no_traceback(app)
    assert "a guess without labels" in texts(app), "the best threshold would show nothing"
    button(app, "Take the best").click().run()
    assert metrics(app)["ARI"] == "1.000"
    assert metrics(app)["Groups found"] == "5"


def test_photos_that_are_all_byte_equal_are_one_group(tmp_path, draw_photo):
    for number in range(4):
        draw_photo(tmp_path / "equal" / f"1_{number}_0.png", RED)
    app = open_page(folder=tmp_path / "equal")
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "1"


def test_a_photo_left_out_is_listed_with_its_reason(plain_folder):
    (plain_folder / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    app = open_page(folder=plain_folder)
    assert no_traceback(app)
    assert "broken.jpg" in list(app.dataframe[0].value["file"])
    assert app.expander[0].label == "1 file left out"


def test_own_vectors_need_no_extractor(plain_folder, tmp_path):
    vectors = np.repeat(np.eye(2, 4, dtype=np.float32), 4, axis=0) + 0.01
    np.save(tmp_path / "own.npy", vectors)
    names = sorted(str(path) for path in plain_folder.iterdir())
    (tmp_path / "img_paths.txt").write_text("\n".join(names))
    app = open_page(folder=tmp_path / "own.npy")
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "2"
    assert select(app, "Feature extractor").options == ["Own vectors"]


@pytest.mark.parametrize("name", ["<b>bold<b>", "*stars* _and_ $maths$", ":red[x]", "x" * 120, "가방 사진"])
def test_a_name_is_shown_as_it_is_written(tmp_path, draw_photo, name):
    for number in range(4):
        draw_photo(tmp_path / name / f"model {number % 2}" / f"{number}.png", RED if number % 2 else BLUE, number)
    app = open_page(folder=tmp_path / name)
    assert no_traceback(app)
    assert f"**{name}** · 4 photos" in texts(app)
    line = next(element.value for element in app.markdown if "4 photos" in element.value)
    assert not re.search(r"(?<!\\)[<$_:\[]", line)
