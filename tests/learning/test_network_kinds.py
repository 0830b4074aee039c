"""The kinds of network that can be trained: what is said of each is so, and each comes out of a kept file again."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from learning_cases import SIDE, coloured_photos

from shopsim.features.extractors import extractors
from shopsim.features.extractors.efficientnet_lite0 import NAME
from shopsim.features.networks.precision import FLOAT32
from shopsim.features.networks.trained import save_network
from shopsim.learning import prepare
from shopsim.learning.network.architecture import ARCHITECTURES, EFFICIENTNET_LITE0
from shopsim.learning.network.backbone import Backbone, backbone_from
from shopsim.learning.network.depth import ALL, DEPTHS, LAST, MOST
from shopsim.learning.prepare import backbone_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("trusting")]

N_BLOCKS = {"three": 3, "seven": 7}


@pytest.fixture(scope="module")
def networks():
    """One of each kind, for small photos."""
    return {name: each.build(SIDE) for name, each in ARCHITECTURES.items()}


@pytest.fixture(scope="module")
def photos():
    return coloured_photos(np.arange(3), 0)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_network_is_as_its_description_says(name, networks):
    import keras

    described, network = ARCHITECTURES[name], networks[name]
    convolutions = keras.layers.Conv2D | keras.layers.DepthwiseConv2D
    assert network.output_shape == (None, described.n_features)
    assert sum(isinstance(layer, convolutions) for layer in network.layers) == described.n_convolutions
    assert set(described.depths) == set(DEPTHS)
    assert name in extractors.names()


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_cut_is_where_its_title_says(name, depth, networks):
    described = ARCHITECTURES[name]
    cut = described.depths[depth]
    backbone = Backbone(described, networks[name], "made", depth)
    assert backbone.stem.shape == (SIDE // cut.shrunk, SIDE // cut.shrunk, cut.channels)
    assert np.prod(backbone.stem.shape) == cut.numbers(SIDE)
    trained = {found[0] for layer in backbone.new_tail().layers if (found := re.match(r"block_\d+", layer.name))}
    if depth != ALL:
        assert len(trained) == N_BLOCKS[cut.told.split()[2]]


@pytest.mark.parametrize("depth", [LAST, MOST, ALL])
def test_stem_and_tail_are_the_whole_lite_network(depth, networks, photos):
    backbone = Backbone(EFFICIENTNET_LITE0, networks[NAME], "made", depth)
    expected = networks[NAME](photos)
    rows = backbone.stem(photos.astype(np.uint8))
    np.testing.assert_allclose(backbone.new_tail()(rows), networks[NAME](photos.astype(np.uint8)), atol=1e-4)
    np.testing.assert_allclose(backbone.trained(backbone.new_tail().get_weights())(photos), expected, atol=1e-4)


def test_the_lite_network_is_trained_but_for_its_normalisation(networks):
    tail = Backbone(EFFICIENTNET_LITE0, networks[NAME], "made", LAST).new_tail()
    assert {variable.path.split("/")[-1] for variable in tail.trainable_variables} == {"kernel"}
    assert len(tail.trainable_variables) == 3 * 3 + 1


def test_one_that_was_not_trained_has_the_features_of_the_extractor():
    photos = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), np.uint8)
    backbone = backbone_of(NAME, {}, LAST)
    expected = backbone.network(photos.astype(np.float32)).numpy()
    np.testing.assert_allclose(extractors.create(NAME, precision=FLOAT32).extract(photos), expected, atol=1e-4)
    save_network(backbone.trained(backbone.new_tail().get_weights()), "lite", {"side": 224, "n_features": 1280})
    kept = extractors.create("fine_tuned", network="lite", precision=FLOAT32)
    np.testing.assert_allclose(kept.extract(photos), expected, atol=1e-4)


def test_a_trained_one_is_kept_and_can_be_trained_further(networks, photos):
    backbone = Backbone(EFFICIENTNET_LITE0, networks[NAME], "made", LAST)
    weights = [array * 1.1 for array in backbone.new_tail().get_weights()]
    trained = backbone.trained(weights)
    folder = save_network(trained, "lite", {"side": SIDE, "n_features": 1280})
    expected = trained(np.floor(photos)).numpy()
    assert np.abs(expected - networks[NAME](np.floor(photos))).max() > 0.1
    kept = extractors.create("fine_tuned", network="lite", precision=FLOAT32)
    np.testing.assert_allclose(kept.extract(photos.astype(np.uint8)), expected, rtol=1e-4, atol=1e-4)

    again = backbone_from(folder / "saved_model", SIDE, 1280, MOST)
    assert again.architecture is EFFICIENTNET_LITE0
    np.testing.assert_allclose(again.network(np.floor(photos)), expected, rtol=1e-3, atol=1e-3)
    assert again.stem.key != Backbone(EFFICIENTNET_LITE0, networks[NAME], "made", MOST).stem.key


def test_a_network_in_int8_is_trained_from_float32_which_needs_no_calibration(monkeypatch):
    started = []
    made = SimpleNamespace(image_size=(224, 224), n_features=1280)
    monkeypatch.setattr(prepare, "kept_extractor", lambda name, settings: started.append(settings) or made)
    monkeypatch.setattr(prepare, "obtain", lambda name, **settings: "folder")
    monkeypatch.setattr(prepare, "backbone_from", lambda *given: given)
    settings = {"handle": "a network", "precision": "int8"}
    assert backbone_of("tfhub", settings, LAST) == ("folder", 224, 1280, LAST)
    assert started == [{"handle": "a network"}]
