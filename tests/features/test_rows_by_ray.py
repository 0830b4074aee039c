"""What Ray is asked for when it extracts features, without Ray."""

import numpy as np
import pytest
from catalog_fixtures import CountingExtractor, photo_folder

from shopsim import ShopsimError
from shopsim.catalog.open_folder import load_catalog
from shopsim.features import rows_by_ray
from shopsim.features.batches import batches_here
from shopsim.features.networks.int8_extractor import Int8Extractor
from shopsim.features.rows_by_ray import ACTOR_CPUS, Pool, RowActor, pool_of, read_photos


@pytest.mark.parametrize("n_cpus", [1, 2, 3, 4, 7, 64, 1000])
def test_the_pool_leaves_the_tasks_that_decode_their_processors(n_cpus):
    pool = pool_of(CountingExtractor(), n_cpus, n_gpus=0)
    assert ACTOR_CPUS <= 0.5
    assert pool.n_actors >= 1
    assert pool.n_actors * ACTOR_CPUS + pool.reader_cpus <= n_cpus
    assert pool.n_actors * ACTOR_CPUS <= n_cpus / 2
    assert pool.gpus == 0


def test_an_actor_has_a_gpu_only_where_the_extractor_runs_on_one():
    extractor = CountingExtractor()
    assert pool_of(extractor, n_cpus=16, n_gpus=4) == Pool(8, 0, 1.0)
    extractor.runs_on_gpu = True
    assert pool_of(extractor, n_cpus=16, n_gpus=4) == Pool(4, 1, 1.0)
    assert pool_of(extractor, n_cpus=16, n_gpus=0) == Pool(8, 0, 1.0)
    assert pool_of(extractor, n_cpus=4, n_gpus=8) == Pool(2, 1, 1.0)


def test_int8_is_refused_before_ray_starts():
    with pytest.raises(ShopsimError, match=r"int8 is calibrated on one machine.*choose another --precision"):
        next(rows_by_ray.batches_by_ray({}, Int8Extractor.__new__(Int8Extractor), "mobilenet_v2", {}, None))


def test_the_two_steps_give_what_one_machine_does(tmp_path, cache, monkeypatch):
    """The steps as Ray calls them: columns in, columns out."""
    folder = photo_folder(tmp_path / "photos", ["a.png", "b.png", "c.png"])
    catalog = load_catalog(folder, cache=cache)
    (folder / "b.png").unlink()
    missing = {image.digest: [image] for image in catalog.images}
    monkeypatch.setattr(rows_by_ray, "kept_extractor", lambda name, settings: CountingExtractor())
    (table,) = rows_by_ray._tables(missing)
    columns = {name: np.array(table.column(name).to_pylist(), object) for name in table.column_names}
    actor = RowActor("counting", {}, rows_by_ray.key_of(CountingExtractor()))
    found = rows_by_ray._batch_of(actor(read_photos(columns, CountingExtractor.image_size)))
    (expected,) = batches_here(missing, CountingExtractor())
    assert (found.digests, found.reasons) == (expected.digests, expected.reasons)
    assert found.rows.tobytes() == expected.rows.tobytes()
    assert len(found.digests) == 2 and len(found.reasons) == 1


def test_paths_are_any_bytes_that_a_disk_has(tmp_path, cache):
    folder = photo_folder(tmp_path / "a\nb \udcff\udcfe", ["x;y.png"])
    catalog = load_catalog(folder, cache=cache)
    paths = [image.path for image in catalog.images]
    assert rows_by_ray._paths_in(rows_by_ray._as_bytes(paths * 2)) == paths * 2
