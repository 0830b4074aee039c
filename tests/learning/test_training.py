"""Training a network's last blocks."""

import shutil

import numpy as np
import pytest
from learning_cases import RECIPE, SIDE, coloured_photos

from shopsim import ShopsimError
from shopsim.base.disk.store import save_arrays
from shopsim.base.rows import unit_rows
from shopsim.base.work.progress import Stopped
from shopsim.features.row_reader import RowReader
from shopsim.learning.network.activations import Activations
from shopsim.learning.network.backbone import backbone_from
from shopsim.learning.network.depth import ALL
from shopsim.learning.network.engine import MIXED_PRECISION, Engine
from shopsim.learning.network.training import TailTraining
from shopsim.scoring.retrieval import retrieval

pytestmark = pytest.mark.slow
N_MODELS, N_PHOTOS = 8, 24
LABELS = np.repeat(np.arange(N_MODELS), N_PHOTOS)


@pytest.fixture(scope="module")
def activations(backbone):
    """Of noisy photos of eight colours, in two views."""
    views = []
    for seed in range(2):
        photos = coloured_photos(LABELS, seed).astype(np.uint8)
        rows = backbone.stem(photos).reshape(len(photos), -1).astype(np.float16)
        views.append(RowReader([rows], np.arange(len(rows))))
    return Activations(views, backbone.stem.shape, [f"{row:032x}" for row in range(len(LABELS))])


def training(engine, activations, folder):
    return TailTraining(engine, activations, np.arange(len(LABELS)), LABELS, 2, 0, folder)


@pytest.fixture(scope="module")
def uninterrupted(engine, activations, tmp_path_factory):
    """Three passes in one go."""
    folder = tmp_path_factory.mktemp("training")
    made = training(engine, activations, folder)
    for _ in range(3):
        made.one_pass()
    return made, folder


def features_after(made, n_passes):
    made.take(n_passes)
    return made.features(np.arange(len(LABELS)))


def test_it_learns_as_well_in_mixed_precision(backbone, activations, uninterrupted, tmp_path):
    mixed = training(Engine(backbone, RECIPE, N_MODELS, MIXED_PRECISION), activations, tmp_path)
    for _ in range(3):
        mixed.one_pass()
    np.testing.assert_allclose(mixed.losses, uninterrupted[0].losses, rtol=0.1)
    assert features_after(mixed, 3).dtype == np.float32


@pytest.mark.nightly(
    "By day its last blocks are trained, and test_backbone takes the whole network apart and together."
)
def test_the_whole_network_can_be_trained(random_network, tmp_path, trusting):
    whole = backbone_from(random_network[0], SIDE, 1280, ALL)
    rows = [whole.stem(coloured_photos(LABELS, seed).astype(np.uint8)).astype(np.float16) for seed in range(2)]
    views = [RowReader([each.reshape(len(LABELS), -1)], np.arange(len(LABELS))) for each in rows]
    photos = Activations(views, whole.stem.shape, [f"{row:032x}" for row in range(len(LABELS))])
    made = training(Engine(whole, RECIPE, N_MODELS), photos, tmp_path)
    made.one_pass()
    made.one_pass()
    assert made.losses[1] < made.losses[0]


def test_passes_nobody_wants_are_removed_and_training_still_goes_on(engine, activations, uninterrupted, tmp_path):
    whole, source = uninterrupted
    folder = tmp_path / "again"
    shutil.copytree(source, folder)
    made = training(engine, activations, folder)
    made.keep_only(2)
    assert [path.name for path in sorted(folder.glob("pass-*"))] == ["pass-002.sealed.npy"]
    np.testing.assert_array_equal(features_after(made, 2), features_after(whole, 2))
    again = training(engine, activations, folder)
    assert (again.n_done, again.losses) == (3, whole.losses)
    again.one_pass()
    assert [path.name for path in sorted(folder.glob("pass-*"))] == ["pass-002.sealed.npy", "pass-004.sealed.npy"]


def test_training_lessens_the_loss(uninterrupted):
    losses = uninterrupted[0].losses
    assert len(losses) == 3
    assert losses[2] < losses[0]


def test_before_the_first_pass_the_features_are_the_networks_own(backbone, activations, uninterrupted):
    own = backbone.new_tail()(activations.read(np.arange(len(LABELS))).astype(np.float32))
    np.testing.assert_allclose(features_after(uninterrupted[0], 0), own, atol=1e-4)
    assert np.abs(features_after(uninterrupted[0], 3) - own).max() > 1e-2


def test_a_resumed_training_equals_one_in_one_go(engine, activations, uninterrupted, tmp_path):
    first = training(engine, activations, tmp_path)
    first.one_pass()
    again = training(engine, activations, tmp_path)
    assert again.n_done == 1
    again.one_pass()
    again.one_pass()
    np.testing.assert_allclose(again.losses, uninterrupted[0].losses, rtol=1e-3)
    np.testing.assert_allclose(features_after(again, 3), features_after(uninterrupted[0], 3), atol=1e-2)


def test_a_pass_that_was_stopped_is_begun_again(engine, activations, uninterrupted, tmp_path):
    def stop(done, total):
        if done == 1:
            raise Stopped

    made = training(engine, activations, tmp_path)
    with pytest.raises(Stopped):
        made.one_pass(stop)
    again = training(engine, activations, tmp_path)
    assert again.n_done == 0
    again.one_pass()
    assert again.losses[0] == pytest.approx(uninterrupted[0].losses[0], rel=1e-3)


def test_looking_at_earlier_weights_does_not_disturb_the_next_pass(engine, activations, uninterrupted, tmp_path):
    made = training(engine, activations, tmp_path)
    made.one_pass()
    features_after(made, 0)
    made.one_pass()
    assert made.losses[1] == pytest.approx(uninterrupted[0].losses[1], rel=1e-3)


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"no"), lambda path: path.write_bytes(b""), None])
def test_a_damaged_state_is_begun_anew(engine, activations, uninterrupted, tmp_path, damage):
    folder = tmp_path / "kept"
    shutil.copytree(uninterrupted[1], folder)
    if damage is None:
        save_arrays(folder / "state.sealed.npy", [np.zeros(1), np.zeros(3)])
    else:
        damage(folder / "state.sealed.npy")
    assert training(engine, activations, folder).n_done == 0


def test_training_brings_photos_of_a_model_together(uninterrupted):
    def found(n_passes):
        rows = features_after(uninterrupted[0], n_passes)
        return retrieval(unit_rows(rows - rows.mean(axis=0)), LABELS).map_at_r

    assert found(3) > found(0)


def test_trainings_that_take_turns_do_not_disturb_each_other(engine, activations, uninterrupted, tmp_path):
    one, other = training(engine, activations, tmp_path / "one"), training(engine, activations, tmp_path / "other")
    few = TailTraining(engine, activations, np.arange(48), LABELS[:48], 2, 1, tmp_path / "few")
    for _ in range(2):
        for each in (one, few, other):
            each.one_pass()
    np.testing.assert_allclose(one.losses, uninterrupted[0].losses[:2], rtol=1e-3)
    np.testing.assert_allclose(other.losses, one.losses, rtol=1e-3)


def test_a_lost_pass_is_told_and_the_training_begun_anew(engine, activations, tmp_path):
    made = training(engine, activations, tmp_path)
    made.one_pass()
    (tmp_path / "pass-001.sealed.npy").write_bytes(b"no")
    with pytest.raises(ShopsimError, match="missing from the cache or damaged; start again"):
        made.take(1)
    assert training(engine, activations, tmp_path).n_done == 0


def test_two_processes_do_not_train_the_same_at_once(engine, activations, tmp_path):
    one, other = training(engine, activations, tmp_path), training(engine, activations, tmp_path)
    one.one_pass()
    with pytest.raises(ShopsimError, match="Another process goes on with the same training"):
        other.one_pass()
