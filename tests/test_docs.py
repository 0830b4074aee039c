"""The documentation must not lie: registered names, variables, links, pictures, and Python that runs."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest

from shopsim.base.registry import Registry
from shopsim.clusterers import clusterers
from shopsim.features.extractors import extractors
from shopsim.features.projections import projections
from shopsim.spaces import spaces

ROOT = Path(__file__).parents[1]
PAGES = {path.name: path for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]}
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def text(name):
    return PAGES[name].read_text(encoding="utf-8")


def blocks(name):
    return re.findall(r"```python\n(.*?)```", text(name), flags=re.DOTALL)


@pytest.mark.parametrize("registry", [extractors, spaces, clusterers, projections], ids=lambda registry: registry.kind)
def test_choices_lists_exactly_the_registered_names(registry: Registry):
    listed = re.findall(rf"^\| {registry.kind} \| `(\w+)` \|", text("choices.md"), flags=re.MULTILINE)
    assert sorted(listed) == sorted(registry.all_names())


def test_operating_names_every_environment_variable_the_code_reads():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "shopsim").rglob("*.py"))
    read = set(re.findall(r"SHOPSIM_[A-Z_]+", code))
    assert read == set(re.findall(r"^\| `(SHOPSIM_[A-Z_]+)` \|", text("operating.md"), flags=re.MULTILINE))


@pytest.mark.parametrize("name", PAGES)
def test_links_and_pictures_lead_somewhere(name):
    for target in LINK.findall(text(name)):
        assert target.startswith(("http://", "https://")) or (PAGES[name].parent / target).exists(), target


def test_the_readme_leads_to_every_page():
    assert {f"docs/{name}" for name in PAGES if name != "README.md"} <= set(LINK.findall(text("README.md")))


def test_the_readme_is_short():
    assert PAGES["README.md"].stat().st_size <= 6 * 1024


@pytest.mark.parametrize("name", PAGES)
def test_files_that_are_named_are_there(name):
    """Of the project's own; `cache/` and what people make themselves are not."""
    for place in re.findall(r"`((?:shopsim|tests|docs|pages)/[\w./-]*)`", text(name)):
        assert (ROOT / place).exists(), place


def test_architecture_names_the_twelve_packages():
    named = re.findall(r"^\| `(\w+)/` \|", text("architecture.md"), flags=re.MULTILINE)
    packages = [path.name for path in (ROOT / "shopsim").iterdir() if (path / "__init__.py").is_file()]
    assert sorted(set(named) - {"cache", "workspace", "static"}) == sorted(packages)


def test_the_cluster_is_described_as_ray_reads_it():
    """Against Ray's own schema; Ray is not imported, which would take seconds."""
    if (ray := importlib.util.find_spec("ray")) is None:
        pytest.skip("ray is not installed: pip install ray")
    jsonschema, yaml = pytest.importorskip("jsonschema"), pytest.importorskip("yaml")
    cluster = yaml.safe_load((ROOT / "docs" / "cluster.yaml").read_text(encoding="utf-8"))
    schema = Path(ray.origin).parent / "autoscaler" / "ray-schema.json"
    jsonschema.validate(cluster, json.loads(schema.read_text(encoding="utf-8")))
    tested = re.search(r"^ray==(.*)$", (ROOT / "requirements-dev.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert cluster["docker"]["image"] == f"rayproject/ray:{tested[1]}-py311-cpu"
    assert all("RAY_AUTH_MODE=token" in cluster[f"{kind}_start_ray_commands"][-1] for kind in ("head", "worker"))


@pytest.mark.slow
@pytest.mark.usefixtures("demo_folder")
def test_the_line_of_the_readme_groups_the_demo(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(compile(blocks("README.md")[0], "README.md", "exec"), {})
    assert float(capsys.readouterr().out) > 0.5


def test_the_extractor_of_extending_fits_the_registry():
    with extractors.temporarily():
        exec(compile(blocks("extending.md")[0], "extending.md", "exec"), {})
        assert extractors.create("mean_color").n_features == 3


def test_no_other_python_stands_in_the_documentation():
    """Else it would not be run."""
    assert {name for name in PAGES if blocks(name)} == {"README.md", "extending.md"}
