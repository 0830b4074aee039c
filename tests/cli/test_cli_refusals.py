"""What the command line refuses: wrong usage with exit code 2, folders it cannot use with a sentence."""

import os

import pytest
from cli_cases import sentence, written


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["nonsense"],
        ["group"],
        ["group", "x", "--out", "y", "--extractor", "mobilnet"],
        ["group", "x", "--out", "y", "--clusterer", "kmean"],
        ["group", "x", "--out", "y", "--threshold", "high"],
        ["group", "x", "--out", "y", "--threshold", "nan"],
        ["group", "x", "--out", "y", "--threshold", "62", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--clusterer", "kmeans", "--threshold", "62%", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--clusterer", "kmeans", "--threshold", "2.5", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--clusterer", "kmeans", "--threshold", "best", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--strength", "7", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--strength", "nan", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--min-samples", "3", "--extractor", "own_vectors"],
        ["group", "x", "--out", "y", "--thresh", "0.5", "--extractor", "own_vectors"],
        ["evaluate", "one.txt"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(run, wrong):
    assert "error: " in sentence(run, *wrong, code=2)


def test_a_setting_nobody_has_is_named(run, tiny_catalog, fake_extractor):
    options = ("--extractor", "fake", "--out", "y", "--min-samples", "3")
    message = sentence(run, "group", tiny_catalog, *options, code=2)
    assert "--min-samples is given, but none of what is chosen (fake, whitened, average)" in message


def test_a_missing_folder_is_one_sentence(run, fake_extractor, tmp_path):
    code, out, err = run("group", tmp_path / "nowhere", "--extractor", "fake", "--out", tmp_path / "out")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "is not a folder" in err


def test_a_folder_without_photos_is_one_sentence(run, fake_extractor, tmp_path):
    (tmp_path / "empty").mkdir()
    options = ("--extractor", "fake", "--out", tmp_path / "out")
    assert "holds no photo" in sentence(run, "group", tmp_path / "empty", *options)


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_as_out_is_refused_before_any_work(run, tiny_catalog, fake_extractor, tmp_path, below):
    out = written(tmp_path / "file", "mine") / below
    assert "is a file" in sentence(run, "group", tiny_catalog, "--extractor", "fake", "--out", out)
    assert (tmp_path / "file").read_text() == "mine"
    assert fake_extractor.n_extracted == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_out_is_one_sentence(run, tiny_catalog, fake_extractor, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    options = ("--extractor", "fake", "--out", tmp_path / "locked")
    assert "permission denied" in sentence(run, "group", tiny_catalog, *options)


@pytest.fixture
def bursts(tmp_path, draw_photo):
    """Five models in folders, all shot on one day by a phone."""
    for model in range(5):
        for number in range(2):
            draw_photo(
                tmp_path / "bursts" / f"bag{model}" / f"20230415_1130{model}{number}_001.png", (model, 9, 9), number
            )
    return tmp_path / "bursts"


def test_a_folder_of_two_readings_is_refused_with_the_options_that_choose(run, bursts, fake_extractor, tmp_path):
    options = ("--extractor", "fake", "--out", tmp_path / "out")
    message = sentence(run, "group", bursts, *options)
    assert "contest (1 model: 'bag0/20230415_113000_001.png' shows '20230415'), folders (5 models: " in message
    assert message.endswith("Choose by one of --form contest, --form folders, --form plain.")
    assert not (tmp_path / "out").exists()
    for command in ("benchmark", "compare"):
        assert sentence(run, command, bursts).endswith("Choose by one of --form contest, --form folders, --form plain.")


def test_the_option_chooses_the_reading(run_json, bursts, fake_extractor, tmp_path):
    options = ("--extractor", "fake", "--form", "folders", "--out", tmp_path / "out")
    assert run_json("group", bursts, *options)["n_models"] == 5


def test_photos_to_tune_on_of_two_readings_are_to_be_tuned_on_first(
    run, bursts, tiny_catalog, fake_extractor, tmp_path
):
    options = ("--extractor", "fake", "--tuned-on", bursts, "--out", tmp_path / "out")
    message = sentence(run, "group", tiny_catalog, *options)
    assert f"Tune on '{bursts}' first (the command tune), and give its settings to --tuned-on; choose by" in message
