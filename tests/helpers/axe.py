"""axe-core, which finds what people with a screen reader or weak eyes cannot use; a test is skipped without npm."""

import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.build_map import find_npm

_PACKAGE = Path(__file__).parents[1] / "browser" / "axe"
_NPM_S = 90
SERIOUS = ("serious", "critical")
_RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
    one => [one.impact, one.id, one.nodes.map(node => node.html.slice(0, 160)).slice(0, 4)])"""


def axe_script(folder):
    """The text of the script, installed into the folder."""
    npm = find_npm()
    if npm is None:
        pytest.skip("needs npm, which is not installed")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(_PACKAGE / name, folder)
    command = [*npm, "ci", "--ignore-scripts", "--prefer-offline", "--fetch-retries=1", "--fetch-timeout=20000"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_NPM_S, check=False)
    if done.returncode:
        pytest.skip(f"needs axe-core from npm: {done.stderr.strip().splitlines()[:2]}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def serious_faults(page, script):
    """What axe calls serious or critical on the page as it is drawn: rule and the elements, one line each."""
    page.evaluate(script)
    return [f"{rule}: {elements}" for impact, rule, elements in page.evaluate(_RUN) if impact in SERIOUS]
