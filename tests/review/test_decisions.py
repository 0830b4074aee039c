"""Decisions on suspected label errors: kept by photo and model, taken back, never applied to anything else."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from catalog_fixtures import photo_folder

from shopsim import ShopsimError
from shopsim.base.disk import damage
from shopsim.base.disk.store import digest_of
from shopsim.base.paths import home_dir, links_followed
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.catalog.open_folder import load_catalog
from shopsim.review.decisions import ACCEPTED, REJECTED, Decision, corrected, decide, read_decisions, take_back

DIGEST = "0" * 32


def image(name, digest=DIGEST, model="red"):
    return CatalogImage(name, Path(name), digest, model)


@pytest.fixture
def catalog(tmp_path):
    images = (image("a.jpg"), image("b.jpg", "1" * 32, "blue"), image("c.jpg", "2" * 32, None))
    return Catalog("photos", tmp_path / "photos", "plain", "", images)


def models(catalog):
    return [photo.model for photo in catalog.images]


def verdicts(catalog):
    return {key: decision.verdict for key, decision in read_decisions(catalog).items()}


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


def test_a_moved_folder_and_a_renamed_photo_keep_their_decisions(catalog, tmp_path):
    decide(catalog, Decision(DIGEST, "red", ACCEPTED, "blue"))
    images = (image("renamed.jpg"), *catalog.images[1:])
    moved = replace(catalog, name="moved", folder=tmp_path / "elsewhere" / "moved", images=images)
    assert models(corrected(moved, read_decisions(moved))[0]) == ["blue", "blue", None]
    take_back(moved, DIGEST, "red")
    assert read_decisions(catalog) == {}


def test_the_same_photo_under_two_models_keeps_two_decisions(catalog):
    both = replace(catalog, images=(image("a.jpg"), image("b.jpg", model="green")))
    decide(both, Decision(DIGEST, "red", ACCEPTED, "blue"))
    decide(both, Decision(DIGEST, "green", REJECTED))
    assert verdicts(both) == {(DIGEST, "red"): ACCEPTED, (DIGEST, "green"): REJECTED}
    take_back(both, DIGEST, "green")
    assert verdicts(both) == {(DIGEST, "red"): ACCEPTED}


def test_decisions_on_photos_that_a_catalogue_has_not_stay_out_of_it(catalog):
    decide(catalog, Decision(DIGEST, "red", ACCEPTED, "blue"))
    other = replace(catalog, images=catalog.images[1:])
    assert read_decisions(other) == {}


def test_models_of_any_name_come_back(catalog):
    for name in ('"quoted"', "굽 7 cm", "=1+1", "a\nb", "stray \udcff"):
        decide(catalog, Decision(DIGEST, name, ACCEPTED, f"not {name}"))
        assert read_decisions(catalog)[(DIGEST, name)].suggested == f"not {name}"


def test_a_database_of_a_later_version_is_refused(catalog, monkeypatch):
    from shopsim.base.workspace import schema

    with monkeypatch.context() as later:
        later.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE notes (note)",)))
        decide(catalog, Decision(DIGEST, "red", REJECTED))
    for act in (lambda: read_decisions(catalog), lambda: decide(catalog, Decision(DIGEST, "red", REJECTED))):
        with pytest.raises(ShopsimError, match="by a later version"):
            act()


# Decisions of earlier versions, one file per catalogue


def write_earlier(folder, *decisions):
    """As earlier versions kept them: in a file that is named by the place of the catalogue."""
    path = home_dir() / "corrections" / f"{digest_of(links_followed(folder))}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = [{"digest": digest, "given": given, "verdict": REJECTED, "suggested": None} for digest, given in decisions]
    path.write_text(json.dumps({"catalog": folder.name, "folder": str(folder), "decisions": kept}), encoding="utf-8")
    return path


def test_decisions_of_an_earlier_version_hold_wherever_the_photos_are(catalog, tmp_path):
    write_earlier(catalog.folder, (DIGEST, "red"))
    assert verdicts(catalog) == {(DIGEST, "red"): REJECTED}
    take_back(replace(catalog, folder=tmp_path / "moved"), DIGEST, "red")
    assert verdicts(catalog) == {}


def test_a_damaged_file_of_an_earlier_version_is_told_of_and_never_overwritten(catalog):
    path = write_earlier(catalog.folder, (DIGEST, "red"))
    path.write_text("{", encoding="utf-8")
    assert read_decisions(catalog) == {}
    decide(catalog, Decision(DIGEST, "red", REJECTED))
    assert len(damage.take()) == 1
    assert path.read_text(encoding="utf-8") == "{"


# Photos that are not at hand, of which a catalogue has only vectors


@pytest.fixture
def vectors(tmp_path):
    """Makes a folder of two vectors whose photos are not at hand, and opens it."""

    def open_folder(name, scale=1.0, photos=()):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        photo_folder(folder, photos)
        np.save(folder / "features.npy", scale * np.eye(2, dtype=np.float32))
        (folder / "img_paths.txt").write_text("1.jpg\n2.jpg\n")
        (folder / "labels_true.txt").write_text("red\nred\n")
        return load_catalog(folder, cache=tmp_path / "cache")

    return open_folder


def test_photos_that_are_not_at_hand_are_told_apart_by_their_vectors(vectors):
    one, other = vectors("one"), vectors("other", 2.0)
    assert one.images[0].digest == other.images[0].digest
    decide(one, Decision(one.images[0].digest, "red", ACCEPTED, "blue"))
    assert models(corrected(one, read_decisions(one))[0]) == ["blue", "red"]
    assert read_decisions(other) == {}
    moved = vectors("moved")
    assert models(corrected(moved, read_decisions(moved))[0]) == ["blue", "red"]


def test_photos_that_are_at_hand_are_known_by_their_bytes_whatever_their_vectors(vectors):
    one, other = vectors("one", photos=["1.jpg"]), vectors("other", 2.0, photos=["1.jpg"])
    decide(one, Decision(one.images[0].digest, "red", ACCEPTED, "blue"))
    assert models(corrected(other, read_decisions(other))[0]) == ["blue", "red"]


def test_decisions_of_an_earlier_version_on_photos_that_are_not_at_hand_stay_with_their_folder(vectors):
    one, other = vectors("one"), vectors("other")
    digest = one.images[0].digest
    write_earlier(one.folder, (digest, "red"))
    assert verdicts(one) == {(digest, "red"): REJECTED}
    assert verdicts(other) == {}
    decide(one, Decision(digest, "red", ACCEPTED, "blue"))
    assert verdicts(one) == verdicts(other) == {(digest, "red"): ACCEPTED}
    take_back(one, digest, "red")
    assert verdicts(one) == {}
