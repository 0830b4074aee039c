"""A built-in model whose files are damaged is as if there were none, which is said once."""

import json
import shutil

import pytest
from catalog_fixtures import PROJECT

from shopsim.base.disk import damage
from shopsim.tuning.built_in import shipped as module

NAME = "color_shape"
DATA = PROJECT / "shopsim" / "tuning" / "built_in" / "data"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the files, which is read instead of those of the package."""
    shutil.copytree(DATA, tmp_path / "data")
    monkeypatch.setattr(module, "_DATA", tmp_path / "data")
    module.shipped.cache_clear()
    damage.take()
    damage._found.clear()
    yield tmp_path / "data"
    module.shipped.cache_clear()


def cut_short(path):
    path.write_bytes(path.read_bytes()[:1000])


def without_columns(path):
    card = json.loads(path.read_bytes())
    del card["columns"][3:]
    path.write_text(json.dumps(card))


def without_margins(path):
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "margins": {}}))


@pytest.mark.parametrize(
    ("ending", "harm"),
    [
        ("npz", cut_short),
        ("npz", lambda path: path.unlink()),
        ("json", cut_short),
        ("json", without_columns),
        ("json", without_margins),
    ],
)
def test_a_damaged_model_is_none_and_is_said_once(data, ending, harm):
    harm(data / f"{NAME}.{ending}")
    assert module.shipped(NAME) is None
    assert module.shipped(NAME) is None
    (sentence,) = damage.take()
    assert sentence.startswith(f"The built-in settings of '{NAME}' are damaged (")
    assert sentence.endswith("install the program again.")


def test_a_whole_model_is_found_and_one_that_never_was_is_not_damaged(data):
    assert module.shipped(NAME) is not None
    assert module.shipped("image_signature") is None
    assert damage.take() == []
