"""TIFFs of rare kinds: the right grey values whatever the numbers in the file, or a refusal that names the kind."""

import struct

import numpy as np
import pytest
import tifffile
from image_cases import quarters
from PIL import Image

from shopsim import ShopsimError
from shopsim.catalog.photos import decode_memory, images, reduced, tiff_bands
from shopsim.catalog.photos.images import check_image, read_image, thumbnail

RAMP = np.tile(np.linspace(0, 1, 256), (64, 1))
# White of each kind of number.
WHITES = {
    "uint8": 255,
    "uint16": 65535,
    "int16": 32767,
    "uint32": 2**32 - 1,
    "int32": 2**31 - 1,
    "float32": 255,
    "float64": 255,
}
READ = [
    ("<", None),
    (">", None),
    ("<", "zlib"),
    (">", "zlib"),
]


def written(path, values, **options):
    tifffile.imwrite(path, values, **options)
    assert check_image(path) == ""
    return path


@pytest.mark.parametrize(("order", "compression"), READ)
@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
@pytest.mark.parametrize("kind", WHITES)
def test_grey_is_the_same_in_any_numbers(tmp_path, kind, photometric, order, compression):
    values = RAMP if photometric == "minisblack" else 1 - RAMP
    values = (values * WHITES[kind]).round().astype(kind)
    path = tmp_path / "grey.tif"
    written(path, values, photometric=photometric, byteorder=order, compression=compression)
    assert np.abs(read_image(path)[0, :, 0].astype(int) - np.arange(256)).max() <= 1
    assert np.abs(read_image(path, (8, 256))[0, :, 0].astype(int) - np.arange(256)).max() <= 1


@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
@pytest.mark.parametrize("kind", ["uint16", "uint32", "int16", "float32", "float64"])
def test_in_bands_too(tmp_path, monkeypatch, kind, photometric):
    values = (np.repeat(np.repeat(RAMP, 3, 1), 9, 0) * WHITES[kind]).round().astype(kind)
    path = written(tmp_path / "grey.tif", values, photometric=photometric, rowsperstrip=16, byteorder=">")
    whole = read_image(path, (8, 64))
    for module in (decode_memory, images, reduced):
        monkeypatch.setattr(module, "MOST_BYTES", 300_000)
    monkeypatch.setattr(tiff_bands, "_BAND_PIXELS", 40_000)
    monkeypatch.setattr(reduced, "load_what_is_there", None)
    assert np.abs(read_image(path, (8, 64)).astype(int) - whole).max() <= 2


def test_twelve_bits_are_scaled(tmp_path):
    """Two values in three bytes, the first bits first, whatever the order of bytes."""
    packed = b"".join(bytes((one >> 4, (one & 15) << 4 | other >> 8, other & 255)) for one, other in [(0, 4095)] * 4)
    for order in "<>":
        tags = [(256, 8), (257, 1), (258, 12), (259, 1), (262, 1), (273, 200), (277, 1), (278, 1), (279, len(packed))]
        entries = b"".join(struct.pack(f"{order}HHLHH", tag, 3, 1, value, 0) for tag, value in tags)
        head = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}HLH", 42, 8, len(tags))
        path = tmp_path / "twelve.tif"
        path.write_bytes((head + entries + bytes(4)).ljust(200, b"\0") + packed)
        assert read_image(path)[0, :, 0].tolist() == [0, 255] * 4


@pytest.mark.parametrize("more", [{}, {"tile": (16, 64)}, {"rowsperstrip": 5}, {"compression": "zlib"}], ids=str)
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("n_layers", [3, 4])
def test_colours_of_sixteen_bits_in_layers_of_their_own(tmp_path, n_layers, order, more):
    colours = np.asarray(quarters(256, 64)).astype(np.uint16) * 257
    layers = [*np.moveaxis(colours, 2, 0), np.full((64, 256), 65535, np.uint16)][:n_layers]
    extra = {"extrasamples": ["unassalpha"]} if n_layers == 4 else {}
    path = tmp_path / "layers.tif"
    written(path, np.stack(layers), photometric="rgb", planarconfig="separate", byteorder=order, **extra, **more)
    np.testing.assert_array_equal(read_image(path), np.asarray(quarters(256, 64)))


@pytest.mark.parametrize(
    ("values", "photometric", "kind"),
    [
        (np.zeros((8, 8, 3), np.float32), "rgb", "RGB, 3 values per pixel, each a 32-bit floating-point number"),
        (np.zeros((8, 8, 3), np.uint32), "rgb", "RGB, 3 values per pixel, each a 32-bit integer"),
        (np.zeros((8, 8), np.float16), "minisblack", "grey, 1 value per pixel, each a 16-bit floating-point number"),
        (np.zeros((8, 8), np.int64), "minisblack", "grey, 1 value per pixel, each a 64-bit signed integer"),
        (np.zeros((8, 8, 4), np.float64), "separated", "CMYK, 4 values per pixel, each a 64-bit floating-point number"),
    ],
    ids=["float RGB", "32-bit RGB", "half floats", "64-bit integers", "float CMYK"],
)
@pytest.mark.parametrize("bigtiff", [False, True])
def test_an_unknown_kind_is_refused_by_its_name(tmp_path, values, photometric, kind, bigtiff):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, values, photometric=photometric, bigtiff=bigtiff)
    sentences = set()
    for read in (read_image, check_image, lambda path: thumbnail(path, 8)):
        with pytest.raises(ShopsimError) as caught:
            read(path)
        sentences.add(str(caught.value))
    assert sentences == {
        f"Cannot read 'a.tif' as an image: it is a TIFF of a kind that this program does not know: {kind}."
    }


def test_an_unknown_way_of_packing_is_refused_by_its_number(tmp_path):
    path = tmp_path / "a.tif"
    quarters().save(path, compression="tiff_lzw")
    content = path.read_bytes()
    packing = struct.pack("<HHLH", 259, 3, 1, 5)
    assert content.count(packing) == 1
    path.write_bytes(content.replace(packing, struct.pack("<HHLH", 259, 3, 1, 34712)))
    with pytest.raises(ShopsimError, match=r"whose pixels are packed by method 34712, which this program does not"):
        read_image(path)


def test_other_photos_are_read_as_before(tmp_path):
    """What Pillow knows now besides, it refused before."""
    grey = Image.fromarray((RAMP * 60_000).astype(np.uint16))
    grey.save(tmp_path / "a.png")
    grey.save(tmp_path / "a.tif")
    assert read_image(tmp_path / "a.png").tobytes() == read_image(tmp_path / "a.tif").tobytes()
    assert read_image(tmp_path / "a.png").max() == round(60_000 / 257)
