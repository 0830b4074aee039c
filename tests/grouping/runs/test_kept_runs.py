"""Kept runs: nothing is lost with a damaged file, a damaged database, or a name that is taken."""

import json
from dataclasses import replace

import numpy as np
import pytest
from refusals import refusal
from run_cases import made_run

from shopsim import ShopsimError
from shopsim.base.disk import damage
from shopsim.base.disk.sealed import read_whole, without_seal, write_sealed
from shopsim.base.paths import home_dir
from shopsim.grouping.corrections.meaning import NOTHING_SAID, Statements
from shopsim.grouping.corrections.used import Used
from shopsim.grouping.runs import kept
from shopsim.grouping.runs.file import path_of, write_run
from shopsim.grouping.runs.kept import find_run, forget, keep, kept_runs, load, rename


def names():
    return [about.name for about in kept_runs()]


@pytest.fixture
def two():
    first, second = made_run([0, 0, 1]), made_run([0, 1, 1], "second", "2" * 16, kept_at="2026-02-01T00:00:00+00:00")
    keep(first)
    keep(second)
    return first, second


def test_a_kept_run_is_read_back_the_latest_first(two):
    assert names() == ["second", "first"]
    first = load(find_run("first"))
    assert first.about == two[0].about
    assert first.photos == two[0].photos
    assert np.array_equal(first.groups, two[0].groups)


def test_what_its_corrections_mean_is_read_back():
    run = made_run([0, 0, 1])
    used = Used("digest", {"same": 1}, {"Jisoo": 1}, "2026-01-01 00:00:00+00:00")
    about = replace(run.about, corrections=used, without_corrections=run.about.scores)
    keep(replace(run, about=about, statements=Statements((("0", "1"),), (("0", "2"),))))
    (found,) = kept_runs()
    assert found == about
    assert load(found).statements == Statements((("0", "1"),), (("0", "2"),))


def test_a_run_from_before_there_were_corrections_is_read():
    path = write_run(made_run([0, 1]))
    fields = json.loads(without_seal(read_whole(path), path.name).tobytes())
    for name in ("together", "apart"):
        del fields[name]
    for name in ("corrections", "without_corrections"):
        del fields["about"][name]
    del fields["about"]["settings"]["never_join"]
    write_sealed(path, json.dumps(fields).encode("ascii"), durable=True)
    (about,) = kept_runs()
    assert (about.corrections, about.settings.never_join, load(about).statements) == (None, "", NOTHING_SAID)


def test_a_name_is_taken_once(two):
    again = made_run([0], "first", "3" * 16)
    assert refusal(lambda: keep(again)) == (
        "There is already a run 'first'; choose another name, or remove that run first."
    )
    assert names() == ["second", "first"]
    assert not path_of("3" * 16).exists()


@pytest.mark.parametrize("name", ["", "   ", "n" * 101])
def test_a_name_has_a_length(name):
    assert "needs 1 to 100" in refusal(lambda: keep(made_run([0], name)))


def test_a_name_that_is_no_unicode_is_kept():
    keep(made_run([0], "half \ud800", **{"photo \udcff": "1"}))
    assert load(find_run("half \ud800")).photos.image_ids == ("photo \udcff",)


def test_a_damaged_file_says_so_and_loses_nothing_else(two):
    path = path_of("1" * 16)
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    assert names() == ["second", "first"]
    assert "the run 'first' is damaged, since its checksum is wrong" in refusal(lambda: load(find_run("first")))
    assert path.exists()
    load(find_run("second"))
    forget(find_run("first"))
    assert names() == ["second"]


def test_a_file_that_is_gone_says_so(two):
    path_of("1" * 16).unlink()
    assert "missing" in refusal(lambda: load(find_run("first")))
    forget(find_run("first"))
    assert names() == ["second"]


def test_runs_come_back_from_their_files_when_the_database_is_lost(two):
    rename(find_run("first"), "erste")
    for path in home_dir().glob("shopsim.db*"):
        path.unlink()
    assert names() == ["second", "erste"]
    assert names() == ["second", "erste"]


def test_a_row_of_another_version_hides_no_other_run(two, monkeypatch):
    monkeypatch.setattr(kept, "asdict", lambda about: {"from": "the future"})
    kept.change(lambda db: kept._put(db, replace(two[0].about, id="4" * 16, name="later")))
    assert names() == ["second", "first"]
    assert "'later'" in damage.take()[0]


def test_renaming_changes_the_name_only(two):
    assert rename(find_run("first"), "  third ").name == "third"
    assert names() == ["second", "third"]
    assert load(find_run("third")).groups.tolist() == [0, 0, 1]
    assert "already a run 'second'" in refusal(lambda: rename(find_run("third"), "second"))


def test_an_unknown_name_is_told_with_the_known_ones(two):
    assert refusal(lambda: find_run("x")) == "There is no run 'x'. Known: 'second', 'first'."


def test_nothing_is_kept_if_the_row_cannot_be_written(monkeypatch):
    def refuse(work):
        raise ShopsimError("No room.")

    monkeypatch.setattr(kept, "change", refuse)
    with pytest.raises(ShopsimError, match=r"No room\."):
        keep(made_run([0]))
    assert not path_of("1" * 16).exists()
