"""The built-in demo catalogue: what it promises, what is planted in it, and that it is never half there."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from shopsim import ShopsimError
from shopsim.catalog.demo import demo, studio
from shopsim.catalog.demo.demo import DemoTruth, demo_catalog_folder, demo_truth, draw_demo
from shopsim.catalog.demo.plan import SIZES
from shopsim.catalog.demo.product_models import MODELS

SHOTS = demo._plan().shots


@pytest.fixture
def quick_photos(monkeypatch):
    """Photos of a few bytes, so that a test about folders need not wait for the drawing."""

    def photograph(model, shots, folder):
        for shot in shots:
            (folder / shot.image_id).write_text(f"{shot.seed}")
        return len(shots)

    monkeypatch.setattr(studio, "photograph", photograph)


@pytest.fixture
def drawn(drawn_cache):
    return demo_catalog_folder(drawn_cache)


def drawing_of(model_index, folder):
    """{image_id: bytes} of one model's photos."""
    model = MODELS[model_index]
    (folder / model.category).mkdir(parents=True)
    studio.photograph(model, [shot for shot in SHOTS if shot.model == model.id], folder)
    return {f"{model.category}/{path.name}": path.read_bytes() for path in (folder / model.category).iterdir()}


def test_there_are_a_dozen_models_of_each_category():
    assert min(Counter(model.category for model in MODELS).values()) >= 12
    assert len({model.id for model in MODELS}) == len({model.name for model in MODELS}) == len(MODELS)


def test_every_model_is_another_drawing():
    assert len({model.draw for model in MODELS}) == len(MODELS)


def test_some_models_come_in_several_colours():
    colours = {(shot.model, shot.colour) for shot in SHOTS}
    assert sum(n > 1 for n in Counter(model for model, _ in colours).values()) >= 5


def test_sizes_are_skewed_from_2_to_80_and_wrong_labels_leave_them_so():
    for sizes in (Counter(s.model for s in SHOTS), Counter(s.model_label for s in SHOTS)):
        assert sorted(sizes.values(), reverse=True) == list(SIZES)
    assert (min(SIZES), max(SIZES)) == (2, 80)
    assert 570 <= sum(SIZES) <= 630


def test_file_names_are_the_contest_form_below_a_folder_a_category():
    assert all(re.fullmatch(r"(bags|shoes)/[0-9]+_[0-9]+_[0-9]+\.jpg", shot.image_id) for shot in SHOTS)
    assert len({shot.image_id for shot in SHOTS}) == len(SHOTS)


def test_two_percent_of_the_labels_are_wrong():
    truth = demo_truth()
    assert 0.015 <= len(truth.wrong_labels) / len(SHOTS) <= 0.025
    for image_id, model in truth.wrong_labels.items():
        assert image_id.split("/")[1].split("_")[0] != model


def test_copies_belong_to_two_listings_of_one_model_and_carry_its_label():
    truth = demo_truth()
    assert len(truth.copies) >= 3
    for first, second in truth.copies:
        (model, product, _), (other_model, other_product, _) = (i.split("/")[1].split("_") for i in (first, second))
        assert model == other_model
        assert product != other_product
        assert not {first, second} & set(truth.wrong_labels)


def test_a_model_is_drawn_with_the_same_bytes_every_time(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda name: drawing_of(-1, tmp_path / name), ("first", "second"))
    assert len(first) == SIZES[-1]
    assert first == second


def test_photos_are_of_the_promised_size_and_not_blank(tmp_path):
    drawing_of(-2, tmp_path)
    for path in tmp_path.rglob("*.jpg"):
        with Image.open(path) as photo:
            assert photo.format == "JPEG"
            assert 480 <= max(photo.size) <= 600
            assert np.asarray(photo).std() > 10


def test_drawing_tells_its_progress_up_to_the_last_photo(tmp_path, quick_photos):
    steps = []
    draw_demo(tmp_path / "demo", lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps)
    assert steps[-1] == (len(SHOTS), len(SHOTS))


def test_names_of_the_models_lie_beside_the_photos(tmp_path, quick_photos):
    truth = draw_demo(tmp_path / "demo")
    lines = (tmp_path / "demo" / "models.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "model_id,name"
    assert "20310001183,Saddle bag Ines" in lines
    assert isinstance(truth, DemoTruth)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path, quick_photos):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ShopsimError, match="not empty"):
        draw_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path, quick_photos):
    draw_demo(tmp_path / "demo")
    (tmp_path / "empty").mkdir()
    draw_demo(tmp_path / "empty")
    assert len(list((tmp_path / "empty").rglob("*.jpg"))) == len(SHOTS)


def test_stopping_half_way_leaves_nothing(tmp_path, quick_photos):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo_catalog_folder(tmp_path, stop)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ShopsimError, match="Cannot write the demo catalogue"):
        demo_catalog_folder(tmp_path / "file")


def test_second_opening_draws_nothing(tmp_path, quick_photos):
    first = demo_catalog_folder(tmp_path)
    steps = []
    assert demo_catalog_folder(tmp_path, lambda *step: steps.append(step)) == first
    assert steps == []


def test_a_missing_photo_has_the_demo_drawn_anew(tmp_path, quick_photos):
    folder = demo_catalog_folder(tmp_path)
    (folder / SHOTS[0].image_id).unlink()
    demo_catalog_folder(tmp_path)
    assert (folder / SHOTS[0].image_id).is_file()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_two_at_once_end_with_one_complete_folder(tmp_path, quick_photos):
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(lambda _: demo_catalog_folder(tmp_path), range(4)))
    assert [path.name for path in tmp_path.iterdir()] == [folder.name for folder in folders]
    assert len(list(folders.pop().rglob("*.jpg"))) == len(SHOTS)


def test_what_a_killed_drawing_left_is_cleared_after_an_hour(tmp_path, quick_photos, monkeypatch):
    left = tmp_path / f".demo-{demo.DEMO_VERSION}.0badcafe.unfinished"
    left.mkdir()
    demo_catalog_folder(tmp_path / "elsewhere")
    monkeypatch.setattr(demo, "_ABANDONED_S", -1.0)
    demo_catalog_folder(tmp_path)
    assert not left.exists()


def test_what_others_keep_beside_the_folder_is_not_swept(tmp_path, quick_photos, monkeypatch):
    kept = [tmp_path / ".demo.d", tmp_path / ".demo.conf"]
    kept[0].mkdir()
    kept[1].touch()
    monkeypatch.setattr(demo, "_ABANDONED_S", -1.0)
    draw_demo(tmp_path / "demo")
    assert all(path.exists() for path in kept)


@pytest.mark.slow
def test_copies_are_equal_bytes_and_nothing_else_is(drawn):
    photos = {shot.image_id: (drawn / shot.image_id).read_bytes() for shot in SHOTS}
    for first, second in demo_truth().copies:
        assert photos[first] == photos[second]
    assert len(set(photos.values())) == len(photos) - len(demo_truth().copies)
    assert sum(len(photo) for photo in photos.values()) < 30e6


@pytest.mark.slow
def test_it_opens_as_a_contest_folder_with_two_categories(drawn):
    from shopsim.catalog.open_folder import load_catalog

    catalog = load_catalog(drawn)
    assert len(catalog.images) == len(SHOTS)
    assert list(catalog.problems) == []
    assert {image.category for image in catalog.images} == {"bags", "shoes"}
    assert len(np.unique(catalog.labels_true)) == len(MODELS)


@pytest.mark.slow
def test_grouping_it_is_neither_hopeless_nor_solved(drawn):
    """With `color_shape`, both K-means at the true number and the best average-linkage cut leave room to tune."""
    from sklearn.metrics import adjusted_rand_score

    from shopsim.clusterers import clusterers
    from shopsim.features.extractors import extractors
    from shopsim.spaces import spaces

    extractor = extractors.create("color_shape")
    height, width = extractor.image_size
    photos = [Image.open(drawn / shot.image_id).convert("RGB").resize((width, height)) for shot in SHOTS]
    rows = extractor.extract(np.stack([np.asarray(photo) for photo in photos]))
    vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    vectors = spaces.create("whitened").fit(vectors).transform(vectors)
    models = [shot.model_label for shot in SHOTS]

    partition = clusterers.create("kmeans").fit(vectors).cut(len(MODELS))
    tree = clusterers.create("average").fit(vectors)
    best = max(adjusted_rand_score(models, tree.cut(similarity)) for similarity in np.linspace(-0.1, 0.9, 101))
    assert 0.5 < adjusted_rand_score(models, partition) < 0.9
    assert 0.5 < best < 0.9
