"""What cannot be computed again is on the disk when it is said to be kept; what can, waits for no disk."""

import os
from pathlib import Path

import numpy as np
import pytest
from run_cases import made_run
from tuned_cases import tuned_settings

from shopsim.base.disk.store import Store
from shopsim.base.workspace.database import change
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.catalog.photos.thumbnails import Thumbnails
from shopsim.features.networks.trained import add_to_card, networks_dir
from shopsim.grouping.runs.kept import keep
from shopsim.learning.progress_file import DONE, Diary
from shopsim.review.decisions import Decision, decide
from shopsim.tuning.settings_files import save_settings
from shopsim.ui.parts.recent import Recent, remember


@pytest.fixture
def synced(monkeypatch):
    """Names of the folders that were asked to be on the disk."""
    names, fsync = [], os.fsync

    def note(number):
        path = Path(f"/proc/self/fd/{number}").readlink()
        names.extend([path.name] if path.is_dir() else [])
        fsync(number)

    monkeypatch.setattr(os, "fsync", note)
    return names


def test_decisions(synced):
    image = CatalogImage("a.jpg", Path("a.jpg"), "0" * 32, model="m")
    decide(Catalog("c", Path("c"), "plain", "", (image,)), Decision(image.digest, "m", "not wrong"))
    assert "shopsim-home" in synced


def test_each_later_decision_too():
    """SQLite asks the disk itself: 2 is FULL, with each transaction, in a log or without."""
    assert change(lambda db: db.execute("PRAGMA synchronous").fetchone()[0]) == 2


def test_tuned_settings_each_array_and_the_list_of_them(synced):
    folder = save_settings(tuned_settings())
    # Each file in the hidden folder they are written into together, then the folder that they are moved to.
    *written, place, above = synced
    assert len([name for name in written if name.endswith(".tmp")]) == 1 + len(list(folder.glob("*.npy")))
    assert (place, above) == (folder.name, folder.parent.name)


def test_kept_runs_the_file_and_the_list_of_them(synced):
    keep(made_run([0, 0, 1]))
    assert "runs" in synced
    assert synced.index("runs") < len(synced) - 1 - synced[::-1].index("shopsim-home")


def test_what_was_opened_lately(synced):
    remember(Recent("/photos"))
    assert "shopsim-home" in synced


def test_the_secret_of_the_thumbnails(synced, tmp_path):
    Thumbnails(tmp_path / "static", tmp_path / "home")
    assert "home" in synced


def test_what_is_said_of_a_network(synced):
    (networks_dir() / "n").mkdir(parents=True)
    (networks_dir() / "n" / "card.json").write_text("{}")
    add_to_card("n", {"settings": "s"})
    assert "n" in synced


def test_how_a_learning_ended_but_not_each_of_its_steps(synced):
    diary = Diary("key", "network", "c", {})
    diary.phase("Learning")
    assert synced == []
    diary.end(DONE, "Done.")
    assert "shopsim-home" in synced


def test_an_entry_of_the_cache_waits_for_no_disk(synced, tmp_path):
    Store(tmp_path).save("trees", "d", np.zeros(3))
    assert synced == []
