"""Trained networks on disk."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from learning_cases import SIDE

from shopsim import ShopsimError
from shopsim.base.disk.leftovers import unfinished_name
from shopsim.base.disk.moving import move_all
from shopsim.base.paths import networks_dir
from shopsim.features.extractors import extractors
from shopsim.features.networks.photos_known import check_unseen, n_trained_on, photos_behind
from shopsim.features.networks.trained import (
    add_to_card,
    check_name,
    names,
    network_folder,
    read_card,
    remove_network,
    save_network,
)
from shopsim.features.networks.weights import why_unavailable

CARD = {"side": SIDE, "n_features": 1280}


@pytest.fixture
def kept():
    """The card of a network without its weights."""
    folder = networks_dir() / "bags"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(json.dumps(CARD))
    return folder


@pytest.mark.slow
def test_a_kept_network_is_an_extractor_and_opens_by_every_loader(backbone):
    import keras
    import tensorflow_hub as hub

    photos = np.random.default_rng(0).integers(0, 256, (9, SIDE, SIDE, 3)).astype(np.uint8)
    expected = backbone.network(photos.astype(np.float32)).numpy()
    folder = save_network(backbone.network, "bags", CARD)
    assert names() == ["bags"]
    assert why_unavailable("fine_tuned", network="bags") is None
    extractor = extractors.create("fine_tuned", network="bags", precision="float32")
    np.testing.assert_allclose(extractor.extract(photos), expected, atol=1e-3)
    np.testing.assert_allclose(hub.load(str(folder / "saved_model"))(photos / np.float32(255)), expected, atol=1e-3)
    again = keras.models.load_model(folder / "network.keras")
    np.testing.assert_allclose(again(photos.astype(np.float32)), expected, atol=1e-3)


@pytest.mark.slow
def test_a_network_whose_files_were_damaged_is_said(backbone):
    folder = save_network(backbone.network, "bags", CARD)
    for path in (folder / "saved_model" / "saved_model.pb", *(folder / "saved_model" / "variables").iterdir()):
        whole = path.read_bytes()
        path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
        with pytest.raises(ShopsimError, match="files of the network 'bags' are not as they were saved"):
            extractors.create("fine_tuned", network="bags")
        path.write_bytes(whole)
    assert extractors.create("fine_tuned", network="bags").n_features == 1280


@pytest.mark.slow
def test_a_kept_network_is_on_the_disk_before_it_has_its_name(backbone, monkeypatch):
    synced, replaced = [], []
    replace = os.replace
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(Path(f"/proc/self/fd/{number}").readlink().name))
    monkeypatch.setattr(os, "replace", lambda old, new: (replaced.append((len(synced), new)), replace(old, new)))
    folder = save_network(backbone.network, "bags", CARD)
    before = next(count for count, new in replaced if new == folder)
    assert {"card.json", "network.keras", "saved_model.pb", "variables.index", "variables"} <= set(synced[:before])
    assert synced[before:] == [folder.parent.name]


@pytest.mark.slow
def test_other_weights_have_another_key(backbone):
    tail = backbone.new_tail()
    save_network(backbone.network, "before", CARD)
    save_network(backbone.trained([weights * 1.1 for weights in tail.get_weights()]), "after", CARD)
    assert key_of("before") != key_of("after")


def key_of(network):
    return extractors.create("fine_tuned", network=network).float32_key


def test_a_network_that_cannot_be_written_leaves_nothing(monkeypatch):
    class Broken:
        def save(self, path):
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(ShopsimError, match="No space left on device"):
        save_network(Broken(), "bags", CARD)
    assert list(networks_dir().iterdir()) == []


@pytest.mark.slow
def test_another_one_takes_the_place_of_a_network_only_once_it_is_whole(backbone, monkeypatch):
    save_network(backbone.network, "bags", {**CARD, "passes": 1})
    first = key_of("bags")
    assert read_card("bags")["features"] == first
    with monkeypatch.context() as patched, pytest.raises(ShopsimError, match="No space left"):
        patched.setattr("shopsim.features.networks.trained._export", full_disk)
        save_network(backbone.network, "bags", {**CARD, "passes": 2}, again=True)
    assert (read_card("bags")["passes"], key_of("bags")) == (1, first)
    tail = backbone.new_tail()
    other = backbone.trained([weights * 1.1 for weights in tail.get_weights()])
    save_network(other, "bags", {**CARD, "passes": 3}, again=True)
    assert (read_card("bags")["passes"], names()) == (3, ["bags"])
    assert key_of("bags") == read_card("bags")["features"] != first
    assert [path.name for path in networks_dir().iterdir()] == ["bags"]


def test_the_old_network_stays_where_its_successor_cannot_take_its_place(backbone, kept, monkeypatch):
    card = read_card("bags")
    replaced, moved = os.replace, []

    def refuse_the_second(source, target):
        moved.append(target)
        if len(moved) == 2:
            raise OSError(13, "Permission denied")
        replaced(source, target)

    monkeypatch.setattr("shopsim.features.networks.trained.os.replace", refuse_the_second)
    with pytest.raises(ShopsimError, match="Permission denied"):
        save_network(backbone.trained(backbone.new_tail().get_weights()), "bags", {**CARD, "passes": 3}, again=True)
    assert len(moved) == 3
    assert read_card("bags") == card
    assert [path.name for path in networks_dir().iterdir()] == ["bags"]


def test_a_network_whose_successor_was_being_moved_when_the_process_was_killed_is_there(kept, monkeypatch):
    card = read_card("bags")
    new = networks_dir() / unfinished_name("tmp")
    (new / "bags").mkdir(parents=True)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("shopsim.base.disk.moving.sync_folders", killed)
        patched.setattr("shopsim.base.disk.moving._undo", killed)
        move_all(new, networks_dir())
    # As the system leaves it: the old network put away, the new one not there.
    os.replace(networks_dir() / "bags", next(networks_dir().glob(".*.moving")) / ".before" / "bags")
    assert names() == ["bags"]
    assert read_card("bags") == card


def killed(*_):
    raise KeyboardInterrupt


def full_disk(network, folder):
    raise OSError(28, "No space left on device")


def test_a_damaged_card_does_not_hide_what_another_network_has_seen(kept):
    (networks_dir() / "a-damaged-one").mkdir()
    (networks_dir() / "a-damaged-one" / "card.json").write_text("{")
    digests = [f"{number:x}".ljust(32, "0") for number in range(1, 6)]
    check_unseen("a key", digests)
    add_to_card("bags", {"photos": [digest[:16] for digest in digests[:3]], "features": "a key"})
    check_unseen("another key", digests)
    with pytest.raises(ShopsimError, match="'bags' was trained on 3 of these 5 photos"):
        check_unseen("a key", digests)
    assert photos_behind("a key") == {digest[:16] for digest in digests[:3]}
    assert photos_behind("another key") == set()


def test_a_taken_name_and_one_that_is_no_name_are_refused(kept):
    with pytest.raises(ShopsimError, match="There is a network 'bags' already; choose another name"):
        check_name("bags")
    for name in ("", "../bags", "a/b", ".hidden", "x" * 81, "a\0b"):
        with pytest.raises(ShopsimError, match="is no name for a network"):
            check_name(name)


@pytest.mark.parametrize("name", ["", "..", "../bags", "shoes", "/etc"])
def test_an_unknown_network_is_told_with_those_there_are(kept, name):
    with pytest.raises(ShopsimError, match=r"There is no trained network '.*'. Known: bags\."):
        network_folder(name)
    assert "There is no trained network" in why_unavailable("fine_tuned", network=name)


def test_without_any_network_that_is_said():
    with pytest.raises(ShopsimError, match="Known: none yet"):
        extractors.create("fine_tuned", network="bags")


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "{", "[" * 100_000])
def test_a_damaged_card_is_told(kept, text):
    (kept / "card.json").write_text(text)
    with pytest.raises(ShopsimError, match="as a JSON object; remove the folder and learn again"):
        read_card("bags")


def test_a_card_without_sizes_is_told(kept):
    (kept / "card.json").write_text('{"side": "large"}')
    with pytest.raises(ShopsimError, match="has no whole numbers 'side' and 'n_features'"):
        extractors.create("fine_tuned", network="bags")


def test_more_can_be_said_of_a_network(kept):
    add_to_card("bags", {"held_out": None, "name": "Täschchen"})
    assert read_card("bags") == {**CARD, "held_out": None, "name": "Täschchen"}


def test_it_tells_how_many_photos_it_was_trained_on(kept):
    digests = [f"{number:x}".ljust(32, "0") for number in range(1, 6)]
    assert n_trained_on("bags", digests) == 0
    add_to_card("bags", {"photos": [digest[:16] for digest in (*digests[:3], "f" * 32)]})
    assert n_trained_on("bags", digests) == 3
    assert n_trained_on("bags", [digests[0], digests[0], *digests[3:]]) == 2
    add_to_card("bags", {"photos": "damaged"})
    assert n_trained_on("bags", digests) == 0


def test_a_removed_network_is_gone(kept):
    remove_network("bags")
    assert names() == []
    assert not kept.exists()
