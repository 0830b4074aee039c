"""Photos of which one extractor has features and another one has none, grouped as tuned and scored."""

from dataclasses import replace

import numpy as np
from tuned_cases import photos, second_view, tuned_settings

from shopsim.base.disk.store import Store
from shopsim.tuning.apply import group_as_tuned
from shopsim.tuning.leaderboard_row import Task

NEW = photos("second", n_models=12, n_photos=4, seed=1)


def views():
    """The second view with a gap, as if a photo could not be read, and without."""
    whole = second_view(NEW[1])
    gap = np.where(np.arange(len(whole.raw))[:, None] == 3, np.float32(0), whole.raw)
    return replace(whole, raw=gap), whole


def test_a_photo_that_an_added_extractor_reads_later_gets_another_tree(tmp_path):
    settings = tuned_settings(added=True)
    gap, whole = (group_as_tuned(*NEW, {"other": other}, settings, Store(tmp_path)) for other in views())
    assert gap.key != whole.key
    assert gap.tree.linkage.tolist() != whole.tree.linkage.tolist()


def test_such_a_photo_gets_another_score_of_auto(tmp_path, monkeypatch):
    keys = []
    monkeypatch.setattr(Task, "_kept", lambda self, key, work, progress: keys.append(key))
    for other in views():
        Task(NEW[0], tmp_path, 2, 0).auto(NEW[1], {"other": other}, "fake", lambda done, total: None)
    assert len(set(keys)) == 2
