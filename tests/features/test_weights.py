"""The weights of networks: found, fetched, told apart; and a sentence for everything that can be wrong with them."""

import hashlib
import io
import shutil
import sys
import types
import urllib.error
import urllib.request

import pytest
from network_cases import write_saved_model
from refusals import refusal

from shopsim.features.extractors import extractors
from shopsim.features.networks.hub_cache import cached_folder, check_saved_model, weights_digest
from shopsim.features.networks.weights import weights_state, why_unavailable

pytestmark = pytest.mark.usefixtures("hub")
HANDLE = "https://tfhub.dev/google/imagenet/mobilenet_v2_100_224/feature_vector"


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


def test_hub_that_lacks_the_network_is_said(monkeypatch, trusting):
    def not_found(url, **_):
        raise urllib.error.HTTPError(url, 404, "Not Found", {}, io.BytesIO())

    monkeypatch.setattr(urllib.request, "urlopen", not_found)
    assert "TensorFlow Hub answered 404" in refusal(lambda: extractors.create("tfhub", handle=f"{HANDLE}/99"))


def test_network_is_found_in_the_model_folder_first(tmp_path, hub):
    write_saved_model(cached_folder(f"{HANDLE}/5"), b"from the hub")
    own = write_saved_model(tmp_path / "models/mobilenet_v2_100_224", b"own")
    assert weights_digest(own) in extractors.create("mobilenet_v2").float32_key
    assert why_unavailable("mobilenet_v2") is None


@pytest.mark.parametrize("version", [5, 4])
def test_network_is_found_in_the_hub_cache_by_either_version(hub, version):
    folder = write_saved_model(hub / hashlib.sha1(f"{HANDLE}/{version}".encode()).hexdigest())
    assert weights_digest(folder) in extractors.create("mobilenet_v2").float32_key


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


def test_key_follows_the_weights_and_the_size_not_the_place(tmp_path, trusting):
    def key(folder, size=224):
        return extractors.create("tfhub", handle=str(folder), size=size).float32_key

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
