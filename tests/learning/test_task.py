"""What a learning is asked: its key, how deep it trains, and where its weights come from."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from kept_cases import write_card

from shopsim import ShopsimError
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.cli.main import main
from shopsim.features.extract import Features
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.learning import prepare as starting
from shopsim.learning.network.depth import DEPTHS
from shopsim.learning.progress_file import read_diary
from shopsim.learning.task import Task, check_task


def catalog(n_models=20, n_photos=4):
    images = [
        CatalogImage(f"{n}.jpg", Path(f"{n}.jpg"), f"{n:032x}", f"m{n % n_models}", None, None)
        for n in range(n_models * n_photos)
    ]
    return Catalog("shoes", Path("shoes"), "table", "", tuple(images))


def task(what="network", **changed):
    return Task(what, "mobilenet_v2", {}, **{"seconds": 60.0, **changed})


def test_a_key_tells_what_is_learnt_but_not_in_what_time_nor_under_what_name():
    key = task().key(catalog())
    assert task(seconds=1.0, name="mine").key(catalog()) == key
    others = [task(depth="last"), task(hold_out=False), task("metric")]
    assert len({key, *(other.key(catalog()) for other in others)}) == 4
    assert task().key(catalog(19)) != key


def test_depth_means_nothing_to_a_metric():
    assert task("metric", depth="last").key(catalog()) == task("metric").key(catalog())


def test_an_unknown_depth_is_told_with_those_there_are(monkeypatch):
    monkeypatch.setattr("shopsim.learning.task.why_unavailable", lambda name, **settings: None)
    with pytest.raises(ShopsimError, match="'deep' is no depth; choose one of last, most, all"):
        check_task(task(depth="deep"), catalog())


def test_a_metric_on_a_network_that_knows_the_models_is_refused(monkeypatch):
    monkeypatch.setattr("shopsim.learning.task.why_unavailable", lambda name, **settings: None)
    photos = [image.digest[:16] for image in catalog().images[:30]]
    metric = replace(task("metric"), extractor="fine_tuned", extractor_settings={"network": write_card(photos=["f"])})
    check_task(metric, catalog())
    write_card(photos=photos)
    with pytest.raises(ShopsimError, match=r"The network 'shoes-1' was trained on .* of these 80 photos"):
        check_task(metric, catalog())


@pytest.mark.parametrize("depth", DEPTHS)
def test_the_network_is_parted_as_deep_as_asked(depth, monkeypatch):
    class Parted(Exception):
        """Nothing is to be computed here."""

    def part(extractor, settings, depth):
        raise Parted(depth)

    monkeypatch.setattr(starting, "backbone_of", part)
    features = Features(np.ones((80, 3), np.float32), catalog().image_ids, "made")
    given = (catalog(), features, {}, "mobilenet_v2", {}, Path("cache"))
    with pytest.raises(Parted) as parted:
        starting.learner_for("network", *given, depth=depth)
    assert parted.value.args == (depth,)


def test_weights_are_fetched_only_where_that_is_allowed(monkeypatch):
    asked = []
    monkeypatch.setattr("shopsim.learning.task.obtain", lambda extractor, **settings: asked.append(extractor))
    monkeypatch.setattr("shopsim.learning.task.why_unavailable", lambda extractor, **settings: "They are not here.")
    with pytest.raises(ShopsimError, match="They are not here"):
        check_task(task(), catalog())
    assert asked == []
    with pytest.raises(ShopsimError, match="They are not here"):
        check_task(task("metric"), catalog())
    check_task(replace(task("metric"), extractor="color_shape"), catalog())
    check_task(replace(task("metric"), extractor=OWN_VECTORS), catalog())
    check_task(task(), catalog(), may_fetch=True)
    assert asked == ["mobilenet_v2"]


@pytest.mark.parametrize("depth", DEPTHS)
def test_the_command_asks_for_the_depth_it_is_given(depth, monkeypatch, tmp_path, draw_photo):
    for number in range(12):
        draw_photo(tmp_path / "shoes" / f"m{number % 6}" / f"{number}.png", (number * 20, 9, 9), number)
    asked = []

    def note(task, catalog, may_fetch):
        asked.append((task.depth, may_fetch))
        raise ShopsimError("That is enough.")

    monkeypatch.setattr("shopsim.cli.learn.check_task", note)
    assert main(["learn", str(tmp_path / "shoes"), "--what", "network", "--depth", depth]) == 1
    assert asked == [(depth, True)]
    assert read_diary() is None
