"""The first page is quick: the server answers without loading a network, a projection or a learning library."""

import json
import subprocess
import sys

import pytest
from app_pages import PROJECT

# What first visitors get, page after page, up to the first job: none of the jobs themselves.
FIRST_RUNS = """
import json, sys, time
from streamlit.testing.v1 import AppTest

def visit(page):
    app = AppTest.from_file("app.py", default_timeout=60)
    if page != "app.py":
        app.switch_page(page)
    app.query_params["folder"] = "/no/such/folder"
    app.run()
    # On a busy machine the process that looks at the folder may take longer than the page waits at first.
    deadline = time.monotonic() + 60
    while not app.error and time.monotonic() < deadline:
        time.sleep(1)
        app.run()
    assert not app.exception and len(app.error) == 1, page
    return sorted({name.split(".")[0] for name in sys.modules})

modules = {"app.py": visit("app.py")}
seconds = time.process_time()
modules |= {page: visit(page) for page in sys.argv[1:]}
print(json.dumps({"seconds": seconds, "modules": modules}))
"""
HEAVY = {"tensorflow", "tensorflow_hub", "tf_keras", "keras", "umap", "numba", "sklearn", "skimage", "matplotlib"}
PAGES = sorted(f"pages/{path.name}" for path in PROJECT.glob("pages/*.py"))


@pytest.fixture(scope="module")
def first_runs():
    """Seconds of work until the home page stands, and by page the modules that are loaded then."""
    command = [sys.executable, "-c", FIRST_RUNS, *PAGES]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_first_visits_load_nothing_heavy(first_runs):
    assert list(first_runs["modules"]) == ["app.py", *PAGES]
    assert {
        page: sorted(HEAVY & set(loaded)) for page, loaded in first_runs["modules"].items() if HEAVY & set(loaded)
    } == {}


def test_the_home_page_takes_less_than_three_seconds_of_work(first_runs):
    assert first_runs["seconds"] < 3
