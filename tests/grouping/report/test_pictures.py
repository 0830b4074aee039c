"""Pictures in the report: small enough that no report is too large for a mail."""

from pathlib import Path

import numpy as np
from PIL import Image

from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.scan import file_digest
from shopsim.grouping.report.choosing import MOST_GROUPS, MOST_PHOTOS
from shopsim.grouping.report.pictures import addresses

MOST_BYTES = 5_000_000


def image_of(path):
    return CatalogImage(path.name, path, file_digest(path))


def test_the_most_pictures_of_the_worst_kind_stay_below_five_megabytes(tmp_path):
    """No JPEG makes noise small; a photo of a product takes a fifth of it."""
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    # So that each pixel of the small picture is noise, too.
    Image.fromarray(noise[:128, :128]).save(tmp_path / "small.png")
    for name in ("noise.png", "small.png"):
        (address,) = addresses([image_of(tmp_path / name)], [0]).values()
        assert 2 * MOST_GROUPS * MOST_PHOTOS * len(address) < MOST_BYTES


def test_a_photo_that_is_gone_or_changed_has_none(tmp_path):
    path = Path(tmp_path / "a.png")
    Image.new("RGB", (9, 9)).save(path)
    image = image_of(path)
    Image.new("RGB", (9, 9), "red").save(path)
    assert addresses([image], [0]) == {0: None}
    path.unlink()
    assert addresses([image], [0]) == {0: None}
