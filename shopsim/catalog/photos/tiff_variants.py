"""Adds kinds of TIFF that Pillow refuses or reads wrongly, though it has everything needed to read them."""

from __future__ import annotations

from typing import BinaryIO

from PIL import Image, TiffImagePlugin

from shopsim.catalog.photos.grey_numbers import Numbers, is_numeric, set_numbers
from shopsim.catalog.photos.quiet_libtiff import silence_libtiff
from shopsim.catalog.photos.unreadable import DECODER_ERRORS

_BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _PLANAR, _FORMAT = 258, 259, 262, 277, 284, 339
_II, _MM = TiffImagePlugin.II, TiffImagePlugin.MM
_UNSIGNED, _SIGNED, _FLOAT = 1, 2, 3
_WHITE_IS_ZERO = 0
_NEW = {
    # (byte order, sample format, bits): Pillow's mode, and the layout of the values in the file.
    (_MM, _UNSIGNED, 12): ("I;16", "I;12"),
    (_MM, _UNSIGNED, 32): ("I", "I;32B"),
    (_II, _FLOAT, 64): ("F", "F;64F"),
    (_MM, _FLOAT, 64): ("F", "F;64BF"),
}
# The value of white by (bits, sample format), where Pillow's mode has room for larger values.
_WHITES = {(12, _UNSIGNED): 4095, (16, _SIGNED): 32767}
# libtiff gives values in the machine's own order; Pillow knows this only for 16 unsigned bits.
_NATIVE = {"I;16BS": "I;16NS", "I;32B": "I;32N", "I;32BS": "I;32NS", "F;32BF": "F;32NF", "F;64BF": "F;64NF"}
_COLOURS = {0: "grey", 1: "grey", 2: "RGB", 3: "a palette", 5: "CMYK", 6: "YCbCr", 8: "Lab", 32803: "a raw sensor"}
_KINDS = {_UNSIGNED: "integer", _SIGNED: "signed integer", _FLOAT: "floating-point number"}


def _know_more_variants() -> None:
    """Makes Pillow read grey of 64-bit floats, and kinds that it reads in one byte order only; the rest stays."""
    known = TiffImagePlugin.OPEN_INFO
    for (order, kind, bits), modes in _NEW.items():
        known.setdefault((order, 1, (kind,), 1, (bits,), ()), modes)
    for (order, photometric, *rest), modes in list(known.items()):
        if photometric == 1 and is_numeric(modes[0]):
            known.setdefault((order, _WHITE_IS_ZERO, *rest), modes)


def set_right(image: Image.Image) -> None:
    """Makes an opened TIFF, not decoded yet, be read as its tags say."""
    tags = image.tag_v2
    order = "L" if tags.prefix == _II else "B"
    layered = tags.get(_PLANAR, 1) == 2 and max(tags.get(_BITS, (1,))) == 16
    for number, tile in enumerate(image.tile):
        raw_mode, *rest = tile.args
        if tile.codec_name == "libtiff":
            image.tile[number] = tile._replace(args=(_NATIVE.get(raw_mode, raw_mode), *rest))
        elif layered and len(raw_mode) == 1 and raw_mode in image.mode:
            # Pillow takes each half of a value as a value.
            image.tile[number] = tile._replace(args=(f"{raw_mode};16{order}", *rest))
    if is_numeric(image.mode):
        bits, kind = tags.get(_BITS, (1,))[0], tags.get(_FORMAT, (_UNSIGNED,))[0]
        numbers = Numbers(
            kind="uint32" if (bits, kind) == (32, _UNSIGNED) else "",
            white=_WHITES.get((bits, kind)),
            # A file without the tag is read as before.
            white_is_zero=tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO,
        )
        set_numbers(image, numbers)


def unknown_variant(file: BinaryIO) -> str:
    """Names the kind of pixels as the reason why Pillow refuses a TIFF; "" if they are not the reason."""
    try:
        file.seek(0)
        header = file.read(8)
        if header[2:4] in (b"\x2b\0", b"\0\x2b"):  # BigTIFF
            header += file.read(8)
        tags = TiffImagePlugin.ImageFileDirectory_v2(header)
        file.seek(tags.next)
        tags.load(file)
        compression, photometric = tags.get(_COMPRESSION, 1), tags.get(_PHOTOMETRIC, 1)
        kinds, bits = tags.get(_FORMAT, (_UNSIGNED,)), tags.get(_BITS, (1,))
        n_samples = tags.get(_SAMPLES, len(bits))
    except DECODER_ERRORS:
        return ""
    if compression not in TiffImagePlugin.COMPRESSION_INFO:
        return f"it is a TIFF whose pixels are packed by method {compression}, which this program does not know"
    bits = bits * n_samples if len(bits) == 1 else bits
    if (photometric, kinds[:1], bits) in {(key[1], key[2], key[4]) for key in TiffImagePlugin.OPEN_INFO}:
        # Another part of the file is at fault.
        return ""
    colour, kind = _COLOURS.get(photometric, "colours of another kind"), _KINDS.get(kinds[0], "number of another kind")
    values = "1 value" if n_samples == 1 else f"{n_samples} values"
    return (
        f"it is a TIFF of a kind that this program does not know: {colour}, {values} per pixel, "
        f"each a {max(bits)}-bit {kind}"
    )


_know_more_variants()
silence_libtiff()
