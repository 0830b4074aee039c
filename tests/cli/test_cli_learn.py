"""`learn`: from a labelled folder to a network that groups other photos."""

import json

import pytest
from drawn_photos import draw_models
from learning_cases import SIDE

from shopsim.base.paths import cache_dir, networks_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.cli.main import main
from shopsim.features.extractors import extractors
from shopsim.features.networks.trained import names, read_card
from shopsim.learning.compare import fold_to_learn
from shopsim.learning.lock import one_at_a_time
from shopsim.learning.progress_file import DONE, FAILED, read_diary
from shopsim.tuning.settings_files import load_settings

N_MODELS, N_PHOTOS = 12, 4


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Twelve models told apart by colour, in contest file names."""
    return draw_models(tmp_path_factory.mktemp("labelled"), N_MODELS, N_PHOTOS, name="1{model:02}_{number}_0.png")


def run(capsys, *arguments):
    """Exit code, the JSON object if there is one, and what went to stderr."""
    code = main([*map(str, arguments), "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else None, err


def learn(capsys, folder, network, *more):
    network = ["--extractor", "tfhub", "--handle", network, "--size", SIDE, "--trust-network"]
    return run(capsys, "learn", folder, "--what", "network", *network, "--budget", "0.001", *more)


@pytest.mark.slow
def test_a_network_is_learnt_kept_compared_and_used(capsys, photos, random_network, tmp_path, draw_photo):
    network, _ = random_network
    code, found, err = learn(capsys, photos, network)
    assert code == 0, err
    assert found["learn"] == "network"
    assert found["n_models"] < N_MODELS
    assert found["network"] in names()
    assert len(found["curve"]) == 2
    assert found["held_out"]["n_models"] == N_MODELS - found["n_models"]
    assert {"ari", "low", "high", "recall_at_1"} <= found["held_out"]["after"].keys()

    card = read_card(found["network"])
    assert card["parent"] == "tfhub"
    assert card["held_out"] == found["held_out"]
    held_out = {image_id.split("_")[0] for image_id in card["held_out"]["image_ids"]}
    assert not held_out & set(card["models"])

    settings = load_settings(found["tuned_settings"])
    assert settings.main == "fine_tuned"
    assert settings.extractors[0].key == extractors.create("fine_tuned", network=found["network"]).key
    assert settings.scores["held_out"] == found["held_out"]["after"]["ari"]
    assert read_diary().state == DONE
    assert read_diary().result == {name: found[name] for name in ("network", "held_out")} | {"settings": settings.name}

    kept = ["--extractor", "fine_tuned", "--network", found["network"]]
    code, _, err = run(capsys, "benchmark", photos, *kept)
    assert code == 1
    assert "so nothing can be judged by their models" in err
    for command in (["tune", photos], ["learn", photos, "--what", "metric"]):
        code, _, err = run(capsys, *command, *kept)
        assert code == 1
        assert f"The network '{found['network']}' was trained on {found['n_images']} of these" in err
    # By any other name it is still that network.
    kept_as = ["--extractor", "tfhub", "--handle", networks_dir() / found["network"] / "saved_model", "--size", SIDE]
    for what in ("metric", "network"):
        code, _, err = run(capsys, "learn", photos, "--what", what, *kept_as)
        assert code == 1
        assert "so nothing can be judged by their models" in err
    code, grouped, _ = run(capsys, "group", photos, *kept, "--out", tmp_path / "same")
    assert grouped["n_trained_on"] == found["n_images"]
    code, _, err = run(capsys, "learn", photos, "--what", "network", *kept)
    assert code == 1
    assert "was trained here already" in err

    _, again, _ = learn(capsys, photos, network)
    assert again["network"] == found["network"]
    assert len(names()) == 1

    for photo in range(6):
        draw_photo(tmp_path / "new" / f"{photo}.png", (10, 10, 40 * photo), photo)
    out = tmp_path / "out"
    group = ["group", tmp_path / "new", "--tuned-on", found["tuned_settings"], "--out", out]
    code, _, err = run(capsys, *group)
    # The settings fuse what was trained with the network it was trained from, which somebody named.
    assert code == 1
    assert "was not trusted on this machine" in err
    code, grouped, _ = run(capsys, *group, "--trust-network")
    assert code == 0
    assert grouped["extractor"] == "fine_tuned"
    assert (out / "groups.csv").is_file()


@pytest.mark.slow
def test_the_network_in_the_box_is_trained_and_used(capsys, tmp_path):
    photos = draw_models(tmp_path / "few", 6, 2, name="1{model:02}_{number}_0.png")
    given = ["--what", "network", "--depth", "last", "--budget", "0.001", "--all-models"]
    code, found, err = run(capsys, "learn", photos, *given)
    assert code == 0, err
    assert (found["extractor"], found["depth"], found["n_models"]) == ("efficientnet_lite0", "last", 6)
    assert len(found["curve"]) == 2
    card = read_card(found["network"])
    assert (card["architecture"], card["side"], card["n_features"]) == ("efficientnet_lite0", 224, 1280)
    uses = load_settings(found["tuned_settings"]).extractors
    assert [use.name for use in uses][:2] == ["fine_tuned", "efficientnet_lite0"]
    group = ["group", photos, "--tuned-on", found["tuned_settings"], "--out", tmp_path / "out"]
    code, grouped, err = run(capsys, *group)
    assert code == 0, err
    assert (grouped["extractor"], grouped["n_trained_on"]) == ("fine_tuned", 12)


@pytest.mark.slow
@pytest.mark.nightly(
    "By day every fold of the protocol learns in test_network_learner, and the command learns once here."
)
def test_every_fold_of_a_benchmark_learns(capsys, photos, random_network):
    network = ["--extractor", "tfhub", "--handle", random_network[0], "--size", SIDE, "--trust-network"]
    few = ["--folds", 2, "--alone"]
    code, found, err = run(capsys, "benchmark", photos, *network, "--learn", "network", "--budget", "0.001", *few)
    assert code == 0, err
    assert found["learn"] == "network"
    assert found["error_ratio"] is None or found["error_ratio"] >= 0
    assert all("validation models" in fold["sentence"] for fold in found["folds"])


def test_what_cannot_be_learnt_is_told_before_anything_is_started(capsys, monkeypatch, photos, tmp_path, draw_photo):
    for photo in range(3):
        draw_photo(tmp_path / "plain" / f"{photo}.png", (90, 10, 10), photo)
    code, found, err = run(capsys, "learn", tmp_path / "plain", "--what", "network")
    assert (code, found) == (1, None)
    assert "has no true labels; learning needs the true model of each photo" in err

    code, _, err = run(capsys, "learn", photos, "--what", "network", "--extractor", "color_shape")
    assert code == 1
    assert "'color_shape' is no network, so there is nothing to train" in err

    def offline(*args, **settings):
        raise OSError("no network here")

    monkeypatch.setattr("urllib.request.urlopen", offline)
    code, _, err = run(capsys, "learn", photos, "--what", "network", "--extractor", "mobilenet_v2")
    assert code == 1
    assert "The network 'mobilenet_v2_100_224' is not on this machine and TensorFlow Hub cannot be reached" in err
    assert "put its SavedModel folder at" in err
    assert "or let it be fetched once with a network" in err
    assert read_diary() is None


def test_too_few_models_are_told(capsys, tmp_path, draw_photo):
    for model in range(7):
        for photo in range(2):
            draw_photo(tmp_path / "few" / f"{model}_{photo}_0.png", (30 * model, 90, 10), photo)
    code, _, err = run(capsys, "learn", tmp_path / "few", "--what", "metric", "--extractor", "color_shape")
    assert code == 1
    assert "models of two or more photos left when some are held out; learning needs 6" in err


def test_a_second_learning_is_told_of_the_first(capsys, photos):
    with one_at_a_time(cache_dir()):
        code, _, err = run(capsys, "learn", photos, "--what", "network")
    assert code == 1
    assert "Another learning is running with the cache" in err


@pytest.mark.slow
def test_a_failure_is_told_in_the_diary(capsys, photos, random_network, monkeypatch):
    from shopsim import ShopsimError

    def fail(*args, **kwargs):
        raise ShopsimError("The disk is full.")

    monkeypatch.setattr("shopsim.cli.learn.learn", fail)
    code, _, err = learn(capsys, photos, random_network[0])
    assert code == 1
    assert err.endswith("The disk is full.\n")
    assert (read_diary().state, read_diary().sentence) == (FAILED, "The disk is full.")


def test_a_catalogue_that_has_a_test_part_of_its_own_holds_that_out(tmp_path, draw_photo):
    lines = ["path,model,split"]
    for number in range(48):
        draw_photo(tmp_path / "own" / f"{number}.png", (5 * number, 90, 10), number)
        model = number % 12
        part = "train" if model < 6 else "test" if model < 9 else ""
        lines.append(f"{number}.png,{'' if model == 11 else model},{part}")
    (tmp_path / "own" / "catalog.csv").write_text("\n".join(lines))
    catalog = load_catalog(tmp_path / "own", cache=cache_dir())
    fold = fold_to_learn(catalog, hold_out=True)
    parts = [{catalog.images[row].model for row in part} for part in fold.parts]
    assert parts == [{"0", "1", "2", "3", "4", "5"}, {"6", "7", "8"}]


def test_every_model_can_be_learnt_from(photos):
    catalog = load_catalog(photos, cache=cache_dir())
    every, most = fold_to_learn(catalog, hold_out=False), fold_to_learn(catalog, hold_out=True)
    assert len(every.tuning) == N_MODELS * N_PHOTOS
    assert len(every.held_out) == 0
    assert len(most.tuning) + len(most.held_out) == len(every.tuning)
