"""The README must not lie: every registered name stands in its table, and its Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shopsim.base.registry import Registry
from shopsim.clusterers import clusterers
from shopsim.features.extractors import extractors
from shopsim.features.projections import projections
from shopsim.spaces import spaces

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize("registry", [extractors, spaces, clusterers, projections], ids=lambda registry: registry.kind)
def test_readme_lists_exactly_the_registered_names(registry: Registry):
    listed = re.findall(rf"^\| {registry.kind} \| `(\w+)` \|", README, flags=re.MULTILINE)
    assert sorted(listed) == sorted(registry.all_names())


def test_readme_names_every_environment_variable_the_code_reads():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "shopsim").rglob("*.py"))
    read = set(re.findall(r"SHOPSIM_[A-Z_]+", code))
    assert read == set(re.findall(r"^\| `(SHOPSIM_[A-Z_]+)` \|", README, flags=re.MULTILINE))


def test_readme_pictures_are_there():
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / picture).is_file(), picture


@pytest.mark.slow
def test_readme_line_groups_the_demo(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(compile(BLOCKS[0], "README.md", "exec"), {})
    assert float(capsys.readouterr().out) > 0.5


def test_readme_extractor_fits_the_registry(monkeypatch):
    known = dict(extractors._entries)
    extractors.names()
    monkeypatch.setattr(extractors, "_entries", {**extractors._entries, **known})
    exec(compile(BLOCKS[1], "README.md", "exec"), {})
    made = extractors.create("mean_color")
    assert made.n_features == 3
