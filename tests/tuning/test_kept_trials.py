"""What Auto tried is kept: a stopped search goes on where it was, and nothing else is taken for it."""

import numpy as np
import pytest
from vectors import unit

from shopsim.base.disk.store import Store, load_array, save_array
from shopsim.base.work.progress import Stopped
from shopsim.tuning import search as auto
from shopsim.tuning.candidates import auto_candidates
from shopsim.tuning.kept_trials import KIND
from shopsim.tuning.search import search

# Two that are cut by rules, and one for each kind of value.
LAST_OF = {candidate.recipe.clusterer: candidate for candidate in auto_candidates()}
CANDIDATES = [*auto_candidates()[:2], LAST_OF["complete"], LAST_OF["leiden"]]


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def fitted(monkeypatch):
    """How many trees have been made."""
    made = []
    tree_of = auto.tree_of
    monkeypatch.setattr(auto, "tree_of", lambda *given: made.append(1) or tree_of(*given))
    return made


def models_of(seed=0, noise=0.6):
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(16), 5)
    return unit(rng.standard_normal((16, 12))[labels] + noise * rng.standard_normal((80, 12))), labels


def found(store, rows, labels, **given):
    return search({"main": rows}, labels, 20, CANDIDATES, store=store, **given)


def told(result):
    return [(trial.candidate, trial.rule, trial.score) for trial in result.trials], result.members


def test_a_second_search_makes_no_tree_and_finds_the_same(store, fitted):
    rows, labels = models_of()
    first = found(store, rows, labels)
    assert told(first) == told(found(None, rows, labels))
    fitted.clear()
    again = found(store, rows, labels)
    assert (told(again), len(fitted)) == (told(first), 0)


def test_a_stopped_search_goes_on_where_it_was(store, fitted):
    rows, labels = models_of()

    def stop(done, total):
        if done >= total // 2:
            raise Stopped

    with pytest.raises(Stopped):
        found(store, rows, labels, progress=stop)
    half = len(fitted)
    result = found(store, rows, labels)
    assert told(result) == told(found(None, rows, labels))
    assert 0 < half < len(fitted)
    assert store.sizes()[KIND][0] == len(CANDIDATES)


@pytest.mark.parametrize("change", ["photos", "labels", "size", "seed"])
def test_other_photos_labels_sizes_or_seeds_are_searched_anew(store, fitted, change):
    rows, labels = models_of()
    found(store, rows, labels)
    fitted.clear()
    if change == "photos":
        rows = models_of(seed=1)[0]
    if change == "labels":
        labels = np.random.default_rng(0).permutation(labels)
    search({"main": rows}, labels, 40 if change == "size" else 20, CANDIDATES, int(change == "seed"), store=store)
    assert fitted


@pytest.mark.parametrize("damaged", [b"", b"\x93NUMPY", np.zeros(3), np.zeros((2, 5))])
def test_an_unreadable_entry_is_tried_again(store, fitted, damaged):
    rows, labels = models_of()
    first = found(store, rows, labels)
    path = next((store.root / KIND).iterdir())
    if isinstance(damaged, bytes):
        path.write_bytes(damaged)
    else:
        save_array(path, damaged)
    fitted.clear()
    assert told(found(store, rows, labels)) == told(first)
    assert fitted


@pytest.mark.parametrize("place", [0.5, 3.0, np.nan])
def test_a_value_of_no_known_kind_is_tried_again(store, fitted, place):
    rows, labels = models_of()
    first = found(store, rows, labels)
    for path in (store.root / KIND).iterdir():
        table = load_array(path)
        table[:, 1] = place if len(table) == 1 else table[:, 1]
        save_array(path, table)
    fitted.clear()
    assert told(found(store, rows, labels)) == told(first)
    assert fitted
