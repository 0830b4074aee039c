"""Keeps trained networks in the workspace, one folder each: a card, Keras's own file and a SavedModel."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.files import sync_folders, sync_tree, write_bytes
from shopsim.base.disk.leftovers import unfinished_name
from shopsim.base.disk.moving import move_all, settle
from shopsim.base.disk.records import parsed
from shopsim.base.disk.unfinished_folder import unfinished_folder
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import networks_dir
from shopsim.features.networks.hub_cache import weights_digest
from shopsim.features.networks.saved_model import import_tensorflow
from shopsim.features.networks.saved_model_source import saved_model_key

if TYPE_CHECKING:
    import keras

CARD = "card.json"
SAVED_MODEL = "saved_model"
KERAS = "network.keras"
_NAME = re.compile(r"[\w-][\w.-]{0,79}")


def names() -> list[str]:
    """Returns the names of all trained networks, newest first."""
    with suppress(ShopsimError):  # A network that a killed process put away is missing, the others are there.
        settle(networks_dir())
    saved: dict[str, float] = {}
    for path in networks_dir().glob(f"*/{CARD}"):
        try:
            saved[path.parent.name] = path.stat().st_mtime
        except OSError:
            continue  # Somebody may be removing it.
    return sorted((name for name in saved if _NAME.fullmatch(name)), key=lambda name: -saved[name])


def network_folder(name: str) -> Path:
    """Returns the folder of a trained network. Raises ShopsimError, with the known names, for any other name."""
    known = names()
    if name not in known:
        raise ShopsimError(f"There is no trained network '{name}'. Known: {', '.join(sorted(known)) or 'none yet'}.")
    return networks_dir() / name


def read_card(name: str) -> dict[str, Any]:
    """Reads the card of a trained network. Raises ShopsimError if there is none or it cannot be read."""
    path = network_folder(name) / CARD
    try:
        card = parsed(path.read_bytes())
    except (OSError, ValueError):
        card = None
    if not isinstance(card, dict):
        raise ShopsimError(f"Cannot read '{path}' as a JSON object; remove the folder and learn again.")
    return card


def check_name(name: str) -> None:
    """Raises ShopsimError for a name that is taken, or that cannot name a folder."""
    if not _NAME.fullmatch(name):
        raise ShopsimError(f"'{name}' is no name for a network; use letters, digits, '-', '_' and '.', 80 at most.")
    if (networks_dir() / name).exists():
        raise ShopsimError(f"There is a network '{name}' already; choose another name.")


def is_of(name: str, key: str) -> bool:
    """Returns whether a network was trained by the task of that key. Raises ShopsimError without a readable card."""
    return name in names() and read_card(name).get("key") == key


def add_to_card(name: str, fields: Mapping[str, Any]) -> None:
    """Adds fields to a network's card. Raises ShopsimError as `read_card` does, or if the disk refuses."""
    text = json.dumps({**read_card(name), **fields}, indent=1, ensure_ascii=False)
    write_bytes(networks_dir() / name / CARD, text.encode("utf-8", "backslashreplace"), durable=True)


def save_network(network: keras.Model, name: str, card: Mapping[str, Any], again: bool = False) -> Path:
    """Saves a network of (b, side, side, 3) floats in 0..255 under a free name, and returns its folder.

    The folder appears whole or not at all. again: replaces the network of that name, which stays until this one is
    whole.
    The SavedModel takes floats in 0..1, as the Hub's do, and is opened by TensorFlow Hub's loader. The card also gets
    `features`, the key of the features that the network computes in float32.
    Raises ShopsimError for a name that is taken or no name for a folder, or if the disk refuses.
    """
    if not again:
        check_name(name)
    folder = networks_dir() / name
    try:
        with unfinished_folder(networks_dir()) as place:
            unfinished = place / name
            unfinished.mkdir()
            network.save(unfinished / KERAS)
            _export(network, unfinished / SAVED_MODEL)
            # The card has it from the start: a score of photos that the network knows would flatter it.
            features = saved_model_key(weights_digest(unfinished / SAVED_MODEL), network.input_shape[1])
            text = json.dumps({**card, "features": features}, indent=1, ensure_ascii=False)
            (unfinished / CARD).write_bytes(text.encode("utf-8", "backslashreplace"))
            sync_tree(unfinished)
            if again:
                move_all(place, networks_dir())
            else:
                os.replace(unfinished, folder)
            sync_folders(networks_dir())
    except OSError as error:
        raise ShopsimError(f"Cannot write '{folder}': {why_refused(error, folder)}.") from error
    return folder


def remove_network(name: str) -> None:
    """Removes a trained network. Raises ShopsimError for an unknown name or if the system refuses."""
    folder = network_folder(name)
    try:
        away = _put_away(folder)
    except OSError as error:
        raise ShopsimError(f"Cannot remove '{folder}': {error.strerror or error}.") from None
    shutil.rmtree(away, ignore_errors=True)


def _put_away(folder: Path) -> Path:
    """Renames a folder before it is removed, so that its name is free at once and nobody sees half a network."""
    away = networks_dir() / unfinished_name("tmp")
    os.replace(folder, away)
    return away


def _export(network: keras.Model, folder: Path) -> None:
    tf = import_tensorflow()
    shape = (None, *network.input_shape[1:])

    class Exported(tf.Module):
        """Callable as the Hub's networks are."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        @tf.function(input_signature=[tf.TensorSpec(shape, tf.float32, name="inputs")])
        def __call__(self, images: tf.Tensor) -> tf.Tensor:
            return self.network(images * 255.0, training=False)

    exported = Exported()
    signature = exported.__call__.get_concrete_function()
    try:
        tf.saved_model.save(exported, str(folder), signatures={"serving_default": signature})
    except tf.errors.OpError as error:
        # A full disk, for one, is no OSError to TensorFlow.
        raise OSError(error.message) from error
