"""Seconds of opening a folder of 10,522 photos: first, again, and the check a page makes at every run.

.venv/bin/python tests/benchmarks/bench_open.py
"""

import io
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.scan import folder_state, list_files

N_PHOTOS = 10_522
PHOTOS_PER_MODEL = 75
LIMIT_AGAIN_S = 3.0


def make_photos(folder: Path) -> None:
    """Contest names; one JPEG with a different comment in each, so that no two are equal bytes."""
    pixels = np.random.default_rng(0).integers(0, 255, (8, 8, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).resize((300, 300)).save(buffer, "JPEG", quality=80)
    start, rest = buffer.getvalue()[:2], buffer.getvalue()[2:]
    for number in range(N_PHOTOS):
        comment = str(number).encode()
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        name = f"{15_000_000_000 + number // PHOTOS_PER_MODEL}_{12_000_000_000 + number}_0.jpg"
        (folder / name).write_bytes(start + segment + rest)


def seconds(work, runs: int = 1) -> float:
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, cache = Path(place, "photos"), Path(place, "cache")
        folder.mkdir()
        make_photos(folder)
        time.sleep(2.5)  # Files changed a moment ago are not remembered.
        first = seconds(lambda: load_catalog(folder, cache=cache))
        again = seconds(lambda: load_catalog(folder, cache=cache), 3)
        rerun = seconds(lambda: folder_state(list_files(folder)), 5)
    print(f"{N_PHOTOS} photos: first {first:.2f} s, again {again:.2f} s, state of the folder {rerun:.3f} s")
    if again > LIMIT_AGAIN_S:
        raise SystemExit(f"Opening again took {again:.2f} s; the limit is {LIMIT_AGAIN_S} s.")


if __name__ == "__main__":
    main()
