"""What holds the parts apart: direction of imports, who may import Streamlit, what an import may cost."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from shopsim.clusterers import clusterers
from shopsim.features.extractors import extractors
from shopsim.features.projections import projections
from shopsim.spaces import spaces

PROJECT = Path(__file__).parents[1]
REGISTRIES = (extractors, spaces, clusterers, projections)

# From the ground up; a package imports from those before it only, and never from one that stands beside it.
FLOORS = "base < catalog < features | clusterers < scoring < spaces < grouping < tuning | review < learning < ui | cli"
FLOOR_OF = {package: number for number, floor in enumerate(FLOORS.split(" < ")) for package in floor.split(" | ")}
DOORS_ONLY = {"app", "pages", "__main__"}
SOURCES = sorted([*PROJECT.glob("shopsim/**/*.py"), *PROJECT.glob("pages/*.py"), *PROJECT.glob("app.py")])
DOORS = [path for path in SOURCES if path.relative_to(PROJECT).parts[0] in ("app.py", "pages")]
INTERFACE_SOURCES = [path for path in SOURCES if path.relative_to(PROJECT).parts[:2] == ("shopsim", "ui")]

HEAVY = {"tensorflow", "tensorflow_hub", "tf_keras", "keras", "umap", "sklearn", "numba", "skimage", "ray"}
INTERFACE = {"streamlit", "altair"}


def module_name(path):
    """shopsim/cli/main.py -> shopsim.cli.main; a package is called as its folder."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path) for path in SOURCES}


def is_type_checking(node):
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imports(path, inside_functions=True):
    """Full names of what a file imports, but for what only type checkers see."""
    found, pending = set(), [ast.parse(path.read_text(encoding="utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else node.module)
        elif is_type_checking(node):
            pending += node.orelse
        elif inside_functions or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            pending += ast.iter_child_nodes(node)
    return found


def part(name):
    """The part of the program a module belongs to: shopsim.cli.main -> cli, pages.Map -> pages."""
    pieces = name.split(".")
    return pieces[1] if pieces[0] == "shopsim" and len(pieces) > 1 else pieces[0]


def top_names(path):
    return {name.split(".")[0] for name in imports(path)}


def test_every_module_lies_in_one_of_twelve_packages():
    assert {part(module) for module in MODULES} - {"shopsim"} == FLOOR_OF.keys() | DOORS_ONLY


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_imports_run_downward_only(path):
    own = part(module_name(path))
    # The package itself says what an error is; the doors may open anything.
    floor = -1 if own == "shopsim" else FLOOR_OF.get(own, len(FLOOR_OF))
    others = {name for name in imports(path) & MODULES if part(name) not in (own, "shopsim")}
    allowed = {"base"} if own == "shopsim" else {package for package, other in FLOOR_OF.items() if other < floor}
    assert {part(name) for name in others} <= allowed


def test_no_modules_import_each_other_in_a_circle():
    below = {module_name(path): imports(path, inside_functions=False) & MODULES for path in SOURCES}
    # A package whose __init__ gathers its modules is imported by them only as the way to a sibling.
    left = {name: {other for other in others if not name.startswith(f"{other}.")} for name, others in below.items()}
    while free := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in free}
    assert not left


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_streamlit_stays_in_the_interface(path):
    assert "streamlit" not in top_names(path) or part(module_name(path)) in ("app", "pages", "ui")


def test_only_commands_start_ray():
    engines = {"shopsim.features.rows_by_ray", "shopsim.clusterers.lists_by_ray", "shopsim.base.work.ray_cluster"}
    users = {module_name(path) for path in SOURCES if imports(path) & engines}
    assert users - engines == {"shopsim.cli.engine"}


@pytest.mark.parametrize("path", DOORS, ids=module_name)
def test_a_page_only_chooses_computes_and_shows(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert top_names(path) <= {"__future__", "streamlit", "shopsim"}
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Try)]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80


def is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@pytest.mark.parametrize("path", DOORS, ids=module_name)
def test_all_of_a_page_stands_in_the_block_that_turns_errors_into_sentences(path):
    body = ast.parse(path.read_text(encoding="utf-8")).body
    left = [node for node in body if not is_docstring(node) and not isinstance(node, (ast.Import, ast.ImportFrom))]
    if isinstance(left[0], ast.If):
        # The home page is also the file that the server imports, which is no visit.
        assert ast.unparse(left[0].test) == "__name__ != '__main__'"
        assert len(left) == 1
        left = left[0].orelse
    *parts, block = left
    assert [[ast.unparse(mark) for mark in part.decorator_list] for part in parts] == [["fragment"]] * len(parts)
    assert isinstance(block, ast.With)
    opened = block.items[0].context_expr.func
    assert ast.unparse(opened) in ("open_page", "open_photos", "start_page")


@pytest.mark.parametrize("path", INTERFACE_SOURCES, ids=module_name)
def test_fragments_and_callbacks_are_guarded(path):
    """Streamlit runs both by themselves, outside the block that a page stands in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert module_name(path) == "shopsim.ui.guard" or not named & {"fragment", "dialog"}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = [word.value for call in calls for word in call.keywords if re.fullmatch("on_[a-z]+", word.arg or "")]
    unguarded = [value for value in called if not isinstance(value, ast.Constant)]
    assert all(ast.unparse(value).startswith("callback(") for value in unguarded)


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        (
            "import shopsim.grouping.fit, shopsim.grouping.groups_csv, shopsim.catalog.demo.demo",
            HEAVY | INTERFACE | {"pandas"},
        ),
        ("import shopsim.cli.main as m; m._parser()", HEAVY | INTERFACE | {"pandas"}),
        ("import shopsim.ui.charts.style", HEAVY | {"streamlit"}),
        ("import shopsim.ui.page", HEAVY),
        *(
            (f"from {registry._package} import {registry._package.split('.')[-1]} as r; r.names()", HEAVY | INTERFACE)
            for registry in REGISTRIES
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_import_is_light(statement, unwanted):
    script = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    ended = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert not unwanted & set(ended.stdout.split())


@pytest.mark.parametrize(
    ("only", "called"),
    [
        # Every way out is guarded against spreadsheets that run formulas.
        ("shopsim.base.text.spreadsheet", {("csv", "writer"), ("csv", "DictWriter"), ("*", "to_csv")}),
        ("shopsim.ui.parts.tables", {("st", "dataframe"), ("st", "data_editor"), ("st", "table")}),
    ],
)
def test_one_module_writes_tables(only, called):
    callers = {
        module_name(path)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and (("*", node.attr) in called or (isinstance(node.value, ast.Name) and (node.value.id, node.attr) in called))
    }
    assert callers == {only}


def test_streamlit_exports_no_cells_itself():
    settings = tomllib.loads((PROJECT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert settings["client"]["disableDataExport"] is True


def test_a_mistake_in_the_program_shows_strangers_no_paths():
    settings = tomllib.loads((PROJECT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert settings["client"]["showErrorDetails"] == "type"


def test_only_six_environment_variables_are_ours():
    named = {name for path in SOURCES for name in re.findall(r"\bSHOPSIM_[A-Z_]+\b", path.read_text(encoding="utf-8"))}
    ours = {"ADMIN_TOKEN", "CACHE", "EXTRACTOR", "HOME", "MODEL_DIR", "ROOTS"}
    assert named == {f"SHOPSIM_{name}" for name in ours}
