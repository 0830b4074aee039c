"""The line as one: a catalogue's features in a space, a tree of them, cut and scored, every costly step kept."""

from dataclasses import replace

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.base.disk.store import Store, save_array
from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.clusterers import clusterers
from shopsim.grouping.fit import OWN_VECTORS, features_of, fit
from shopsim.grouping.grouping import GUESSED, NOTHING_TUNED, TUNED_HERE
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces


@pytest.fixture
def catalog(tiny_catalog):
    return load_catalog(tiny_catalog)


@pytest.fixture
def features(catalog, fake_extractor):
    return features_of(catalog, "fake", {}, cache_dir())


@pytest.fixture
def store():
    return Store(cache_dir())


def kept(store, kind):
    return sorted((store.root / kind).iterdir())


def test_the_line_finds_the_models(catalog, features, store):
    fitted = fit(catalog, features, Recipe(), store)
    grouping = fitted.group(*fitted.opening)
    assert grouping.evaluation.ari == 1
    assert grouping.evaluation.tuned_on == TUNED_HERE
    assert grouping.evaluation.n_groups == grouping.evaluation.n_models == 4


@pytest.mark.parametrize("space", spaces.names())
@pytest.mark.parametrize("clusterer", clusterers.names())
def test_every_recipe_opens_with_groups(catalog, features, store, space, clusterer):
    fitted = fit(catalog, features, Recipe(space=space, clusterer=clusterer), store)
    value, chosen_on = fitted.opening
    assert fitted.control.low <= value <= np.nextafter(fitted.control.high, np.inf)
    assert fitted.check(value) == value
    assert len(fitted.group(value).labels_pred) == 16
    assert chosen_on == (TUNED_HERE if fitted.curve is not None else NOTHING_TUNED)


def test_without_labels_the_opening_threshold_is_a_guess(tiny_catalog, features, store):
    plain = load_catalog(tiny_catalog, form="plain")
    fitted = fit(plain, features, Recipe(), store)
    assert fitted.opening[1] == GUESSED
    assert fitted.group(fitted.opening[0]).evaluation is None
    assert fitted.group(fitted.opening[0]).by_category == {}


def test_a_tree_is_read_the_second_time(catalog, features, store, monkeypatch):
    first = fit(catalog, features, Recipe(), store)
    monkeypatch.setattr(clusterers, "create", lambda *_, **__: pytest.fail("computed again"))
    monkeypatch.setattr(spaces, "create", lambda *_, **__: pytest.fail("computed again"))
    second = fit(catalog, features, Recipe(), store)
    assert second.key == first.key
    assert second.space_note == first.space_note
    np.testing.assert_array_equal(second.vectors, first.vectors)
    np.testing.assert_array_equal(second.tree.linkage, first.tree.linkage)


def test_a_tree_that_would_not_fit_in_memory_is_not_begun(catalog, features, store, monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.memory.free_memory", lambda: 0)
    with pytest.raises(ShopsimError, match="0 MB is free"):
        fit(catalog, features, Recipe(), store)


def test_the_same_photos_with_other_labels_share_the_tree(tiny_catalog, features, store):
    fit(load_catalog(tiny_catalog), features, Recipe(), store)
    fit(load_catalog(tiny_catalog, form="plain"), features, Recipe(), store)
    assert len(kept(store, "trees")) == 1


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(space="raw"),
        Recipe(clusterer="single"),
        Recipe(space_settings={"strength": 0.9}),
        Recipe(clusterer="dbscan", clusterer_settings={"min_samples": 3}),
    ],
)
def test_another_recipe_is_another_tree(catalog, features, store, recipe):
    assert fit(catalog, features, recipe, store).key != fit(catalog, features, Recipe(), store).key
    assert len(kept(store, "trees")) == 2


@pytest.mark.parametrize(
    ("registry", "name", "kinds"), [(spaces, "whitened", ("vectors", "trees")), (clusterers, "average", ("trees",))]
)
def test_a_new_version_is_computed_anew(catalog, features, store, registry, name, kinds):
    fit(catalog, features, Recipe(), store)
    before = {kind: len(kept(store, kind)) for kind in ("vectors", "trees")}
    entry = registry.entry(name)
    with registry.temporarily(replace(entry, version=entry.version + 1)):
        fit(catalog, features, Recipe(), store)
    assert {kind for kind, count in before.items() if len(kept(store, kind)) > count} == set(kinds)


def test_the_first_version_is_called_by_its_name_alone():
    """So that what was computed before there were versions is found."""
    assert spaces.entry("raw").key == "raw"
    assert replace(spaces.entry("raw"), version=3).key == "raw/3"


def test_a_setting_at_its_default_is_the_same_recipe(catalog, features, store):
    given = Recipe(clusterer="dbscan", clusterer_settings={"min_samples": 4})
    assert fit(catalog, features, given, store).key == fit(catalog, features, Recipe(clusterer="dbscan"), store).key


def test_fewer_photos_are_another_tree(catalog, features, store):
    whole = fit(catalog, features, Recipe(), store)
    bags = fit(catalog.in_category("bags"), features, Recipe(), store)
    assert len(bags.vectors) == 8
    assert bags.key != whole.key


@pytest.mark.parametrize("rubbish", [b"", b"no array", np.zeros((3, 4)).tobytes()])
def test_a_damaged_entry_is_computed_again(catalog, features, store, rubbish):
    good = fit(catalog, features, Recipe(), store)
    for kind in ("trees", "vectors"):
        for path in kept(store, kind):
            path.write_bytes(rubbish)
    again = fit(catalog, features, Recipe(), store)
    np.testing.assert_array_equal(again.tree.linkage, good.tree.linkage)
    assert again.space_note == good.space_note


def test_a_tree_of_other_photos_is_computed_again(catalog, features, store):
    good = fit(catalog, features, Recipe(), store)
    (entry,) = kept(store, "trees")
    wrong_parts = good.tree.linkage.copy()
    wrong_parts[3, 1] = 99
    for stored in (np.zeros((3, 4)), wrong_parts, good.tree.linkage.astype(str), np.zeros((15, 4))):
        save_array(entry, stored)
        np.testing.assert_array_equal(fit(catalog, features, Recipe(), store).tree.linkage, good.tree.linkage)


@pytest.mark.parametrize(
    "stored",
    [np.zeros((3, 4), np.float32), np.zeros(16, np.float32), np.zeros((16, 4)), np.full((16, 4), np.nan, "f4")],
)
def test_vectors_of_other_photos_are_computed_again(catalog, features, store, stored):
    good = fit(catalog, features, Recipe(), store)
    for entry in kept(store, "vectors"):
        save_array(entry, stored)
    again = fit(catalog, features, Recipe(), store)
    np.testing.assert_array_equal(again.vectors, good.vectors)
    assert again.space_note == good.space_note


def test_one_flipped_bit_in_anything_that_is_kept_changes_no_number(catalog, features, store):
    good = fit(catalog, features, Recipe(), store)
    paths = [path for kind in ("trees", "vectors") for path in kept(store, kind)]
    assert len(paths) == 3
    for path in paths:
        whole = path.read_bytes()
        # The header, the first and a middle number, the mark, and the checksum.
        for place in (9, 60, 128, len(whole) // 2 + 64, len(whole) - 12, len(whole) - 1):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 64]) + whole[place + 1 :])
            again = fit(catalog, features, Recipe(), store)
            np.testing.assert_array_equal(again.tree.linkage, good.tree.linkage)
            np.testing.assert_array_equal(again.vectors, good.vectors)
            assert again.space_note == good.space_note
            assert path.read_bytes() == whole


def test_photos_without_features_take_no_part(catalog, features, store):
    fewer = features.of(catalog.image_ids[1:])
    fitted = fit(catalog, fewer, Recipe(), store)
    assert fitted.catalog.image_ids == catalog.image_ids[1:]
    assert len(fitted.vectors) == len(fitted.catalog.labels_true) == 15


@pytest.mark.parametrize(("n_photos", "count"), [(0, "0 photos"), (1, "1 photo")])
def test_fewer_than_two_photos_are_told(catalog, features, store, n_photos, count):
    few = catalog.subset(catalog.image_ids[:n_photos])
    with pytest.raises(ShopsimError, match=f"'tiny' has {count} that can be grouped; grouping needs at least 2."):
        fit(few, features, Recipe(), store)


@pytest.mark.parametrize("value", [-1.1, 1.1, float("nan"), float("inf")])
def test_a_threshold_out_of_range_is_told(catalog, features, store, value):
    with pytest.raises(ShopsimError, match="must lie between"):
        fit(catalog, features, Recipe(), store).check(value)


def test_each_category_is_scored_on_its_own(catalog, features, store):
    fitted = fit(catalog, features, Recipe(), store)
    alone = fitted.group(2.0).by_category
    assert list(alone) == ["bags", "shoes"]
    assert [scores.n_images for scores in alone.values()] == [8, 8]
    assert [scores.n_groups for scores in alone.values()] == [8, 8]
    assert [scores.ari for scores in alone.values()] == [0, 0]


def test_a_category_without_labelled_photos_is_not_scored(catalog, features, store):
    images = [replace(image, model=None) if image.category == "shoes" else image for image in catalog.images]
    fitted = fit(replace(catalog, images=tuple(images)), features, Recipe(), store)
    assert list(fitted.group(0.5).by_category) == ["bags"]


def test_a_representative_stands_for_its_own_group(catalog, features, store):
    grouping = fit(catalog, features, Recipe(), store).group(0.95)
    central = grouping.representatives
    np.testing.assert_array_equal(grouping.labels_pred[central.index], grouping.labels_pred)


def test_own_vectors_come_without_an_extractor(tmp_path, tiny_catalog, store):
    paths = sorted(str(path) for path in tiny_catalog.rglob("*.png"))
    np.save(tmp_path / "own.npy", np.repeat(np.eye(4, dtype=np.float32), 4, axis=0))
    (tmp_path / "img_paths.txt").write_text("\n".join(paths))
    catalog = load_catalog(tmp_path / "own.npy")
    fitted = fit(catalog, features_of(catalog, OWN_VECTORS, {}, cache_dir()), Recipe(space="raw"), store)
    assert len(set(fitted.group(0.5).labels_pred.tolist())) == 4
