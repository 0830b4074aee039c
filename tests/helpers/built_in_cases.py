"""Gives the fast extractor of tests the built-in settings that come with the default extractor."""

from pathlib import Path
from shutil import copyfile

import shopsim.tuning.built_in as package
from shopsim.tuning.built_in import shipped

_DATA = Path(package.__file__).parent / "data"


def share_built_in(folder, monkeypatch, name="fake"):
    """From now on, `name` has the model of efficientnet_lite0; folder: an empty one for the copy."""
    folder.mkdir()
    for end in ("json", "npz"):
        copyfile(_DATA / f"efficientnet_lite0.{end}", folder / f"{name}.{end}")
    monkeypatch.setattr(shipped, "_DATA", folder)
    shipped.shipped.cache_clear()


def forget_built_in():
    """The next question reads what is shipped again."""
    shipped.shipped.cache_clear()
