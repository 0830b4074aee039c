"""Memory and time that reading one large photo takes, format by format, each in a process of its own.

.venv/bin/python tests/benchmarks/bench_decode_memory.py [NAME ...]
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from shopsim.catalog.photos.decode_memory import MOST_BYTES

PROJECT = Path(__file__).resolve().parents[2]
# The largest square below Pillow's own limit, and one for decoders that keep copies of the whole picture.
LARGE, MEDIUM = 13_377, 5_000
Image.MAX_IMAGE_PIXELS = None

READ = """
import sys, time
from pathlib import Path
from shopsim import ShopsimError
from shopsim.catalog.photos.formats import format_of
from shopsim.catalog.photos.images import read_image

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

path = Path(sys.argv[1])
format_of(path.open("rb").read(64)).load_plugin()
before, started = peak(), time.perf_counter()
try:
    read_image(path, (224, 224))
    said = "read"
except ShopsimError as error:
    said = str(error).partition(": ")[2]
print(f"{(peak() - before) / 2**20:8,.0f} MB {time.perf_counter() - started:6.1f} s  {said}")
"""


def square(side, mode):
    """A picture with a slow change of brightness, so that it packs well and is quick to write."""
    ramp = np.linspace(0, 255, side).astype(np.uint8)
    grey = Image.fromarray(np.broadcast_to(ramp, (side, side)))
    if mode in ("I", "F"):
        return Image.fromarray(np.broadcast_to(ramp.astype(np.int32 if mode == "I" else np.float32), (side, side)))
    if mode == "I;16":
        return Image.fromarray(np.broadcast_to(ramp.astype(np.uint16) * 257, (side, side)))
    return grey.convert(mode)


PHOTOS = {
    "32-bit TIFF": (LARGE, "I", "a.tif", {"compression": "tiff_adobe_deflate"}),
    "float TIFF": (LARGE, "F", "a.tif", {"compression": "tiff_lzw"}),
    "RGB TIFF, LZW": (LARGE, "RGB", "a.tif", {"compression": "tiff_lzw"}),
    "RGBA TIFF, one strip": (LARGE, "RGBA", "a.tif", {"compression": "tiff_lzw", "tiffinfo": {278: LARGE}}),
    "RGB TIFF, raw": (LARGE, "RGB", "a.tif", {}),
    "RGB PNG": (LARGE, "RGB", "a.png", {"compress_level": 1}),
    "RGBA PNG": (LARGE, "RGBA", "a.png", {"compress_level": 1}),
    "16-bit PNG": (LARGE, "I;16", "a.png", {"compress_level": 1}),
    "palette PNG": (LARGE, "P", "a.png", {"compress_level": 1}),
    "JPEG": (LARGE, "RGB", "a.jpg", {}),
    "progressive JPEG": (LARGE, "RGB", "a.jpg", {"progressive": True, "subsampling": 0}),
    "CMYK JPEG": (LARGE, "CMYK", "a.jpg", {}),
    "BMP": (LARGE, "RGB", "a.bmp", {}),
    "GIF": (LARGE, "L", "a.gif", {}),
    "WebP, large": (LARGE, "RGB", "a.webp", {"method": 0, "quality": 10}),
    "WebP": (MEDIUM, "RGB", "a.webp", {"method": 0, "quality": 10}),
    "AVIF": (MEDIUM, "RGB", "a.avif", {"speed": 10}),
    "HEIC": (MEDIUM, "RGB", "a.heic", {}),
}


def main():
    """Print a line per photo."""
    print(f"at most {MOST_BYTES / 2**20:,.0f} MB are allowed")
    for name in sys.argv[1:] or PHOTOS:
        side, mode, file, options = PHOTOS[name]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / file
            picture = square(side, mode)
            if path.suffix == ".heic":
                pillow_heif.from_pillow(picture).save(path)
            else:
                picture.save(path, **options)
            told = subprocess.run(
                [sys.executable, "-c", READ, path], cwd=PROJECT, capture_output=True, text=True, check=True
            )
            print(
                f"{name:24} {side:,} squared, {path.stat().st_size / 2**20:7,.1f} MB: {told.stdout.strip()}", flush=True
            )


if __name__ == "__main__":
    main()
