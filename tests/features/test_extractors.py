"""What every registered extractor must do, and what the ones without weights are meant to see."""

import math
import statistics
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.catalog.photos.images import read_image
from shopsim.features.extractors import extractors
from shopsim.features.extractors.color_shape import colour_counts, histograms, hsv_table, lab_table
from shopsim.features.networks.weights import why_unavailable

SHARED = Path(__file__).parents[2] / "../shared"
SETTINGS = {"tfhub": {"handle": "mobilenet_v2_100_224"}}
NETWORKS = ("saved_model/", "efficientnet_lite0/")
_built = {}


@pytest.fixture(params=extractors.names())
def extractor(request, monkeypatch):
    """Each registered extractor, built once; skipped with its own reason where its weights are not at hand."""
    name = request.param
    monkeypatch.setenv("SHOPSIM_MODEL_DIR", str(SHARED / "models"))
    if reason := why_unavailable(name, **SETTINGS.get(name, {})):
        pytest.skip(reason)
    if name not in _built:
        _built[name] = extractors.create(name, **SETTINGS.get(name, {}))
    return _built[name]


def photos(n, size, seed=0):
    """(n, h, w, 3) uint8 of random rectangles on a plain ground: flat parts, edges, many colours."""
    rng = np.random.default_rng(seed)
    images = np.empty((n, *size, 3), np.uint8)
    for image in images:
        image[:] = rng.integers(0, 256, 3)
        for _ in range(12):
            top, left = rng.integers(0, size[0] * 3 // 4), rng.integers(0, size[1] * 3 // 4)
            height, width = rng.integers(size[0] // 16, size[0] // 2), rng.integers(size[1] // 16, size[1] // 2)
            image[top : top + height, left : left + width] = rng.integers(0, 256, 3)
    return images


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_rows_have_the_announced_shape_and_are_finite_numbers(extractor):
    rows = extractor.extract(photos(3, extractor.image_size))
    assert rows.shape == (3, extractor.n_features)
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()
    assert rows.any(axis=1).all()


def test_no_photos_give_no_rows(extractor):
    assert extractor.extract(photos(0, extractor.image_size)).shape == (0, extractor.n_features)


def test_numbers_do_not_depend_on_the_batch(extractor):
    images = photos(11, extractor.image_size)
    together = extractor.extract(images)
    for size in (1, 4, 9):
        parts = [extractor.extract(images[start : start + size]) for start in range(0, len(images), size)]
        np.testing.assert_array_equal(np.concatenate(parts), together)


def test_extracting_twice_gives_the_same_numbers_and_leaves_the_photos_alone(extractor):
    images = photos(2, extractor.image_size)
    before = images.copy()
    np.testing.assert_array_equal(extractor.extract(images), extractor.extract(images))
    np.testing.assert_array_equal(images, before)


def test_different_photos_get_different_rows(extractor):
    rows = unit(extractor.extract(photos(4, extractor.image_size)))
    assert (rows @ rows.T)[np.triu_indices(4, 1)].max() < 0.995


@pytest.mark.parametrize("grey", [0, 127, 255])
def test_blank_photo_gets_zeros_or_at_least_finite_numbers(extractor, grey):
    rows = extractor.extract(np.full((1, *extractor.image_size, 3), grey, np.uint8))
    assert np.isfinite(rows).all()
    if not extractor.key.startswith(NETWORKS):
        assert not rows.any()


def test_key_names_no_path(extractor):
    assert not any(part in extractor.key for part in ("shared", "models/", str(SHARED), "mobilenet_v2_100_224"))
    assert extractor.key == extractor.key.strip() != ""


def test_registered_names_have_a_source_and_a_title():
    for name in extractors.names():
        entry = extractors.entry(name)
        assert entry.source
        assert entry.title


def test_keys_differ_between_extractors():
    keys = [extractors.create(name).key for name in ("color_shape", "image_signature")]
    assert len(set(keys)) == 2


def test_asking_for_extractors_imports_nothing_heavy():
    code = (
        "import sys; from shopsim.features.extractors import extractors; "
        "from shopsim.features.networks.weights import why_unavailable;"
        "[why_unavailable(name) for name in extractors.names()]; extractors.create('color_shape');"
        "print([name for name in ('tensorflow', 'tensorflow_hub', 'skimage', 'scipy') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_colour_shares_of_a_photo_sum_to_one():
    counts = colour_counts(photos(2, (32, 48)))
    np.testing.assert_allclose(counts.sum(axis=1), 1)


@pytest.mark.parametrize(("table", "bins"), [(hsv_table, 400), (lab_table, 509)])
def test_each_colour_counts_once_over_all_bins(table, bins):
    assert table().shape == (bins, 32768)
    np.testing.assert_allclose(table().sum(axis=0), 1)


def plain(colour):
    return colour_counts(np.full((1, 8, 8, 3), colour, np.uint8))


@pytest.mark.parametrize("table", [hsv_table, lab_table])
def test_a_slightly_different_colour_stays_similar_and_another_one_does_not(table):
    red, nearly, blue = (histograms(plain(colour), table()) for colour in ([200, 30, 30], [190, 38, 30], [30, 30, 200]))
    assert (red @ nearly.T).item() > 0.8
    assert (red @ blue.T).item() < 0.05


def test_hue_is_a_circle():
    pinkish, orangeish = plain([255, 0, 12]), plain([255, 12, 0])
    assert (histograms(pinkish, hsv_table()) @ histograms(orangeish, hsv_table()).T).item() > 0.9


def test_color_shape_weighs_its_blocks_alike():
    row = extractors.create("color_shape").extract(photos(1, (96, 96)))[0]
    edges = np.cumsum([0, 400, 400, 509, 509, 540])
    norms = [np.linalg.norm(row[start:stop]) for start, stop in pairwise(edges)]
    np.testing.assert_allclose(norms, [1, 1, 1, 1, 1.2], rtol=1e-5)


def test_color_shape_takes_a_mirrored_photo_for_the_same_product():
    noise = np.random.default_rng(0).normal(0, 6, (6, 96, 96, 3))
    images = np.clip(photos(6, (96, 96)) + noise, 0, 255).astype(np.uint8)
    extract = extractors.create("color_shape").extract
    same = (unit(extract(images)) * unit(extract(images[:, :, ::-1]))).sum(axis=1)
    assert same.min() > 0.98


def reference_signature(image):
    """Wong, Bern and Goldberg's signature in plain Python, step by step after the paper and image-match."""
    side, n, window = 256, 9, 13
    grey = [[(0.2125 * r + 0.7154 * g + 0.0721 * b) / 255 for r, g, b in row] for row in image.tolist()]

    def percentile(values, share):
        ordered, place = sorted(values), share * (len(values) - 1)
        low = math.floor(place)
        high = min(low + 1, len(values) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    def grid(lines):
        running, total = [], 0.0
        for line in lines:
            total += math.fsum(abs(after - before) for before, after in pairwise(line))
            running.append(total)
        first = sum(value <= percentile(running, 0.05) for value in running)
        last = sum(value < percentile(running, 0.95) for value in running)
        if first > last:
            first, last = int(0.05 * side), int(0.95 * side)
        return [int(first + (last - first) * step / (n + 1)) for step in range(1, n + 1)]

    def mean(row, column):
        top, left = max(int(row - window / 2), 0), max(int(column - window / 2), 0)
        values = [v for line in grey[top : top + window] for v in line[left : left + window]]
        return round(math.fsum(values) / len(values), 9)

    rows, columns = grid(grey), grid([list(column) for column in zip(*grey, strict=True)])
    means = [[mean(row, column) for column in columns] for row in rows]
    differences = []
    for i in range(n):
        for j in range(n):
            for down, right in [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]:
                y, x = i + down, j + right
                inside = 0 <= y < n and 0 <= x < n
                difference = means[i][j] - means[y][x] if inside else 0.0
                differences.append(difference if abs(difference) >= 2 / 255 else 0.0)
    lighter = [d for d in differences if d > 0]
    darker = [-d for d in differences if d < 0]
    return [
        0 if d == 0 else (1 if d <= statistics.median(lighter) else 2) if d > 0
        else (-1 if -d <= statistics.median(darker) else -2)
        for d in differences
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_image_signature_equals_the_plain_reference(seed):
    image = photos(1, (256, 256), seed)[0]
    if seed == 3:
        image = np.random.default_rng(3).integers(0, 256, image.shape, np.uint8)
    row = extractors.create("image_signature").extract(image[None])[0]
    np.testing.assert_array_equal(row, reference_signature(image))
    assert set(np.unique(row)) == {-2, -1, 0, 1, 2}


def test_image_signature_ignores_a_plain_border_and_brightness():
    extract = extractors.create("image_signature").extract
    image = photos(1, (256, 256), 5)
    row = unit(extract(image))
    darker = (image * 0.8).astype(np.uint8)
    assert (row @ unit(extract(darker)).T).item() > 0.9
    assert (row @ unit(extract(image[:, ::-1, ::-1])).T).item() < 0.68


def test_distance_of_the_paper_is_the_stated_cosine():
    a, b = unit(extractors.create("image_signature").extract(photos(2, (256, 256))).astype(float))
    distance = np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))
    assert distance == pytest.approx(math.sqrt((1 - a @ b) / 2))
    assert math.sqrt((1 - 0.68) / 2) == pytest.approx(0.40)


@pytest.mark.photos
def test_signature_finds_the_reencoded_copies_and_joins_no_different_photos():
    paths = sorted((SHARED / "data/dedupe_mini").glob("*/*.*"))
    models = np.array([path.parent.name for path in paths])
    extractor = extractors.create("image_signature")
    rows = unit(extractor.extract(np.stack([read_image(path, extractor.image_size) for path in paths])))
    same = (models[:, None] == models)[np.triu_indices(len(models), 1)]
    cosines = (rows @ rows.T)[np.triu_indices(len(models), 1)]
    assert (cosines[~same] < 0.68).all()
    assert (cosines[same] >= 0.68).mean() > 0.4


def test_unknown_extractor_is_refused_by_name():
    with pytest.raises(ShopsimError, match="Unknown extractor 'mobilnet'"):
        why_unavailable("mobilnet")
