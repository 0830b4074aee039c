"""Spaces that learn from true models: what each is, what it gains on models it has not seen, who may use them."""

import numpy as np
import pytest
from vectors import clustered_rows, unit

from shopsim.cli.main import main
from shopsim.scoring.retrieval import retrieval
from shopsim.spaces import spaces
from shopsim.spaces.descent import LOSSES
from shopsim.spaces.linear import FittedLinear
from shopsim.spaces.projection import Projection
from shopsim.spaces.wccn import WithinClassWhitening
from shopsim.spaces.whitened import Whitening

LEARNED = [name for name in spaces.all_names() if spaces.entry(name).learns]
every_learned = pytest.mark.parametrize("name", LEARNED)


def models_in_poses(n_models, seed, n_photos=12):
    """Photos of models that differ in 16 directions, and lie far apart in 8 others by how each was shot; labels."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(n_models), n_photos)
    models = rng.standard_normal((n_models, 16))[labels] + 0.5 * rng.standard_normal((len(labels), 16))
    poses = 3 * rng.standard_normal((len(labels), 8))
    # The same turn for all, so that no direction is one feature.
    turn = np.linalg.qr(np.random.default_rng(99).standard_normal((24, 24)))[0]
    return unit(np.concatenate([models, poses], axis=1) @ turn), labels


@every_learned
@pytest.mark.parametrize("seed", [0, 1])
def test_models_that_were_not_seen_are_told_apart_better(name, seed):
    rows, labels = models_in_poses(30, seed)
    unseen, models = models_in_poses(15, seed + 10)
    fitted = spaces.create(name).fit(rows, labels)
    before = retrieval(Whitening().fit(rows).transform(unseen), models).recall_at_1
    assert retrieval(fitted.transform(unseen), models).recall_at_1 > before + 0.05


@every_learned
def test_what_models_are_called_does_not_matter(name):
    rows, labels = models_in_poses(12, 0)
    fitted = spaces.create(name).fit(rows, labels)
    renamed = spaces.create(name).fit(rows, labels * 7 + 100)
    assert fitted.transform(rows).tolist() == renamed.transform(rows).tolist()


@every_learned
def test_the_same_photos_and_models_give_the_same_space(name):
    rows, labels = models_in_poses(12, 0)
    first, second = (spaces.create(name).fit(rows, labels).arrays() for _ in range(2))
    assert all((first[key] == second[key]).all() for key in first)


@every_learned
def test_labels_change_what_is_learned(name):
    rows, labels = models_in_poses(12, 0)
    mixed = np.random.default_rng(0).permutation(labels)
    first, second = (spaces.create(name).fit(rows, given).transform(rows) for given in (labels, mixed))
    assert not np.allclose(first, second, atol=0.01)


@every_learned
@pytest.mark.parametrize("labels", [np.arange(100), np.zeros(100, int), np.repeat([0, 1], 50)], ids=lambda _: "")
def test_too_few_models_leave_the_photos_whitened_and_the_note_says_so(name, labels):
    rows = clustered_rows(100)
    fitted = spaces.create(name, strength=0.5).fit(rows, labels) if name != "projection" else None
    if fitted is not None:
        assert np.allclose(fitted.transform(rows), Whitening(0.5).fit(rows).transform(rows), atol=1e-5)
    else:
        fitted = spaces.create(name).fit(rows, labels)
    assert "Whitened at strength 0.5" in fitted.note
    assert fitted.note.count("No metric was learned: it takes 3 models of two different photos each.") == 1


@every_learned
def test_too_few_photos_stay_raw(name):
    rows = clustered_rows(30)
    fitted = spaces.create(name).fit(rows, np.arange(30) // 3)
    assert np.allclose(fitted.transform(rows), rows, atol=1e-7)
    assert fitted.note.startswith("Raw vectors: whitening needs 32 different photos")


@every_learned
def test_copies_alone_teach_nothing(name):
    rows = np.repeat(clustered_rows(40), 2, axis=0)
    fitted = spaces.create(name).fit(rows, np.repeat(np.arange(40), 2))
    assert "No metric was learned" in fitted.note
    assert np.isfinite(fitted.transform(rows)).all()


@pytest.mark.parametrize("shrinkage", [0.0, 0.3, 1.0])
def test_within_class_whitening_is_its_definition(shrinkage):
    rows, labels = models_in_poses(20, 0)
    whitened = Whitening(1.0).fit(rows)
    before = (rows - whitened.mean) @ whitened.projection
    within = np.mean([np.cov(before[labels == model].T, ddof=1) for model in np.unique(labels)], axis=0)
    within = (1 - shrinkage) * within + shrinkage * np.trace(within) / len(within) * np.eye(len(within))
    cosines = before @ np.linalg.inv(within) @ before.T
    lengths = np.sqrt(np.diag(cosines))
    out = WithinClassWhitening(shrinkage).fit(rows, labels).transform(rows)
    assert np.allclose(out @ out.T, cosines / lengths / lengths[:, None], atol=1e-4)


def test_distance_after_a_linear_map_is_mahalanobis():
    rows, labels = models_in_poses(12, 0)
    fitted = WithinClassWhitening().fit(rows, labels)
    matrix = fitted.projection @ fitted.projection.T
    difference = (rows[0] - rows[20]).astype(np.float64)
    apart = np.linalg.norm(fitted.project(rows[:1]) - fitted.project(rows[20:21]))
    assert apart == pytest.approx(np.sqrt(difference @ matrix @ difference), rel=1e-3)


def test_discriminant_analysis_keeps_a_direction_fewer_than_models():
    rows, labels = models_in_poses(6, 0)
    assert spaces.create("lda").fit(rows, labels).transform(rows).shape == (72, 5)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_projection_of_each_loss_is_trained_and_says_for_how_long(loss):
    rows, labels = models_in_poses(20, 0)
    fitted = spaces.create("projection", loss=loss).fit(rows, labels)
    assert isinstance(fitted, FittedLinear)
    assert fitted.note.startswith("Trained for ")
    assert fitted.note.endswith("learned from 240 photos of 20 models.")


def test_a_projection_of_too_few_models_to_hold_any_out_is_not_trained():
    rows, labels = models_in_poses(5, 0)
    fitted = spaces.create("projection").fit(rows, labels)
    assert fitted.transform(rows).tolist() == WithinClassWhitening(0.6, 0.5).fit(rows, labels).transform(rows).tolist()


@pytest.mark.parametrize(
    "scores, n_steps",
    [([0.5] * 5, 0), ([0.5, 0.4, 0.4, 0.4, 0.4, 0.9], 0), ([0.5, 0.5, 0.6, 0.2, 0.7, *[0.3] * 4], 40)],
)
def test_training_ends_where_models_it_has_not_seen_were_told_apart_best(scores, n_steps, monkeypatch):
    rows, labels = models_in_poses(20, 0)
    # Three trainings are looked at side by side.
    looks = iter(np.repeat(scores, 3).tolist())
    monkeypatch.setattr("shopsim.spaces.projection._best_ari", lambda rows, labels: next(looks))
    note = Projection().fit(rows, labels).note
    assert note.startswith(f"Trained for {n_steps} steps" if n_steps else "Whitened within models")


def test_training_is_judged_by_models_it_has_not_seen(monkeypatch):
    rows, labels = models_in_poses(20, 0)
    trained, judged = [], []
    learn = WithinClassWhitening.learn
    monkeypatch.setattr(WithinClassWhitening, "learn", lambda *args: trained.append(set(args[2])) or learn(*args))
    monkeypatch.setattr("shopsim.spaces.projection._best_ari", lambda rows, labels: judged.append(set(labels)) or 0.5)
    Projection().fit(rows, labels)
    assert trained[0] == set(labels)
    assert all(not models & others for models, others in zip(trained[1:], judged, strict=False))
    assert len(trained) == 4


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_the_derivative_of_a_loss_is_what_small_changes_give(loss):
    rows, labels = clustered_rows(9, n_features=5).astype(np.float64), np.array([0, 0, 0, 1, 1, 2, 2, 2, 3])
    cosines, same = rows @ rows.T, labels[:, None] == labels[None, :]
    slope = loss(cosines, same)[1]
    step = 1e-6
    for place in [(0, 1), (1, 0), (0, 5), (8, 2), (4, 4)]:
        nudge = np.zeros_like(cosines)
        nudge[place] = step
        change = loss(cosines + nudge, same)[0] - loss(cosines - nudge, same)[0]
        assert slope[place] == pytest.approx(change / (2 * step), abs=1e-6)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_photos_in_their_models_lose_less_than_photos_mixed_up(loss):
    labels = np.repeat([0, 1, 2], 3)
    same = labels[:, None] == labels[None, :]
    apart, mixed = np.where(same, 1.0, 0.0), np.where(same, 0.0, 1.0)
    assert loss(apart, same)[0] < loss(mixed, same)[0]


def test_nobody_is_offered_a_space_that_learns():
    assert set(LEARNED) == {"lda", "projection", "wccn"}
    assert not set(LEARNED) & set(spaces.names())


@every_learned
@pytest.mark.parametrize("command", [["group", "demo", "--out", "x", "--space"], ["compare", "demo", "--spaces"]])
def test_the_command_line_refuses_a_space_that_learns_and_says_why(command, name, capsys):
    with pytest.raises(SystemExit):
        main([*command, name])
    assert "learns from true models" in capsys.readouterr().err
