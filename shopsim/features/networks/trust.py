"""Decides whether a network may be fetched or loaded, since a SavedModel is a program; nothing loads one without this.

Our own networks are those in SHOPSIM_MODEL_DIR, those trained here, and the built-in ones in TensorFlow Hub's cache.
Any other network needs a person's trust in exactly its files, which the workspace's database keeps, or trust in all
networks that this run names (`trusting_all`).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from shopsim.base.disk.temporary import temporary_folder
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import links_followed, networks_dir
from shopsim.base.workspace.database import change, read
from shopsim.base.workspace.rows import put, rows
from shopsim.base.workspace.schema import TRUSTED
from shopsim.features.networks.contents import contents_digest
from shopsim.features.networks.hub_cache import cached_folder, model_dir
from shopsim.features.networks.hub_owner import is_ours_to_write
from shopsim.features.networks.wanted import built_in_handles

_HOW = (
    "a network is a program, so it is loaded only if you trust it: add --trust-network on the command line, or click "
    "'Load it' on a page"
)
_trusting_all = False


class NotTrusted(ShopsimError):
    """Nobody has trusted this network yet."""


class FilesChanged(NotTrusted):
    """The network's files differ from the trusted ones."""


@contextmanager
def trusting_all(given: bool = True) -> Iterator[None]:
    """Lets this process load any named network within the block, if `given`; no other process does."""
    global _trusting_all
    before = _trusting_all
    _trusting_all = before or given
    try:
        yield
    finally:
        _trusting_all = before


def not_trusted(name: object) -> NotTrusted:
    """Returns the refusal of a network of that name, or in that folder."""
    return NotTrusted(f"The network '{name}' was not trusted on this machine; {_HOW}.")


def check_named(name: str, folder: Path | None) -> None:
    """Raises NotTrusted unless the named network may be loaded, or may be fetched if folder is None."""
    if _trusting_all or (folder is not None and is_ours(folder)):
        return
    trusted = read(_trusted)
    if name not in trusted:
        raise not_trusted(name)
    if folder is not None and trusted[name] is not None and contents_digest(folder) != trusted[name]:
        raise FilesChanged(f"The network '{name}' has other files than when it was trusted; {_HOW}.")


def check_at_hand(name: str, folder: Path) -> None:
    """Checks as `check_named` after a download; the first files that a trusted address gives are trusted."""
    check_named(name, folder)
    if read(_trusted).get(name, "") is None:
        change(partial(_take_first, name=name, contents=contents_digest(folder)))


def check_may_load(folder: Path) -> None:
    """Raises NotTrusted unless the SavedModel in the folder may be loaded, whoever named it."""
    if not (_trusting_all or is_ours(folder)):
        _check_contents(folder, folder)


@contextmanager
def loadable(folder: Path) -> Iterator[Path]:
    """Gives the folder from which to load the SavedModel within the block, after a last check.

    If others may write there, it is a copy, so that nobody can exchange the files between the check and the load.
    Raises NotTrusted as `check_may_load` does.
    """
    check_may_load(folder)
    if _trusting_all or is_ours(folder):
        yield folder
        return
    with temporary_folder() as place:
        copy = place / "network"
        try:
            shutil.copytree(folder, copy)
        except (OSError, shutil.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise ShopsimError(f"Cannot copy the network in '{folder}' before it is loaded: {reason}.") from error
        _check_contents(copy, folder)
        yield copy


def _check_contents(folder: Path, named: Path) -> None:
    trusted = set(read(_trusted).values()) - {None}
    if not trusted or contents_digest(folder) not in trusted:
        if named.absolute() in map(cached_folder, built_in_handles()):
            raise NotTrusted(
                f"The network in '{named}' was not loaded, since other users of this machine may write there; set "
                "TFHUB_CACHE_DIR to a folder of your own, or put the network into SHOPSIM_MODEL_DIR."
            )
        raise not_trusted(named)


def keep_trust(name: str, folder: Path | None) -> None:
    """Remembers that a person trusts the network of that name; folder: None if it must still be fetched.

    Raises ShopsimError if the disk refuses.
    """
    contents = None if folder is None else contents_digest(folder)
    change(lambda db: put(db, TRUSTED, name, contents))


def is_ours(folder: Path) -> bool:
    """Returns whether only the person who runs the program puts networks there; a link there is theirs, too."""
    real = links_followed(folder)
    # A path that ends in `..` leads elsewhere than it seems.
    named = real if ".." in folder.parts[-2:] else folder.absolute()
    return _lies_in_our_places(named, Path.absolute) or _lies_in_our_places(real, links_followed)


def _lies_in_our_places(folder: Path, place_of: Callable[[Path], Path]) -> bool:
    """Returns whether the folder is in one of our places; place_of: how `folder` was made absolute."""
    models = model_dir()
    if models is not None and folder.parent == place_of(models):
        return True
    if folder.name == "saved_model" and folder.parent.parent == place_of(networks_dir()):
        return True
    cached = (cached_folder(handle) for handle in built_in_handles())
    return any(folder == place_of(place) and is_ours_to_write(place) for place in cached)


def _trusted(db: sqlite3.Connection) -> dict[str, str | None]:
    """Returns the digests of trusted contents by name; None where they must still be fetched."""
    return dict(rows(db, TRUSTED))


def _take_first(db: sqlite3.Connection, name: str, contents: str) -> None:
    """Trusts the contents, unless another process has trusted others since."""
    if _trusted(db).get(name, "") is None:
        put(db, TRUSTED, name, contents)
