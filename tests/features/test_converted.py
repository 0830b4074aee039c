"""SavedModels by OpenVINO: converted once, kept, and run by TensorFlow where that is impossible."""

import os
import subprocess
import sys

import numpy as np
import pytest
from refusals import refusal

from shopsim.base.disk import damage
from shopsim.base.paths import cache_dir
from shopsim.features.extractors import extractors
from shopsim.features.networks import openvino_engine, saved_model_source
from shopsim.features.networks.converted import KIND, is_kept
from shopsim.features.networks.network import NetworkExtractor
from shopsim.features.networks.openvino_engine import has_bf16
from shopsim.features.networks.saved_model import SavedModel
from shopsim.features.networks.saved_model_source import SavedModelSource

pytestmark = pytest.mark.usefixtures("hub", "trusting")
SIDE = 32
PHOTOS = np.random.default_rng(0).integers(0, 256, (5, SIDE, SIDE, 3), np.uint8)
FRESH = """
import sys
import numpy as np
from shopsim.features.extractors import extractors
from shopsim.features.networks.trust import trusting_all
with trusting_all():
    extractors.create("tfhub", handle=sys.argv[1], size=32).extract(np.zeros((2, 32, 32, 3), np.uint8))
print("openvino" in sys.modules, "tensorflow" in sys.modules)
"""


@pytest.fixture(scope="module")
def save(tmp_path_factory):
    """Saves five convolved means of photos, changed by a function, as a SavedModel; returns its folder."""
    from shopsim.features.networks.saved_model import import_tensorflow

    tf = import_tensorflow()

    def write(change=lambda rows: rows, n_photos=None):
        module = tf.Module()
        module.kernel = tf.Variable(np.random.default_rng(1).normal(size=(3, 3, 3, 5)).astype(np.float32))

        def rows(photos):
            return change(tf.reduce_mean(tf.nn.relu(tf.nn.conv2d(photos, module.kernel, 2, "SAME")), axis=(1, 2)))

        module.rows = tf.function(rows, [tf.TensorSpec((n_photos, SIDE, SIDE, 3), tf.float32)])
        folder = tmp_path_factory.mktemp("net")
        tf.saved_model.save(module, str(folder), {"serving_default": module.rows})
        return folder

    return write


@pytest.fixture(scope="module")
def net(save):
    """The folder of a network that OpenVINO can run."""
    return save()


@pytest.fixture(scope="module")
def foreign(save):
    """The folder of a network with an operation that OpenVINO does not have."""
    import tensorflow as tf

    return save(tf.math.digamma)


@pytest.fixture
def loaded(monkeypatch):
    """The folders that TensorFlow loaded."""
    loads = []
    monkeypatch.setattr(saved_model_source, "SavedModel", lambda *given: loads.append(given) or SavedModel(*given))
    return loads


def rows_of(folder, precision="float32"):
    return NetworkExtractor(SavedModelSource(folder, SIDE), precision).extract(PHOTOS)


def kept_files():
    return sorted((cache_dir() / KIND).glob("*"))


def test_the_rows_are_those_of_tensorflow(net):
    np.testing.assert_allclose(rows_of(net), SavedModel(net, SIDE)(PHOTOS), rtol=1e-4, atol=1e-6)


def test_it_is_converted_once(net, loaded):
    first = rows_of(net)
    assert len(loaded) == 1
    np.testing.assert_array_equal(rows_of(net), first)
    assert len(loaded) == 1


def test_once_it_is_kept_a_fresh_process_imports_no_tensorflow(net):
    rows_of(net)
    ran = subprocess.run([sys.executable, "-c", FRESH, net], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "False"]


def test_a_conversion_for_another_size_answers_nothing(net):
    source, other = SavedModelSource(net, SIDE), SavedModelSource(net, 2 * SIDE)
    assert not source.is_converted()
    rows_of(net)
    assert source.is_converted()
    assert not other.is_converted()


@pytest.mark.parametrize("refuses", [OSError(28, "No space left on device"), RuntimeError("cannot write")])
def test_a_full_disk_for_temporary_files_is_one_sentence(net, monkeypatch, refuses):
    model = openvino_engine.model_in(*openvino_engine.packed(SavedModelSource(net, SIDE).openvino()))

    def refuse(*given, **named):
        raise refuses

    monkeypatch.setattr("openvino.save_model", refuse)
    assert refusal(lambda: openvino_engine.packed(model)).startswith("Cannot write temporary files in '")


def test_other_weights_and_another_openvino_are_converted_anew(net, save, loaded, monkeypatch):
    rows_of(net)
    rows_of(save(lambda rows: rows * 2))
    monkeypatch.setattr("shopsim.features.networks.converted.version", lambda package: "1.0")
    rows_of(net)
    assert len(loaded) == len(kept_files()) == 3


@pytest.mark.parametrize("damaged", [lambda data: data[: len(data) // 2], lambda data: data[:-9] + b"\1" + data[-8:]])
def test_a_damaged_conversion_is_a_miss_and_is_said(net, loaded, damaged):
    rows = rows_of(net)
    (file,) = kept_files()
    file.write_bytes(damaged(file.read_bytes()))
    np.testing.assert_array_equal(rows_of(net), rows)
    assert len(loaded) == 2
    assert f"'{KIND}/{file.name}'" in damage.take()[0]


def test_a_cache_that_cannot_be_written_keeps_nothing(net, loaded, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SHOPSIM_CACHE", str(tmp_path / "file" / "cache"))
    assert rows_of(net).shape == (5, 5)
    assert rows_of(net).shape == (5, 5)
    assert len(loaded) == 2


def test_a_network_that_openvino_cannot_run_is_run_by_tensorflow_which_is_said_once(foreign, loaded):
    expected = SavedModel(foreign, SIDE)(PHOTOS)
    extractor = NetworkExtractor(SavedModelSource(foreign, SIDE))
    np.testing.assert_array_equal(extractor.extract(PHOTOS), expected)
    assert extractor.key == extractor.float32_key
    (sentence,) = damage.take()
    assert sentence.startswith(f"OpenVINO cannot run the network in '{foreign}' (")
    assert "Digamma" in sentence
    loaded.clear()
    np.testing.assert_array_equal(rows_of(foreign, "automatic"), expected)
    # It is not converted again, only loaded to be run.
    assert len(loaded) == 1
    assert damage.take() == []


def test_a_conversion_with_other_rows_is_not_used(net, monkeypatch):
    monkeypatch.setattr(
        "shopsim.features.networks.conversion.OpenVinoNetwork.__call__", lambda self, photos: np.ones((4, 5))
    )
    assert not SavedModelSource(net, SIDE).runs_on_openvino()
    assert "differ by" in damage.take()[0]


def test_a_network_with_a_fixed_number_of_photos_is_run_in_steps_of_it(save):
    folder = save(n_photos=2)
    np.testing.assert_allclose(rows_of(folder), SavedModel(folder, SIDE)(PHOTOS), rtol=1e-4, atol=1e-6)


@pytest.mark.skipif(not has_bf16(), reason="no bf16 here")
def test_the_precision_is_part_of_the_key(net):
    automatic, exact = (NetworkExtractor(SavedModelSource(net, SIDE), given) for given in ("automatic", "float32"))
    assert automatic.key == f"{exact.key} precision=bf16"
    assert exact.key == exact.float32_key
    assert (automatic.precision, exact.precision) == ("bf16", "float32")


def test_the_float32_key_is_known_without_a_conversion(net, loaded):
    source = SavedModelSource(net, SIDE)
    assert NetworkExtractor(source).float32_key == NetworkExtractor(source, "float32").key
    assert loaded == []
    assert not is_kept(source.weights)


def test_a_kept_conversion_still_asks_for_trust(net, monkeypatch):
    rows_of(net)
    # Set back before the fixture that trusts ends, which would else be undone.
    with monkeypatch.context() as patched:
        patched.setattr("shopsim.features.networks.trust._trusting_all", False)
        assert "was not trusted on this machine" in refusal(lambda: rows_of(net))


def test_a_changed_file_date_converts_nothing(net, loaded):
    rows_of(net)
    os.utime(net / "saved_model.pb", (1, 1))
    assert extractors.create("tfhub", handle=str(net), size=SIDE, precision="float32").extract(PHOTOS).shape == (5, 5)
    assert len(loaded) == 1
