"""The extractor that is taken where nobody names one."""

import pytest

from shopsim.base.errors import ShopsimError
from shopsim.features import default_extractor as module
from shopsim.features.default_extractor import DEEP, QUICK, default_extractor


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv("SHOPSIM_EXTRACTOR")


def test_the_deep_network_is_the_default():
    assert default_extractor() == DEEP


def test_where_it_cannot_start_the_quick_extractor_is(monkeypatch):
    monkeypatch.setattr(module, "why_unavailable", lambda name: f"{name} needs weights.")
    assert default_extractor() == QUICK


@pytest.mark.parametrize("name", ["color_shape", "image_signature", " mobilenet_v2 "])
def test_the_variable_names_another(name, monkeypatch):
    monkeypatch.setenv("SHOPSIM_EXTRACTOR", name)
    assert default_extractor() == name.strip()


def test_an_empty_variable_names_none(monkeypatch):
    monkeypatch.setenv("SHOPSIM_EXTRACTOR", " ")
    assert default_extractor() == DEEP


@pytest.mark.parametrize("name", ["tfhub", "fine_tuned"])
def test_an_extractor_that_must_be_told_its_network_is_no_default(name, monkeypatch):
    monkeypatch.setenv("SHOPSIM_EXTRACTOR", name)
    with pytest.raises(ShopsimError, match=rf"SHOPSIM_EXTRACTOR is '{name}', which needs a setting\. Known: ") as error:
        default_extractor()
    assert name not in str(error.value).partition("Known")[2]


@pytest.mark.parametrize("name", ["mobilnet", "own_vectors", "../x"])
def test_a_variable_that_names_no_extractor_is_refused_in_one_sentence(name, monkeypatch):
    monkeypatch.setenv("SHOPSIM_EXTRACTOR", name)
    with pytest.raises(ShopsimError, match=r"SHOPSIM_EXTRACTOR is '.*', which is no extractor\. Known: color_shape, "):
        default_extractor()
