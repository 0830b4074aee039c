"""Estimates how much a score depends on which models were held out: a bootstrap over true models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

N_DRAWS = 1000
LEVEL = 0.95


def ari_interval(tables: Sequence[csr_array], seed: int = 0) -> tuple[float, float]:
    """Returns the LEVEL interval, by percentiles, of the mean ARI over folds.

    tables: for each fold the contingency (n_models, n_groups) of its held-out photos, row i being the same model in
    all of them, empty where the fold does not hold it. A draw takes as many models as there are, with replacement,
    and takes them for all folds at once: a model held out in two rounds is one model still.
    Source: Efron, Bootstrap methods: another look at the jackknife, Annals of Statistics 7 (1979).
    """
    means = _drawn_means(tables, seed)
    means = means[np.isfinite(means)]
    if not len(means):
        return float("nan"), float("nan")
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


@dataclass(frozen=True)
class Gain:
    """How much higher the mean ARI over folds is with one way to group than with another, on the same models.

    value: the difference. error: its standard error, by a bootstrap over models; infinite for very few models.
    """

    value: float
    error: float

    @classmethod
    def of(cls, ours: Sequence[csr_array], theirs: Sequence[csr_array], seed: int = 0) -> Gain:
        """The gain of our groups over theirs; the tables are those of `ari_interval`, fold by fold of the same models.

        Each draw takes the same models for both, since a model that is hard for one way is hard for the other.
        """
        ones = [np.ones((1, table.shape[0])) for table in ours]
        of_folds = [
            weighted_ari(own, once) - weighted_ari(other, once)
            for own, other, once in zip(ours, theirs, ones, strict=True)
        ]
        drawn = _drawn_means(ours, seed) - _drawn_means(theirs, seed)
        drawn = drawn[np.isfinite(drawn)]
        return cls(float(np.mean(of_folds)), float(drawn.std()) if len(drawn) > 1 else float("inf"))

    @property
    def is_clear(self) -> bool:
        """Whether it is larger than its standard error; a smaller one may be chance."""
        return self.value > self.error


def _drawn_means(tables: Sequence[csr_array], seed: int) -> np.ndarray:
    """(N_DRAWS,) float64 mean ARI over folds in each draw of models; NaN where a draw tells nothing."""
    n_rows = max(table.shape[0] for table in tables)
    held = np.zeros(n_rows, bool)
    for table in tables:
        held[: table.shape[0]] |= table.sum(axis=1) > 0
    n_models = int(held.sum())
    weights = np.zeros((N_DRAWS, n_rows))
    weights[:, held] = np.random.default_rng(seed).multinomial(n_models, np.full(n_models, 1 / n_models), N_DRAWS)
    scores = np.stack([weighted_ari(table, weights[:, : table.shape[0]]) for table in tables])
    # A fold of which no two models were drawn tells nothing in that draw: one model alone can't be mistaken.
    drawn = np.stack(
        [((weights[:, : table.shape[0]] > 0) & (table.sum(axis=1) > 0)).sum(axis=1) > 1 for table in tables]
    )
    told = drawn.sum(axis=0)
    return np.divide((scores * drawn).sum(axis=0), told, out=np.full(N_DRAWS, np.nan), where=told > 0)


def weighted_ari(table: csr_array, weights: np.ndarray) -> np.ndarray:
    """(n_draws,) ARI with each model taken `weights` times.

    table: (n_models, n_groups) contingency; weights: (n_draws, n_models) counts. Pairs between two copies of one
    model are left out: they would count as different models joined, or as one model that is right for free.
    """
    weights = weights.astype(np.float64)
    of_model = table.sum(axis=1).astype(np.float64)
    squares_in_cells = table.multiply(table).sum(axis=1).astype(np.float64)
    tp = weights @ (squares_in_cells - of_model) / 2
    fn = weights @ (of_model * (of_model - 1)) / 2 - tp
    # Different models in one group, or at all: the square of the weighted sum less every model's own square.
    fp = (((weights @ table) ** 2).sum(axis=1) - weights**2 @ squares_in_cells) / 2
    tn = ((weights @ of_model) ** 2 - weights**2 @ of_model**2) / 2 - fp
    denominator = (tp + fn) * (fn + tn) + (tp + fp) * (fp + tn)
    wrong = (fp > 0) | (fn > 0)
    return np.divide(2 * (tp * tn - fn * fp), denominator, out=np.ones_like(tp), where=wrong)
