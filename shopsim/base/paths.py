"""Where things lie on disk; the only reader of SHOPSIM_CACHE, SHOPSIM_HOME and SHOPSIM_ROOTS.

A checkout has everything in its own folder. An installed program has it where the system keeps such things.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import platformdirs

from shopsim.base.errors import ShopsimError
from shopsim.base.same_name import composed

_PACKAGE = Path(__file__).resolve().parents[1]
_PROJECT = _PACKAGE.parent
# The wheel brings app.py and the pages in a folder of the package; a checkout has them beside it.
_DASHBOARD = _PACKAGE / "dashboard"
_NAME = "shopsim"


def is_installed() -> bool:
    """Says whether this is an installed package, not a checkout of the project."""
    return _DASHBOARD.is_dir()


def dashboard_dir() -> Path:
    """Returns the folder that holds `app.py`, `pages/` and `.streamlit/`."""
    return _DASHBOARD if is_installed() else _PROJECT


def cache_dir() -> Path:
    """Returns the folder of everything that can be computed again; it may be deleted at any time."""
    named = os.environ.get("SHOPSIM_CACHE")
    if not named and is_installed():
        return platformdirs.user_cache_path(_NAME, appauthor=False)
    return expanded(named or _PROJECT / "cache")


def home_dir() -> Path:
    """Returns the folder of what cannot be computed again: uploads, trained networks, settings, decisions, secrets."""
    named = os.environ.get("SHOPSIM_HOME")
    if not named and is_installed():
        return platformdirs.user_data_path(_NAME, appauthor=False)
    return expanded(named or _PROJECT / "workspace")


def uploads_dir() -> Path:
    """Returns the folder that has one folder per uploaded catalogue."""
    return home_dir() / "uploads"


def networks_dir() -> Path:
    """Returns the folder that has one folder per trained network."""
    return home_dir() / "networks"


def static_dir() -> Path:
    """Returns the folder of thumbnails, which the server gives to browsers; it may be deleted at any time."""
    if is_installed():
        return platformdirs.user_cache_path(f"{_NAME}-thumbnails", appauthor=False)
    return _PROJECT / "static"


def roots() -> tuple[Path, ...]:
    """Returns the folders that SHOPSIM_ROOTS names, separated as in PATH; empty if there are none."""
    named = os.environ.get("SHOPSIM_ROOTS", "")
    return tuple(links_followed(expanded(part)) for part in named.split(os.pathsep) if part)


def expanded(path: str | Path) -> Path:
    """Returns the path with '~' replaced by the person's folder. Raises ShopsimError for an unknown '~someone'."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise ShopsimError(f"'{path}' names a person this machine does not know; write the whole path.") from None


def links_followed(path: Path) -> Path:
    """Returns the absolute path, links followed; a loop of links stays as it is, and no system opens it."""
    return Path(os.path.realpath(path))


def check_inside(path: Path, allowed: tuple[Path, ...]) -> None:
    """Raises ShopsimError unless the path, links followed, lies in one of the allowed folders."""
    if not lies_in(path, allowed):
        places = ", ".join(f"'{root}'" for root in allowed) or "none (set SHOPSIM_ROOTS)"
        raise ShopsimError(f"'{path}' may not be opened here; folders that may be: {places}.")


def reachable_from(folder: Path) -> tuple[Path, ...] | None:
    """Returns the folders to which links and written paths of a catalogue may lead; None if anywhere.

    An upload may lead into itself only, since a stranger may have made it. Any other catalogue may lead into
    SHOPSIM_ROOTS too, and anywhere if that is not set.
    """
    own = links_followed(folder)
    if own.is_relative_to(links_followed(uploads_dir())):
        return (own,)
    return (own, *roots()) if roots() else None


def lies_in(path: Path, places: Collection[Path] | None) -> bool:
    """Says whether the path, links followed, lies in one of the resolved folders; always True if they are None."""
    if places is None:
        return True
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError, ValueError):
        # Too long, a loop of links, or a NUL character.
        return False
    return any(resolved.is_relative_to(place) for place in places)


def is_folder(path: Path) -> bool:
    """Says whether there is such a folder; False also for a path that no system could have, or that is hidden."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Says whether there is such a file; False as for `is_folder`."""
    try:
        return path.is_file()
    except OSError:
        return False


def called(names: Iterable[str], wanted: Collection[str]) -> dict[str, str]:
    """Finds the wanted names in upper or lower case, as people write them: {wanted: name}.

    wanted: in lower case. Raises ShopsimError where two of the names differ in case only.
    """
    found: dict[str, str] = {}
    for name in names:
        if (lower := name.lower()) in wanted and found.setdefault(lower, name) != name:
            one, other = sorted([found[lower], name])
            raise ShopsimError(f"There are both '{one}' and '{other}', which differ in case only; keep one of them.")
    return found


def files_called(folder: Path, wanted: Sequence[str]) -> list[Path]:
    """Returns the files of these names, in upper or lower case, in the order of `wanted`; raises as `called` does.

    A link to a place that the folder may not lead to is left out.
    """
    try:
        found = called([path.name for path in folder.iterdir()], wanted)
    except (OSError, ValueError):
        # No such folder, or a path with a NUL character.
        return []
    paths, reachable = [folder / found[name] for name in wanted if name in found], reachable_from(folder)
    return [path for path in paths if is_file(path) and lies_in(path, reachable)]


def as_on_disk(path: Path) -> Path:
    """Returns the path as the disk spells it: macOS writes names in another Unicode form than people type them.

    A path that exists, or that has no other spelling on the disk, is returned as it is.
    """
    found, missing = path, []
    # No recursion: a link may name a path of thousands of folders.
    while not (str(found).isascii() or os.path.lexists(found)):
        missing.append(found.name)
        found = found.parent
    for name in reversed(missing):
        try:
            names = sorted(path.name for path in found.iterdir())
        except (OSError, ValueError):
            return path
        found /= next((each for each in names if composed(each) == composed(name)), name)
    return found
