"""The pack for TensorFlow's Embedding Projector: its files fit each other, and TensorBoard's own plugin serves them."""

import io
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile

import numpy as np
import pytest
from catalog_fixtures import photo_folder
from PIL import Image

from shopsim.base.disk.store import Store
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.features.extract import Features
from shopsim.grouping.fit import fit
from shopsim.grouping.handed_on.projector_pack import MOST_PHOTOS, SPRITE_SIDE, write_projector_pack
from shopsim.grouping.recipe import Recipe

N_IMAGES = 7
NAMES = [f"{number}\t.png" if number == 2 else f"{number}.png" for number in range(N_IMAGES)]


@pytest.fixture
def grouping(tmp_path):
    photo_folder(tmp_path / "photos", NAMES)
    images = tuple(
        CatalogImage(name, tmp_path / "photos" / name, name, "=red" if number < 3 else None, None)
        for number, name in enumerate(NAMES)
    )
    rows = np.random.default_rng(0).normal(size=(N_IMAGES, 5)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    catalog = Catalog("some", tmp_path / "photos", "table", "", images)
    features = Features(rows, tuple(NAMES), "test", ())
    return fit(catalog, features, Recipe(space="raw"), Store(tmp_path / "cache")).group(0.3)


def packed(grouping, **options):
    """What was packed, and the zip."""
    buffer = io.BytesIO()
    made = write_projector_pack(grouping, buffer, **options)
    return made, zipfile.ZipFile(buffer)


def test_row_line_and_picture_of_a_photo_stand_at_the_same_place(grouping):
    made, pack = packed(grouping)
    assert (made.n_packed, made.n_images, made.problems) == (7, 7, ())
    tensors = np.loadtxt(io.BytesIO(pack.read("tensors.tsv")), delimiter="\t", dtype=np.float32)
    np.testing.assert_allclose(tensors, grouping.fitted.vectors, atol=1e-6)
    lines = pack.read("metadata.tsv").decode().splitlines()
    assert lines[0] == "image_id\tmodel\tproduct\tgroup"
    assert [line.split("\t")[0] for line in lines[1:]] == [name.replace("\t", " ") for name in NAMES]
    assert lines[1].split("\t")[1] == "'=red"
    sprite = np.asarray(Image.open(io.BytesIO(pack.read("sprite.jpg"))), int)
    assert sprite.shape == (3 * 128, 3 * 128, 3)
    for place, image in enumerate(grouping.fitted.catalog.images):
        photo = np.asarray(Image.open(image.path).convert("RGB"), int)
        top, left = place // 3 * 128 + 64 - len(photo) // 2, place % 3 * 128 + 64 - photo.shape[1] // 2
        drawn = sprite[top : top + len(photo), left : left + photo.shape[1]]
        assert np.abs(drawn.mean(axis=(0, 1)) - photo.mean(axis=(0, 1))).max() < 12


def test_of_too_many_photos_there_is_a_sample_by_group_which_says_so(grouping):
    made, pack = packed(grouping, most=3)
    assert (made.n_packed, made.n_images) == (3, 7)
    assert made.told.startswith("The pack has a sample of 3 of 7 photos")
    assert "a sample by group of 7" in pack.read("README.txt").decode()
    assert len(pack.read("metadata.tsv").decode().splitlines()) == 4
    assert len(pack.read("tensors.tsv").decode().splitlines()) == 3


def test_the_sprite_never_has_more_pixels_than_browsers_draw():
    assert MOST_PHOTOS * 64**2 == SPRITE_SIDE**2 == 8192**2


def test_a_photo_that_is_gone_keeps_its_row_and_is_listed(grouping):
    grouping.fitted.catalog.images[1].path.unlink()
    made, pack = packed(grouping)
    assert [problem.name for problem in made.problems] == ["1.png"]
    assert len(pack.read("tensors.tsv").decode().splitlines()) == N_IMAGES


def test_the_same_photos_give_the_same_bytes(grouping):
    assert packed(grouping)[1].fp.getvalue() == packed(grouping)[1].fp.getvalue()


@pytest.fixture
def tensorboard(grouping, tmp_path):
    """The address of TensorBoard's plugin, which shows the unpacked pack."""
    pytest.importorskip("tensorboard", reason="TensorBoard is not installed")
    packed(grouping)[1].extractall(tmp_path / "log")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(tmp_path / "log"), "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--load_fast=false"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def asked(address, seconds=60):
    """The answer, once the server is there."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.mark.slow
def test_tensorboards_own_plugin_reads_the_pack(grouping, tensorboard):
    plugin = f"{tensorboard}/data/plugin/projector"
    assert json.loads(asked(f"{plugin}/runs")) == ["."]
    (embedding,) = json.loads(asked(f"{plugin}/info?run=."))["embeddings"]
    assert embedding["tensorShape"] == [N_IMAGES, 5]
    assert embedding["sprite"]["singleImageDim"] == [128, 128]
    tensor = np.frombuffer(asked(f"{plugin}/tensor?run=.&name=photos"), np.float32).reshape(N_IMAGES, 5)
    np.testing.assert_allclose(tensor, grouping.fitted.vectors, atol=1e-6)
    assert asked(f"{plugin}/metadata?run=.&name=photos").startswith(b"image_id\tmodel")
    assert Image.open(io.BytesIO(asked(f"{plugin}/sprite_image?run=.&name=photos"))).size == (384, 384)
