"""Rows of a few hundred photos, in all shapes that a clustering meets, and what makes two trees of them the same."""

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.clusterers.merge_tree import MergeTree

# Heights of two ways to compute them in single precision.
CLOSE = 2e-6


def around_centres(rng):
    """Six photos of each model."""
    return np.repeat(rng.standard_normal((60, 16)), 6, axis=0) + 0.4 * rng.standard_normal((360, 16))


def all_alike(rng):
    """Photos without any order."""
    return 1 + 0.3 * rng.standard_normal((300, 8))


def along_a_line(rng):
    """A chain: each photo has two near neighbours."""
    angle = np.sort(rng.uniform(0, np.pi, 300))
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def of_many_sizes(rng):
    """Models of one photo to a hundred."""
    centres = rng.standard_normal((40, 6))
    sizes = np.minimum(100, (60 / np.arange(1, 41)).astype(int) + 1)
    return np.repeat(centres, sizes, axis=0) + 0.3 * rng.standard_normal((sizes.sum(), 6))


def with_copies(rng):
    """Every third photo twice or more."""
    rows = rng.standard_normal((120, 8))
    return rows[np.sort(np.concatenate([np.arange(120), rng.integers(0, 40, 80)]))]


PHOTOS = [around_centres, all_alike, along_a_line, of_many_sizes, with_copies]


def made(photos, seed):
    return unit_rows(photos(np.random.default_rng(seed)))


def assert_same_tree(linkage, expected):
    """Equal groups at every threshold that two heights leave room for, at least 50, and equal heights."""
    assert assert_same_groups(MergeTree(linkage, len(linkage) + 1), expected) > 50


def assert_same_groups(found, expected):
    """Equal heights, and equal groups at every threshold that two heights leave room for; returns their number."""
    np.testing.assert_allclose(found.linkage[:, 2], expected.linkage[:, 2], atol=CLOSE)
    edges = expected.similarities
    wide = np.flatnonzero(-np.diff(edges) > 2 * CLOSE)
    for place in wide:
        threshold = (edges[place] + edges[place + 1]) / 2
        np.testing.assert_array_equal(found.cut(threshold), expected.cut(threshold))
    return len(wide)
