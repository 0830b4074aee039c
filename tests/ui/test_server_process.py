"""What the server's own process loads, whatever its pages show."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
MODELS = PROJECT / "../shared/models"
# A real server's jobs, as `app_pages` does not run them: in processes of their own.
SCRIPT = """
import json, sys
sys.path[:0] = [{tests!r}, {project!r}]
from app_pages import metrics, open_page, sentences
from app_pages import go_to

app = open_page(folder={folder!r}, extractor={extractor!r})
told = {{"scores": metrics(app), "wrong": sentences(app)}}
for page in ("pages/Map.py", "pages/Groups.py", "pages/Review.py"):
    told["wrong"] += sentences(go_to(app, page))
told["loaded"] = sorted({{name.split(".")[0] for name in sys.modules}} & {{"tensorflow", "keras", "umap", "numba"}})
print(json.dumps(told))
"""


@pytest.mark.slow
@pytest.mark.parametrize("extractor", ["color_shape", pytest.param("mobilenet_v2", marks=pytest.mark.network)])
def test_no_page_loads_tensorflow_or_umap(tiny_catalog, tmp_path, extractor):
    script = SCRIPT.format(
        tests=str(PROJECT / "tests/helpers"), project=str(PROJECT), folder=str(tiny_catalog), extractor=extractor
    )
    places = {"SHOPSIM_CACHE": str(tmp_path / "cache"), "SHOPSIM_HOME": str(tmp_path / "home")}
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | places | {"SHOPSIM_MODEL_DIR": str(MODELS.resolve())},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["wrong"] == []
    assert "ARI" in told["scores"]
    assert told["loaded"] == []
