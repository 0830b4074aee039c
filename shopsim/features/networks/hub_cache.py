"""Finds a network's SavedModel on this machine and says what is wrong with it, without importing TensorFlow."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from shopsim.base.errors import ShopsimError


def locate(name: str, handles: tuple[str, ...]) -> Path | None:
    """Returns the first complete SavedModel of `SHOPSIM_MODEL_DIR/name` and the handles in the Hub's cache, or None.

    Raises ShopsimError if there is only an incomplete one; the sentence says what to delete or complete.
    """
    models = model_dir()
    if models is not None and (folder := models / name).exists():
        check_saved_model(folder)
        return folder
    reasons = []
    for handle in handles:
        folder = cached_folder(handle)
        try:
            if _held(folder):
                check_saved_model(folder)
                return folder
        except ShopsimError as error:
            reasons.append(error)
    if reasons:
        raise reasons[0]
    return None


def how_to_supply(name: str, on_the_hub: bool = True) -> str:
    """The two ways to get a missing network (one if the Hub does not have it), as the end of a sentence."""
    models = model_dir()
    folder = f"'{models / name}'" if models is not None else f"SHOPSIM_MODEL_DIR/{name} (that variable is not set now)"
    put = f"put its SavedModel folder at {folder}"
    if not on_the_hub:
        return put
    return f"{put}, or let it be fetched once with a network into TensorFlow Hub's cache '{cache_dir()}'"


def model_dir() -> Path | None:
    """The folder of networks that SHOPSIM_MODEL_DIR names, None if it names none."""
    named = os.environ.get("SHOPSIM_MODEL_DIR")
    return Path(named) if named else None


def cache_dir() -> Path:
    """TensorFlow Hub's cache: TFHUB_CACHE_DIR, which is its own variable, else its default."""
    return Path(os.environ.get("TFHUB_CACHE_DIR") or Path(tempfile.gettempdir(), "tfhub_modules"))


def cached_folder(handle: str) -> Path:
    """The folder in which TensorFlow Hub 0.16 keeps the network of a handle."""
    return cache_dir() / hashlib.sha1(handle.encode()).hexdigest()


def check_saved_model(folder: Path) -> None:
    """Raises ShopsimError, which names the missing files, if the folder is no complete TF2 SavedModel."""
    if not folder.is_dir():
        raise ShopsimError(f"'{folder}' is no folder; it would have to be the folder of a TF2 SavedModel.")
    variables = folder / "variables"
    shards = sorted(variables.glob("variables.data-*-of-*"))
    n_shards = int(re.sub(r".*-of-", "", shards[0].name)) if shards and shards[0].name[-5:].isdigit() else 1
    needed = {"saved_model.pb": folder / "saved_model.pb", "variables/variables.index": variables / "variables.index"}
    missing = [name for name, path in needed.items() if not path.is_file() or path.stat().st_size == 0]
    if len(shards) < n_shards:
        missing.append(f"variables/variables.data-*-of-{n_shards:05d}")
    if missing:
        raise ShopsimError(
            f"'{folder}' is not a complete TF2 SavedModel: {' and '.join(missing)} missing; complete it, or delete "
            "the folder so that the network is looked for elsewhere."
        )


def weights_digest(folder: Path) -> str:
    """16 hex digits of the graph and the weights; the folder's place and name do not matter."""
    digest = hashlib.sha256()
    for path in _weight_files(folder):
        with path.open("rb") as file:
            digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def saved_model_state(folder: Path) -> str:
    """The folder, or one file, with sizes and change times of graph and weights; quick, because it reads no file.

    Raises OSError if a file is missing.
    """
    states = [(path.name, path.stat()) for path in _weight_files(folder)]
    return "|".join([str(folder), *(f"{name} {state.st_size} {state.st_mtime_ns}" for name, state in states)])


def _weight_files(folder: Path) -> list[Path]:
    return [folder] if folder.is_file() else [folder / "saved_model.pb", *sorted((folder / "variables").iterdir())]


def _held(folder: Path) -> bool:
    """Whether the cache has files under a folder's name. Raises ShopsimError for a lock without a folder."""
    if folder.is_dir() and any(folder.iterdir()):
        return True
    lock = folder.with_name(f"{folder.name}.lock")
    if lock.exists():
        raise ShopsimError(
            f"TensorFlow Hub's cache is locked by '{lock}': wait if another program is fetching the network right "
            "now, else delete that file, on which the Hub's loader would wait for ever."
        )
    return False
