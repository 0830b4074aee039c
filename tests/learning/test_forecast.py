"""What is told of a learning before it starts."""

from dataclasses import replace
from pathlib import Path

import pytest

from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.learning.forecast import forecast
from shopsim.learning.network.architecture import ARCHITECTURES
from shopsim.learning.network.depth import DEPTHS
from shopsim.learning.task import Task


def catalog(n_models=20, n_photos=10, n_unlabelled=5):
    labels = [f"m{number % n_models}" for number in range(n_models * n_photos)] + [None] * n_unlabelled
    images = [CatalogImage(f"{n}.jpg", Path(f"{n}.jpg"), f"{n}", model=model) for n, model in enumerate(labels)]
    return Catalog("shoes", Path("shoes"), "table", "", tuple(images))


def task(what="network", extractor="mobilenet_v2", seconds=600.0, hold_out=True):
    return Task(what, extractor, {}, seconds, "", hold_out)


def test_it_counts_what_is_learnt_from_and_what_is_held_out():
    plan = forecast(task(), catalog())
    assert (plan.n_images, plan.n_models, plan.n_held_out, plan.n_held_out_models) == (160, 16, 40, 4)


def test_without_held_out_models_all_are_learnt_from():
    plan = forecast(task(hold_out=False), catalog())
    assert (plan.n_images, plan.n_models, plan.n_held_out, plan.n_held_out_models) == (200, 20, 0, 0)


def test_photos_with_a_model_are_prepared_in_four_views_of_25_kb():
    plan = forecast(task(), catalog())
    assert plan.view_bytes == pytest.approx(200 * 4 * 25_000, rel=0.05)
    assert plan.prepare == pytest.approx(200 * 4 / 80)


def test_a_wider_network_takes_more_room():
    narrow, wide = (forecast(task(extractor=name), catalog()) for name in ("mobilenet_v2", "mobilenet_v2_140"))
    assert wide.view_bytes == pytest.approx(1.4 * narrow.view_bytes, rel=0.03)
    assert wide.training_bytes > narrow.training_bytes


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_more_is_trained_the_longer_it_takes_and_the_more_room_the_photos(name):
    asked = task(extractor=name, seconds=1e6)
    last, most, whole = (forecast(replace(asked, depth=depth), catalog()) for depth in DEPTHS)
    assert last.train < most.train < whole.train
    assert last.view_bytes < most.view_bytes < whole.view_bytes
    assert whole.view_bytes == 200 * 4 * 224 * 224 * 3 * 2


def test_training_takes_no_longer_than_its_budget():
    assert forecast(task(seconds=15.0), catalog()).train == 15.0
    assert forecast(task(seconds=1e6), catalog()).train < 100


def test_a_metric_is_not_timed():
    plan = forecast(task("metric", "color_shape"), catalog())
    assert (plan.prepare, plan.train, plan.view_bytes) == (0, 0, 0)
    assert plan.n_models == 16
