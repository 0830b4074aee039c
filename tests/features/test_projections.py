"""What every map must hold, for every registered projection."""

import warnings

import numpy as np
import pytest

from shopsim.features.projections import projections

# Not worth a warning: libraries' own use of what NumPy or Python deprecated.
NOT_OURS = (DeprecationWarning, PendingDeprecationWarning, ImportWarning)


def unit_rows(rows):
    rows = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def random_rows(n_images, n_features=8, seed=0):
    return unit_rows(np.random.default_rng(seed).normal(size=(n_images, n_features)))


def two_islands(n_each=20, n_features=64):
    rng = np.random.default_rng(1)
    centres = np.repeat(rng.normal(size=(2, n_features)), n_each, axis=0)
    return unit_rows(centres + 0.2 * rng.normal(size=centres.shape))


def project_quietly(name, vectors, seed=0, **known):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for category in NOT_OURS:
            warnings.simplefilter("ignore", category)
        return projections.create(name).project(vectors, seed=seed, **known)


def assert_apart(points):
    """Two islands of 20 points are farther apart than either is wide."""
    first, second = points[:20], points[20:]
    gap = np.linalg.norm(first.mean(axis=0) - second.mean(axis=0))
    radius = max(np.linalg.norm(island - island.mean(axis=0), axis=1).max() for island in (first, second))
    assert gap > radius


def neighbours_of(vectors):
    """The k nearest others of each row, by brute force."""
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -np.inf)
    order = np.argsort(-similarity, axis=1, kind="stable")
    return lambda k: (order[:, :k].astype(np.int32), np.take_along_axis(similarity, order[:, :k], axis=1))


ODD_INPUTS = {
    **{f"{n} photos": random_rows(n) for n in (0, 1, 2, 3, 4, 6, 7, 8, 16, 30)},
    "no columns": np.zeros((5, 0), dtype=np.float32),
    "one column": unit_rows([[1], [-1]] * 10),
    "two columns": random_rows(20, 2),
    "all identical": np.repeat(random_rows(1), 20, axis=0),
    "identical but for rounding": np.repeat(random_rows(1), 20, axis=0) + np.float32(1e-8) * np.arange(20)[:, None],
    "only zero rows": np.zeros((20, 8), dtype=np.float32),
    "some zero rows": np.vstack([random_rows(20), np.zeros((20, 8), dtype=np.float32)]),
    "one row unlike the rest": np.vstack([np.repeat(random_rows(1), 19, axis=0), random_rows(1, seed=1)]),
    "two rows, many copies": np.repeat(random_rows(2), 20, axis=0),
    "opposite rows": unit_rows(np.repeat([[1.0, 0.0], [-1.0, 0.0]], 4, axis=0)),
    "one opposite row": unit_rows([[1.0, 0.0]] * 9 + [[-1.0, 0.0]]),
    "more columns than photos": random_rows(10, 300),
}


@pytest.mark.parametrize("name", projections.names())
@pytest.mark.parametrize("vectors", ODD_INPUTS.values(), ids=ODD_INPUTS)
def test_any_vectors_become_finite_points_without_warnings(name, vectors):
    points = project_quietly(name, vectors)
    assert points.shape == (len(vectors), 2)
    assert points.dtype == np.float32
    assert np.isfinite(points).all()


@pytest.mark.parametrize("name", projections.names())
def test_the_same_seed_gives_the_same_points(name):
    vectors = two_islands()
    np.testing.assert_array_equal(project_quietly(name, vectors, seed=3), project_quietly(name, vectors, seed=3))


@pytest.mark.parametrize("name", projections.names())
def test_vectors_are_left_as_they_were(name):
    vectors = two_islands()
    before = vectors.copy()
    project_quietly(name, vectors)
    np.testing.assert_array_equal(vectors, before)


@pytest.mark.parametrize("name", projections.names())
def test_two_islands_stay_apart(name):
    points = project_quietly(name, two_islands())
    assert_apart(points)


def test_pca_of_points_on_a_line_keeps_their_distances():
    # Angles near 0 degrees are nearly evenly spaced along the tangent.
    angles = np.radians([-1.0, 0.0, 1.0])
    points = project_quietly("pca", np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32))
    distances = np.abs(np.diff(points[:, 0]))
    np.testing.assert_allclose(distances, np.sin(np.radians(1.0)), rtol=1e-3)


@pytest.mark.parametrize("vectors", ODD_INPUTS.values(), ids=ODD_INPUTS)
def test_known_neighbours_of_any_vectors_become_finite_points_without_warnings(vectors):
    points = project_quietly("umap", vectors, neighbours=neighbours_of(vectors))
    assert points.shape == (len(vectors), 2)
    assert np.isfinite(points).all()


def test_known_neighbours_are_taken():
    vectors, others = two_islands(), random_rows(40, 64)
    points = project_quietly("umap", vectors, neighbours=neighbours_of(vectors))
    again = project_quietly("umap", vectors, neighbours=neighbours_of(vectors))
    np.testing.assert_array_equal(points, again)
    assert not np.array_equal(points, project_quietly("umap", vectors, neighbours=neighbours_of(others)))
    assert_apart(points)
