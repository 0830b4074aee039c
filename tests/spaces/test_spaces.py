"""Spaces: what every registered one must do, and what whitening does to many photos and to few."""

import numpy as np
import pytest
from vectors import clustered_rows, unit

from shopsim import ShopsimError
from shopsim.base.rows import distinct_rows, unit_rows
from shopsim.spaces import spaces
from shopsim.spaces.blended import Blending

every_space = pytest.mark.parametrize("name", spaces.all_names())


def fitted_on(name, rows, **settings):
    """The space of that name fitted on the rows; one that learns takes each run of some equal ones for a model."""
    space = spaces.create(name, **settings)
    return space.fit(rows, np.arange(len(rows)) // 9) if spaces.entry(name).learns else space.fit(rows)


@every_space
@pytest.mark.parametrize("n_rows", [0, 1, 2, 31, 32, 200])
def test_rows_come_out_as_long_as_one_for_any_number_of_photos(name, n_rows):
    rows = clustered_rows(n_rows)
    fitted = fitted_on(name, rows)
    out = fitted.transform(rows)
    assert out.dtype == np.float32
    assert len(out) == n_rows
    assert np.allclose(np.linalg.norm(out, axis=1), 1.0, atol=1e-5)
    assert fitted.note.endswith(".")


@every_space
def test_a_zero_row_stays_zero_and_changes_no_other(name):
    rows = clustered_rows(100)
    blank = np.zeros((1, 16), np.float32)
    # At the end, where it leaves the others in their models.
    fitted = fitted_on(name, np.concatenate([rows, blank]))
    out = fitted.transform(np.concatenate([rows, blank]))
    assert not out[-1].any()
    assert np.allclose(out[:-1], fitted_on(name, rows).transform(rows), atol=1e-5)


@every_space
def test_equal_rows_stay_equal_to_the_last_bit(name):
    rows = np.repeat(clustered_rows(101, n_features=37), 3, axis=0)
    out = fitted_on(name, rows).transform(rows)
    assert (out[0::3] == out[1::3]).all()
    assert (out[0::3] == out[2::3]).all()


@every_space
def test_a_fitted_space_transforms_photos_it_was_not_fitted_on(name):
    # Neighbours are looked for among the photos transformed; without them the space must give each its own place.
    settings = {"neighbours": 1, "power": 10.0} if name == "blended" else {}
    fitted = fitted_on(name, clustered_rows(100), **settings)
    fitted = getattr(fitted, "before", fitted)
    unseen = clustered_rows(7, seed=1)
    alone = np.concatenate([fitted.transform(row[None]) for row in unseen])
    assert np.allclose(fitted.transform(unseen), alone, atol=1e-5)


@every_space
@pytest.mark.parametrize("rows", [np.zeros((50, 8)), np.ones((50, 8)), np.eye(8)[np.zeros(50, int)]])
def test_photos_without_differences_give_no_nan(name, rows):
    out = fitted_on(name, rows.astype(np.float32)).transform(rows.astype(np.float32))
    assert np.isfinite(out).all()


@every_space
def test_a_fitted_space_can_be_stored_and_made_again(name):
    rows, unseen = clustered_rows(100), clustered_rows(40, seed=1)
    fitted = fitted_on(name, rows)
    again = spaces.create(name).restore(fitted.arrays())
    assert again.transform(unseen).tolist() == fitted.transform(unseen).tolist()


@pytest.mark.parametrize("name", [name for name in spaces.all_names() if name != "raw"])
def test_arrays_that_are_no_linear_map_are_refused(name):
    arrays = fitted_on(name, clustered_rows(100)).arrays()
    flat, projection = np.float32(1), arrays["projection"]
    no_mean = [{"projection": projection}, *(arrays | {"mean": mean} for mean in (arrays["mean"][1:], flat))]
    no_projection = [projection[:, :0], projection[:, 0], projection[:, :, None], flat]
    for wrong in [*no_mean, {"mean": arrays["mean"]}, *(arrays | {"projection": other} for other in no_projection)]:
        with pytest.raises(ShopsimError, match="'mean'"):
            spaces.create(name).restore(wrong)


def test_a_number_of_components_is_kept_to():
    rows = clustered_rows(200)
    assert spaces.create("whitened", components=5).fit(rows).transform(rows).shape == (200, 5)
    assert spaces.create("whitened", components=50).fit(rows).transform(rows).shape == (200, 16)


@pytest.mark.parametrize("neighbours, power", [(1, 1.0), (3, 3.0), (5, 0.0), (90, 2.0)])
def test_blending_is_its_definition(neighbours, power):
    rows = clustered_rows(60)
    expected = []
    for row in rows:
        similarity = (rows @ row).clip(0, 1)
        order = np.argsort(-similarity)[: neighbours + 1]
        total = sum(similarity[other] ** power * rows[other] for other in order if similarity[other] > 0)
        expected.append(total / np.linalg.norm(total))
    fitted = Blending(neighbours, power).fit(rows)
    assert np.allclose(fitted.transform(rows), expected, atol=1e-5)


def test_a_photo_placed_among_known_ones_lies_where_it_would_had_it_been_there():
    rows = clustered_rows(100)
    fitted = spaces.create("blended").fit(rows)
    everything = fitted.transform(rows)
    assert np.allclose(fitted.place(rows[:10], rows), everything[:10], atol=1e-5)
    # One that is new may have become a neighbour of its neighbours, but they stay, so only its own row counts.
    assert np.allclose(fitted.place(rows[:1], rows[1:]), everything[:1], atol=1e-5)


def test_raw_keeps_the_vectors():
    rows = clustered_rows(10)
    assert np.allclose(spaces.create("raw").fit(rows).transform(rows), rows, atol=1e-7)


@pytest.mark.parametrize("n_rows, n_features", [(200, 16), (60, 100), (40, 200)])
def test_whitening_is_its_definition(n_rows, n_features):
    rows = clustered_rows(n_rows, n_features)
    centred = (rows - rows.mean(axis=0)).astype(np.float64)
    _, singular, directions = np.linalg.svd(centred, full_matrices=False)
    k = min(n_rows // 4, n_features)
    projected = centred @ directions[:k].T * (singular[:k] ** 2 / (n_rows - 1)) ** -0.25
    expected = projected / np.linalg.norm(projected, axis=1, keepdims=True)
    out = spaces.create("whitened", strength=0.5).fit(rows).transform(rows)
    assert np.allclose(out @ out.T, expected @ expected.T, atol=1e-3)


def test_full_strength_gives_every_component_the_same_variance():
    rng = np.random.default_rng(0)
    rows = unit(rng.standard_normal((4000, 6)) * [9, 5, 3, 2, 1, 0.5])
    fitted = spaces.create("whitened", strength=1.0).fit(rows)
    variances = ((rows - fitted.mean) @ fitted.projection).var(axis=0)
    assert np.allclose(variances, 1.0, rtol=0.01)


def test_no_strength_keeps_distances_from_the_mean():
    rows = clustered_rows(200)
    fitted = spaces.create("whitened", strength=0.0).fit(rows)
    centred = unit_rows(rows - rows.mean(axis=0))
    out = fitted.transform(rows)
    assert np.allclose(out @ out.T, centred @ centred.T, atol=1e-4)


@pytest.mark.parametrize("n_rows, n_components", [(32, 8), (400, 100), (1200, 256), (200, 50)])
def test_at_most_one_component_for_four_photos(n_rows, n_components):
    rows = clustered_rows(n_rows, n_features=300, n_centres=20)
    fitted = spaces.create("whitened").fit(rows)
    assert fitted.transform(rows).shape == (n_rows, n_components)
    assert f"{n_components} components" in fitted.note


def test_copies_do_not_buy_components():
    rows = np.repeat(clustered_rows(40, n_features=64), 10, axis=0)
    assert spaces.create("whitened").fit(rows).transform(rows).shape == (400, 10)


@pytest.mark.parametrize("n_rows, copies", [(31, 1), (2, 1), (20, 5)])
def test_below_32_different_photos_the_vectors_stay_raw_and_the_note_says_so(n_rows, copies):
    rows = np.repeat(clustered_rows(n_rows), copies, axis=0)
    fitted = spaces.create("whitened", strength=1.0).fit(rows)
    assert np.allclose(fitted.transform(rows), rows, atol=1e-7)
    assert fitted.note == f"Raw vectors: whitening needs 32 different photos, this catalogue has {n_rows}."


def test_a_near_copy_stays_near_after_whitening_at_full_strength():
    rows = clustered_rows(40, n_features=200)
    near = unit(rows[:1] + 0.01 * clustered_rows(1, n_features=200, seed=9))
    rows = np.concatenate([rows, near])
    out = spaces.create("whitened", strength=1.0).fit(rows).transform(rows)
    assert out[0] @ out[-1] > 0.95
    assert abs(out[0] @ out[1:-1].T).max() < 0.9


def test_a_direction_without_variance_is_not_blown_up():
    rows = clustered_rows(400, n_features=8)
    flat = np.concatenate([rows, np.full((400, 1), 1e-9, np.float32)], axis=1)
    fitted = spaces.create("whitened", strength=1.0).fit(flat)
    nudged = flat[:1] + np.eye(9, dtype=np.float32)[8] * 1e-4
    assert np.allclose(fitted.transform(flat[:1]), fitted.transform(nudged), atol=0.02)


def test_whitening_is_deterministic():
    rows = clustered_rows(300, n_features=64)
    first, second = (spaces.create("whitened").fit(rows).transform(rows) for _ in range(2))
    assert (first == second).all()


@pytest.mark.parametrize("strength", [-0.1, 1.1, "nan", "much"])
def test_a_strength_out_of_range_is_refused(strength):
    with pytest.raises(ShopsimError, match="strength"):
        spaces.create("whitened", strength=strength)


def test_distinct_rows_tell_which_rows_are_equal():
    rows = np.array([[1, 0], [0, 1], [1, -0.0], [0, 1], [2, 2]], np.float32)
    first, inverse = distinct_rows(rows)
    assert first.tolist() == [0, 1, 4]
    assert inverse.tolist() == [0, 1, 0, 1, 2]
    assert [len(part) for part in distinct_rows(np.zeros((0, 3), np.float32))] == [0, 0]
