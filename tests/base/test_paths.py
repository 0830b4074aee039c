"""Places that cannot be: loops of links, and homes of people whom the machine does not know, end in a sentence."""

from pathlib import Path

import pytest
from cli_cases import sentence

from shopsim.base.paths import as_on_disk

NOBODY = "~nobody-of-that-name/photos"
UNKNOWN = f"'{NOBODY}' names a person this machine does not know; write the whole path."


@pytest.fixture
def loop(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    return tmp_path / "loop" / "below"


@pytest.mark.parametrize("variable", ["SHOPSIM_HOME", "SHOPSIM_CACHE", "SHOPSIM_ROOTS"])
def test_a_setting_that_names_an_unknown_person_is_said(variable, run, tiny_catalog, fake_extractor, monkeypatch):
    monkeypatch.setenv(variable, NOBODY)
    assert sentence(run, "extract", tiny_catalog, "--extractor", "fake") == UNKNOWN


def test_a_folder_of_an_unknown_person_is_said(run, fake_extractor, tmp_path):
    for command in ("extract", "group", "export", "tune", "review"):
        out = [] if command == "extract" else ["--out", tmp_path / "out"]
        assert sentence(run, command, NOBODY, "--extractor", "fake", *out) == UNKNOWN


def test_a_home_in_a_loop_of_links_hinders_nothing_that_needs_none(
    run, tiny_catalog, fake_extractor, loop, tmp_path, monkeypatch
):
    monkeypatch.setenv("SHOPSIM_HOME", str(loop))
    assert run("export", tiny_catalog, "--extractor", "fake", "--out", tmp_path / "out")[0] == 0


def test_files_cannot_be_written_into_a_loop_of_links(run, tiny_catalog, fake_extractor, loop):
    options = (tiny_catalog, "--extractor", "fake", "--out", loop)
    assert sentence(run, "group", *options).endswith("Too many levels of symbolic links.")
    assert sentence(run, "export", *options).startswith(f"Cannot write into '{loop}': ")


def test_photos_in_a_loop_of_links_are_not_found(run, fake_extractor, loop):
    assert "is not a folder" in sentence(run, "extract", loop, "--extractor", "fake")


def test_a_path_of_thousands_of_folders_is_as_it_was_typed():
    typed = Path("/" + "é/" * 3000)
    assert as_on_disk(typed) == typed
