"""Finds the two most likely models of each ballot without looking at every model for every photo.

A model without votes on a photo and without photos in its groups is the more likely the smaller it is. So only few
models can be among the first two: those with votes, those in one of the groups, and the smallest ones. The search is
exact, and its time grows with the number of photos, not with photos x models.
"""

from __future__ import annotations

import numpy as np

from shopsim.review.ballots import Ballots
from shopsim.review.by_groups import GroupLikelihoods, run_places
from shopsim.review.by_neighbours import Votes

# A model without votes gets this share of them in the search for the most likely model.
_UNVOTED = 0.02
# So many ballots, and so many models of places, are compared at a time: some 100 MB.
_BALLOTS, _ENTRIES = 16_384, 500_000


def likeliest_models(votes: Votes, groups: GroupLikelihoods, ballots: Ballots) -> np.ndarray:
    """Returns the two models that are most likely by votes and groups, the likelier first: (2, b) int64.

    Of equally likely ones the lower comes first. At least two models must have ballots.
    """
    marked, marked_model = _marked(votes, ballots)
    wanted = np.bincount(marked, minlength=len(ballots)) + 2
    starts, usual = _usual_models(groups, ballots, wanted)
    place = groups.places[1]
    found = np.empty((2, len(ballots)), np.int64)
    for start in range(0, len(ballots), _BALLOTS):
        rows = np.arange(start, min(start + _BALLOTS, len(ballots)))
        n_usual = np.minimum(wanted[rows], np.diff(starts)[place[rows]])
        row = np.repeat(rows, n_usual)
        inside = (marked >= rows[0]) & (marked <= rows[-1])
        pairs = np.concatenate(
            [
                np.stack([row, usual[starts[place[row]] + run_places(n_usual)]]),
                np.stack([marked[inside], marked_model[inside]]),
            ],
            axis=1,
        )
        row, model = np.unique(pairs, axis=1)
        belief = np.log(_vote_shares(votes, ballots, rows, row, model) + _UNVOTED) + groups.support(row, model)
        order = np.lexsort((model, -belief, row))
        first = np.searchsorted(row[order], rows)
        found[:, rows] = model[order][[first, first + 1]]
    return found


def _marked(votes: Votes, ballots: Ballots) -> tuple[np.ndarray, np.ndarray]:
    """Pairs each ballot with the models that its votes or its bytes are for, each pair once: two (e,) int64."""
    own, own_model = ballots.own_entries
    row, place = np.nonzero(votes.model >= 0)
    keys = np.concatenate([own * len(ballots.sizes) + own_model, row * len(ballots.sizes) + votes.model[row, place]])
    keys = np.unique(keys)
    return keys // len(ballots.sizes), keys % len(ballots.sizes)


def _usual_models(groups: GroupLikelihoods, ballots: Ballots, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns where the list of each place starts, and the models of all lists: (p + 1,) and (e,) int64.

    A list has the models that are most likely for a photo in that place without votes, the likeliest first. It is as
    long as `wanted`, (b,), by a ballot in the place, so with a ballot's marked models left out two models remain.
    """
    places, place = groups.places
    depth = np.zeros(len(places), np.int64)
    np.maximum.at(depth, place, wanted)
    existing = np.flatnonzero(ballots.sizes)
    by_size = existing[np.argsort(ballots.sizes[existing], kind="stable")]
    lengths, lists = [], []
    bounds = np.flatnonzero(np.diff(np.cumsum(groups.n_present(places) + depth) // _ENTRIES, prepend=-1))
    for start, stop in zip(bounds, [*bounds[1:], len(places)], strict=True):
        at, model = groups.present(places[start:stop])
        n_small = np.minimum(depth[start:stop], len(by_size))
        pairs = np.concatenate(
            [
                np.stack([at + start, model]),
                np.stack([np.repeat(np.arange(start, stop), n_small), by_size[run_places(n_small)]]),
            ],
            axis=1,
        )
        row, of_row = np.unique(pairs, axis=1)
        order = np.lexsort((of_row, -groups.support_at(places[row], of_row), row))
        n_found = np.bincount(row - start, minlength=stop - start)
        kept = order[run_places(n_found) < np.repeat(depth[start:stop], n_found)]
        lengths.append(np.minimum(n_found, depth[start:stop]))
        lists.append(of_row[kept])
    starts = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    return starts, np.concatenate(lists)


def _vote_shares(votes: Votes, ballots: Ballots, rows: np.ndarray, row: np.ndarray, model: np.ndarray) -> np.ndarray:
    """Returns the share of the votes on ballot row[i] that are for model[i]; a byte-equal copy counts as one vote."""
    n_models = len(ballots.sizes)
    known = rows[ballots.twin[rows] >= 0]
    voted, place = np.nonzero(votes.model[rows] >= 0)
    voted = rows[voted]
    keys = np.concatenate([voted * n_models + votes.model[voted, place], known * n_models + ballots.twin[known]])
    weight = np.concatenate([votes.weight[voted, place], np.ones(len(known))])
    for_model = np.bincount(np.searchsorted(row * n_models + model, keys), weight, minlength=len(row))
    total = np.bincount(row - rows[0], for_model, minlength=len(rows))
    return for_model / np.maximum(total[row - rows[0]], 1e-9)
