"""Scores the label of every photo by three kinds of evidence, and finds those that the evidence contradicts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.rows import unit_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import Tree
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.review.ballots import cast_ballots
from shopsim.review.bench import Bench
from shopsim.review.found import LabelErrors, nothing_found

# The number of groups at each cut, relative to that at the best threshold.
_LADDER = (0.5, 0.5**0.5, 1.0, 2**0.5, 2.0)


def cuts_around(tree: Tree, value: float) -> list[np.ndarray]:
    """Returns the groups at several cuts, (n,) int64 each.

    A merge tree is cut into half to twice as many groups as at `value`; other clusterings are cut at `value` only.
    """
    if not isinstance(tree, MergeTree) or tree.n_images < 3:
        return [tree.cut(value)]
    n_groups = tree.n_groups(value)
    wanted = {int(np.clip(round(n_groups * ratio), 2, tree.n_images - 1)) for ratio in _LADDER}
    return [tree.cut(tree.merge_similarities[tree.n_images - count - 1]) for count in sorted(wanted)]


def find_label_errors(
    vectors: np.ndarray,
    digests: Sequence[str],
    labels_true: np.ndarray,
    cuts: Sequence[np.ndarray],
    progress: Progress = silent,
    seed: int = 0,
    store: Store | None = None,
) -> LabelErrors:
    """Finds photos whose label disagrees with the labels of similar photos.

    vectors: (n, d); digests: (n,) of the bytes; labels_true: (n,) models from 0, or UNLABELLED: such photos neither
    vote nor get a score. cuts: (n,) groups from 0 each, see `cuts_around`. store: shares the neighbour lists with other
    users of these vectors. Memory: blocks of 1,024 rows, no n x n array.

    Three kinds of evidence are divided between the given model and the most likely other one: the nearest photos, the
    groups at several cuts, and the similarity to both models' nearest photos. The score is the mean of the three
    shares. A byte-equal copy with the other label is a fourth. A photo's own label never counts for or against it.
    If all labels are one model, or no model has two photos, nothing can be found and every score is 0.
    """
    labels_true = np.asarray(labels_true, dtype=np.int64)
    ballots = cast_ballots(digests, labels_true)
    if np.count_nonzero(ballots.sizes) < 2:
        return nothing_found(labels_true)
    groups = [cut[ballots.first] for cut in cuts]
    bench = Bench(unit_rows(vectors[ballots.first]), Neighbours(vectors, store), ballots, groups, progress)
    if not bench.fits.tells:
        return nothing_found(labels_true)
    return bench.judge(ballots.of_photo)
