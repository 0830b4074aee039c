"""Photos that any viewer shows though something is wrong with them: read, with a note; much damage is refused."""

import io
import struct
import zlib

import numpy as np
import pytest
from image_cases import assert_quarters, quarters, saved, write_heic
from PIL import Image, ImageFile, PngImagePlugin
from refusals import reason

from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.photos.colour_profiles import DAMAGED_PROFILE
from shopsim.catalog.photos.formats import FORMATS
from shopsim.catalog.photos.images import check_image, read_image, thumbnail

END = "the end of the file is missing"


def encoded(kind, image=None, **options):
    buffer, image = io.BytesIO(), image or quarters(400, 300)
    if kind == "HEIF":
        write_heic(buffer, image, **options)
    else:
        image.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(width=160, height=120):
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


def written(tmp_path, content, name="photo.jpg"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def chunk(kind, data, checksum=None):
    checksum = zlib.crc32(kind + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def with_chunk(kind, data, checksum=None, before=b"IDAT"):
    content = encoded("PNG")
    at = content.index(before) - 4
    return content[:at] + chunk(kind, data, checksum) + content[at:]


def shown(path):
    """The photo is read by all three functions; the note."""
    assert_quarters(read_image(path, (60, 80)))
    assert_quarters(read_image(path))
    assert thumbnail(path, 32)[:2] == b"\xff\xd8"
    return check_image(path)


@pytest.mark.parametrize("n_bytes", [1, 2])
@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}, {"quality": 30}],
    ids=["plain", "progressive", "4:4:4", "restarts", "coarse"],
)
def test_a_jpeg_without_its_end_marker_is_read(tmp_path, options, n_bytes):
    assert shown(written(tmp_path, encoded("JPEG", **options)[:-n_bytes])) == END


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_so_is_one_of_another_mode(tmp_path, mode):
    path = written(tmp_path, encoded("JPEG", quarters(400, 300).convert(mode))[:-2])
    assert check_image(path) == END
    assert read_image(path, (30, 40)).shape == (30, 40, 3)


def test_what_little_is_missing_of_a_jpeg_is_said(tmp_path):
    path = written(tmp_path, encoded("JPEG", noise())[:-368])
    assert check_image(path) == "3.80 % of the picture is missing"


@pytest.mark.parametrize(
    ("kind", "cut", "percent"),
    [("JPEG", 1229, 88), ("PNG", 5779, 90), ("BMP", 5765, 89), ("TIFF", 5774, 89), ("GIF", 2700, 89)],
)
def test_a_photo_that_lacks_a_tenth_is_refused_with_how_much_is_there(tmp_path, kind, cut, percent):
    path = written(tmp_path, encoded(kind, noise())[:-cut])
    assert reason(path) == f"the file is truncated or damaged, and only {percent} % of the picture is there."


def test_a_progressive_jpeg_is_read_once_its_last_scan_has_begun(tmp_path):
    content = encoded("JPEG", noise(), progressive=True)
    assert check_image(written(tmp_path, content[: int(len(content) * 0.9)])) == END
    assert reason(written(tmp_path, content[: int(len(content) * 0.5)])) == "the file is truncated."


@pytest.mark.parametrize(("kind", "cut"), [("PNG", 12), ("GIF", 1)])
def test_a_file_without_its_last_part_that_has_all_pixels_is_noted(tmp_path, kind, cut):
    assert shown(written(tmp_path, encoded(kind)[:-cut])) == END


@pytest.mark.parametrize(
    ("kind", "cut"), [("PNG", 32), ("GIF", 12), ("BMP", 1), ("BMP", 10_801), ("TIFF", 1), ("TIFF", 10_804)]
)
def test_a_few_rows_may_be_missing(tmp_path, kind, cut):
    note = shown(written(tmp_path, encoded(kind)[:-cut]))
    assert note.endswith(" % of the picture is missing")
    assert float(note.partition(" ")[0]) < 5


def test_a_truncated_tiff_is_still_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = quarters(400, 300).transpose(Image.Transpose.ROTATE_90)
    content = encoded("TIFF", stored, exif=exif)
    assert "missing" in shown(written(tmp_path, content[:-1]))


def with_broken_tag(content, tag, at=8, value=b"\xff\xff\xff\x7f"):
    """A little-endian TIFF in which bytes of one entry of the first list of tags are others."""
    place = struct.unpack("<I", content[4:8])[0]
    entry = content.index(struct.pack("<H", tag), place + 2)
    return content[: entry + at] + value + content[entry + at + len(value) :]


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
@pytest.mark.parametrize(("at", "value"), [(8, b"\xff\xff\xff\x7f"), (2, b"\x63\0"), (4, b"\xff\xff\xff\x7f")])
def test_a_tiff_with_a_tag_that_points_outside_is_read_without_it(tmp_path, compression, at, value):
    content = encoded("TIFF", compression=compression, description="a bag", dpi=(72, 72), software="x" * 30)
    for tag in (270, 282):
        note = shown(written(tmp_path, with_broken_tag(content, tag, at, value)))
        assert note.startswith("1 of its ")
        assert note.endswith(" tags cannot be read")


def test_a_tiff_whose_pixels_cannot_be_found_is_refused(tmp_path):
    content = encoded("TIFF", compression="tiff_lzw")
    assert "damaged" in reason(written(tmp_path, with_broken_tag(content, 256, 2, b"\x63\0")))


@pytest.mark.parametrize("place", [b"\xff\xff\xff\x7f", b"\x08\0\0\0"], ids=["nowhere", "in a circle"])
def test_the_second_page_of_a_tiff_may_be_damaged(tmp_path, place):
    content = encoded("TIFF", save_all=True, append_images=[quarters()])
    first = struct.unpack("<I", content[4:8])[0]
    at = first + 2 + 12 * struct.unpack("<H", content[first : first + 2])[0]
    assert shown(written(tmp_path, content[:at] + place + content[at + 4 :])) == ""


@pytest.mark.parametrize("cut", [1, 2, 12, 100])
def test_a_webp_that_is_cut_off_is_read(tmp_path, cut):
    path = written(tmp_path, encoded("WEBP", noise())[:-cut])
    note = check_image(path)
    assert note == END or note.endswith(" % of the picture is missing")
    assert read_image(path, (30, 40)).shape == (30, 40, 3)


@pytest.mark.parametrize("size", [10, 406, 1506])
def test_a_webp_whose_header_names_another_size_is_read(tmp_path, size):
    content = encoded("WEBP")
    path = written(tmp_path, content[:4] + struct.pack("<I", size) + content[8:])
    assert shown(path) == f"its header says {size + 8:,} bytes and it has {len(content):,}"


def test_a_bmp_whose_header_names_another_size_is_sound(tmp_path):
    content = encoded("BMP")
    assert shown(written(tmp_path, content[:2] + struct.pack("<I", 7) + content[6:])) == ""


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_what_stands_behind_a_photo_is_nobodys_business(tmp_path, form):
    """Phones append a short film."""
    form.load_plugin()
    assert shown(written(tmp_path, encoded(form.pillow) + b"\0\0\0\x18ftypmp42" + bytes(5000))) == ""


@pytest.mark.parametrize(
    "data",
    [b"Comment\0" + b"a" * 3_000_000, b"Comment\0\0" + zlib.compress(bytes(200_000_000)), b"Raw\0\0nonsense"],
    ids=["long", "bomb", "nonsense"],
)
@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt"])
def test_a_png_may_have_any_text(tmp_path, kind, data):
    assert shown(written(tmp_path, with_chunk(kind, data))) == ""
    assert shown(written(tmp_path, with_chunk(kind, data, before=b"IEND"))) == ""


def test_a_png_may_have_a_large_profile(tmp_path):
    profile = np.random.default_rng(0).bytes(1_300_000)
    path = written(tmp_path, with_chunk(b"iCCP", b"large\0\0" + zlib.compress(profile)))
    assert shown(path) == DAMAGED_PROFILE


def test_a_profile_that_would_unpack_to_gigabytes_is_not_unpacked(tmp_path):
    path = written(tmp_path, with_chunk(b"iCCP", b"bomb\0\0" + zlib.compress(bytes(100_000_000), 9)))
    assert shown(path) == DAMAGED_PROFILE


@pytest.mark.parametrize(
    ("kind", "data", "note"),
    [
        (b"tEXt", b"Title\0bag", ""),
        (b"iTXt", b"nonsense", ""),
        (b"zTXt", b"x", ""),
        (b"pHYs", b"1", ""),
        (b"gAMA", b"", ""),
        (b"tIME", b"", ""),
        (b"acTL", b"", ""),
        (b"prVt", b"anything", ""),
        (b"iCCP", b"profile\0\0x", DAMAGED_PROFILE),
        (b"eXIf", b"II*\0", "its EXIF data is damaged and is not used"),
        (b"tRNS", bytes(6), "its transparency is damaged and is not used"),
    ],
)
def test_a_wrong_checksum_of_what_the_pixels_do_not_need_is_no_matter(tmp_path, kind, data, note):
    assert shown(written(tmp_path, with_chunk(kind, data, checksum=1))) == note


@pytest.mark.parametrize("kind", [b"IHDR", b"IDAT"])
def test_a_wrong_checksum_of_what_the_pixels_need_is_damage(tmp_path, kind):
    content = bytearray(encoded("PNG", noise()))
    at = content.index(kind)
    length = int.from_bytes(content[at - 4 : at], "big")
    content[at + 4 + length] ^= 1
    path = written(tmp_path, bytes(content))
    if kind == b"IHDR":
        assert "damaged" in reason(path)
    else:
        # All the pixels were there before the checksum was asked for.
        assert read_image(path).shape == (120, 160, 3)
        assert check_image(path) == "the checksum of its pixels is wrong"


def test_the_exif_of_a_png_turns_it_wherever_it_stands(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = quarters(400, 300).transpose(Image.Transpose.ROTATE_90)
    content = encoded("PNG", stored)
    at = content.index(b"IEND") - 4
    path = written(tmp_path, content[:at] + chunk(b"eXIf", exif.tobytes()[6:]) + content[at:])
    assert shown(path) == ""


def test_the_switches_of_pillow_stay_as_they_are(tmp_path):
    written_path = written(tmp_path, encoded("JPEG")[:-2])
    shown(written_path)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
    assert PngImagePlugin.MAX_TEXT_CHUNK == 1 << 20


def test_a_damaged_photo_takes_part_and_stands_among_the_problems(tmp_path, cache):
    folder = tmp_path / "photos"
    folder.mkdir()
    written(folder, encoded("JPEG")[:-2], "damaged.jpg")
    written(folder, b"", "empty.jpg")
    saved(folder / "sound.png", quarters())
    for _ in range(2):
        catalog = load_catalog(folder, cache=cache)
        assert catalog.image_ids == ("damaged.jpg", "sound.png")
        assert [(each.name, each.reason, each.left_out) for each in catalog.problems] == [
            ("damaged.jpg", f"read, but damaged: {END}", False),
            ("empty.jpg", "Cannot read 'empty.jpg' as an image: the file is empty.", True),
        ]
        assert catalog.n_left_out == 1
