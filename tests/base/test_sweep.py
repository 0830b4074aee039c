"""What killed programs left behind is swept when the next one starts; what a living one writes is left alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from catalog_fixtures import PROJECT

from shopsim.base.disk import leftovers
from shopsim.base.disk.files import replacing
from shopsim.base.disk.leftovers import is_abandoned, is_unfinished, unfinished_name
from shopsim.base.disk.sweep import sweep_hourly, sweep_unfinished
from shopsim.base.workspace.database import change
from shopsim.base.workspace.rows import put
from shopsim.base.workspace.schema import TRUSTED

DAY_S = 24 * 3600
OF_EARLIER = (".0123456789abcdef.tmp", ".0123456789abcdef.unpacking", ".demo-3.0badcafe.unfinished")
OF_ANOTHER_SYSTEM = ".0badcafe-12-3456-0123456789abcdef.tmp"

WRITES = """
import os, signal, sys
from shopsim.base.disk.files import replacing
with replacing(sys.argv[1]) as file:
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    sys.stdin.read()
"""

# Killed when the workspace's database is whole, and not yet in its place.
BEGINS = """
import os, signal
from shopsim.base.workspace.database import change
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
change(lambda db: None)
"""


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def grow_old(path, seconds):
    for each in (path, *path.rglob("*")):
        os.utime(each, (time.time() - seconds,) * 2, follow_symlinks=False)


@pytest.fixture
def writer(tmp_path):
    """A process that is writing `a.txt` in tmp_path / "w"."""
    command = [sys.executable, "-c", WRITES, str(tmp_path / "w" / "a.txt")]
    process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "writing\n"
    yield process
    process.kill()
    process.communicate()


def test_what_a_killed_process_wrote_is_swept_at_once(tmp_path, writer):
    (name,) = names_in(tmp_path / "w")
    assert is_unfinished(name)
    writer.send_signal(signal.SIGKILL)
    # Until its end is asked for, it stays as a zombie.
    os.waitid(os.P_PID, writer.pid, os.WEXITED | os.WNOWAIT)
    sweep_unfinished(tmp_path / "w")
    assert names_in(tmp_path / "w") == []


def test_what_a_living_process_writes_is_left_alone_however_long_it_takes(tmp_path, writer):
    grow_old(tmp_path / "w", 9 * DAY_S)
    sweep_unfinished(tmp_path / "w")
    writer.communicate("")
    assert (tmp_path / "w" / "a.txt").read_bytes() == b"half"
    assert names_in(tmp_path / "w") == ["a.txt"]


def test_what_this_process_writes_is_left_alone(tmp_path):
    with replacing(tmp_path / "a.txt") as file:
        grow_old(tmp_path, 9 * DAY_S)
        sweep_unfinished(tmp_path, -1)
        file.write(b"whole")
    assert (tmp_path / "a.txt").read_bytes() == b"whole"


def test_a_process_that_has_the_number_of_a_dead_one_owns_nothing_of_it(tmp_path):
    host, pid, start, *rest = unfinished_name("tmp").split("-")
    (tmp_path / "-".join([host, pid, str(int(start) + 1), *rest])).touch()
    sweep_unfinished(tmp_path)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("name", [*OF_EARLIER, OF_ANOTHER_SYSTEM])
def test_where_the_writer_is_not_known_a_day_without_a_change_decides(tmp_path, name):
    (tmp_path / name / "deep").mkdir(parents=True)
    (tmp_path / name / "deep" / "a.jpg").touch()
    grow_old(tmp_path, DAY_S - 60)
    sweep_unfinished(tmp_path)
    assert names_in(tmp_path) == [name]
    grow_old(tmp_path, DAY_S + 60)
    # Another container goes on unpacking, deep inside.
    os.utime(tmp_path / name / "deep" / "a.jpg")
    sweep_unfinished(tmp_path)
    assert names_in(tmp_path) == [name]
    grow_old(tmp_path, DAY_S + 60)
    sweep_unfinished(tmp_path)
    assert names_in(tmp_path) == []


def test_a_system_that_tells_nothing_of_processes_goes_by_age(tmp_path, monkeypatch):
    monkeypatch.setattr(leftovers, "_host", lambda: "00000000")
    path = tmp_path / ".00000000-1-0-0123456789abcdef.tmp"
    path.touch()
    assert not is_abandoned(path)
    grow_old(path, DAY_S + 60)
    assert is_abandoned(path)


@pytest.mark.parametrize(
    "name", [".gitignore", ".demo.conf", ".notes.tmp", "a.tmp", ".0123.tmp", ".0123456789abcdef.txt", ".x.unfinished"]
)
def test_what_is_called_otherwise_is_somebody_elses(tmp_path, name):
    (tmp_path / name).touch()
    grow_old(tmp_path, 9 * DAY_S)
    sweep_unfinished(tmp_path, -1)
    assert names_in(tmp_path) == [name]


def test_a_swept_link_leaves_alone_what_it_leads_to(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / OF_EARLIER[0]).symlink_to("photos")
    sweep_unfinished(tmp_path, -1)
    assert names_in(tmp_path) == ["photos"]


def test_what_another_process_takes_away_meanwhile_does_not_stop_the_sweep(tmp_path, monkeypatch):
    (tmp_path / OF_EARLIER[0]).touch()
    glob = Path.glob
    gone = tmp_path / ".0000456789abcdef.tmp"
    monkeypatch.setattr(Path, "glob", lambda folder, pattern: [gone, *glob(folder, pattern)])
    sweep_unfinished(tmp_path, -1)
    sweep_unfinished(tmp_path / "never made", -1)
    assert names_in(tmp_path) == []


def test_a_start_sweeps_all_places_that_are_written_to_and_no_others(tmp_path):
    cache, home = tmp_path / "cache", tmp_path / "home"
    swept = ["cache", "cache/features/d", "cache/trees", "home", "home/networks", "home/networks/n", "home/uploads"]
    kept = ["home/uploads/photos", "home/uploads/photos/deep", "cache/a/b/c"]
    for folder in (*swept, *kept):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / OF_EARLIER[0]).touch()
    grow_old(tmp_path, 2 * DAY_S)
    sweep_hourly(cache, home)
    left = {str(path.parent.relative_to(tmp_path)) for path in tmp_path.rglob(OF_EARLIER[0])}
    assert left == set(kept)


def test_the_sweep_takes_a_database_that_was_half_begun_and_no_other(tmp_path):
    home = tmp_path / "shopsim-home"
    began = subprocess.run([sys.executable, "-c", BEGINS], cwd=PROJECT, capture_output=True, check=False)
    assert began.returncode == -signal.SIGKILL
    (left,) = (name for name in names_in(home) if name != "shopsim.lock")
    assert is_unfinished(left)
    sweep_hourly(tmp_path / "cache", home)
    assert names_in(home) == ["shopsim.lock"]
    change(lambda db: put(db, TRUSTED, "n", None))
    grow_old(home, 9 * DAY_S)
    sweep_unfinished(home, -1)
    assert names_in(home) == ["shopsim.db", "shopsim.lock"]


def test_a_start_sweeps_what_only_earlier_versions_read(tmp_path):
    entry, key = "0" * 32, "a" * 32
    earlier = [
        f"trees/{entry}.npy",
        f"vectors/{entry}-note.npy",
        f"leaderboard/{entry}.json",
        f"features/{key}/{entry}.npy",
        f"features/{key}/{entry}.ids.npy",
        f"trainings/{key}/state.npz",
        f"trainings/{key}/pass-002.npz",
        f"trainings/{key}/scores-002-{entry}.npy",
    ]
    kept = [
        f"trees/{entry}.sealed.npy",
        f"features/{key}/{entry}.rows",
        f"features/{key}/key.txt",
        f"trainings/{key}/state.sealed.npy",
        "photos/features.npy",
        "photos/0/metadata.json",
        f"{entry}.npy",
    ]
    for name in (*earlier, *kept):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    grow_old(tmp_path, 2 * DAY_S)
    (tmp_path / "trees" / f"{key}.npy").touch()
    sweep_hourly(tmp_path)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {*kept, f"trees/{key}.npy"}


def test_a_command_sweeps_as_it_starts(run_json, tiny_catalog, fake_extractor, tmp_path):
    cache = tmp_path / "shopsim-cache"
    (cache / "features").mkdir(parents=True)
    left = cache / "features" / unfinished_name("tmp").replace(f"-{os.getpid()}-", "-4194305-")
    left.touch()
    run_json("extract", tiny_catalog, "--extractor", "fake")
    assert not left.exists()


def test_an_orphan_of_an_earlier_version_is_not_taken_for_rows(run_json, tiny_catalog, fake_extractor, tmp_path):
    run_json("extract", tiny_catalog, "--extractor", "fake")
    shard = next((tmp_path / "shopsim-cache" / "features").rglob("*.rows"))
    (shard.parent / f"{'0' * 32}.npy").write_bytes(b"rows without ids")
    fake_extractor.n_extracted = 0
    run_json("extract", tiny_catalog, "--extractor", "fake")
    assert fake_extractor.n_extracted == 0


def test_a_server_sweeps_again_after_an_hour(tmp_path, monkeypatch):
    # A whole number: an hour after another one is then an hour to the last digit.
    now = float(round(time.monotonic()))
    for seconds, left in ((0, 0), (3599, 1), (3601, 0), (7201, 1), (7203, 0)):
        monkeypatch.setattr(time, "monotonic", lambda seconds=seconds: now + seconds)
        (tmp_path / unfinished_name("tmp").replace(f"-{os.getpid()}-", "-4194305-")).touch()
        sweep_hourly(tmp_path)
        assert len(names_in(tmp_path)) == left, seconds
