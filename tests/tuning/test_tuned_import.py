"""Tuned settings from elsewhere: kept if they are sound, and a made-up file writes nothing anywhere."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces
from shopsim.tuning.branch_cuts import CutRule
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.members import Member
from shopsim.tuning.settings import ExtractorUse, TunedOn, TunedSettings
from shopsim.tuning.settings_files import load_settings, names, save_settings, tuned_dir, zip_of
from shopsim.tuning.size_prior import SizePrior
from shopsim.tuning.tuned_import import keep_folder, keep_zip, remove_settings


def member(clusterer="average", added=()):
    return Member(Candidate(Recipe("whitened", {}, clusterer, {}), added), CutRule(0.5, 0.0, 0.0), 0.9, 1.0, 5.0)


@pytest.fixture
def settings():
    """Sound ones, of whitened colours."""
    rows = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    fitted = spaces.create("whitened").fit(rows / np.linalg.norm(rows, axis=1, keepdims=True))
    only = member()
    return TunedSettings(
        (ExtractorUse("color_shape", {}, "key", 6),),
        TunedOn("bags", 40, 8, ("0" * 16,)),
        (only,),
        SizePrior((5,) * 8),
        8.0,
        "One was tried.",
        {"validation": 0.9},
        ({"what": "color_shape, whitened, average", "score": 0.9, "seconds": 0.1},),
        {("color_shape", only.candidate.recipe.space_digest): fitted},
    )


def packed(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    data.seek(0)
    return data


def unpacked(settings):
    with zipfile.ZipFile(io.BytesIO(zip_of(settings))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_zip_that_was_sent_is_kept_as_it_was(settings):
    name = keep_zip(io.BytesIO(zip_of(settings)))
    assert names() == [name] == [settings.name]
    assert load_settings(name).digest == settings.digest


def test_a_folder_its_json_and_a_zip_on_disk_are_kept(settings, tmp_path):
    folder = save_settings(settings, tmp_path / "sent")
    (tmp_path / "sent.zip").write_bytes(zip_of(settings))
    for place in (folder, folder / "settings.json", tmp_path / "sent.zip"):
        assert keep_folder(place) == settings.name
        remove_settings(settings.name)
        assert not (tuned_dir() / settings.name).exists()


def test_what_does_not_belong_to_settings_is_not_kept(settings):
    files = unpacked(settings) | {"evil.py": b"1", "photo.png": b"2", "../../escaped.npy": b"3", "/abs.npy": b"4"}
    name = keep_zip(packed(files))
    kept = {path.name for path in (tuned_dir() / name).iterdir()}
    assert kept == {path.split("/")[-1] for path in unpacked(settings)}
    assert not list(tuned_dir().parent.rglob("escaped*"))


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"notes.txt": b"no settings"},
        {"settings.json": b"{}"},
        {"settings.json": b"["},
        {"settings.json": b"[" * 100_000},
        {"arrays.npy": b"no array"},
    ],
)
def test_a_zip_without_sound_settings_is_refused_and_leaves_nothing(files):
    with pytest.raises(ShopsimError):
        keep_zip(packed(files))
    assert names() == []


def test_an_array_that_claims_any_size_is_refused(settings):
    files = unpacked(settings)
    array = next(name for name in files if name.endswith(".npy"))
    header = b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999,), }"
    files[array] = header.ljust(128) + b"\n"
    with pytest.raises(ShopsimError, match="array"):
        keep_zip(packed(files))


def test_names_that_lead_elsewhere_are_refused(settings):
    for use in ("../../color_shape", "no_such", "tfhub/../x"):
        text = json.dumps(json.loads(unpacked(settings)[f"{settings.name}/settings.json"])).replace("color_shape", use)
        with pytest.raises(ShopsimError):
            keep_zip(packed({"settings.json": text}))
    assert names() == []


def test_an_added_extractor_must_be_one_of_the_settings(settings, tmp_path):
    made_up = replace(settings, members=(member(added=(("../../up", 0.5),)),), fitted={})
    folder = save_settings(made_up, tmp_path / "made-up")
    with pytest.raises(ShopsimError, match="must be one of the extractors"):
        keep_folder(folder)


def test_a_clustering_that_auto_does_not_try_is_refused(settings, tmp_path):
    folder = save_settings(replace(settings, members=(member("som"),)), tmp_path / "som")
    with pytest.raises(ShopsimError, match="must be one of"):
        keep_folder(folder)


def test_removing_what_is_not_kept_does_nothing(tmp_path):
    (tmp_path / "settings.json").write_text("{}")
    for name in ("..", str(tmp_path), "no-such", ""):
        remove_settings(name)
    assert (tmp_path / "settings.json").exists()
