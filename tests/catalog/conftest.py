"""What tests of catalogues share."""

import numpy as np
import pytest

from shopsim.catalog.open_folder import load_catalog


@pytest.fixture
def bring(tmp_path):
    """Vectors, paths and perhaps labels written, then opened: a catalogue that brings its own vectors."""

    def write_and_open(vectors, paths, labels_true=None, place=None, **options):
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        np.save(folder / "features.npy", vectors)
        (folder / "img_paths.txt").write_text("".join(f"{path}\n" for path in paths))
        if labels_true is not None:
            (folder / "labels_true.txt").write_text(labels_true)
        return load_catalog(place or folder, cache=tmp_path / "cache", **options)

    return write_and_open
