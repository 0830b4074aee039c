"""Features and neighbour lists by Ray: the same bytes as without, also when processes are killed meanwhile."""

import importlib.util
import os
import shutil
import subprocess
import sys
from functools import partial

import numpy as np
import psutil
import pytest
from catalog_fixtures import photo_folder
from ray_cases import kill_one_at, small_cluster
from vectors import clustered_rows

from shopsim import ShopsimError
from shopsim.base.work.progress import Stopped
from shopsim.catalog.open_folder import load_catalog
from shopsim.clusterers import nearest_lists as search
from shopsim.clusterers.lists_by_ray import lists_by_ray
from shopsim.features import rows_by_ray
from shopsim.grouping.engine import Engine
from shopsim.grouping.fit import features_of

pytestmark = pytest.mark.slow
N_PHOTOS = 260


@pytest.fixture(scope="module")
def cluster():
    if importlib.util.find_spec("ray") is None:  # Its import would fix settings that belong to its start.
        pytest.skip("ray is not installed: pip install ray")
    with small_cluster() as cluster:
        cluster.start()
        yield cluster
        theirs = psutil.Process().children(recursive=True)
    # None outlives its command.
    assert not psutil.wait_procs(theirs, timeout=10)[1]


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """A catalogue of many photos, the last of which is gone by the time it is read."""
    folder = tmp_path_factory.mktemp("photos")
    photo_folder(folder, [f"{number:03}.png" for number in range(N_PHOTOS + 1)])
    (folder / "copy.png").write_bytes((folder / "000.png").read_bytes())
    catalog = load_catalog(folder, cache=folder.parent / "opened")
    (folder / f"{N_PHOTOS:03}.png").unlink()
    return catalog


def by_ray(cluster):
    def batches_of(name, settings):
        return partial(rows_by_ray.batches_by_ray, name=name, settings=settings, cluster=cluster)

    return Engine(batches_of, partial(lists_by_ray, cluster=cluster))


def assert_same(found, expected):
    assert found.raw.tobytes() == expected.raw.tobytes()
    assert (found.key, found.image_ids, found.problems) == (expected.key, expected.image_ids, expected.problems)
    assert expected.raw.any(axis=1).all()


def test_an_actor_that_is_killed_changes_no_row(cluster, photos, tmp_path, capfd):
    killed = []

    def kill_the_first(done, total):
        if done and not killed:
            killed.append(kill_one_at("MapWorker"))

    settings = ("color_shape", {}, tmp_path / "ray")
    found = features_of(photos, *settings, progress=kill_the_first, engine=by_ray(cluster))
    assert killed and not psutil.pid_exists(killed[0])
    expected = features_of(photos, "color_shape", {}, tmp_path / "here")
    assert_same(found, expected)
    assert len(found.image_ids) == N_PHOTOS + 1 and len(found.problems) == 1
    # Ray says nothing among the lines of progress.
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("precision", ["float32", "automatic"])
def test_a_network_gives_the_same_rows_and_key(cluster, photos, tmp_path, precision):
    catalog = photos.subset(photos.image_ids[:70])
    settings = {"precision": precision}
    found = features_of(catalog, "efficientnet_lite0", settings, tmp_path / "ray", engine=by_ray(cluster))
    assert_same(found, features_of(catalog, "efficientnet_lite0", settings, tmp_path / "here"))


def test_a_stopped_run_goes_on_where_it_was(cluster, photos, tmp_path):
    counts = []

    def stop_after_the_first(done, total):
        counts.append(done)
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        features_of(photos, "color_shape", {}, tmp_path, progress=stop_after_the_first, engine=by_ray(cluster))
    # Photo and copy are one, and the one that is gone has no row.
    assert 0 < counts[-1] < N_PHOTOS
    kept = []
    features_of(photos, "color_shape", {}, tmp_path, progress=lambda done, total: kept.append(done))
    assert counts[-1] in (kept[0], kept[0] + 1)


def test_actors_read_photos_at_urls(cluster, photos, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    places = [f"file://{shutil.copy(image.path, folder)}" for image in photos.images[:5]]
    (folder / "catalog.csv").write_text("\n".join(["path", *places]))
    catalog = load_catalog(folder, cache=tmp_path / "cache", urls=True)
    settings = ("color_shape", {}, tmp_path / "ray")
    found = features_of(catalog, *settings, engine=by_ray(cluster))
    assert found.image_ids == tuple(places)
    here = features_of(photos.subset(photos.image_ids[:5]), "color_shape", {}, tmp_path / "here")
    assert found.raw.tobytes() == here.raw.tobytes()


def test_a_machine_that_computes_in_another_way_is_refused(cluster, photos, monkeypatch):
    extractor = rows_by_ray.kept_extractor("color_shape", {})
    monkeypatch.setattr(rows_by_ray, "key_of", lambda extractor: "another key")
    missing = {image.digest: [image] for image in photos.images[:3]}
    with pytest.raises(ShopsimError, match="computes color_shape in another way"):
        list(rows_by_ray.batches_by_ray(missing, extractor, "color_shape", {}, cluster))


def test_a_task_that_is_killed_changes_no_list(cluster):
    rows, offsets = clustered_rows(20_000, seed=1), np.zeros(20_000, np.float32)
    killed = []

    def kill_the_first(done, total):
        if done and not killed:
            killed.append(kill_one_at("compare_parts"))

    found = lists_by_ray(rows, offsets, 24, cluster, kill_the_first)
    assert killed and not psutil.pid_exists(killed[0])
    expected = search.nearest_lists(rows, offsets, 24)
    for lists in (found, expected):
        lists.sort()
    assert np.array_equal(found.keys, expected.keys)
    assert np.array_equal(found.least, expected.least)


def test_no_other_machine_can_reach_it(cluster):
    pids = {process.pid for process in psutil.Process().children(recursive=True)}
    listening = [
        (place.laddr.ip, place.pid)
        for place in psutil.net_connections("tcp")
        if place.status == psutil.CONN_LISTEN and place.pid in pids
    ]
    assert listening
    assert {ip for ip, _ in listening} <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


def test_nothing_is_done_without_a_token(cluster):
    import ray

    script = (
        "import ray, sys; ray.init(address=sys.argv[1], log_to_driver=False); "
        "print(ray.get(ray.remote(lambda: 'done').remote()))"
    )
    address = ray.get_runtime_context().gcs_address
    env = {name: value for name, value in os.environ.items() if name != "RAY_AUTH_TOKEN"}
    stranger = subprocess.run(
        [sys.executable, "-c", script, address],
        env=env | {"HOME": "/nowhere"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert stranger.returncode != 0
    assert "done" not in stranger.stdout
