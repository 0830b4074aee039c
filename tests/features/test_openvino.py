"""EfficientNet-Lite0 by OpenVINO: the original's numbers, bf16 near them, no TensorFlow, and no word to anybody."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.base.rows import unit_rows
from shopsim.features.extractors import extractors
from shopsim.features.networks import openvino_engine
from shopsim.features.networks.efficientnet_lite_graph import graph
from shopsim.features.networks.openvino_engine import OpenVinoNetwork, has_bf16, import_openvino

REFERENCE = Path(__file__).parents[2] / "../shared/models/efficientnet_lite0_reference.npz"
# What a fresh process does, with every use of a socket noted before it happens.
FRESH = """
import json, sys
sockets = []
sys.addaudithook(lambda event, given: sockets.append(event) if event.startswith("socket.") else None)
import numpy as np
from shopsim.features.extractors import extractors
rows = extractors.create("efficientnet_lite0").extract(np.full((1, 224, 224, 3), 90, np.uint8))
print(json.dumps({"modules": list(sys.modules), "sockets": sockets, "shape": rows.shape}))
"""
needs_bf16 = pytest.mark.skipif(not has_bf16(), reason="no bf16 here")


@pytest.fixture(scope="module")
def photos():
    """Eleven photos of noise over gradients."""
    rng = np.random.default_rng(0)
    ramp = np.linspace(0, 200, 224)[:, None, None]
    return (ramp + rng.integers(0, 55, (11, 224, 224, 3))).astype(np.uint8)


@pytest.mark.network
@pytest.mark.parametrize("n_photos", [10, 3])
def test_the_graph_gives_the_features_of_the_original(n_photos):
    reference = np.load(REFERENCE)
    rows = OpenVinoNetwork(graph(), "float32")(reference["photos"][:n_photos])
    np.testing.assert_allclose(rows, reference["features"][:n_photos], atol=2e-5)


@needs_bf16
@pytest.mark.network
def test_bf16_is_near_the_original_and_has_a_key_of_its_own():
    reference = np.load(REFERENCE)
    extractor = extractors.create("efficientnet_lite0")
    cosines = (unit_rows(extractor.extract(reference["photos"])) * unit_rows(reference["features"])).sum(axis=1)
    assert 0.995 < cosines.min() < 0.99999
    assert extractor.key == f"{extractor.float32_key} precision=bf16"


@pytest.mark.parametrize("precision", ["automatic", "float32"])
def test_a_row_depends_on_its_photo_only(photos, precision):
    extractor = extractors.create("efficientnet_lite0", precision=precision)
    together = extractor.extract(photos)
    for size in (1, 4):
        parts = [extractor.extract(photos[start : start + size]) for start in range(0, len(photos), size)]
        np.testing.assert_array_equal(np.concatenate(parts), together)


def test_a_row_does_not_depend_on_the_number_of_processors(photos, monkeypatch):
    rows = OpenVinoNetwork(graph(), "float32")(photos)
    monkeypatch.setattr(openvino_engine, "usable_cores", lambda: 1)
    np.testing.assert_array_equal(OpenVinoNetwork(graph(), "float32")(photos), rows)


def test_a_fresh_process_imports_no_tensorflow_and_opens_no_socket():
    found = json.loads(subprocess.run([sys.executable, "-c", FRESH], capture_output=True, check=True).stdout)
    assert found["shape"] == [1, 1280]
    assert found["sockets"] == []
    assert "openvino" in found["modules"]
    # Its module of the same name is None, so that none of its code is there.
    assert not {"tensorflow", "openvino_telemetry.main", "nncf"} & set(found["modules"])


def test_without_bf16_it_runs_in_float32_under_the_key_it_always_had(monkeypatch):
    monkeypatch.setattr(openvino_engine, "has_bf16", lambda: False)
    extractor = extractors.create("efficientnet_lite0")
    assert extractor.key == extractor.float32_key
    assert extractor.key == "efficientnet_lite0/1 weights=579344248a93e230 input=224 rgb=(x-127)/128"


def test_a_machine_without_openvino_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(ShopsimError, match=r"OpenVINO cannot be imported .* pip install"):
        import_openvino()


def test_an_unknown_precision_is_refused():
    with pytest.raises(ShopsimError, match="'precision' is 'bf8'; it must be one of automatic, float32, int8"):
        extractors.create("efficientnet_lite0", precision="bf8")
