"""New photos beside groups that stay: the space, what is computed, and what is kept."""

from dataclasses import replace

import numpy as np
import pytest
from drawn_photos import draw_photo
from match_cases import COLOURS, group_of, grouped, matched, shown

from shopsim import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.catalog.new_photos import open_new_photos
from shopsim.catalog.open_folder import load_catalog
from shopsim.clusterers import clusterers
from shopsim.features.extractors import extractors
from shopsim.grouping.added import Added
from shopsim.grouping.fit import features_of
from shopsim.grouping.matching.matched import with_new
from shopsim.grouping.matching.regroup import regroup
from shopsim.grouping.placing import parts_of, space_of
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces


@pytest.mark.usefixtures("fake_extractor")
def test_known_models_join_their_group_and_new_ones_make_one(catalog, new, store):
    grouping, source = grouped(catalog, store)
    found = matched(grouping, source, new, store)
    n_known = int(grouping.labels_pred.max()) + 1
    assert (shown(grouping, group_of(found, "red.png")), shown(grouping, group_of(found, "green.png"))) == (
        {"m00"},
        {"m01"},
    )
    assert group_of(found, "black 1.png") == group_of(found, "black 2.png") == n_known
    assert found.matches.n_new_models == 1
    assert found.matches.probability is not None
    assert [problem.name for problem in found.problems] == ["bad.png"]


def test_nothing_is_computed_again_for_old_photos(catalog, new, store, fake_extractor, monkeypatch):
    grouping, source = grouped(catalog, store)
    matched(grouping, source, new, store)
    n_extracted = fake_extractor.n_extracted
    vectors = {path: path.read_bytes() for path in (store.root / "vectors").iterdir()}
    assert n_extracted == len(catalog.images) + 4
    draw_photo(new / "one more.png", COLOURS[2], 950)
    grouping, source = grouped(catalog, store)
    for registry, kept in ((spaces, spaces.create), (clusterers, clusterers.create)):
        monkeypatch.setattr(
            registry, "create", lambda name, kept=kept, **settings: _unfitted(kept(name, **settings), n_old)
        )
    n_old = len(catalog.images)
    found = matched(grouping, source, new, store)
    assert fake_extractor.n_extracted == n_extracted + 1
    assert shown(grouping, group_of(found, "one more.png")) == {"m02"}
    assert {path: path.read_bytes() for path in (store.root / "vectors").iterdir()} == vectors


def _unfitted(made, n_old):
    """The space or clusterer, which fails the test if it is fitted to as many photos as the catalogue has."""
    fit_it = made.fit

    def fit_few(rows, *more, **named):
        assert len(rows) < n_old, "fitted to old photos again"
        return fit_it(rows, *more, **named)

    object.__setattr__(made, "fit", fit_few)
    return made


@pytest.mark.usefixtures("fake_extractor")
@pytest.mark.parametrize("space", spaces.names())
def test_a_photo_of_the_catalogue_lands_where_it_is(catalog, store, space):
    grouping, source = grouped(catalog, store, Recipe(space))
    placed = source.place(catalog, store)
    if space == "blended":  # By another sum, in another order.
        np.testing.assert_allclose(placed.vectors, grouping.fitted.vectors, atol=1e-5)
    else:
        assert placed.vectors.tobytes() == grouping.fitted.vectors.tobytes()


@pytest.mark.usefixtures("fake_extractor")
def test_a_space_that_was_not_kept_is_fitted_again_to_the_same_numbers(catalog, store):
    grouping, source = grouped(catalog, store, Recipe("whitened"))
    store.clear("spaces")
    assert source.place(catalog, store).vectors.tobytes() == grouping.fitted.vectors.tobytes()
    part = parts_of(grouping.fitted.features, None, Recipe("whitened"), "photos")[0]
    before = space_of(part, Recipe("whitened"), store).arrays()
    kept = sorted((store.root / "spaces").iterdir())
    kept[0].write_bytes(b"damaged")
    assert all(
        (space_of(part, Recipe("whitened"), store).arrays()[name] == array).all() for name, array in before.items()
    )


@pytest.mark.usefixtures("fake_extractor")
def test_a_second_extractor_is_asked_too(catalog, new, store):
    added = Added("color_shape", features_of(catalog, "color_shape", {}, cache_dir()), 0.3)
    grouping, source = grouped(catalog, store, added=added)
    assert source.place(catalog, store).vectors.tobytes() == grouping.fitted.vectors.tobytes()
    found = matched(grouping, source, new, store)
    best = found.matches.like.best[found.catalog.image_ids.index("red.png")]
    assert shown(grouping, best) == {"m00"}


@pytest.mark.usefixtures("fake_extractor")
@pytest.mark.parametrize("clusterer", clusterers.names())
def test_every_clustering_takes_new_photos(catalog, new, store, clusterer):
    grouping, source = grouped(catalog, store, Recipe(clusterer=clusterer))
    for rule in ("mean", "nearest"):
        found = matched(grouping, source, new, store, rule)
        assert found.matches.group.min() >= 0
        if rule == "mean" and grouping.fitted.control.is_a_threshold:
            assert found.matches.decision.threshold == grouping.value


@pytest.mark.usefixtures("fake_extractor")
def test_a_copy_has_the_group_of_the_photo_that_it_is_equal_to(catalog, new, store):
    grouping, source = grouped(catalog, store)
    old = catalog.images[13]
    (new / "copy.png").write_bytes(old.path.read_bytes())
    found = matched(grouping, source, new, store)
    row = found.catalog.image_ids.index("copy.png")
    assert found.together.images[found.copy_of[row]].image_id == old.image_id
    assert found.matches.group[row] == grouping.labels_pred[13]


@pytest.mark.usefixtures("fake_extractor")
def test_too_few_photos_fall_back_to_the_threshold_of_the_groups(tiny_catalog, new, store):
    grouping, source = grouped(load_catalog(tiny_catalog), store)
    decision = matched(grouping, source, new, store).matches.decision
    assert (decision.rule, decision.threshold) == ("mean", grouping.value)
    assert "too few" in decision.told


@pytest.mark.usefixtures("fake_extractor")
def test_another_extractor_is_refused(catalog, new, store):
    _, source = grouped(catalog, store)
    other = replace(source, fitted=replace(source.fitted, features=replace(source.fitted.features, key="other")))
    with pytest.raises(ShopsimError, match="gives other numbers"):
        other.place(open_new_photos([new]), store)


@pytest.mark.usefixtures("fake_extractor")
def test_regrouping_with_the_new_photos_counts_equal_ones_once(catalog, new, store):
    grouping, source = grouped(catalog, store)
    (new / "copy.png").write_bytes(catalog.images[0].path.read_bytes())
    made = regroup(grouping, source, with_new(matched(grouping, source, new, store)), store)
    assert len(made.after) == len(grouping.labels_pred) + 4


@pytest.mark.usefixtures("fake_extractor")
def test_a_number_of_groups_grows_with_the_photos(catalog, new, store):
    grouping, source = grouped(catalog, store, Recipe(clusterer="kmeans"), value=20)
    made = regroup(grouping, source, with_new(matched(grouping, source, new, store)), store)
    assert made.value == 21


def test_int8_extracts_beside_the_catalogue(catalog, new, store, fake_extractor, monkeypatch):
    _, source = grouped(catalog, store)
    asked = []

    def features(photos, *more):
        asked.append(len(photos.images))
        return features_of(photos, "fake", {}, cache_dir())

    monkeypatch.setattr("shopsim.grouping.matching.source.features_of", features)
    replace(source, settings={"precision": "int8"}).place(open_new_photos([new]), store)
    assert asked == [len(catalog.images) + 4]
    assert extractors.names()
