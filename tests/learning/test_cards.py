"""What the card of a trained network says."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from kept_cases import write_card

from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.learning import save
from shopsim.learning.network.architecture import ARCHITECTURES
from shopsim.learning.network.learner import LearntNetwork
from shopsim.learning.read_back import kept_network
from shopsim.learning.task import Task
from shopsim.scoring.folds import Fold

PARENT = "saved_model/1 weights=0123456789abcdef input=224 rgb=0..1"


def catalog(n_photos=4):
    images = [CatalogImage(f"{n}.jpg", Path(f"{n}.jpg"), 2 * f"{n:016x}", f"m{n}") for n in range(n_photos)]
    return Catalog("shoes", Path("shoes"), "table", "", tuple(images))


@pytest.fixture
def card_of(monkeypatch):
    """Gives the card that is kept with a network of that kind, instead of keeping one."""

    def made(name, features_key):
        kept = {}
        monkeypatch.setattr(save, "save_network", lambda network, name, card, again: kept.update(card))
        parted = SimpleNamespace(
            stem=SimpleNamespace(key="stem", side=224),
            architecture=ARCHITECTURES[name],
            n_features=ARCHITECTURES[name].n_features,
            trained=lambda weights: None,
        )
        learnt = LearntNetwork(None, None, (), "It helped.", {"passes": 1, "curve": []}, (np.ones(3),))
        fold = Fold(np.array([0, 1, 2]), np.array([3]))
        save.keep_network(Task("network", name, {}, 60.0), "key", catalog(), learnt, parted, fold, features_key)
        return kept

    return made


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_it_names_the_kind_of_network_and_the_photos_it_knows(name, card_of):
    card = card_of(name, "another key")
    assert (card["architecture"], card["parent"], card["depth"]) == (name, name, "most")
    assert (card["side"], card["n_features"]) == (224, ARCHITECTURES[name].n_features)
    assert card["photos"] == [image.digest[:16] for image in catalog().images[:3]]
    assert kept_network(write_card("read", **card)).architecture == name


def test_a_network_that_starts_from_another_one_knows_its_photos_too(card_of):
    write_card("parent", features=PARENT, photos=["a" * 16])
    card = card_of("efficientnet_lite0", PARENT)
    assert card["photos"] == sorted([*(image.digest[:16] for image in catalog().images[:3]), "a" * 16])


def test_a_card_of_an_earlier_version_does_not_name_the_kind():
    assert kept_network(write_card("old", depth="last")).architecture == ""
