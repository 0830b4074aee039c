"""`pip install .` gives the command `shopsim` with all it needs, in places where an installed program may write."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile

import pytest
from catalog_fixtures import PROJECT
from packaging.requirements import Requirement

from shopsim.__main__ import start
from shopsim.base import paths

PROJECT_FILE = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
WHEEL = PROJECT_FILE["tool"]["hatch"]["build"]["targets"]["wheel"]
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


def requirements():
    """Name and version of each line of requirements.txt."""
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {
        required.name: required for line in lines if line.strip() and line[0] != "#" if (required := Requirement(line))
    }


def test_every_requirement_has_a_range_that_admits_the_tested_version():
    ranges = {
        required.name: required.specifier for required in map(Requirement, PROJECT_FILE["project"]["dependencies"])
    }
    tested = requirements()
    assert ranges.keys() == tested.keys()
    for name, required in tested.items():
        exact = re.fullmatch(r"==([\w.]+)", str(required.specifier))
        if exact is None:
            assert required.specifier == ranges[name]
        else:
            assert ranges[name].contains(exact[1]), name
            assert {each.operator for each in ranges[name]} == {">=", "<"}, name


def test_what_only_some_need_is_tested_in_a_version_of_its_range():
    dev = (PROJECT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    for extra in PROJECT_FILE["project"]["optional-dependencies"].values():
        for required in map(Requirement, extra):
            (tested,) = [line.partition("==")[2] for line in dev if line.startswith(f"{required.name}==")]
            assert required.specifier.contains(tested), required.name
            assert {each.operator for each in required.specifier} == {">=", "<"}


def test_the_wheel_brings_the_dashboard_and_every_file_of_the_package(tmp_path):
    pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed")
    built = subprocess.run(
        [sys.executable, "-c", BUILD, tmp_path], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(tmp_path / built.stdout.split()[-1]) as wheel:
        brought = {name for name in wheel.namelist() if ".dist-info/" not in name}
        (entry_points,) = (wheel.read(name).decode() for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "shopsim = shopsim.__main__:start" in entry_points
    assert brought == files_of_the_package() | files_of_the_dashboard()


def files_of_the_package():
    """Its modules and pictures, as a wheel names them."""
    files = (path for path in (PROJECT / "shopsim").rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {str(path.relative_to(PROJECT)) for path in files}


def files_of_the_dashboard():
    pages = {f"shopsim/dashboard/pages/{path.name}" for path in (PROJECT / "pages").glob("*.py")}
    return {"shopsim/dashboard/app.py", "shopsim/dashboard/.streamlit/config.toml", *pages}


def test_what_the_wheel_takes_from_beside_the_package_is_there():
    assert all((PROJECT / source).exists() for source in WHEEL["force-include"])
    # Else a checkout would pass for an installed package.
    assert not (PROJECT / "shopsim" / "dashboard").exists()


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """The folder of the dashboard in an installed package, for a person with a home of their own."""
    monkeypatch.setattr(paths, "_DASHBOARD", tmp_path / "dashboard")
    monkeypatch.setenv("HOME", str(tmp_path / "someone"))
    for name in ("SHOPSIM_CACHE", "SHOPSIM_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "dashboard").mkdir()
    return tmp_path / "dashboard"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other places")
def test_an_installed_program_keeps_things_where_the_system_does(installed):
    home = installed.parent / "someone"
    assert paths.cache_dir() == home / ".cache" / "shopsim"
    assert paths.home_dir() == home / ".local" / "share" / "shopsim"
    assert paths.static_dir() == home / ".cache" / "shopsim-thumbnails"
    assert paths.dashboard_dir() == installed


def test_a_variable_goes_first_in_an_installed_program_too(installed, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_CACHE", str(tmp_path / "a"))
    monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path / "b"))
    assert (paths.cache_dir(), paths.home_dir()) == (tmp_path / "a", tmp_path / "b")


def test_a_checkout_keeps_things_in_its_own_folder(monkeypatch):
    for name in ("SHOPSIM_CACHE", "SHOPSIM_HOME"):
        monkeypatch.delenv(name)
    assert (paths.cache_dir(), paths.home_dir()) == (PROJECT / "cache", PROJECT / "workspace")
    assert (paths.static_dir(), paths.dashboard_dir()) == (PROJECT / "static", PROJECT)


@pytest.mark.parametrize("command", ["shopsim", "shopsim.exe", "__main__.py"])
def test_the_help_says_how_it_was_called(command, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [f"/some/where/{command}", "--help"])
    with pytest.raises(SystemExit) as ended:
        start()
    assert ended.value.code == 0
    called = "python -m shopsim" if command == "__main__.py" else "shopsim"
    assert capsys.readouterr().out.startswith(f"usage: {called} [-h] COMMAND ...\n")


class BecameError(Exception):
    """The process became another program."""


def became(monkeypatch, run, *arguments):
    """The command that `shopsim` turned into."""
    found = []

    def become(program, command):
        found.extend(command)
        assert program == command[0] == sys.executable
        raise BecameError

    monkeypatch.setattr(os, "execv", become)
    with pytest.raises(BecameError):
        run(*arguments)
    return found[1:]


def test_run_becomes_the_server_of_the_dashboard(run, monkeypatch):
    assert became(monkeypatch, run, "run") == ["-P", "-m", "streamlit", "run", str(PROJECT / "app.py")]


def test_an_installed_run_opens_its_own_dashboard_and_hands_every_option_on(run, monkeypatch, installed):
    command = became(monkeypatch, run, "run", "--server.port", "8600", "--server.headless=true")
    assert command[4:] == [str(installed / "app.py"), "--server.port", "8600", "--server.headless=true"]


def test_only_run_hands_options_on(run, tmp_path):
    code, out, err = run("demo", "--out", tmp_path / "demo", "--server.port", "8600")
    assert (code, out) == (2, "")
    assert err.endswith("error: unrecognized arguments: --server.port 8600\n")
    assert not (tmp_path / "demo").exists()


def test_the_help_of_run_says_what_it_hands_on(run):
    code, out, _ = run("run", "--help")
    assert code == 0
    assert "--server.port 8600 for another port" in " ".join(out.split())
