"""Seconds of drawing the demo catalogue, and of finding it drawn; the processor time tells what a busy machine hides.

.venv/bin/python tests/benchmarks/bench_demo.py
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from shopsim.catalog.demo.demo import demo_catalog_folder

with tempfile.TemporaryDirectory() as cache:
    start, processor = time.perf_counter(), time.process_time()
    folder = demo_catalog_folder(Path(cache))
    wall, processor = time.perf_counter() - start, time.process_time() - processor
    photos = list(folder.rglob("*.jpg"))
    size = sum(photo.stat().st_size for photo in photos)
    print(f"{len(photos)} photos, {size / 1e6:.1f} MB: {wall:.1f} s, {processor:.1f} s of processor time")
    start = time.perf_counter()
    demo_catalog_folder(Path(cache))
    print(f"found again in {1000 * (time.perf_counter() - start):.0f} ms")
