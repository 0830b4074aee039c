"""Commands say which extractor they take where none is named."""

import pytest


@pytest.mark.parametrize("command", ["extract", "group"])
def test_a_command_says_which_extractor_it_takes(command, run, tiny_catalog, tmp_path):
    more = ["--out", tmp_path / "out"] if command == "group" else []
    code, _, err = run(command, tiny_catalog, *more)
    assert code == 0
    assert err.splitlines()[0] == "Features by color_shape, the default extractor."


def test_the_leaderboard_says_it_too(run, tiny_catalog):
    _, _, err = run("compare", tiny_catalog, "--spaces", "raw", "--clusterers", "average")
    assert "Features by color_shape, the default extractor." in err.splitlines()


def test_a_named_extractor_needs_no_line(run, tiny_catalog, fake_extractor):
    _, _, err = run("extract", tiny_catalog, "--extractor", "fake")
    assert "default" not in err


def test_a_default_that_is_no_extractor_is_one_sentence(run, tiny_catalog, monkeypatch):
    monkeypatch.setenv("SHOPSIM_EXTRACTOR", "mobilnet")
    code, out, err = run("extract", tiny_catalog)
    assert (code, out) == (1, "")
    assert err.startswith("SHOPSIM_EXTRACTOR is 'mobilnet', which is no extractor. Known: ")
    assert err.count("\n") == 1
