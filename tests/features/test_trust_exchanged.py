"""Nobody else exchanges a network's files: not in the common cache, and not between the look and the load."""

import os
import shutil
from pathlib import Path

import pytest
from network_cases import write_saved_model
from refusals import refusal

from shopsim import ShopsimError
from shopsim.features.networks import hub_owner, saved_model
from shopsim.features.networks.hub_cache import cache_dir, cached_folder
from shopsim.features.networks.saved_model import load_entry
from shopsim.features.networks.trust import NotTrusted, check_may_load, is_ours, trusting_all
from shopsim.features.networks.weights import trust

BUILT_IN = "https://tfhub.dev/google/imagenet/mobilenet_v2_100_224/feature_vector/5"
SIDE = 32


@pytest.fixture
def common(tmp_path, monkeypatch):
    """The folder of a built-in network in the Hub's default cache, which is made, but not the network."""
    monkeypatch.delenv("TFHUB_CACHE_DIR", raising=False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    cache_dir().mkdir()
    return cached_folder(BUILT_IN)


@pytest.fixture
def elsewhere(tmp_path):
    """A network from elsewhere in a folder of ours, as of an upload."""
    return write_saved_model(tmp_path / "elsewhere/net")


def test_a_network_that_we_put_in_the_common_cache_is_ours(common):
    write_saved_model(common)
    assert is_ours(common)


def test_a_link_in_the_common_cache_makes_no_folder_ours(common, elsewhere):
    common.symlink_to(elsewhere)
    assert not is_ours(common)
    assert not is_ours(elsewhere)


def test_a_common_cache_that_is_a_link_makes_no_folder_ours(common, tmp_path):
    (tmp_path / "theirs").mkdir()
    common.parent.rmdir()
    common.parent.symlink_to(tmp_path / "theirs")
    write_saved_model(common)
    assert not is_ours(common)
    assert not is_ours(common.resolve())


@pytest.mark.parametrize("name", ["variables", "saved_model.pb"])
def test_a_link_in_a_network_of_the_common_cache_makes_it_not_ours(common, elsewhere, name):
    write_saved_model(common)
    shutil.rmtree(common / "variables") if name == "variables" else (common / name).unlink()
    (common / name).symlink_to(elsewhere / name)
    assert not is_ours(common)


def test_another_users_folder_in_the_common_cache_is_not_ours(common, monkeypatch):
    write_saved_model(common)
    monkeypatch.setattr("os.getuid", lambda: 12345)
    monkeypatch.setattr(hub_owner, "_ROOT", -1)
    assert not is_ours(common)


@pytest.mark.parametrize("place", ["", "variables", "variables/variables.index", ".."])
def test_what_others_may_write_in_the_common_cache_is_not_ours(common, place):
    write_saved_model(common)
    (common / place).chmod(0o777)
    assert not is_ours(common)


def test_a_built_in_network_that_others_may_exchange_is_refused_with_the_ways_out(common):
    write_saved_model(common)
    common.chmod(0o777)
    with pytest.raises(
        NotTrusted, match="other users of this machine may write there; set TFHUB_CACHE_DIR to a folder"
    ):
        check_may_load(common)


def test_a_cache_in_which_others_may_only_add_is_ours(common):
    write_saved_model(common)
    common.parent.chmod(0o1777)
    assert is_ours(common)


@pytest.mark.parametrize(("group", "ours"), [(1000, True), (100, False)])
def test_a_group_with_other_members_may_not_write(monkeypatch, group, ours):
    monkeypatch.setattr("os.getuid", lambda: 1000)
    state = os.stat_result((0o100664, 0, 0, 1, 1000, group, 0, 0, 0, 0))
    assert hub_owner._is_only_ours(state) is ours


def test_files_that_are_exchanged_while_tensorflow_starts_are_not_loaded(elsewhere, monkeypatch):
    trust("tfhub", handle=str(elsewhere), size=SIDE)
    loaded = []

    def start():
        (elsewhere / "saved_model.pb").write_bytes(b"evil!")
        return _tensorflow(loaded)

    monkeypatch.setattr(saved_model, "import_tensorflow", start)
    assert "was not trusted" in refusal(lambda: load_entry(elsewhere))
    assert loaded == []


def test_files_that_are_exchanged_while_they_are_loaded_are_not_read(elsewhere, monkeypatch):
    trust("tfhub", handle=str(elsewhere), size=SIDE)
    read = []
    monkeypatch.setattr(saved_model, "import_tensorflow", lambda: _tensorflow(read, elsewhere / "saved_model.pb"))
    with pytest.raises(ShopsimError, match=f"Cannot load the network in '{elsewhere}'"):
        load_entry(elsewhere)
    assert read == [b"graph"]
    # With --trust-network it is what lies there.
    with trusting_all(), pytest.raises(ShopsimError, match="Cannot load the network"):
        load_entry(elsewhere)
    assert read == [b"graph", b"evil!"]


def test_files_that_are_exchanged_while_they_are_copied_are_not_loaded(elsewhere, monkeypatch):
    trust("tfhub", handle=str(elsewhere), size=SIDE)
    loaded, copy = [], shutil.copytree

    def copied(source, *more, **named):
        (elsewhere / "saved_model.pb").write_bytes(b"evil!")
        return copy(source, *more, **named)

    monkeypatch.setattr(saved_model, "import_tensorflow", lambda: _tensorflow(loaded))
    monkeypatch.setattr("shutil.copytree", copied)
    assert refusal(lambda: load_entry(elsewhere)).startswith(f"The network '{elsewhere}' was not trusted")
    assert loaded == []


def _tensorflow(read, exchanged=None):
    """TensorFlow as far as it reads the graph; a file of that path is exchanged just before."""

    class Loader:
        @staticmethod
        def load(folder):
            if exchanged is not None:
                exchanged.write_bytes(b"evil!")
            read.append(Path(folder, "saved_model.pb").read_bytes())
            raise ValueError("no graph")

    class TensorFlow:
        saved_model = Loader

    return TensorFlow
