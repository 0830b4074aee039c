"""Networks: found, fetched, run; and a sentence for everything that can be wrong with one."""

import hashlib
import io
import shutil
import sys
import types
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.extractors import extractors
from shopsim.extractors.hub_cache import cached_folder, check_saved_model, weights_digest
from shopsim.extractors.saved_model import SavedModel
from shopsim.extractors.weights import weights_state, why_unavailable

MODELS = Path(__file__).parents[1] / "../shared/models"
HANDLE = "https://tfhub.dev/google/imagenet/mobilenet_v2_100_224/feature_vector"


@pytest.fixture(autouse=True)
def hub(tmp_path, monkeypatch):
    """An empty Hub cache, an empty model folder, and a network that is down."""

    def unreachable(*_, **__):
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    monkeypatch.setenv("SHOPSIM_MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setattr(urllib.request, "urlopen", unreachable)
    return tmp_path / "hub"


def write_saved_model(folder, weights=b"weights"):
    """Files of the right names, which is all that is looked at before TensorFlow starts."""
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(b"graph")
    (folder / "variables/variables.index").write_bytes(b"index")
    (folder / "variables/variables.data-00000-of-00001").write_bytes(weights)
    return folder


def refusal(make):
    with pytest.raises(ShopsimError) as caught:
        make()
    return str(caught.value)


def test_missing_network_is_said_with_the_two_ways_to_supply_it(tmp_path):
    sentence = refusal(lambda: extractors.create("mobilenet_v2"))
    assert sentence == (
        "The network 'mobilenet_v2_100_224' is not on this machine and TensorFlow Hub cannot be reached "
        f"(Name or service not known): put its SavedModel folder at '{tmp_path}/models/mobilenet_v2_100_224', or let "
        f"it be fetched once with a network into TensorFlow Hub's cache '{tmp_path}/hub'."
    )


def test_missing_network_is_foretold_without_asking_the_hub(monkeypatch):
    monkeypatch.delenv("SHOPSIM_MODEL_DIR")
    assert why_unavailable("mobilenet_v2_140").startswith(
        "The network 'mobilenet_v2_140_224' is not on this machine: put its SavedModel folder at "
        "SHOPSIM_MODEL_DIR/mobilenet_v2_140_224 (that variable is not set now), or"
    )
    assert why_unavailable("color_shape") is None


def test_hub_that_lacks_the_network_is_said(monkeypatch):
    def not_found(url, **_):
        raise urllib.error.HTTPError(url, 404, "Not Found", {}, io.BytesIO())

    monkeypatch.setattr(urllib.request, "urlopen", not_found)
    assert "TensorFlow Hub answered 404" in refusal(lambda: extractors.create("tfhub", handle=f"{HANDLE}/99"))


def test_network_is_found_in_the_model_folder_first(tmp_path, hub):
    write_saved_model(cached_folder(f"{HANDLE}/5"), b"from the hub")
    own = write_saved_model(tmp_path / "models/mobilenet_v2_100_224", b"own")
    assert weights_digest(own) in extractors.create("mobilenet_v2").key
    assert why_unavailable("mobilenet_v2") is None


@pytest.mark.parametrize("version", [5, 4])
def test_network_is_found_in_the_hub_cache_by_either_version(hub, version):
    folder = write_saved_model(hub / hashlib.sha1(f"{HANDLE}/{version}".encode()).hexdigest())
    assert weights_digest(folder) in extractors.create("mobilenet_v2").key


def test_network_that_is_nowhere_is_fetched_from_the_hub(monkeypatch, hub):
    asked = []

    def answer(url, timeout):
        asked.append((url, timeout))
        return io.BytesIO()

    def resolve(handle):
        return str(write_saved_model(cached_folder(handle)))

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    monkeypatch.setitem(sys.modules, "tensorflow_hub", types.SimpleNamespace(resolve=resolve))
    assert extractors.create("mobilenet_v2").n_features == 1280
    assert asked == [(f"{HANDLE}/5?tf-hub-format=compressed", 5)]


def test_default_hub_cache_is_tensorflow_hubs_own(monkeypatch):
    monkeypatch.delenv("TFHUB_CACHE_DIR")
    from tensorflow_hub.compressed_module_resolver import _module_dir

    assert str(cached_folder(f"{HANDLE}/5")) == _module_dir(f"{HANDLE}/5")


def test_half_filled_hub_cache_names_the_folder_to_delete(hub):
    folder = write_saved_model(cached_folder(f"{HANDLE}/5"))
    (folder / "variables/variables.data-00000-of-00001").unlink()
    sentence = refusal(lambda: extractors.create("mobilenet_v2"))
    assert sentence == why_unavailable("mobilenet_v2")
    assert f"'{folder}'" in sentence
    assert "variables.data-*-of-00001 missing; complete it, or delete the folder" in sentence


def test_half_filled_cache_of_one_version_does_not_hide_the_other(hub):
    (write_saved_model(cached_folder(f"{HANDLE}/5")) / "saved_model.pb").unlink()
    write_saved_model(cached_folder(f"{HANDLE}/4"))
    assert why_unavailable("mobilenet_v2") is None


def test_stale_lock_names_the_file_to_delete_instead_of_waiting(hub):
    hub.mkdir()
    lock = hub / f"{hashlib.sha1(f'{HANDLE}/5'.encode()).hexdigest()}.lock"
    lock.write_text("some.other.task")
    assert f"locked by '{lock}'" in refusal(lambda: extractors.create("mobilenet_v2"))


def test_lock_beside_a_complete_network_is_harmless(hub):
    folder = write_saved_model(cached_folder(f"{HANDLE}/5"))
    folder.with_name(f"{folder.name}.lock").write_text("some.other.task")
    assert why_unavailable("mobilenet_v2") is None


@pytest.mark.parametrize(
    ("place", "extractor", "settings"),
    [
        ("models/mobilenet_v2_100_224", "mobilenet_v2", {}),
        ("models/mine", "tfhub", {"handle": "mine"}),
        ("net", "tfhub", {"handle": "{tmp_path}/net", "size": 96}),
        ("hub/" + hashlib.sha1(f"{HANDLE}/5".encode()).hexdigest(), "mobilenet_v2", {}),
    ],
)
def test_state_follows_the_weights_wherever_they_are_found(tmp_path, place, extractor, settings):
    def state():
        return weights_state(extractor, **settings)

    settings = {name: str(value).format(tmp_path=tmp_path) for name, value in settings.items()}
    states = [state()]
    folder = write_saved_model(tmp_path / place)
    states.append(state())
    assert state() == states[-1] != ""
    (folder / "variables/variables.data-00000-of-00001").write_bytes(b"weights exported again")
    states.append(state())
    (folder / "saved_model.pb").write_bytes(b"another graph")
    states.append(state())
    assert len(set(states)) == 4
    (folder / "saved_model.pb").unlink()
    assert state() == states[0] == ""


@pytest.mark.parametrize("extractor", ["color_shape", "own_vectors"])
def test_what_needs_no_weights_has_no_state_of_them(extractor):
    assert weights_state(extractor) == ""


@pytest.mark.parametrize("lost", ["saved_model.pb", "variables/variables.index"])
def test_folder_that_is_no_saved_model_says_what_is_missing(tmp_path, lost):
    folder = write_saved_model(tmp_path / "net")
    (folder / lost).write_bytes(b"")
    assert f"{lost} missing" in refusal(lambda: check_saved_model(folder))
    shutil.rmtree(folder / "variables")
    assert "variables/variables.index" in refusal(lambda: extractors.create("tfhub", handle=str(folder)))


def test_every_shard_of_the_weights_is_looked_for(tmp_path):
    folder = write_saved_model(tmp_path / "net")
    data = folder / "variables/variables.data-00000-of-00001"
    data.rename(data.with_name("variables.data-00000-of-00002"))
    assert "variables.data-*-of-00002 missing" in refusal(lambda: check_saved_model(folder))


def test_key_follows_the_weights_and_the_size_not_the_place(tmp_path):
    def key(folder, size=224):
        return extractors.create("tfhub", handle=str(folder), size=size).key

    one, same, other = (
        write_saved_model(tmp_path / name, weights)
        for name, weights in [("one", b"weights"), ("same", b"weights"), ("other", b"weightz")]
    )
    assert key(one) == key(same)
    assert len({key(one), key(other), key(one, 160)}) == 3
    assert str(tmp_path) not in key(one)


@pytest.mark.parametrize("handle", ["", "  ", "/nowhere/net", "file:///etc", "gs://bucket/net.tar.gz", "a/b"])
def test_handle_that_names_nothing_is_refused(handle):
    assert refusal(lambda: extractors.create("tfhub", handle=handle)).startswith(f"The handle is '{handle.strip()}'")
    assert why_unavailable("tfhub", handle=handle).startswith("The handle is")


def test_bare_name_is_looked_for_in_the_model_folder(tmp_path):
    assert why_unavailable("tfhub", handle="net").endswith(f"put its SavedModel folder at '{tmp_path}/models/net'.")
    write_saved_model(tmp_path / "models/net")
    assert why_unavailable("tfhub", handle="net") is None


@pytest.mark.parametrize(
    ("handle", "name"),
    [
        (f"{HANDLE}/5", "mobilenet_v2_100_224"),
        ("https://www.kaggle.com/models/google/resnet-v2/frameworks/tensorFlow2/variations/50-fv/versions/2", "50-fv"),
    ],
)
def test_hub_address_is_looked_for_in_the_model_folder_too(tmp_path, handle, name):
    write_saved_model(tmp_path / "models" / name)
    assert why_unavailable("tfhub", handle=handle) is None


def test_folder_outside_the_roots_is_refused_where_roots_are_set(tmp_path, monkeypatch):
    folder = write_saved_model(tmp_path / "elsewhere/net")
    monkeypatch.setenv("SHOPSIM_ROOTS", str(tmp_path / "photos"))
    assert "may not be opened here" in refusal(lambda: extractors.create("tfhub", handle=str(folder)))
    inside = write_saved_model(tmp_path / "models/net")
    assert extractors.create("tfhub", handle=str(inside)).image_size == (224, 224)


@pytest.fixture(scope="module")
def save(tmp_path_factory):
    """Saves a function of a (photos, 32, 32, 3) tensor as a SavedModel with one weight, and returns its folder."""
    from shopsim.extractors.saved_model import import_tensorflow

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
    from shopsim.extractors.saved_model import import_tensorflow

    tf = import_tensorflow()
    monkeypatch.setenv("SHOPSIM_MODEL_DIR", str(MODELS))
    images = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), np.uint8)
    model = tf.saved_model.load(str(MODELS / "mobilenet_v2_100_224"))
    expected = np.asarray(model(tf.constant(images / 255, tf.float32)))
    np.testing.assert_allclose(extractors.create("mobilenet_v2").extract(images), expected, atol=1e-4)
