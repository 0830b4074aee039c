"""Milliseconds of what is loaded from the cache with its checksums looked at, and without, in one run.

.venv/bin/python tests/benchmarks/bench_checksums.py
"""

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench_open import N_PHOTOS, make_photos

from shopsim.base.disk import sealed
from shopsim.base.disk.store import Store
from shopsim.catalog.open_folder import load_catalog
from shopsim.features import row_store
from shopsim.features.row_store import RowStore

N_ROWS, N_FEATURES, BATCH = 10_000, 1280, 32
RUNS = 15
LIMIT = 1.5


def unchecked() -> ExitStack:
    """While it lasts every seal and every row counts as sound, and no byte is looked at for that."""
    stack = ExitStack()
    stack.enter_context(patch.object(sealed, "without_seal", lambda data, name: data[: -sealed.SEAL_BYTES]))
    take = row_store._take

    def take_all(shard, local, seeking, found, rows):
        if rows is not None:
            rows[seeking] = shard.rows()[local]
        found[seeking] = True
        return True

    assert take
    stack.enter_context(patch.object(row_store, "_take", take_all))
    return stack


def compared(what: str, work) -> float:
    """Prints the medians of turns with and without; their ratio."""
    taken = {True: [], False: []}
    for turn in range(2 * RUNS + 2):
        checks = turn % 2 == 0
        with ExitStack() if checks else unchecked():
            started = time.perf_counter()
            work()
        if turn > 1:
            taken[checks].append(1000 * (time.perf_counter() - started))
    with_them, without = statistics.median(taken[True]), statistics.median(taken[False])
    print(f"{what}: {with_them:.1f} ms with checksums, {without:.1f} ms without, {with_them / without:.2f} times")
    return with_them / without


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, cache = Path(place, "photos"), Path(place, "cache")
        folder.mkdir()
        make_photos(folder)
        time.sleep(2.5)  # Files changed a moment ago are not remembered.
        load_catalog(folder, cache=cache)
        rng = np.random.default_rng(0)
        digests = [f"{number:032x}" for number in range(N_ROWS)]
        rows = RowStore(cache, "key", N_FEATURES)
        for start in range(0, N_ROWS, BATCH):
            part = digests[start : start + BATCH]
            rows.write(part, rng.random((len(part), N_FEATURES), np.float32))
        rows.merge()
        vectors = rng.random((N_ROWS, N_FEATURES), np.float32)
        Store(cache).save("vectors", "d", vectors)
        ratios = [
            compared(f"open {N_PHOTOS:,} photos", lambda: load_catalog(folder, cache=cache)),
            compared(f"look for {N_ROWS:,} x {N_FEATURES:,} rows", lambda: rows.holds(digests)),
            compared(
                f"look for and load {N_ROWS:,} x {N_FEATURES:,} rows", lambda: (rows.holds(digests), rows.read(digests))
            ),
            compared(f"load {N_ROWS:,} x {N_FEATURES:,} vectors", lambda: Store(cache).load("vectors", "d")),
        ]
    if max(ratios[0], ratios[2]) > LIMIT:
        raise SystemExit(f"Checksums may cost at most {LIMIT} times.")


if __name__ == "__main__":
    main()
