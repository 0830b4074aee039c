"""Tuned settings on disk: whatever is in the folder, they are read or refused in one sentence."""

import io
import json
import os
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tuned_cases import photos, second_view, tuned_once, tuned_settings

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.tuning.apply import group_as_tuned
from shopsim.tuning.settings_files import (
    SETTINGS_NAME,
    find_settings,
    load_settings,
    names,
    save_settings,
    tuned_dir,
    zip_of,
)
from shopsim.tuning.settings_json import to_dict


@pytest.fixture
def folder(tmp_path):
    return save_settings(tuned_once(added=True), tmp_path / "sent")


def refused(place):
    """The one sentence with which a place is refused."""
    with pytest.raises(ShopsimError) as caught:
        load_settings(place)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 700
    return str(caught.value)


def test_through_the_disk_another_catalogue_gets_the_same_groups_to_the_last_label(folder, tmp_path):
    catalog, features = photos("new", n_models=30, n_photos=4, noise=1.2, seed=5, labels=False)
    added = {"other": second_view(features)}
    cut = []
    for number, tuned in enumerate((tuned_once(added=True), load_settings(folder))):
        fitted = group_as_tuned(catalog, features, added, tuned, Store(tmp_path / f"cache-{number}"))
        cut.append((fitted.key, fitted.tree.linkage.tolist(), fitted.group(fitted.opening[0]).labels_pred.tolist()))
    assert cut[0] == cut[1]
    assert 1 < len(set(cut[0][2])) < 120


def test_they_are_kept_under_their_name_and_found_by_folder_file_or_name(folder):
    kept = save_settings(tuned_once(added=True))
    assert kept == tuned_dir() / tuned_once(added=True).name
    assert names() == [tuned_once(added=True).name]
    for place in (kept, str(kept), kept / SETTINGS_NAME, tuned_once(added=True).name, folder):
        assert load_settings(place).digest == tuned_once(added=True).digest


def test_the_newest_are_named_first(tmp_path):
    for age, name in enumerate(("new", "older", "oldest")):
        path = save_settings(tuned_once(added=True), tuned_dir() / name) / SETTINGS_NAME
        os.utime(path, (1e9 - age, 1e9 - age))
    assert names() == ["new", "older", "oldest"]


def test_settings_that_are_just_being_removed_hide_no_others():
    save_settings(tuned_once(added=True))
    (tuned_dir() / "gone").mkdir()
    (tuned_dir() / "gone" / SETTINGS_NAME).symlink_to("nowhere")
    assert names() == [tuned_once(added=True).name]


def test_the_file_is_readable(folder):
    written = (folder / SETTINGS_NAME).read_text(encoding="utf-8")
    assert json.loads(written) == json.loads(json.dumps(to_dict(tuned_once(added=True))))
    assert len(written.splitlines()) > 50


@pytest.mark.parametrize(
    "catalog", ["../../../etc", "/etc/passwd", "..", "", "a\\b", "Schuhe für Ä", "靴" * 300, "\udcff-raw", "x\0y"]
)
def test_a_catalogue_of_any_name_is_kept_inside_the_folder_for_it_and_read_back(catalog):
    kept = save_settings(tuned_settings(catalog, n_models=8))
    assert kept.resolve().parent == tuned_dir().resolve()
    assert load_settings(kept.name).tuned_on.catalog == catalog
    assert zip_of(load_settings(kept))


def test_the_zip_is_the_folder(folder, tmp_path):
    with zipfile.ZipFile(io.BytesIO(zip_of(tuned_once(added=True)))) as packed:
        packed.extractall(tmp_path / "unpacked")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert unpacked.name == tuned_once(added=True).name
    assert sorted(path.name for path in unpacked.iterdir()) == sorted(path.name for path in folder.iterdir())
    assert load_settings(unpacked).digest == tuned_once(added=True).digest


@pytest.mark.parametrize("place", ["nothing", "", "..", "~nobody-of-this-name", "a\0b", "x" * 5000, "/dev/null", "~"])
def test_a_place_without_settings_is_named_and_what_is_kept_told(place):
    save_settings(tuned_once(added=True))
    assert find_settings(place) is None
    with pytest.raises(ShopsimError, match=f"holds no tuned settings .*{tuned_once(added=True).name}"):
        load_settings(place)


def test_a_link_that_leads_in_a_circle_holds_nothing(tmp_path):
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    assert find_settings(tmp_path / "circle") is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 100, b"{", b"null", b"[]", b"{}", b"7", b"\xff\xfe{}", b'"x"', b"[" * 100_000, b'{"format": 1}',
     b'{"format": ' + b"9" * 5000 + b"}", b'{"format": NaN}', b'{"format": "1"}'],
    ids=lambda content: content[:12].hex(),
)  # fmt: skip
def test_a_settings_file_that_is_none_is_refused_in_one_sentence(folder, content):
    (folder / SETTINGS_NAME).write_bytes(content)
    assert SETTINGS_NAME in refused(folder)


@given(st.integers(0, 10_000))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_file_that_breaks_off_anywhere_is_no_json(folder, length):
    whole = json.dumps(to_dict(tuned_once(added=True)), indent=1).encode()
    (folder / SETTINGS_NAME).write_bytes(whole[: length % len(whole)])
    assert "is no JSON file" in refused(folder)


def test_a_huge_file_is_not_even_read(folder):
    with (folder / SETTINGS_NAME).open("r+b") as file:
        file.truncate(2**40)
    assert "larger than 50 MB" in refused(folder)


def test_an_array_that_is_missing_is_named(folder):
    gone = sorted(folder.glob("*.npy"))[0]
    gone.unlink()
    assert gone.name in refused(folder)


def npy(array, allow_pickle=False):
    data = io.BytesIO()
    np.save(data, array, allow_pickle=allow_pickle)
    return data.getvalue()


class Harmful:
    """What a pickle could do."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was run",))


@pytest.mark.parametrize("which", ["mean", "projection"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no array",
        npy(np.zeros(0, np.float32)),
        npy(np.zeros(3, np.float32)),
        npy(np.zeros((16, 0), np.float32)),
        npy(np.zeros((16, 2, 2), np.float32)),
        npy(np.zeros((17, 4), np.float32)),
        npy(np.float32(1)),
        npy(np.full(16, np.nan, np.float32)),
        npy(np.full((16, 4), np.inf)),
        npy(np.full((16, 4), 1e300)),
        npy(np.zeros((16, 4), np.int64)),
        npy(np.array(["a"] * 16)),
        npy(np.zeros((16, 4)))[:-8],
        npy(np.zeros((16, 4)))[:40],
        npy(np.array([Harmful()], object), allow_pickle=True),
        pickle.dumps(Harmful()),
    ],
    ids=range(17),
)
def test_an_array_that_is_none_or_of_another_shape_is_refused_in_one_sentence(folder, which, content):
    path = next(path for path in sorted(folder.glob(f"fake.*.{which}.npy")))
    path.write_bytes(content)
    refused(folder)


def test_a_file_that_does_not_belong_is_let_be(folder):
    (folder / "notes.txt").write_text("mine")
    (folder / "x.y.npy").write_bytes(npy(np.zeros(3)))
    assert load_settings(folder).digest == tuned_once(added=True).digest


def test_a_disk_that_refuses_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ShopsimError, match="Cannot write"):
        save_settings(tuned_once(added=True), tmp_path / "file" / "below")
