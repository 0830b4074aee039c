"""The search of `nearest_lists` as tasks of Ray: each compares two parts of the rows, anywhere in a cluster."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np

from shopsim.base.work.progress import Progress, silent
from shopsim.base.work.ray_cluster import RayCluster, going_on
from shopsim.clusterers.nearest_lists import TILE_COLUMNS, NearestLists, Part, compare

# 528 tasks; each row goes to 32 of them.
_MOST_PARTS = 32
# Machines that are lost kill all of their tasks.
_RETRIES = 10
# Results wait in memory until they are joined.
_AHEAD_PER_CPU = 2
_LOOK_S = 1.0

_Rows = tuple[np.ndarray, np.ndarray]


def lists_by_ray(
    rows: np.ndarray, offsets: np.ndarray, k: int, cluster: RayCluster, progress: Progress = silent
) -> NearestLists:
    """Returns what `nearest_lists` does, to the last bit where all machines have the same kind of processor.

    A task whose process or machine dies runs again. progress: counts the tasks.
    Raises ShopsimError if Ray cannot start or go on.
    """
    cluster.start()
    import ray

    lists = NearestLists(len(rows), k)
    size = part_size(len(rows))
    task = ray.remote(num_cpus=1, max_retries=_RETRIES)(compare_parts)
    with going_on():
        parts = [
            ray.put((rows[first : first + size], offsets[first : first + size])) for first in range(0, len(rows), size)
        ]
        left = list(combinations_with_replacement(range(len(parts)), 2))
        n_tasks, running = len(left), []
        progress(0, n_tasks)
        while left or running:
            while left and len(running) < _AHEAD_PER_CPU * max(1, int(cluster.resources()[0])):
                one, other = left.pop(0)
                needed = [parts[number] for number in dict.fromkeys([one, *range(len(parts))[other : other + 2]])]
                running.append(task.remote(one, other, size, k, *needed))
            # A wait without end would not hear Ctrl-C on every system.
            done, running = ray.wait(running, num_returns=1, timeout=_LOOK_S)
            for first, keys in (found for result in done for found in ray.get(result)):
                lists.join(keys, first)
            progress(n_tasks - len(left) - len(running), n_tasks)
    return lists


def part_size(n: int) -> int:
    """Returns the rows per part: a multiple of TILE_COLUMNS that gives at most _MOST_PARTS parts."""
    return max(1, -(-n // (_MOST_PARTS * TILE_COLUMNS))) * TILE_COLUMNS


def compare_parts(one: int, other: int, size: int, k: int, *parts: _Rows) -> list[tuple[int, np.ndarray]]:
    """Returns lists of the pairs whose tiles start `other - one` parts after their blocks: (first row, (m, k) keys).

    one, other: numbers of parts of `size` rows. parts: (rows, offsets) of the part `one` where it is another than
    `other`, then of `other`, and of the part after it, into which its last tiles reach.
    """
    later = parts if one == other else parts[1:]
    rows, offsets = (np.concatenate(arrays) if len(later) > 1 else arrays[0] for arrays in zip(*later, strict=True))
    columns = Part(rows, offsets, other * size, NearestLists(len(rows), k))
    # NumPy multiplies rows by themselves in another way than by equal rows elsewhere, so here they are the same rows.
    mine = (rows[:size], offsets[:size]) if one == other else parts[0]
    block = Part(*mine, one * size, NearestLists(len(mine[0]), k))
    compare(block, columns, (other - one) * size // TILE_COLUMNS, size // TILE_COLUMNS)
    return [(part.first, part.lists.keys) for part in (block, columns)]
