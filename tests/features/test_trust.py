"""A SavedModel is a program: none that something outside named is fetched or loaded before a person trusts it."""

import os
import pickle
import shutil
import urllib.request
from dataclasses import replace
from functools import partial

import pytest
from app_pages import PROJECT
from drawn_photos import draw_models
from network_cases import arguments_of, save_writing_network, ways_to_name_a_network, write_saved_model
from refusals import refusal
from tuned_cases import tuned_settings

from shopsim import ShopsimError
from shopsim.base.paths import networks_dir
from shopsim.base.workspace.database import read
from shopsim.base.workspace.rows import rows
from shopsim.base.workspace.schema import TRUSTED
from shopsim.features.extractors import extractors
from shopsim.features.networks.hub_cache import cached_folder
from shopsim.features.networks.saved_model import load_entry
from shopsim.features.networks.trust import FilesChanged, check_at_hand, is_ours, trusting_all
from shopsim.features.networks.weights import obtain, trust, why_not_trusted
from shopsim.tuning.settings import ExtractorUse
from shopsim.tuning.settings_files import save_settings

pytestmark = pytest.mark.usefixtures("hub")
ADDRESS = "https://networks.example/some_model/1"
SIDE = 32


@pytest.fixture
def reached(monkeypatch):
    """What was fetched or started TensorFlow; both end there."""
    found = []

    def fetch(address, **_):
        found.append(address)
        raise OSError("no network in tests")

    def start():
        found.append("TensorFlow")
        raise ShopsimError("TensorFlow was started.")

    monkeypatch.setattr(urllib.request, "urlopen", fetch)
    for module in ("features.networks.saved_model", "learning.network.saved_weights"):
        monkeypatch.setattr(f"shopsim.{module}.import_tensorflow", start)
    return found


@pytest.fixture
def net(tmp_path):
    """The folder of a network that lies anywhere."""
    return write_saved_model(tmp_path / "elsewhere/net")


@pytest.fixture
def many(tmp_path):
    """Twelve models of four photos, enough for every command."""
    return draw_models(tmp_path / "many", 12, colours=[(20 * model, 240 - 20 * model, 60) for model in range(12)])


@pytest.fixture(scope="module")
def settings():
    """Settings that were tuned somewhere, by an extractor that is to be replaced."""
    return tuned_settings("many")


def settings_by(settings, place, folder):
    """Settings whose extractor is the network at that place, in a folder; as somebody may send them."""
    with trusting_all():
        try:
            key = extractors.create("tfhub", handle=str(place), size=SIDE).float32_key
        except ShopsimError:
            key = "saved_model/1 made up"
    use = ExtractorUse("tfhub", {"handle": str(place), "size": SIDE}, key, settings.extractors[0].n_features)
    fitted = {("tfhub", digest): space for (_, digest), space in settings.fitted.items()}
    return save_settings(replace(settings, extractors=(use,), fitted=fitted), folder)


@pytest.mark.parametrize("place", ["folder", "address"])
@pytest.mark.parametrize(("command", "how"), ways_to_name_a_network())
def test_no_command_touches_a_network_without_consent(run, reached, net, many, settings, tmp_path, command, how, place):
    named = str(net) if place == "folder" else ADDRESS
    if how == "tuned-on":
        named = settings_by(settings, named, tmp_path / "sent")
        reached.clear()
    line = arguments_of(command, how, named, many, tmp_path / "out")
    code, out, err = run(*line)
    assert (code, out, reached) == (1, "", [])
    assert "was not trusted on this machine" in err
    assert "add --trust-network on the command line" in err
    # The same way does lead to the network, once it is trusted.
    assert run(*line, "--trust-network")[0] == 1
    assert reached == (["TensorFlow"] if place == "folder" else [f"{ADDRESS}?tf-hub-format=compressed"])


def test_consent_ends_with_the_run(run, reached, net, many):
    line = ("extract", many, "--extractor", "tfhub", "--handle", net)
    run(*line, "--trust-network")
    reached.clear()
    assert run(*line)[0] == 1
    assert reached == []
    assert read(partial(rows, table=TRUSTED)) == []


def test_every_way_of_the_command_line_is_known():
    commands = ["extract", "group", "export", "match", "benchmark", "review", "tune", "learn", "report"]
    tuned = ["group", "match", "report"]
    assert ways_to_name_a_network() == sorted(
        [*((name, "handle") for name in commands), *((name, "tuned-on") for name in tuned)],
        key=lambda way: (commands.index(way[0]), way[1]),
    )


def test_settings_of_other_numbers_load_nothing_even_with_consent(run, reached, net, many, settings, tmp_path):
    place = settings_by(settings, net, tmp_path / "sent")
    (net / "variables/variables.data-00000-of-00001").write_bytes(b"other weights")
    code, _, err = run("group", many, "--tuned-on", place, "--out", tmp_path / "out", "--trust-network")
    assert (code, reached) == (1, [])
    assert "gives other numbers here" in err


def test_the_last_look_is_at_the_load_itself(reached, net):
    assert f"The network '{net}' was not trusted" in refusal(lambda: load_entry(net))
    assert reached == []
    with trusting_all(), pytest.raises(ShopsimError, match="TensorFlow was started"):
        load_entry(net)


def test_what_was_trusted_passes_and_no_other(net, tmp_path):
    trust("tfhub", handle=str(net), size=SIDE)
    assert obtain("tfhub", handle=str(net), size=SIDE) == net
    other = shutil.copytree(net, tmp_path / "other")
    assert "was not trusted" in refusal(lambda: obtain("tfhub", handle=str(other), size=SIDE))


@pytest.mark.parametrize(
    "name", ["saved_model.pb", "variables/variables.data-00000-of-00001", "saved_model.cpb", "assets/words.txt"]
)
def test_files_that_were_exchanged_are_asked_about_again(net, name):
    trust("tfhub", handle=str(net), size=SIDE)
    (net / name).parent.mkdir(exist_ok=True)
    (net / name).write_bytes(b"evil!!!")
    assert isinstance(why_not_trusted("tfhub", handle=str(net), size=SIDE), FilesChanged)
    assert "has other files than when it was trusted" in refusal(lambda: obtain("tfhub", handle=str(net), size=SIDE))
    assert "was not trusted" in refusal(lambda: load_entry(net))


def test_a_refusal_reads_the_same_from_another_process(net):
    for error in (why_not_trusted("tfhub", handle=str(net)), FilesChanged("The network has other files.")):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_files_behind_a_link_count(net, tmp_path):
    shutil.move(net / "variables", tmp_path / "variables")
    (net / "variables").symlink_to(tmp_path / "variables")
    trust("tfhub", handle=str(net), size=SIDE)
    (tmp_path / "variables/variables.index").write_bytes(b"other")
    assert isinstance(why_not_trusted("tfhub", handle=str(net), size=SIDE), FilesChanged)


def test_a_folder_that_leads_back_into_itself_is_refused(net):
    for name in ("assets", "more"):
        (net / name).symlink_to(net)
    assert "holds more than 1,000 files" in refusal(lambda: trust("tfhub", handle=str(net), size=SIDE))


def test_a_pipe_among_the_files_is_refused_unread(net):
    os.mkfifo(net / "assets")
    assert "is no plain file" in refusal(lambda: trust("tfhub", handle=str(net), size=SIDE))


def test_the_first_files_that_an_address_gives_are_the_trusted_ones(hub):
    trust("tfhub", handle=ADDRESS, size=SIDE)
    assert why_not_trusted("tfhub", handle=ADDRESS, size=SIDE) is None
    folder = write_saved_model(cached_folder(ADDRESS))
    check_at_hand(ADDRESS, folder)
    assert obtain("tfhub", handle=ADDRESS, size=SIDE) == folder
    (folder / "saved_model.pb").write_bytes(b"other")
    assert isinstance(why_not_trusted("tfhub", handle=ADDRESS, size=SIDE), FilesChanged)


def test_what_another_process_fetched_meanwhile_is_trusted_as_it_came(reached):
    trust("tfhub", handle=ADDRESS, size=SIDE)
    folder = write_saved_model(cached_folder(ADDRESS))
    assert obtain("tfhub", handle=ADDRESS, size=SIDE) == folder
    with pytest.raises(ShopsimError, match="TensorFlow was started"):
        load_entry(folder)


def test_what_lies_in_the_hubs_cache_is_not_trusted_for_that(hub):
    write_saved_model(cached_folder(ADDRESS))
    assert "was not trusted" in refusal(lambda: obtain("tfhub", handle=ADDRESS, size=SIDE))


def test_our_own_networks_need_no_consent(tmp_path, hub):
    own = write_saved_model(tmp_path / "models/own")
    trained = write_saved_model(networks_dir() / "bags/saved_model")
    built_in = write_saved_model(
        cached_folder("https://tfhub.dev/google/imagenet/mobilenet_v2_100_224/feature_vector/5")
    )
    assert obtain("tfhub", handle="own", size=SIDE) == own
    assert obtain("tfhub", handle=str(trained), size=SIDE) == trained
    assert obtain("mobilenet_v2") == built_in
    assert all(is_ours(folder) for folder in (own, trained, built_in))


@pytest.mark.parametrize(
    "place",
    [
        "models/../elsewhere/net",
        "models/deep/er/net",
        "models",
        "models/..",
        "shopsim-home/networks/../saved_model",
        "shopsim-home/uploads/net",
        "shopsim-home/networks/net",
    ],
)
def test_what_only_seems_to_be_ours_is_not(tmp_path, hub, place):
    (tmp_path / "models").mkdir()
    if place.endswith("/net"):
        write_saved_model(tmp_path / place)
    assert not is_ours(tmp_path / place)


def test_the_model_folder_may_be_named_in_any_way(tmp_path, monkeypatch):
    folder = write_saved_model(tmp_path / "models/own")
    (tmp_path / "linked").symlink_to(tmp_path / "models")
    (tmp_path / "photos").mkdir()
    monkeypatch.chdir(tmp_path)
    for models in (tmp_path / "photos/../models", "models", "./models/", tmp_path / "linked"):
        monkeypatch.setenv("SHOPSIM_MODEL_DIR", str(models))
        for handle in ("own", str(folder), "models/own", "linked/own", str(tmp_path / "models/../models/own")):
            assert is_ours(obtain("tfhub", handle=handle, size=SIDE))


def test_a_link_in_the_model_folder_is_ours(tmp_path, net):
    (tmp_path / "models").mkdir()
    (tmp_path / "models/linked").symlink_to(net)
    assert is_ours(tmp_path / "models/linked")
    assert not is_ours(net)


def test_networks_are_loaded_and_fetched_in_one_place_each():
    """Who loads elsewhere goes round the gate."""
    calls = {"saved_model.load(": "saved_model.py", "tensorflow_hub": "weights.py", "hub.load(": "", "load_model(": ""}
    for path in PROJECT.glob("shopsim/**/*.py"):
        text = path.read_text(encoding="utf-8")
        assert [call for call, name in calls.items() if call in text and path.name != name] == [], path


@pytest.mark.slow
def test_a_network_that_writes_when_it_runs_never_runs_without_consent(run, many, tmp_path):
    witness = tmp_path / "it ran"
    plant = save_writing_network(tmp_path / "plant", witness, SIDE)
    line = ("extract", many, "--extractor", "tfhub", "--handle", plant, "--size", SIDE)
    assert run(*line)[0] == 1
    assert not witness.exists()
    code, _, err = run(*line, "--trust-network")
    assert code == 0, err
    assert witness.exists()
