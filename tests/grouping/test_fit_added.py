"""A second extractor beside the main one: one space for each, and the mean of their similarities by share."""

from dataclasses import replace

import numpy as np
import pytest
from tuned_cases import photos, second_view

from shopsim import ShopsimError
from shopsim.base.disk.store import Store, digest_of
from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Problem
from shopsim.clusterers import clusterers
from shopsim.features.extract import Features
from shopsim.grouping.added import Added
from shopsim.grouping.fit import fit, with_features
from shopsim.grouping.grouping import TUNED_HERE
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.level_cuts import fit_space
from shopsim.tuning.tuned_groups import fitted_tree, rows_in_space


@pytest.fixture
def store():
    return Store(cache_dir())


@pytest.fixture
def two():
    """A catalogue, the main extractor's features, and those of another one with a share of 30 %."""
    catalog, features = photos()
    return catalog, features, Added("other", second_view(features), 0.3)


def without(added, *rows):
    """The second extractor without these photos, each with a reason."""
    features = added.features
    kept = features.of([name for row, name in enumerate(features.image_ids) if row not in rows])
    told = tuple(Problem(features.image_ids[row], "it is blank") for row in rows)
    return replace(added, features=replace(kept, problems=told))


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("space", spaces.names())
def test_the_similarity_of_each_pair_is_the_mean_of_both_by_share(two, store, space, share):
    catalog, features, added = two
    recipe = Recipe(space)
    fitted = fit(catalog, features, recipe, store, added=replace(added, share=share))
    ours, theirs = (fit(catalog, each, recipe, store).vectors for each in (features, added.features))
    for row in range(0, len(ours), 7):
        for other in range(len(ours)):
            mean = (1 - share) * float(ours[row] @ ours[other]) + share * float(theirs[row] @ theirs[other])
            assert fitted.vectors[row] @ fitted.vectors[other] == pytest.approx(mean, abs=1e-5)


@pytest.mark.parametrize("clusterer", ["average", "average_local", "leiden"])
@pytest.mark.parametrize("space", spaces.names())
def test_the_groups_are_those_of_the_same_candidate_of_auto(two, store, space, clusterer):
    catalog, features, added = two
    added = without(added, 3, 50)
    candidate = Candidate(Recipe(space, {}, clusterer, {}), (("other", 0.3),))
    fitted = fit(catalog, features, candidate.recipe, store, added=added)
    views = {"main": features.vectors, "other": added.of(catalog.image_ids).features.vectors}
    known = {(name, candidate.recipe.space_digest): fit_space(rows, candidate.recipe) for name, rows in views.items()}
    np.testing.assert_allclose(fitted.vectors, rows_in_space(candidate, known, views), atol=1e-6)
    value = fitted.opening[0]
    np.testing.assert_array_equal(fitted.tree.cut(value), fitted_tree(candidate, known, views).cut(value))


@pytest.mark.parametrize("clusterer", ["average", "average_count", "average_local"])
def test_the_tree_of_many_photos_is_the_same_without_a_square_of_them(two, store, clusterer, monkeypatch):
    """SciPy's tree of a few photos, and the tree by group means that many photos get."""
    catalog, features, added = two
    added = without(added, 3, 50)
    few = fit(catalog, features, Recipe("raw", {}, clusterer), store, added=added)
    for module in ("hierarchical", "local_scale"):
        monkeypatch.setattr(f"shopsim.clusterers.{module}.FEWEST", 2)
        monkeypatch.delattr(f"shopsim.clusterers.{module}.condensed_distances")
    elsewhere = Store(cache_dir() / "elsewhere")
    many = fit(catalog, features, Recipe("raw", {}, clusterer), elsewhere, added=added)
    few_tree, many_tree = (getattr(fitted.tree, "tree", fitted.tree) for fitted in (few, many))
    np.testing.assert_allclose(many_tree.linkage[:, 2], few_tree.linkage[:, 2], atol=2e-6)
    edges = few_tree.similarities
    for place in np.flatnonzero(-np.diff(edges) > 1e-5):
        threshold = (edges[place] + edges[place + 1]) / 2
        np.testing.assert_array_equal(many_tree.cut(threshold), few_tree.cut(threshold))


def test_nothing_changes_for_one_extractor(two, store):
    catalog, features, added = two
    alone = fit(catalog, features, Recipe(), store)
    fit(catalog, features, Recipe(), store, added=added)
    again = fit(catalog, features, Recipe(), Store(cache_dir() / "elsewhere"))
    assert again.key == alone.key == digest_of(features.key, with_features(catalog, features)[2], Recipe().digest)
    assert alone.added is None
    np.testing.assert_array_equal(again.vectors, alone.vectors)
    np.testing.assert_array_equal(again.tree.linkage, alone.tree.linkage)


def test_a_photo_only_the_main_extractor_knows_takes_part_and_is_told_of(two, store):
    catalog, features, added = two
    fitted = fit(catalog, features, Recipe("raw"), store, added=without(added, 4))
    assert fitted.catalog.image_ids == catalog.image_ids
    np.testing.assert_allclose(fitted.vectors[4, :16], features.vectors[4], atol=1e-6)
    assert not fitted.vectors[4, 16:].any()
    (note,) = fitted.added.notes
    assert (note.name, note.left_out) == (catalog.image_ids[4], False)
    assert note.reason == "only the first extractor compares it; other: it is blank"


def test_a_photo_only_the_second_extractor_knows_is_left_out(two, store):
    catalog, features, added = two
    fitted = fit(catalog, features.of(catalog.image_ids[1:]), Recipe(), store, added=added)
    assert fitted.catalog.image_ids == catalog.image_ids[1:] == fitted.added.features.image_ids
    assert fitted.added.notes == ()


def test_a_photo_that_can_be_read_again_is_compared_again(two, store):
    catalog, features, added = two
    before = fit(catalog, features, Recipe(), store, added=without(added, 4))
    after = fit(catalog, features, Recipe(), store, added=added)
    assert after.key != before.key
    fresh = fit(catalog, features, Recipe(), Store(cache_dir() / "elsewhere"), added=added)
    np.testing.assert_array_equal(after.vectors, fresh.vectors)


def test_another_share_or_extractor_is_another_tree_but_no_new_vectors(two, store):
    catalog, features, added = two
    first = fit(catalog, features, Recipe(), store, added=added)
    n_kept = len(list((store.root / "vectors").iterdir()))
    second = fit(catalog, features, Recipe(), store, added=replace(added, share=0.5))
    assert len(list((store.root / "vectors").iterdir())) == n_kept
    third = fit(catalog, features, Recipe(), store, added=replace(added, features=second_view(features, key="third")))
    alone = fit(catalog, features, Recipe(), store)
    assert len({fitted.key for fitted in (first, second, third, alone)}) == 4


def test_the_tree_of_two_extractors_is_read_the_second_time(two, store, monkeypatch):
    catalog, features, added = two
    first = fit(catalog, features, Recipe(), store, added=added)
    monkeypatch.setattr(clusterers, "create", lambda *_, **__: pytest.fail("computed again"))
    monkeypatch.setattr(spaces, "create", lambda *_, **__: pytest.fail("computed again"))
    second = fit(catalog, features, Recipe(), store, added=added)
    assert (second.key, second.space_note) == (first.key, first.space_note)
    np.testing.assert_array_equal(second.vectors, first.vectors)
    np.testing.assert_array_equal(second.tree.linkage, first.tree.linkage)


def test_the_note_tells_both_spaces_and_the_share(two, store):
    catalog, features, added = two
    note = fit(catalog, features, Recipe("raw"), store, added=added).space_note
    plain = "Vectors as the extractor gave them."
    assert note == f"{plain} other, 30% of the similarity: {plain}"


def test_curve_opening_and_strict_groups_follow_the_mean(two, store):
    catalog, features, added = two
    fitted = fit(catalog, features, Recipe(), store, added=added)
    value, chosen_on = fitted.opening
    assert chosen_on == TUNED_HERE
    assert fitted.group(value).evaluation.ari == pytest.approx(fitted.curve.ari.max())
    strict = fitted.group(value, strict=True)
    for group in range(int(strict.labels_pred.max()) + 1):
        rows = fitted.vectors[strict.labels_pred == group]
        assert (rows @ rows.T).min() >= value - 1e-5


@pytest.mark.parametrize("share", [0.0, -0.1, 0.91, 1.0, float("nan")])
def test_a_share_out_of_range_is_told(share):
    features = Features(np.ones((2, 3), np.float32), ("a", "b"), "key")
    with pytest.raises(ShopsimError, match=r"The share of 'other' is .* must be above 0 and at most 0\.9"):
        Added("other", features, share)
