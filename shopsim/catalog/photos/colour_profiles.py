"""Colours as sRGB: what a photo's colour profile says of its numbers."""

from __future__ import annotations

import hashlib
import io
import threading
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from PIL import ImageCms

# A real profile has some KB; the largest, of printers, a few MB.
MOST_PROFILE_BYTES = 8 << 20
DAMAGED_PROFILE = "its colour profile is damaged, so its colours are taken as sRGB"

# The kinds of colours that a profile may describe, and the mode of a picture that it fits.
_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
# A profile that moves no colour by more is sRGB under some name, and such photos keep their bytes.
_SAME = 2
_KEPT_TRANSFORMS = 8

# A transform is not promised to be used by two threads at once, and building one takes milliseconds.
_of_thread = threading.local()


def profile_mode(profile: bytes) -> str | None:
    """The mode of the pictures that a profile describes: RGB, L or CMYK, "" for any other; None if it is damaged."""
    from PIL import ImageCms

    if len(profile) > MOST_PROFILE_BYTES:
        return None
    try:
        space = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.xcolor_space.strip()
        mode = _MODES.get(space, "")
        if mode:
            _transform(profile, mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    return mode


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """An RGB, L or CMYK image of the profile's own mode as RGB with the colours of sRGB.

    Relative colorimetric with black point compensation, as browsers do it. A photo whose profile is sRGB keeps its
    values. Raises ValueError if the profile cannot be used.
    """
    transform = _transform(profile, image.mode)
    return image.convert("RGB") if transform is None else transform.apply(image)


def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """From the profile to sRGB, None where that changes nothing; the last few are kept per thread."""
    kept: dict[tuple[bytes, str], ImageCms.ImageCmsTransform | None] = _of_thread.__dict__.setdefault("kept", {})
    key = hashlib.blake2b(profile, digest_size=16).digest(), mode
    if key not in kept:
        if len(kept) >= _KEPT_TRANSFORMS:
            del kept[next(iter(kept))]
        kept[key] = _built(profile, mode)
    return kept[key]


def _built(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    from PIL import ImageCms

    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError) as error:
        raise ValueError(f"the colour profile cannot be used: {error}") from error
    return None if mode != "CMYK" and _changes_nothing(transform, mode) else transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether every colour of a grid, or every grey, stays what it is but for rounding."""
    if mode == "L":
        colours = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    else:
        steps = np.linspace(0, 255, 18).round().astype(np.uint8)
        colours = Image.fromarray(np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3))
    before, after = np.asarray(colours.convert("RGB"), np.int16), np.asarray(transform.apply(colours), np.int16)
    return bool((np.abs(after - before) <= _SAME).all())
