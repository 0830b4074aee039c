"""What the program says when it refuses."""

import pytest

from shopsim import ShopsimError
from shopsim.catalog.photos.images import check_image, read_image, thumbnail


def refusal(make):
    """The sentence with which it is refused."""
    with pytest.raises(ShopsimError) as caught:
        make()
    return str(caught.value)


def photo_refusal(path):
    """The sentence with which a photo is refused, the same from everything that reads photos."""
    readers = (read_image, check_image, lambda path: read_image(path, (30, 40)), lambda path: thumbnail(path, 32))
    (said,) = {refusal(lambda read=read: read(path)) for read in readers}
    return said


def reason(path):
    """Why a photo is refused: the part of the sentence after its name."""
    return photo_refusal(path).partition(": ")[2]
