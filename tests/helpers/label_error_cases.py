"""Models at known angles, and the label errors that are found among them."""

import numpy as np
from vectors import at_angles

from shopsim.clusterers import clusterers
from shopsim.review import cuts_around, find_label_errors

RED, BLUE, GREEN = 0, 1, 2


def digests_of(n_images, copies=()):
    """One digest a photo; copies: (photo, photo it is byte-equal to)."""
    digests = [f"{number:032x}" for number in range(n_images)]
    for copy, original in copies:
        digests[copy] = digests[original]
    return digests


def find(rows, labels, copies=(), n_groups=3, **options):
    """The label errors, with groups of an average-linkage tree around a number of groups."""
    tree = clusterers.create("average").fit(rows)
    value = tree.merge_similarities[max(tree.n_images - n_groups - 1, 0)]
    return find_label_errors(rows, digests_of(len(rows), copies), np.array(labels), cuts_around(tree, value), **options)


def three_models(extra=(), each=12):
    """Rows of three models 40 degrees apart, photos of one model half a degree apart, then photos at further angles."""
    angles = [40 * model + 0.5 * number for model in range(3) for number in range(each)]
    return at_angles(*angles, *extra), [model for model in range(3) for _ in range(each)]
