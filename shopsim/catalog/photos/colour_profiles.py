"""Converts colours to sRGB by a photo's colour profile."""

from __future__ import annotations

import hashlib
import io
import threading
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from PIL import ImageCms

# A real profile has a few KB; the largest ones, for printers, have a few MB.
MOST_PROFILE_BYTES = 8 << 20
DAMAGED_PROFILE = "its colour profile is damaged, so its colours are taken as sRGB"

# The kinds of colours that a profile may describe, and the picture's mode for each.
_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
# A profile that changes no colour by more is sRGB under some name; photos with it keep their bytes.
_SAME = 2
_KEPT_TRANSFORMS = 8

# Two threads may not be allowed to use one transform at once, and building one takes milliseconds.
_of_thread = threading.local()


def profile_mode(profile: bytes) -> str | None:
    """Returns the mode of pictures for a profile: RGB, L or CMYK, "" for any other; None if it is damaged."""
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
    """Converts an RGB, L or CMYK image, of the profile's own mode, to RGB in sRGB.

    The intent is relative colorimetric with black point compensation, as in browsers. A photo whose profile is sRGB
    keeps its values. Raises ValueError if the profile cannot be used.
    """
    transform = _transform(profile, image.mode)
    return image.convert("RGB") if transform is None else transform.apply(image)


def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Returns the transform to sRGB, None if it changes nothing; each thread keeps the last few."""
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
    """Says whether every colour of a grid, or every grey, stays the same but for rounding."""
    if mode == "L":
        colours = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    else:
        steps = np.linspace(0, 255, 18).round().astype(np.uint8)
        colours = Image.fromarray(np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3))
    before, after = np.asarray(colours.convert("RGB"), np.int16), np.asarray(transform.apply(colours), np.int16)
    return bool((np.abs(after - before) <= _SAME).all())
