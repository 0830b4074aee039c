"""Extractors and networks are built once per process, over all its jobs."""

import os
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.base.work.job import Job
from shopsim.features.extractors import extractors
from shopsim.features.extractors.kept import kept_extractor
from shopsim.features.networks import network
from shopsim.grouping.fit import features_of, key_of

SIDE = 32


class Counted:
    key = "counted-1"
    image_size = (8, 8)
    n_features = 3
    batch_size = 4

    def extract(self, images):
        return images.mean(axis=(1, 2)).astype(np.float32) + 1


@pytest.fixture
def built():
    """How often each extractor was built; those named `counted` and `broken` are registered meanwhile."""
    counts = {"counted": 0, "broken": 0}

    def counted():
        counts["counted"] += 1
        return Counted()

    def broken():
        counts["broken"] += 1
        raise ShopsimError("out of order")

    with extractors.temporarily():
        extractors.register("counted", title="Counted", source="tests")(counted)
        extractors.register("broken", title="Broken", source="tests")(broken)
        yield counts


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    """The folder of a tiny network."""
    from shopsim.features.networks.saved_model import import_tensorflow

    tf = import_tensorflow()
    module = tf.Module()
    module.weight = tf.Variable(np.arange(1, 6, dtype=np.float32))
    shape = tf.TensorSpec((None, SIDE, SIDE, 3), tf.float32)
    module.rows = tf.function(lambda photos: tf.reduce_mean(photos, axis=(1, 2, 3))[:, None] * module.weight, [shape])
    folder = tmp_path_factory.mktemp("net")
    tf.saved_model.save(module, str(folder), {"serving_default": module.rows})
    return folder


@pytest.fixture
def loaded(monkeypatch):
    """How often a network was loaded."""
    loads, loaded = [], network.NetworkExtractor._load
    monkeypatch.setattr(network.NetworkExtractor, "_load", lambda self: loads.append(self) or loaded(self))
    return loads


def in_a_job(catalog, extractor, settings, cache):
    job = Job("Extracting", lambda progress: features_of(catalog, extractor, settings, cache, progress))
    assert job.wait(60)
    assert job.state == "done", job.error
    return job.result


def test_an_extractor_is_built_once_over_several_jobs(built, opened, cache):
    for number in range(3):
        assert in_a_job(opened(4 + number, f"photos {number}"), "counted", {}, cache).raw.shape == (4 + number, 3)
    key_of("counted", {})
    assert built["counted"] == 1


@pytest.mark.usefixtures("hub", "trusting")
def test_a_network_is_loaded_once_over_several_jobs(net, loaded, opened, cache):
    settings = {"handle": str(net), "size": SIDE}
    for number in range(3):
        assert in_a_job(opened(4 + number, f"photos {number}"), "tfhub", settings, cache).raw.shape == (4 + number, 5)
    assert len(loaded) == 1


@pytest.mark.usefixtures("hub", "trusting")
def test_a_network_is_loaded_again_when_its_weights_have_changed(net, loaded, opened, cache):
    settings = {"handle": str(net), "size": SIDE}
    in_a_job(opened(4), "tfhub", settings, cache)
    before = len(loaded)
    later = time.time() + 10
    os.utime(net / "saved_model.pb", (later, later))
    in_a_job(opened(5, "more photos"), "tfhub", settings, cache)
    assert len(loaded) == before + 1


def test_one_that_cannot_be_built_is_tried_again(built):
    for _ in range(2):
        with pytest.raises(ShopsimError, match="out of order"):
            kept_extractor("broken", {})
    assert built["broken"] == 2


def test_other_settings_are_another_extractor(built):
    assert kept_extractor("image_signature", {}) is kept_extractor("image_signature", {})
    with pytest.raises(ShopsimError, match="has no setting 'size'"):
        kept_extractor("counted", {"size": 3})


def test_an_extractor_registered_anew_under_the_name_is_built(built):
    first = kept_extractor("counted", {})
    with extractors.temporarily(replace(extractors.entry("counted"), factory=Counted)):
        assert kept_extractor("counted", {}) is not first


def test_threads_that_ask_at_once_get_the_same_one(built):
    begin, got = threading.Barrier(8), []

    def slow():
        time.sleep(0.05)
        return Counted()

    def ask():
        begin.wait()
        got.append(kept_extractor("counted", {}))

    with extractors.temporarily(replace(extractors.entry("counted"), factory=slow)):
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(got) == 8
    assert len(set(map(id, got))) == 1
