"""Packs a grouping as a zip that TensorFlow's Embedding Projector opens: vectors, metadata, pictures, and how they fit.

The projector shows one large picture, the *sprite*, with a small picture of every photo. Browsers take pictures of up
to 8,192 x 8,192 pixels, so at most 16,384 photos have a place on it. Of more photos the pack has a sample by group.
Source: tensorboard/plugins/projector/projector_plugin.py and projector_config.proto of TensorBoard 2.21.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import Image

from shopsim.base.errors import ShopsimError
from shopsim.base.work.cores import usable_cores
from shopsim.base.work.progress import Progress, say, silent
from shopsim.catalog.catalog import CatalogImage, Problem
from shopsim.catalog.photos.images import read_thumbnail
from shopsim.grouping.baseline_files import metadata_tsv
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.sample import sample_by_group

SPRITE_SIDE = 8192
"""The most pixels of the sprite's side that browsers draw."""
_SIDE, _LARGE_SIDE = 64, 128
MOST_PHOTOS = (SPRITE_SIDE // _SIDE) ** 2
_AT_ONCE = 256
_READ_ME = """TensorFlow's Embedding Projector shows these {n:,} photos{sample}.

1. Unpack this zip into a folder.
2. Type: pip install tensorboard
3. Type: tensorboard --logdir FOLDER
4. Open the address that it prints, and choose *Projector* in the menu.

Without TensorBoard: open https://projector.tensorflow.org, choose *Load*, and give it tensors.tsv and metadata.tsv. It
then shows points without pictures. Nothing leaves your computer.

tensors.tsv: one row per photo, {d:,} numbers, in the space in which the photos were grouped. The cosine of two rows is
the similarity of the two photos.
metadata.tsv: image_id, model, product and group of each row.
sprite.jpg: the pictures, row by row.
"""


@dataclass(frozen=True)
class Packed:
    """What is in a pack: n_packed of n_images photos. problems: photos without a picture, each with its reason."""

    n_packed: int
    n_images: int
    problems: tuple[Problem, ...]

    @property
    def told(self) -> str:
        """Says in one sentence how many photos are in the pack."""
        if self.n_packed == self.n_images:
            return f"The pack has all {self.n_images:,} photos."
        return (
            f"The pack has a sample of {self.n_packed:,} of {self.n_images:,} photos, as large a share of each group "
            "as of all: more do not fit on the projector's picture."
        )


def write_projector_pack(
    grouping: Grouping, file: BinaryIO, progress: Progress = silent, raw: bool = False, most: int = MOST_PHOTOS
) -> Packed:
    """Writes the zip into an open binary file.

    progress: counts photos, and may stop it. raw: names in metadata.tsv that a spreadsheet would run are left as they
    are. most: photos in the pack.
    A photo that cannot be read any more keeps its row; its picture is grey, and it is listed with the reason.
    """
    fitted = grouping.fitted
    kept = sample_by_group(grouping.labels_pred, most)
    images = [fitted.catalog.images[row] for row in kept]
    side = _LARGE_SIDE if len(images) <= (SPRITE_SIDE // _LARGE_SIDE) ** 2 else _SIDE
    say(progress, f"drawing {len(images):,} photos for the projector")
    sprite, problems = _sprite(images, side, progress)
    packed = Packed(len(images), len(fitted.catalog.images), problems)
    columns = ([image.image_id for image in images], [image.model for image in images])
    products = [image.product for image in images]
    sample = "" if len(images) == packed.n_images else f", a sample by group of {packed.n_images:,}"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        _write_rows(pack, fitted.vectors, kept)
        entries = {
            "metadata.tsv": metadata_tsv(*columns, products, grouping.labels_pred[kept], raw),
            "sprite.jpg": sprite,
            "projector_config.pbtxt": _config(side).encode(),
            "README.txt": _READ_ME.format(n=len(images), sample=sample, d=fitted.vectors.shape[1]).encode(),
        }
        for name, data in entries.items():
            # A ZipInfo has no time of day, so the same photos give the same bytes.
            pack.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed


def _write_rows(pack: zipfile.ZipFile, vectors: np.ndarray, kept: np.ndarray) -> None:
    """Writes row by row, since the text of a large matrix takes several times the memory of its numbers."""
    with pack.open("tensors.tsv", "w", force_zip64=True) as file:
        form = "\t".join(["%.6g"] * vectors.shape[1]) + "\n"
        for row in kept:
            file.write((form % tuple(vectors[row].tolist())).encode())


def _sprite(images: Sequence[CatalogImage], side: int, progress: Progress) -> tuple[bytes, tuple[Problem, ...]]:
    """Returns the JPEG of a square of small pictures, row by row, and the photos that could not be read."""
    across = max(1, int(np.ceil(np.sqrt(len(images)))))
    sprite = Image.new("RGB", (across * side, across * side), (128, 128, 128))
    problems = []
    with ThreadPoolExecutor(usable_cores()) as pool:
        for start in range(0, len(images), _AT_ONCE):
            progress(start, len(images))
            part = images[start : start + _AT_ONCE]
            for place, (image, drawn) in enumerate(
                zip(part, pool.map(lambda i: _drawn(i, side), part), strict=True), start
            ):
                if isinstance(drawn, str):
                    problems.append(Problem(image.image_id, drawn))
                    continue
                left, top = place % across * side, place // across * side
                sprite.paste(drawn, (left + (side - drawn.width) // 2, top + (side - drawn.height) // 2))
    progress(len(images), len(images))
    buffer = io.BytesIO()
    sprite.save(buffer, "JPEG", quality=85)
    return buffer.getvalue(), tuple(problems)


def _drawn(image: CatalogImage, side: int) -> Image.Image | str:
    """Returns the small picture, or why there is none."""
    try:
        return read_thumbnail(image.path, side)
    except (OSError, ShopsimError) as error:
        return str(error)


def _config(side: int) -> str:
    sprite = f'image_path: "sprite.jpg" single_image_dim: {side} single_image_dim: {side}'
    return (
        'embeddings {\n  tensor_name: "photos"\n  tensor_path: "tensors.tsv"\n  metadata_path: "metadata.tsv"\n'
        f"  sprite {{ {sprite} }}\n}}\n"
    )
