"""`export --projector --photos WHICH`: the packs for other programs, and the photos that they lack."""

import zipfile

import pytest
from cli_cases import sentence

OPTIONS = ("--extractor", "fake", "--threshold", "0.9")


@pytest.fixture
def export(run_json, tiny_catalog, fake_extractor, tmp_path):
    """Exports with these options, and returns the result and the folder."""

    def call(*options):
        out = tmp_path / "export"
        return run_json("export", tiny_catalog, *OPTIONS, "--out", out, *options), out

    return call


def test_without_an_option_there_are_no_packs(export):
    assert not list(export()[1].glob("*.zip"))


def test_both_packs_stand_beside_the_other_files(export):
    result, out = export("--projector", "--photos", "all")
    assert result["files"][-2:] == [str(out / "projector.zip"), str(out / "groups.zip")]
    with zipfile.ZipFile(out / "projector.zip") as pack:
        assert "projector_config.pbtxt" in pack.namelist()
    with zipfile.ZipFile(out / "groups.zip") as pack:
        assert len(pack.namelist()) == 1 + result["n_images"]


def test_one_photo_per_group(export):
    result, out = export("--photos", "one")
    with zipfile.ZipFile(out / "groups.zip") as pack:
        assert len(pack.namelist()) == 1 + result["n_groups"]


def test_a_photo_that_changes_meanwhile_is_listed_and_the_rest_is_there(export, tiny_catalog, monkeypatch):
    gone = sorted(path for path in tiny_catalog.rglob("*") if path.is_file())[0]
    # It changes after it was read for its features.
    monkeypatch.setattr("shopsim.cli.export.parquet_of", lambda grouping: gone.unlink() or b"")
    result, out = export("--projector", "--photos", "all")
    listed = [(each["name"], each["reason"].split(":")[0], each["left_out"]) for each in result["problems"]]
    name = gone.relative_to(tiny_catalog).as_posix()
    assert listed[-2:] == [(name, "no picture in projector.zip", False), (name, "not in groups.zip", False)]
    with zipfile.ZipFile(out / "groups.zip") as pack:
        assert len(pack.namelist()) == result["n_images"]


def test_a_pack_that_cannot_be_written_leaves_no_half_one(run, tiny_catalog, fake_extractor, tmp_path, monkeypatch):
    def full(grouping, file, *_):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shopsim.grouping.handed_on.packs.write_group_folders", full)
    out = tmp_path / "export"
    assert "No space left" in sentence(run, "export", tiny_catalog, *OPTIONS, "--out", out, "--photos", "all")
    assert not list(out.glob("groups.zip*"))
    assert (out / "groups.csv").is_file()
