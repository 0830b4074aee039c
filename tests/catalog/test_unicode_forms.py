"""Names that look the same are the same, whether a Mac wrote their letters in parts (NFD) or another system whole."""

import json
import os
import unicodedata

import numpy as np
import pytest
from catalog_fixtures import photo_folder, write_photo

from shopsim import ShopsimError
from shopsim.catalog.catalog import Problem
from shopsim.catalog.open_folder import load_catalog, place_state
from shopsim.catalog.photos import soundness as verdicts
from shopsim.review.decisions import ACCEPTED, corrected, read_decisions
from shopsim.tuning.settings_files import SETTINGS_NAME, find_settings
from shopsim.ui.choice import from_address
from shopsim.ui.server import path_to_open


def parts(text):
    """The text as macOS writes it."""
    return unicodedata.normalize("NFD", text)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


@pytest.fixture
def opened(folder, cache):
    return lambda **options: load_catalog(folder, cache=cache, **options)


def known(catalog):
    return {image.image_id: image.model for image in catalog.images}


def test_a_folder_in_both_forms_is_one_model(folder, opened):
    photo_folder(folder, ["가방/a.jpg", parts("가방/b.jpg"), "구두/c.jpg"])
    catalog = opened()
    assert known(catalog) == {"가방/a.jpg": "가방", "가방/b.jpg": "가방", "구두/c.jpg": "구두"}
    assert catalog.reason == "its photos lie in folders (2), one per model"
    assert all(image.path.is_file() for image in catalog.images)
    assert catalog.problems == ()


def test_an_upper_folder_in_both_forms_is_one_category(folder, opened):
    photo_folder(folder, ["é/m1/a.jpg", parts("é/m2/b.jpg"), "o/m3/c.jpg", "o/m4/d.jpg"])
    assert opened().categories == ("o", "é")


def test_two_photos_of_one_visible_name_are_both_kept_and_told_apart(folder, opened):
    photo_folder(folder, ["가방/a.jpg", parts("가방/a.jpg"), "구두/c.jpg"])
    catalog = opened()
    assert known(catalog) == {"가방/a.jpg": "가방", "가방/a (2).jpg": "가방", "구두/c.jpg": "구두"}
    assert len({image.digest for image in catalog.images}) == 3
    reason = "taken by this name, since '가방/a.jpg' is there in two Unicode forms"
    assert catalog.problems == (Problem("가방/a (2).jpg", reason, left_out=False),)


def test_a_table_names_each_of_two_such_photos_by_its_own_spelling(folder, opened):
    photo_folder(folder, ["é.jpg", parts("é.jpg")])
    (folder / "catalog.csv").write_text(f"path,model\né.jpg,whole\n{parts('é.jpg')},parts\n", encoding="utf-8")
    assert known(opened()) == {"é.jpg": "whole", "é (2).jpg": "parts"}


def test_what_is_remembered_of_a_photo_goes_by_its_name_on_disk(folder, opened, monkeypatch):
    """Without the first of two, the other takes its name; both are as large and as old."""
    first, second = write_photo(folder / "é.jpg", 1), write_photo(folder / parts("é.jpg"), 2)
    for path in (first, second):
        os.utime(path, (1_000_000, 1_000_000))
    assert first.stat().st_size == second.stat().st_size
    digest = opened().images[0].digest
    state = place_state(folder)
    first.unlink()
    monkeypatch.setattr(verdicts, "_look", lambda file: pytest.fail("it was looked at before"))
    assert known(opened()) == {"é.jpg": None}
    assert opened().images[0].digest == digest
    second.rename(folder / "é.jpg")
    assert place_state(folder) != state


def test_models_products_and_categories_of_a_table_are_compared_whole(folder, opened):
    photo_folder(folder, ["a.jpg", "b.jpg", "c.jpg"])
    rows = f"a.jpg,가방,é,ö\nb.jpg,{parts('가방')},{parts('é')},{parts('ö')}\nc.jpg,x,x,x\n"
    (folder / "catalog.csv").write_text(f"path,model,product,category\n{rows}", encoding="utf-8")
    (folder / "models.csv").write_text(f"model_id,name\n{parts('가방')},Tote\n", encoding="utf-8")
    catalog = opened()
    assert catalog.models == ("x", "가방")
    assert catalog.categories == ("x", "ö")
    assert {image.product for image in catalog.images} == {"é", "x"}
    assert catalog.model_name("가방") == "Tote"


def test_labels_of_a_file_are_compared_whole(folder, opened, tmp_path):
    photo_folder(folder, ["é.jpg", parts("ö.jpg"), "x.jpg"])
    labels = tmp_path / "labels.csv"
    labels.write_text(f"path,model\n{parts('é.jpg')},가방\nö.jpg,{parts('가방')}\nx.jpg,x\n", encoding="utf-8")
    assert known(opened(labels=labels)) == {"é.jpg": "가방", "ö.jpg": "가방", "x.jpg": "x"}


def test_lines_of_labels_are_refused_where_the_order_depends_on_the_form(folder, opened, tmp_path):
    (tmp_path / "labels.txt").write_text("A\nB\n")
    photo_folder(folder, [parts("é.jpg"), "z.jpg"])
    with pytest.raises(ShopsimError, match=r"'labels.txt' has only lines, and the order .* depends on the Unicode"):
        opened(labels=tmp_path / "labels.txt")


def test_lines_of_labels_are_taken_where_it_does_not(folder, opened, tmp_path):
    (tmp_path / "labels.txt").write_text("A\nB\n")
    photo_folder(folder, [parts("가.jpg"), parts("각.jpg")])
    assert known(opened(labels=tmp_path / "labels.txt")) == {"가.jpg": "A", "각.jpg": "B"}


@pytest.mark.parametrize("typed", ["가방", parts("가방")])
@pytest.mark.parametrize("on_disk", ["가방", parts("가방")])
def test_a_folder_opens_by_its_name_in_either_form(tmp_path, cache, typed, on_disk):
    photo_folder(tmp_path / on_disk / "ö", ["a.jpg"])
    place = tmp_path / typed / parts("ö")
    assert load_catalog(place, cache=cache).image_ids == ("a.jpg",)
    assert place_state(place) == place_state(tmp_path / on_disk / "ö")


def test_settings_and_the_folder_of_an_export_are_known_in_either_form(tmp_path, run):
    folder = photo_folder(tmp_path / parts("é"), ["a.jpg", "b.jpg"])
    code, _, told = run("export", tmp_path / "é", "--out", folder)
    assert (code, "choose another folder for --out" in told) == (1, True)
    (folder / SETTINGS_NAME).touch()
    assert find_settings(tmp_path / "é") == folder


def test_a_link_of_another_form_leads_out_of_the_roots_as_any_other(tmp_path, monkeypatch):
    photo_folder(tmp_path / "secret", ["a.jpg"])
    (tmp_path / "root" / parts("ö")).mkdir(parents=True)
    (tmp_path / "root" / parts("é")).symlink_to(tmp_path / "secret")
    monkeypatch.setenv("SHOPSIM_ROOTS", str(tmp_path / "root"))
    assert path_to_open(str(tmp_path / "root" / "ö")) == tmp_path / "root" / parts("ö")
    with pytest.raises(ShopsimError, match="may not be opened here"):
        path_to_open(str(tmp_path / "root" / "é"))


def test_of_two_folders_of_one_visible_name_the_one_that_was_typed_opens(tmp_path, cache):
    photo_folder(tmp_path / "é", ["a.jpg"])
    photo_folder(tmp_path / parts("é"), ["b.jpg"])
    assert load_catalog(tmp_path / "é", cache=cache).image_ids == ("a.jpg",)
    assert load_catalog(tmp_path / parts("é"), cache=cache).image_ids == ("b.jpg",)


@pytest.mark.parametrize("on_disk", ["é.jpg", parts("é.jpg")])
def test_vectors_find_their_photos_in_either_form(folder, opened, on_disk):
    photo_folder(folder, [on_disk])
    np.save(folder / "features.npy", np.eye(2))
    (folder / "img_paths.txt").write_text(f"{parts('é.jpg')}\nx.jpg\n", encoding="utf-8")
    (folder / "labels_true.csv").write_text("path,model\né.jpg,m\n", encoding="utf-8")
    catalog = opened()
    assert known(catalog) == {"x.jpg": None, "é.jpg": "m"}
    assert catalog.images[1].path.is_file()


def test_vectors_tell_two_photos_of_one_visible_name_apart(folder, opened):
    photo_folder(folder, ["é.jpg", parts("é.jpg")])
    np.save(folder / "features.npy", np.eye(2))
    (folder / "img_paths.txt").write_text(f"{parts('é.jpg')}\né.jpg\n", encoding="utf-8")
    (folder / "labels_true.txt").write_text("parts\nwhole\n")
    assert known(opened()) == {"é (2).jpg": "parts", "é.jpg": "whole"}


def test_evaluate_joins_photos_and_labels_of_either_form(tmp_path, run_json):
    (tmp_path / "true.csv").write_text(f"path,model\né/a.jpg,가방\né/b.jpg,{parts('가방')}\né/c.jpg,x\n", "utf-8")
    lines = f".\\{parts('é')}\\a.jpg;1\n./é//b.jpg;1\n{parts('é/c.jpg')};2\n"
    (tmp_path / "pred.csv").write_text(f"image_id;group\n{lines}", encoding="utf-8")
    assert run_json("evaluate", tmp_path / "true.csv", tmp_path / "pred.csv")["ari"] == 1


def test_evaluate_of_groups_with_two_photos_of_one_visible_name(folder, tmp_path, run_json):
    photo_folder(folder, ["가방/a.jpg", parts("가방/a.jpg"), "구두/c.jpg", "구두/d.jpg"])
    told = run_json("group", folder, "--out", tmp_path / "out")
    groups = tmp_path / "out" / "groups.csv"
    assert (told["n_images"], told["n_models"]) == (4, 2)
    assert run_json("evaluate", groups, groups)["ari"] == told["ari"]


def test_a_category_is_chosen_in_either_form(folder, tmp_path, run_json):
    photo_folder(folder, ["é/m1/a.jpg", "é/m2/b.jpg", "o/m3/c.jpg", "o/m4/d.jpg"])
    assert run_json("group", folder, "--category", parts("é"), "--out", tmp_path / "out")["n_images"] == 2
    assert from_address({"category": parts("é")}).category == "é"


def test_a_decision_of_another_form_still_holds(folder, opened, tmp_path):
    photo_folder(folder, ["é/a.jpg", "ö/b.jpg"])
    catalog = opened()
    decision = {"digest": catalog.images[0].digest, "given": parts("é"), "suggested": parts("ö"), "verdict": ACCEPTED}
    kept = tmp_path / "shopsim-home" / "corrections" / "of_an_earlier_version.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps({"decisions": [decision]}), encoding="utf-8")
    after, n_changed = corrected(catalog, read_decisions(catalog))
    assert n_changed == 1
    assert known(after) == {"é/a.jpg": "ö", "ö/b.jpg": "ö"}
