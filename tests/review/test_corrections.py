"""Decisions about suspected label errors: kept, taken back, never applied to anything else."""

from dataclasses import replace
from pathlib import Path

import pytest

from shopsim import ShopsimError
from shopsim.base.paths import home_dir
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.review.corrections import ACCEPTED, REJECTED, Decision, corrected, decide, read_decisions, take_back

DIGEST = "0" * 32


def image(name, digest=DIGEST, model="red"):
    return CatalogImage(name, Path(name), digest, model)


@pytest.fixture
def catalog(tmp_path):
    images = (image("a.jpg"), image("b.jpg", "1" * 32, "blue"), image("c.jpg", "2" * 32, None))
    return Catalog("photos", tmp_path / "photos", "plain", "", images)


def models(catalog):
    return [photo.model for photo in catalog.images]


def kept_file():
    (path,) = (home_dir() / "corrections").glob("*.json")
    return path


def test_an_accepted_correction_survives_and_changes_the_model(catalog):
    decide(catalog, Decision(DIGEST, "red", ACCEPTED, "blue"))
    changed, count = corrected(catalog, read_decisions(catalog))
    assert (models(changed), count) == (["blue", "blue", None], 1)
    assert models(catalog) == ["red", "blue", None]


def test_not_wrong_changes_nothing_and_the_later_decision_counts(catalog):
    decide(catalog, Decision(DIGEST, "red", ACCEPTED, "blue"))
    decide(catalog, Decision(DIGEST, "red", REJECTED))
    assert [decision.verdict for decision in read_decisions(catalog).values()] == [REJECTED]
    assert corrected(catalog, read_decisions(catalog)) == (catalog, 0)


def test_a_decision_can_be_taken_back(catalog):
    decide(catalog, Decision(DIGEST, "red", REJECTED))
    take_back(catalog, DIGEST, "red")
    take_back(catalog, DIGEST, "red")
    assert read_decisions(catalog) == {}


@pytest.mark.parametrize("other", [image("a.jpg", "9" * 32), image("a.jpg", model="green"), image("a.jpg", model=None)])
def test_a_decision_applies_to_no_other_photo_and_to_no_other_label(catalog, other):
    decide(catalog, Decision(DIGEST, "red", ACCEPTED, "blue"))
    changed = replace(catalog, images=(other,))
    assert corrected(changed, read_decisions(changed)) == (changed, 0)


def test_a_byte_equal_copy_of_the_same_model_is_corrected_too(catalog):
    decide(catalog, Decision(DIGEST, "red", ACCEPTED, "blue"))
    copied = replace(catalog, images=(*catalog.images, image("copy.jpg")))
    assert corrected(copied, read_decisions(copied))[1] == 2


def test_catalogues_of_one_name_do_not_share_decisions(catalog, tmp_path):
    decide(catalog, Decision(DIGEST, "red", REJECTED))
    assert read_decisions(replace(catalog, folder=tmp_path / "elsewhere" / "photos")) == {}


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"decisions": 3}', '{"decisions": [{"digest": 1}]}', "\x00", '{"decisions": [["a"]]}']
    + ['{"decisions": [{"digest": "0", "given": "red", "verdict": "perhaps", "suggested": null}]}']
    + ['{"decisions": [{"digest": "0", "given": "red", "verdict": "accepted", "suggested": null}]}'],
)
def test_a_damaged_file_is_told_of_and_never_overwritten(catalog, content):
    decide(catalog, Decision(DIGEST, "red", REJECTED))
    kept_file().write_text(content, encoding="utf-8")
    with pytest.raises(ShopsimError, match="move it away"):
        read_decisions(catalog)
    with pytest.raises(ShopsimError):
        decide(catalog, Decision(DIGEST, "red", REJECTED))
    assert kept_file().read_text(encoding="utf-8") == content


def test_models_of_any_name_come_back(catalog):
    for name in ('"quoted"', "굽 7 cm", "=1+1", "a\nb"):
        decide(catalog, Decision(DIGEST, name, ACCEPTED, f"not {name}"))
        assert read_decisions(catalog)[(DIGEST, name)].suggested == f"not {name}"
