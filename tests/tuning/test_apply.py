"""Grouping as tuned elsewhere: what is refused, what is said, what is kept."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from tuned_cases import photos, second_view, tuned_once, tuned_settings

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.base.work.progress import Stopped
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import Features
from shopsim.features.extractors import extractors
from shopsim.grouping.corrections.bound import Bound
from shopsim.grouping.fit import OWN_VECTORS, features_of
from shopsim.grouping.grouping import NOTHING_TUNED, TUNED_HERE
from shopsim.scoring.evaluation import evaluate
from shopsim.tuning import apply as as_tuned
from shopsim.tuning.apply import features_as_tuned, group_as_tuned
from shopsim.tuning.tune import tune
from shopsim.tuning.tuned_groups import consensus
from shopsim.tuning.validation import with_unnormalised

NEW = photos("second", n_models=30, n_photos=4, seed=1)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def grouped(store, catalog, features, settings=None, added=None, **given):
    return group_as_tuned(catalog, features, added or {}, settings or tuned_once("first"), store, **given)


def joined(catalog, *others):
    """One catalogue of the photos of several, and its features."""
    catalogs = [catalog[0], *(other[0] for other in others)]
    images = tuple(
        replace(image, image_id=f"{number}/{image.image_id}")
        for number, each in enumerate(catalogs)
        for image in each.images
    )
    together = replace(catalog[0], name="both", images=images)
    raw = np.concatenate([catalog[1].raw, *(other[1].raw for other in others)])
    return together, Features(raw, together.image_ids, catalog[1].key)


@pytest.mark.parametrize("given", [{}, {"photos_per_model": 4.0}])
def test_corrections_are_respected_at_every_agreement_and_are_another_entry(store, given):
    plain, bound = grouped(store, *NEW, **given), Bound(120, ((0, 50, 119),), ((0, 1), (2, 3)))
    for _ in range(2):
        fitted = grouped(store, *NEW, bound=bound, **given)
        assert (fitted.key != plain.key, fitted.opening) == (True, plain.opening)
        for agreement in (0.0, 0.2, 0.5, 0.9, 1.0):
            labels = fitted.group(agreement).labels_pred
            assert labels[0] == labels[50] == labels[119]
            assert labels[0] != labels[1]
            assert labels[2] != labels[3]
    nothing = grouped(store, *NEW, bound=Bound(120, (), ()), **given)
    assert (nothing.key, nothing.bindings) == (plain.key, None)


def test_another_catalogue_is_grouped_well_and_says_what_it_was_tuned_on(store):
    fitted = grouped(store, *NEW)
    value, told = fitted.opening
    assert (value, told) == (0.5, "tuned on 'first'")
    grouping = fitted.group(value, told)
    assert adjusted_rand_score(NEW[0].labels_true, grouping.labels_pred) == grouping.evaluation.ari > 0.55
    assert tuned_once("first").sentence in fitted.space_note
    assert told != NOTHING_TUNED


def test_many_times_as_many_photos_are_grouped_better_by_rules_corrected_for_that():
    scores = []
    for seed in range(2):
        tuned = tune(*photos(seed=seed), "fake", {}, {}, n_to_group=20)
        catalog, features = photos(n_models=80, seed=seed + 100)
        views = with_unnormalised({"fake": features.vectors}, features.raw)
        given = tuned.members, tuned.fitted, views, tuned.prior
        for n_tuned in (tuned.n_validation, len(features.vectors)):
            scores.append(evaluate(catalog.labels_true, consensus(*given, n_tuned).cut(0.5)).ari)
    assert np.mean(scores[::2]) > np.mean(scores[1::2]) + 0.01


def test_labels_of_the_new_catalogue_play_no_part(store, tmp_path):
    plain = photos("second", n_models=30, n_photos=4, seed=1, labels=False)
    with_labels, without = grouped(store, *NEW), grouped(Store(tmp_path / "other"), *plain)
    assert with_labels.tree.linkage.tolist() == without.tree.linkage.tolist()
    assert with_labels.key == without.key


@pytest.mark.parametrize(
    "catalog, told",
    [
        (photos("first"), TUNED_HERE),
        (photos("renamed"), TUNED_HERE),
        (photos("other", seed=1), "tuned on 'first'"),
        (joined(photos("first"), photos("other", seed=1)), "tuned on 'first', which has 100 of these"),
    ],
    ids=["itself", "renamed", "other", "both"],
)
def test_photos_that_were_tuned_on_are_said(store, catalog, told):
    assert grouped(store, *catalog).opening[1] == told


def test_a_part_of_the_tuned_photos_is_tuned_here_too(store):
    catalog, features = photos("first")
    part = catalog.subset(catalog.image_ids[:40])
    assert grouped(store, part, features).opening[1] == TUNED_HERE


def test_of_a_half_labelled_catalogue_the_photos_that_are_scored_count(store):
    catalog, features = photos("half")
    images = tuple(replace(image, model=image.model if row < 60 else None) for row, image in enumerate(catalog.images))
    half = replace(catalog, images=images)
    tuned = tune(half, features, "fake", {}, {})
    assert tuned.tuned_on.n_images == 60
    assert grouped(store, half, features, tuned).opening[1] == TUNED_HERE
    assert "60 of these" in grouped(store, catalog, features, tuned).opening[1]


def test_vectors_of_another_length_are_refused_even_if_no_space_minds():
    catalog, features = photos(n_features=17)
    raw_only = replace(
        tuned_once("first"),
        members=tuple(each for each in tuned_once("first").members if each.candidate.recipe.space == "raw"),
    )
    for settings in (tuned_once("first"), raw_only):
        with pytest.raises(ShopsimError, match=r"'fake' have 17 numbers; .* another length, 16"):
            group_as_tuned(catalog, features, {}, settings, None)


def test_an_added_extractor_of_another_length_is_refused_by_name():
    settings = tuned_settings(added=True)
    added = {"other": second_view(NEW[1], n_features=5)}
    with pytest.raises(ShopsimError, match="'other' have 5 numbers"):
        group_as_tuned(*NEW, added, settings, None)


def test_an_extractor_that_gives_other_numbers_now_is_refused_by_name(tiny_catalog, fake_extractor, tmp_path):
    catalog = load_catalog(tiny_catalog)
    features = features_of(catalog, "fake", {}, tmp_path)
    uses = (replace(tuned_once("first").extractors[0], settings={}, key=features.key, n_features=48),)
    assert features_as_tuned(catalog, replace(tuned_once("first"), extractors=uses), tmp_path)[0].key == features.key
    changed = replace(tuned_once("first"), extractors=(replace(uses[0], key="of another version"),))
    with pytest.raises(ShopsimError, match="'fake' gives other numbers here"):
        features_as_tuned(catalog, changed, tmp_path)
    added = replace(
        tuned_once("first"), extractors=(uses[0], replace(uses[0], name="color_shape", key="of another version"))
    )
    with pytest.raises(ShopsimError, match="'color_shape' gives other numbers here"):
        features_as_tuned(catalog, added, tmp_path)


def test_an_extractor_that_is_not_there_is_told_with_those_that_are(tiny_catalog, tmp_path):
    assert "fake" not in extractors.names()
    with pytest.raises(ShopsimError, match="Unknown extractor 'fake'"):
        features_as_tuned(load_catalog(tiny_catalog), tuned_once("first"), tmp_path)


def test_the_second_time_the_tree_is_read(store, monkeypatch):
    first = grouped(store, *NEW)
    monkeypatch.setattr(as_tuned, "consensus", lambda *given: pytest.fail("computed again"))
    again = grouped(store, *NEW)
    assert again.tree.linkage.tolist() == first.tree.linkage.tolist()
    assert again.tree.control == first.tree.control


@pytest.mark.parametrize("damage", [b"", b"no array", None], ids=["empty", "text", "another tree"])
def test_a_damaged_tree_is_a_miss_and_is_written_again(store, damage):
    first = grouped(store, *NEW)
    (path,) = (store.root / "trees").iterdir()
    if damage is None:
        store.save("trees", first.key, np.zeros((3, 4)))
    else:
        path.write_bytes(damage)
    assert grouped(store, *NEW).tree.linkage.tolist() == first.tree.linkage.tolist()
    assert store.load("trees", first.key).tolist() == first.tree.linkage.tolist()


def test_other_settings_photos_or_features_have_a_tree_of_their_own(store):
    other_key = replace(NEW[1], key="other-key")
    keys = [
        grouped(store, *NEW).key,
        grouped(store, *NEW, tuned_settings("first", seed=3)).key,
        grouped(store, *photos("second", n_models=30, n_photos=4, seed=4)).key,
        grouped(store, NEW[0], other_key).key,
    ]
    assert len(set(keys)) == 4


@pytest.mark.parametrize("n, told", [(0, "0 photos"), (1, "1 photo ")])
def test_fewer_than_two_photos_are_refused(n, told):
    catalog, features = NEW
    few = catalog.subset(catalog.image_ids[:n])
    with pytest.raises(ShopsimError, match=f"'second' has {told}.*needs at least 2"):
        group_as_tuned(few, features, {}, tuned_once("first"), None)


@pytest.mark.parametrize("n", [2, 3])
def test_two_photos_are_enough(store, n):
    catalog, features = NEW
    fitted = grouped(store, catalog.subset(catalog.image_ids[:n]), features)
    assert fitted.group(0.5).labels_pred.shape == (n,)


def test_photos_without_features_are_left_out(store):
    catalog, features = NEW
    kept = features.of(catalog.image_ids[::2])
    fitted = grouped(store, catalog, kept)
    assert fitted.catalog.image_ids == kept.image_ids
    assert len(tune(catalog, kept, "fake", {}, {}).tuned_on.photos) == 60


def test_copies_stay_together(store):
    twice = joined(NEW, NEW)
    labels = grouped(store, *twice).group(0.5).labels_pred
    assert labels[:120].tolist() == labels[120:].tolist()


def test_progress_counts_groupings_and_can_stop_it(store):
    told = []
    grouped(store, *NEW, progress=lambda done, total: told.append((done, total)))
    assert told == [(done, len(tuned_once("first").members)) for done in range(len(tuned_once("first").members) + 1)]

    def stop(done, total):
        raise Stopped

    with pytest.raises(Stopped):
        grouped(store, *photos(seed=8), progress=stop)


def test_own_vectors_are_known_by_their_numbers(store):
    catalog, features = photos("first")
    tuned = tune(catalog, features, OWN_VECTORS, {}, {})
    # Photos that are not at hand have no digest of their own.
    other = replace(catalog, images=tuple(replace(image, digest=image.digest[::-1]) for image in catalog.images))
    assert grouped(store, other, features, tuned).opening[1] == TUNED_HERE
    assert grouped(store, other, replace(features, raw=features.raw + 1), tuned).opening[1] == "tuned on 'first'"
