"""A network that can be trained, with the weights of a SavedModel."""

import numpy as np
import pytest
from catalog_fixtures import SHARED
from learning_cases import SIDE

from shopsim import ShopsimError
from shopsim.catalog.photos.images import READING
from shopsim.features.extractors import extractors
from shopsim.features.networks.hub_cache import weights_digest
from shopsim.features.networks.precision import FLOAT32
from shopsim.learning.network.backbone import backbone_from
from shopsim.learning.network.depth import ALL, LAST
from shopsim.learning.network.engine import MIXED_PRECISION, recipe_for
from shopsim.learning.network.saved_weights import load_network

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("trusting")]


@pytest.fixture
def photos():
    return np.random.default_rng(0).integers(0, 256, (3, SIDE, SIDE, 3)).astype(np.float32)


def test_a_network_has_the_features_of_the_saved_model_its_weights_are_from(random_network, photos):
    folder, features = random_network
    np.testing.assert_allclose(load_network(folder, SIDE, 1280)[1](photos), features(photos), atol=1e-4)


def test_stem_and_tail_are_the_whole_network(backbone, random_network, photos):
    tail = backbone.new_tail()
    np.testing.assert_allclose(tail(backbone.stem(photos.astype(np.uint8))), random_network[1](photos), atol=1e-4)


def test_a_new_tail_is_trained_but_for_its_normalisation(backbone):
    trained = {variable.path.split("/")[-1] for variable in backbone.new_tail().trainable_variables}
    assert trained == {"kernel"}


def test_all_of_it_can_be_trained(random_network, photos):
    whole = backbone_from(random_network[0], SIDE, 1280, ALL)
    np.testing.assert_allclose(whole.stem(photos.astype(np.uint8)), photos / 127.5 - 1, atol=1e-2)
    np.testing.assert_allclose(whole.new_tail()(photos / 127.5 - 1), random_network[1](photos), atol=1e-4)
    assert len(whole.new_tail().weights) == len(whole.network.weights)
    np.testing.assert_allclose(whole.trained(whole.new_tail().get_weights())(photos), whole.network(photos), atol=1e-4)


def test_mixed_precision_leaves_the_weights_whole(backbone, photos):
    mixed, whole = backbone.new_tail(MIXED_PRECISION), backbone.new_tail()
    rows = backbone.stem(photos.astype(np.uint8))
    assert {str(weights.dtype) for weights in mixed.weights} == {"float32"}
    assert mixed(rows).dtype.name == "bfloat16"
    np.testing.assert_allclose(np.asarray(mixed(rows), np.float32), whole(rows), rtol=0.1, atol=0.1)


def test_two_tails_share_no_weights(backbone, photos):
    one, other = backbone.new_tail(), backbone.new_tail()
    one.set_weights([weights * 0 for weights in one.get_weights()])
    assert np.abs(other.get_weights()[0]).sum() > 0
    np.testing.assert_allclose(backbone.trained(other.get_weights())(photos), backbone.network(photos), atol=1e-4)


def test_what_earlier_versions_computed_is_found_again(backbone, random_network):
    weights = weights_digest(random_network[0])
    assert backbone.stem.key == f"weights={weights} layer=block_13_project_BN input={SIDE} reading={READING}"
    assert str(recipe_for(backbone)) == (
        "Recipe(layer='block_13_project_BN', n_views=4, embedding=128, learning_rate=0.0003, proxy_rate=0.01, "
        "weight_decay=0.0001)"
    )


def test_a_network_of_another_kind_is_refused(tmp_path):
    import tensorflow as tf

    module = tf.Module()
    module.kernel = tf.Variable(tf.ones((SIDE * SIDE * 3, 1280)))
    serve = tf.function(
        lambda photos: tf.reshape(photos, (-1, SIDE * SIDE * 3)) @ module.kernel,
        input_signature=[tf.TensorSpec((None, SIDE, SIDE, 3))],
    )
    tf.saved_model.save(module, str(tmp_path / "other"), signatures={"serving_default": serve})
    with pytest.raises(ShopsimError, match="cannot be trained further: it has 0 convolutions"):
        load_network(tmp_path / "other", SIDE, 1280)


def test_a_network_of_another_width_is_refused(random_network):
    with pytest.raises(ShopsimError, match="it has 1000 features"):
        load_network(random_network[0], SIDE, 1000)


@pytest.mark.network
@pytest.mark.nightly("By day a network of the same layers with random weights is parted and gives the same features.")
def test_the_real_network_can_be_parted(monkeypatch, photos):
    monkeypatch.setenv("SHOPSIM_MODEL_DIR", str(SHARED / "models"))
    folder = SHARED / "models" / "mobilenet_v2_100_224"
    photos = np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3), np.uint8)
    parted = backbone_from(folder, 224, 1280, LAST)
    expected = extractors.create("mobilenet_v2", precision=FLOAT32).extract(photos)
    np.testing.assert_allclose(parted.new_tail()(parted.stem(photos)), expected, atol=1e-3)
