"""Catalogues that bring their own vectors, written to disk."""

import numpy as np


def vectors_folder(folder, n_models=12, n_photos=4, noise=0.8, labels=True, seed=0, n_features=8):
    """A catalogue that brings its own vectors, around one direction a model."""
    rng = np.random.default_rng(seed)
    models = np.repeat(np.arange(n_models), n_photos)
    rows = rng.standard_normal((n_models, n_features))[models] + noise * rng.standard_normal((len(models), n_features))
    folder.mkdir()
    np.save(folder / "features.npy", rows.astype(np.float32))
    (folder / "img_paths.txt").write_text("".join(f"{row:03}.jpg\n" for row in range(len(models))))
    if labels:
        (folder / "labels_true.txt").write_text("".join(f"m{model}\n" for model in models))
    return folder
