"""What cards tell of a learning that is over, read whatever somebody wrote into them."""

import json
import unicodedata
from pathlib import Path

import pytest
from kept_cases import CURVE, comparison, side, write_card

from shopsim import ShopsimError
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.learning.read_back import held_out_of, kept_network

IDS = ["a/1.jpg", "a/2.jpg", "b/1.jpg", "b/2.jpg"]


def held_out():
    return comparison(IDS, [0, 0, 0, 0], [0, 0, 1, 1], 2)


def catalog(ids=IDS, **models):
    images = [CatalogImage(each, Path(each), each, model=models.get(each[0], each[0])) for each in ids]
    return Catalog("shoes", Path("shoes"), "folders", "", tuple(images))


def test_a_card_tells_what_was_learnt_and_what_it_brought():
    network = kept_network(write_card(held_out=held_out(), settings="shoes-tuned"))
    assert (network.passes, network.n_models, network.settings) == (1, 10, "shoes-tuned")
    assert [score.ari for score in network.curve] == [0.7, 0.8, 0.78]
    assert (network.held_out.before.ari, network.held_out.after.ari) == (0.6, 0.8)
    assert network.held_out.after.labels_pred == (0, 0, 1, 1)


def test_a_card_without_held_out_models_or_settings_is_whole():
    network = kept_network(write_card())
    assert network.held_out is None
    assert network.settings == ""


def test_an_interval_of_too_few_models_is_none():
    values = {**held_out(), "after": side([0, 0, 1, 1], 0.8, float("nan"), float("nan"))}
    assert held_out_of(json.loads(json.dumps(values))).after.low is None


def test_the_photos_are_found_in_the_catalogue_they_are_of():
    found = held_out_of(held_out())
    assert found.rows_in(catalog(["0/x.jpg", *IDS]), frozenset({"m1"})).tolist() == [1, 2, 3, 4]


def test_what_an_earlier_version_kept_in_another_unicode_form_is_of_the_same_photos_and_models():
    ids = ["é/1.jpg", "é/2.jpg", "ö/1.jpg", "ö/2.jpg"]
    kept = [unicodedata.normalize("NFD", image_id) for image_id in ids]
    found = held_out_of(comparison(kept, [0, 0, 0, 0], [0, 0, 1, 1], 2))
    assert found.rows_in(catalog(ids), frozenset()).tolist() == [0, 1, 2, 3]
    network = kept_network(write_card(held_out=held_out(), models=[unicodedata.normalize("NFD", "é")]))
    assert network.models == frozenset({"é"})


@pytest.mark.parametrize(
    ("there", "learnt"),
    [
        (catalog(IDS[:3]), frozenset()),
        # Photos of the same names, but of other models.
        (catalog(a="m", b="m"), frozenset()),
        (catalog(), frozenset({"a"})),
    ],
)
def test_another_catalogue_is_not_taken_for_it(there, learnt):
    assert held_out_of(held_out()).rows_in(there, learnt) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"told": None},
        {"passes": -1},
        {"passes": True},
        {"n_images": 10**30},
        {"curve": [{}]},
        {"curve": None},
        {"curve": [*CURVE, 3]},
        {"models": "all"},
        {"settings": 7},
        {"held_out": []},
        {"held_out": {}},
        {"held_out": {**held_out(), "image_ids": IDS[:2]}},
        {"held_out": {**held_out(), "after": side([0, 0, 1, -1], 0.5)}},
        {"held_out": {**held_out(), "after": side([0, 0, 1, 10**12], 0.5)}},
        {"held_out": {**held_out(), "after": side([0, 0, 1, "x"], 0.5)}},
        {"held_out": {**held_out(), "after": side([0, 0, 1, 1], float("inf"))}},
        {"held_out": {**held_out(), "before": None}},
    ],
)
def test_a_damaged_card_is_told_with_its_name(fields):
    with pytest.raises(ShopsimError, match="The card of the network 'shoes-1' is damaged"):
        kept_network(write_card(**fields))


@pytest.mark.parametrize("name", ["no-such", "..", "a/b", ""])
def test_an_unknown_network_is_told(name):
    with pytest.raises(ShopsimError, match="There is no trained network"):
        kept_network(name)
