"""Scores the pairs of photos of different products: different offers, which are mostly of different sellers.

Photos of one product were taken by one seller in one place, so they are easy to join. They can be a large share of all
pairs, and then raise every score. A score of the other pairs says how well photos are joined across products.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shopsim.base.labels import UNLABELLED, both_labels, noise_as_singletons
from shopsim.scoring.confusion import contingency
from shopsim.scoring.evaluation import PairCounts, model_codes, pairs_within


def cross_product_pairs(
    products: Sequence[str | None], labels_true: np.ndarray | None, labels_pred: np.ndarray
) -> PairCounts | None:
    """Counts the unordered pairs of scored photos that are of different products.

    products: (n,) the product of each photo, None where it is not known. labels_true, labels_pred: (n,) integers, as
    `evaluate` takes them. A product belongs to one model: photos with the same product text and different models are
    of different products, because sellers may use the same numbers. A photo without a model or a product takes no part.
    None if no two photos of one model are of different products, since recall would have no meaning.
    Each count is that of all pairs less that of pairs within one product, both from sums over contingency tables. The
    ARI of `PairCounts` is not defined for a part of the pairs, so only precision, recall and F1 of these counts mean
    something: they are the pairwise scores of blocked record linkage (Christen, Data Matching, 2012, chapter 7).
    """
    if labels_true is None:
        return None
    codes = {product: number for number, product in enumerate(dict.fromkeys(products))}
    of_photo = np.array([UNLABELLED if product is None else codes[product] for product in products], dtype=np.int64)
    known = (labels_true != UNLABELLED) & (of_photo != UNLABELLED)
    models, groups = model_codes(labels_true[known]), noise_as_singletons(labels_pred)[known]
    within = _pairs(both_labels(models, of_photo[known]), groups)
    everywhere = _pairs(models, groups)
    # Photos of one product show one model, so no pair within a product is of two models.
    right, one_model = everywhere.tp - within.tp, everywhere.tp + everywhere.fn - within.tp - within.fn
    if not one_model:
        return None
    return PairCounts(right, everywhere.fp, one_model - right, everywhere.tn)


def _pairs(models: np.ndarray, groups: np.ndarray) -> PairCounts:
    table = contingency(models, groups)
    by_model, by_group = table.sum(axis=1), table.sum(axis=0)
    return PairCounts.from_sums(pairs_within(table.data), pairs_within(by_group), pairs_within(by_model), len(models))
