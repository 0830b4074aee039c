"""Networks that run: rows at any batch size, and a sentence for one that cannot give them."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from refusals import refusal

from shopsim.features.extractors import extractors
from shopsim.features.networks.saved_model import SavedModel

pytestmark = pytest.mark.usefixtures("hub", "trusting")
MODELS = Path(__file__).parents[2] / "../shared/models"


@pytest.fixture(scope="module")
def save(tmp_path_factory):
    """Saves a function of a (photos, 32, 32, 3) tensor as a SavedModel with one weight, and returns its folder."""
    from shopsim.features.networks.saved_model import import_tensorflow

    tf = import_tensorflow()

    def write(rows, shape=(None, 32, 32, 3), dtype=tf.float32):
        module = tf.Module()
        module.weight = tf.Variable(np.arange(1, 6, dtype=np.float32))
        module.rows = tf.function(lambda inputs: rows(inputs, module.weight), [tf.TensorSpec(shape, dtype)])
        folder = tmp_path_factory.mktemp("net")
        tf.saved_model.save(module, str(folder), {"serving_default": module.rows})
        return folder

    return write


def five_means(photos, weight):
    import tensorflow as tf

    return tf.reduce_mean(photos, axis=(1, 2, 3))[:, None] * weight


def test_network_gets_photos_in_zero_to_one_and_gives_rows_at_any_batch_size(save):
    network = SavedModel(save(five_means), 32, step=4)
    images = np.random.default_rng(0).integers(0, 256, (11, 32, 32, 3), np.uint8)
    rows = network(images)
    assert network.n_features == 5
    np.testing.assert_allclose(rows, images.mean(axis=(1, 2, 3))[:, None] / 255 * np.arange(1, 6), rtol=1e-5)
    for size in (1, 3, 4, 7):
        parts = [network(images[start : start + size]) for start in range(0, 11, size)]
        np.testing.assert_array_equal(np.concatenate(parts), rows)


def test_network_with_a_fixed_number_of_photos_is_run_in_steps_of_it(save):
    network = SavedModel(save(five_means, shape=(2, 32, 32, 3)), 32)
    assert network(np.full((5, 32, 32, 3), 255, np.uint8)).shape == (5, 5)


def test_network_of_another_size_says_which(save):
    assert "set the size to 32" in refusal(lambda: SavedModel(save(five_means), 224))


def test_network_that_gives_maps_is_refused_with_its_shape(save):
    folder = save(lambda photos, weight: photos * weight[0])
    assert "gives float32 of shape (8, 32, 32, 3)" in refusal(lambda: SavedModel(folder, 32))


def test_network_that_gives_one_number_is_refused(save):
    import tensorflow as tf

    assert "of shape ()" in refusal(lambda: SavedModel(save(lambda photos, weight: tf.reduce_sum(weight)), 32))


def test_network_for_texts_is_refused(save):
    import tensorflow as tf

    folder = save(lambda texts, weight: tf.strings.length(texts), shape=(None,), dtype=tf.string)
    assert "takes string; an image network takes floats" in refusal(lambda: SavedModel(folder, 32))


def test_network_for_rows_is_refused(save):
    folder = save(lambda rows, weight: rows * weight, shape=(None, 5))
    assert "takes an input of shape (None, 5)" in refusal(lambda: SavedModel(folder, 32))


def test_network_with_two_outputs_is_refused(save):
    folder = save(lambda photos, weight: {"a": five_means(photos, weight), "b": weight})
    assert "1 inputs and 2 outputs" in refusal(lambda: SavedModel(folder, 32))


def save_without_signature(folder, method):
    """A network that is called by name, in two ways, so that TensorFlow saves no signature for it."""
    import tensorflow as tf

    class Net(tf.Module):
        pass

    setattr(Net, method, tf.function(lambda self, photos, training=False: tf.reduce_mean(photos, axis=(1, 2))))
    net = Net()
    for training in (False, True):
        getattr(net, method).get_concrete_function(tf.TensorSpec((None, None, None, 3)), training)
    tf.saved_model.save(net, str(folder))
    return folder


def test_network_without_signature_is_called_as_the_hub_would(tmp_path):
    network = SavedModel(save_without_signature(tmp_path, "__call__"), 32)
    np.testing.assert_allclose(network(np.full((3, 32, 32, 3), 51, np.uint8)), 0.2, rtol=1e-5)


def test_network_that_cannot_be_called_is_refused(tmp_path):
    folder = save_without_signature(tmp_path, "embed")
    assert "no 'serving_default' signature and cannot be called" in refusal(lambda: SavedModel(folder, 32))


def test_damaged_weights_are_refused_with_the_folder(save):
    folder = save(five_means)
    for path in (folder / "variables").iterdir():
        path.write_bytes(b"damaged")
    assert refusal(lambda: SavedModel(folder, 32)).startswith(f"Cannot load the network in '{folder}'")


def test_damaged_graph_is_refused_with_the_folder(save):
    folder = save(five_means)
    (folder / "saved_model.pb").write_bytes(b"damaged")
    assert refusal(lambda: SavedModel(folder, 32)).startswith(f"Cannot load the network in '{folder}'")


def test_another_network_in_the_place_of_mobilenet_is_noticed(save, tmp_path, monkeypatch):
    shutil.copytree(save(five_means, shape=(None, None, None, 3)), tmp_path / "models/mobilenet_v2_100_224")
    extractor = extractors.create("mobilenet_v2")
    sentence = refusal(lambda: extractor.extract(np.zeros((1, 224, 224, 3), np.uint8)))
    assert "gives 5 features where 1280 are expected" in sentence


@pytest.mark.network
def test_mobilenet_equals_the_saved_model_called_directly(monkeypatch):
    from shopsim.features.networks.saved_model import import_tensorflow

    tf = import_tensorflow()
    monkeypatch.setenv("SHOPSIM_MODEL_DIR", str(MODELS))
    images = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), np.uint8)
    model = tf.saved_model.load(str(MODELS / "mobilenet_v2_100_224"))
    expected = np.asarray(model(tf.constant(images / 255, tf.float32)))
    np.testing.assert_allclose(
        extractors.create("mobilenet_v2", precision="float32").extract(images), expected, atol=1e-4
    )
