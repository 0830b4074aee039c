"""All that changes what others see asks for rights: the code of the interface is read."""

import ast

from app_pages import PROJECT

# What changes files that others read, by the module it comes from: all of it asks for rights first.
CHANGING = {
    "shopsim.review.decisions": {"decide", "take_back"},
    "shopsim.features.networks.weights": {"obtain", "trust"},
    "shopsim.learning.process": {"start", "stop"},
    "shopsim.features.networks.trained": {"add_to_card", "remove_network", "save_network"},
    "shopsim.tuning.settings_files": {"save_settings"},
    "shopsim.tuning.tuned_import": {"keep_folder", "keep_zip", "remove_settings"},
    "shopsim.ui.parts.recent": {"forget", "remember"},
    "shopsim.catalog.zips.upload_list": {"delete_upload"},
    "shopsim.catalog.zips.zips": {"unpack_zip"},
    "shopsim.catalog.incoming": {"take_in"},
    "shopsim.grouping.matching.additions": {"add_photos", "take_back_last"},
}
CHANGING_FILES = {module.removeprefix("shopsim.") for module in CHANGING}
# Started by functions that ask, and run where no visitor is: in the thread of a job.
IN_JOBS = {"auto_plan.tune", "auto_plan._compare", "start.fetch"}
# Gives way to who may change something, by an `if`.
ASKED_BY_HAND = {"catalogs.open_folder", "form_question.ask_for_form"}


def functions_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def names_in(node):
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def test_whatever_changes_what_others_see_asks_for_rights():
    """A page that changes something in a new way is to be named here, or to ask."""
    unasked = []
    for path in sorted(PROJECT.glob("shopsim/ui/**/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if alias.name in CHANGING.get(node.module, ())
        }
        for function in functions_of(path):
            used = names_in(function) & imported
            asks = names_in(function) | {name for each in function.decorator_list for name in names_in(each)}
            if used and not {"changes", "require_change"} & asks:
                unasked.append(f"{path.stem}.{function.name}")
    assert set(unasked) - {"start._offer_weights"} == IN_JOBS | ASKED_BY_HAND


def test_whatever_writes_to_the_workspace_is_named_above():
    """The interface calls nothing else whose module writes there."""
    writing = {
        "base.disk.files", "base.workspace.database", "base.workspace.rows", "catalog.zips.zips", "review.decisions",
        "tuning.settings_files", "tuning.tuned_import", "features.networks.trained",
    }  # fmt: skip
    assert all((PROJECT / "shopsim" / f"{name.replace('.', '/')}.py").is_file() for name in {*writing, *CHANGING_FILES})
    # A list whose callers ask, and a look whether the cache can be written.
    alone = {"recent": {"change", "put", "remove"}, "spare_cache": {"write_bytes"}}
    known = {name for names in CHANGING.values() for name in names}
    reading = {
        "ACCEPTED", "REJECTED", "Decision", "Decisions", "corrected", "decision_on", "read_decisions", "read",
        "SETTINGS_NAME", "load_settings", "names", "rows", "tuned_dir", "zip_of",
    }  # fmt: skip
    for path in sorted(PROJECT.glob("shopsim/ui/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").removeprefix("shopsim.") in writing:
                allowed = known | reading | alone.get(path.stem, set())
                assert {alias.name for alias in node.names} <= allowed, path.stem
