"""Networks in int8: calibrated with photos of a catalogue, kept, and their cost said."""

import json
import subprocess
import sys

import numpy as np
import pytest
from drawn_photos import draw_models
from refusals import refusal

from shopsim.base.disk import damage
from shopsim.base.rows import unit_rows
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.calibrated import ready_for
from shopsim.features.extract import extract_features
from shopsim.features.extractors import extractors
from shopsim.features.feature_keys import key_if_known, same_extractor
from shopsim.features.networks import int8
from shopsim.features.networks.weights import why_unavailable

NAME = "efficientnet_lite0"
needs_nncf = pytest.mark.skipif(why_unavailable(NAME, precision="int8") is not None, reason="no OpenVINO and NNCF here")
# A process that makes int8, with every use of a socket noted before it happens.
FRESH = """
import json, sys
sockets = []
sys.addaudithook(lambda event, given: sockets.append(event) if event.startswith("socket.") else None)
from pathlib import Path
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import extract_features
from shopsim.features.extractors import extractors
folder, cache = map(Path, sys.argv[1:])
extractor = extractors.create("efficientnet_lite0", precision="int8")
key = extract_features(load_catalog(folder, cache=cache), extractor, cache).key
print(json.dumps({"modules": list(sys.modules), "sockets": sockets, "key": key}))
"""


def opened_at(folder):
    return load_catalog(folder, cache=folder.parent / "cache")


def features_of(folder, precision="int8"):
    return extract_features(opened_at(folder), extractors.create(NAME, precision=precision), folder.parent / "cache")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder of 12 photos, the place of its cache with int8 in it, and what the process that made it said."""
    home = tmp_path_factory.mktemp("int8")
    draw_models(home / "photos", 3)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SHOPSIM_CACHE", str(home / "cache"))
        command = [sys.executable, "-c", FRESH, home / "photos", home / "cache"]
        said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return home / "photos", said


@pytest.fixture
def photos(made, monkeypatch):
    """The folder of the photos, in its cache."""
    monkeypatch.setenv("SHOPSIM_CACHE", str(made[0].parent / "cache"))
    monkeypatch.setattr(int8, "_import_nncf", lambda: pytest.fail("it was calibrated again"))
    return made[0]


@needs_nncf
def test_making_it_sends_nothing_and_needs_no_tensorflow(made):
    assert made[1]["sockets"] == []
    assert "nncf" in made[1]["modules"]
    assert not {"tensorflow", "openvino_telemetry.main"} & set(made[1]["modules"])


@needs_nncf
def test_the_key_names_the_photos_of_the_calibration(made, photos):
    features = features_of(photos)
    assert features.key == made[1]["key"]
    calibrated = int8.kept("579344248a93e230", 224, [image.digest for image in opened_at(photos).images])
    assert len(calibrated.digests) == 8
    assert f" precision=int8 calibrated={calibrated.digest} " in features.key
    assert same_extractor(features.key, features_of(photos, "float32").key)


@needs_nncf
def test_another_openvino_has_another_key(photos, monkeypatch):
    digests = [image.digest for image in opened_at(photos).images]
    calibrated = int8.kept("579344248a93e230", 224, digests)
    before = calibrated.digest
    monkeypatch.setattr("shopsim.features.networks.converted.version", lambda package: "1.0")
    assert calibrated.digest != before
    assert int8.kept("579344248a93e230", 224, digests) is None


@needs_nncf
def test_what_is_kept_and_cannot_be_opened_is_calibrated_anew(photos, monkeypatch):
    def broken(graph, weights):
        raise RuntimeError("no model")

    monkeypatch.setattr(int8, "model_in", broken)
    assert int8.kept("579344248a93e230", 224, [image.digest for image in opened_at(photos).images]) is None


@needs_nncf
def test_what_it_costs_is_measured_on_other_photos_and_said(photos):
    damage.take()
    damage._found.clear()
    features, exact = features_of(photos), features_of(photos, "float32")
    cosines = (unit_rows(features.raw) * unit_rows(exact.raw)).sum(axis=1)
    digests = [image.digest for image in opened_at(photos).images]
    calibrated = int8.kept("579344248a93e230", 224, digests)
    others = [row for row, digest in enumerate(digests) if digest not in calibrated.digests]
    assert len(others) == calibrated.n_compared == 4
    assert calibrated.mean == pytest.approx(cosines[others].mean(), abs=1e-5)
    assert calibrated.least == pytest.approx(cosines[others].min(), abs=1e-5)
    assert 0.9 < calibrated.least < calibrated.mean < 0.99999
    (sentence,) = damage.take()
    assert sentence == calibrated.sentence
    assert f"is {calibrated.mean:.4f} on average and {calibrated.least:.4f} at least" in sentence


@needs_nncf
def test_a_new_photo_changes_no_other_row(photos, tmp_path):
    before = features_of(photos)
    draw_models(tmp_path / "more", 3)
    draw_models(tmp_path / "more", 1, 5, name="new/{number}.png", colours=[(10, 90, 40)])
    after = features_of(tmp_path / "more")
    assert after.key == before.key
    same = [row for row, image_id in enumerate(after.image_ids) if not image_id.startswith("new")]
    np.testing.assert_array_equal(after.raw[same], before.raw)


@needs_nncf
def test_a_catalogue_of_other_photos_is_calibrated_anew(photos, tmp_path):
    draw_models(tmp_path / "others", 3, colours=7)
    with pytest.raises(pytest.fail.Exception, match="it was calibrated again"):
        features_of(tmp_path / "others")


@needs_nncf
def test_too_few_photos_are_refused(opened, cache):
    assert "has 3 that can be read; it needs 8" in refusal(
        lambda: extract_features(opened(3), extractors.create(NAME, precision="int8"), cache)
    )


def test_before_its_calibration_it_has_no_key_and_no_rows():
    extractor = extractors.create(NAME, precision="int8")
    assert extractor.float32_key == extractors.create(NAME).float32_key
    assert key_if_known(extractor) is None
    assert "calibrated with the photos of a catalogue" in refusal(lambda: extractor.key)
    assert "open one first" in refusal(lambda: extractor.extract(np.zeros((1, 224, 224, 3), np.uint8)))


def test_without_nncf_a_sentence_says_what_to_type(opened, cache, monkeypatch):
    monkeypatch.setitem(sys.modules, "nncf", None)
    sentence = refusal(lambda: extract_features(opened(9), extractors.create(NAME, precision="int8"), cache))
    assert sentence.startswith("int8 needs NNCF, which cannot be imported (")
    assert sentence.endswith("type: pip install -r requirements.txt")


def test_other_extractors_are_ready_as_they_are(opened):
    extractor = extractors.create("color_shape")
    assert ready_for(opened(1), extractor, lambda done, total: None) is extractor
