"""Small photos, folders of them, and extractors that tell what they were asked."""

import io
import os
import time
from pathlib import Path

import numpy as np
from PIL import Image

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"
SHARED_DATA = SHARED / "data"


def photo_bytes(seed=0, side=24, image_format="PNG"):
    """A photo that differs from that of any other seed."""
    pixels = np.random.default_rng(seed).integers(0, 255, (side, side, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, image_format)
    return buffer.getvalue()


def write_photo(path, seed=0, age_s=60.0):
    """A photo changed `age_s` seconds ago; those of just now are not remembered."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(photo_bytes(seed))
    changed = time.time() - age_s
    os.utime(path, (changed, changed))
    return path


def photo_folder(folder, names, first_seed=0):
    """One different photo a name."""
    for seed, name in enumerate(names, start=first_seed):
        write_photo(Path(folder) / name, seed)
    return Path(folder)


def models(catalog):
    """The model of each photo, in their order."""
    return [image.model for image in catalog.images]


def reasons(catalog):
    """What is wrong with each file or row that is told of."""
    return {problem.name: problem.reason for problem in catalog.problems}


class CountingExtractor:
    """Four colour means per photo; writes a line per photo into `log`, and may be slow."""

    key = "counting"
    image_size = (8, 8)
    n_features = 4
    batch_size = 4

    def __init__(self, log=None, seconds_a_batch=0.0, key="counting", batch_size=4):
        self.log = log
        self.seconds_a_batch = seconds_a_batch
        self.key = key
        self.batch_size = batch_size
        self.batches = []

    def extract(self, images):
        time.sleep(self.seconds_a_batch)
        self.batches.append(len(images))
        rows = np.column_stack([images.mean(axis=(1, 2)), images[:, 0, 0, 0]]).astype(np.float32) + 1
        if self.log:
            with Path(self.log).open("a") as file:
                file.write("".join(f"{row.tobytes().hex()}\n" for row in rows))
        return rows

    @property
    def n_extracted(self):
        return sum(self.batches)
