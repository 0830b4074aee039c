"""Where things lie on disk; the only reader of SHOPSIM_CACHE, SHOPSIM_HOME and SHOPSIM_ROOTS."""

from __future__ import annotations

import os
from pathlib import Path

from shopsim import ShopsimError

_PROJECT = Path(__file__).resolve().parent.parent


def cache_dir() -> Path:
    """The folder of everything that can be computed again; safe to delete at any time."""
    return Path(os.environ.get("SHOPSIM_CACHE") or _PROJECT / "cache")


def home_dir() -> Path:
    """The folder of what cannot be computed again: uploads, secrets, later trained networks."""
    return Path(os.environ.get("SHOPSIM_HOME") or _PROJECT / "workspace")


def static_dir() -> Path:
    """The folder Streamlit serves files from; it lies beside `app.py` by Streamlit's rule."""
    return _PROJECT / "static"


def roots() -> tuple[Path, ...]:
    """The folders named in SHOPSIM_ROOTS, separated as in PATH; empty if there are none."""
    named = os.environ.get("SHOPSIM_ROOTS", "")
    return tuple(Path(part).resolve() for part in named.split(os.pathsep) if part)


def check_inside(path: Path, allowed: tuple[Path, ...]) -> None:
    """Raises ShopsimError unless the path, links followed, lies in one of the allowed folders."""
    resolved = path.resolve()
    if not any(resolved.is_relative_to(root) for root in allowed):
        places = ", ".join(f"'{root}'" for root in allowed) or "none (set SHOPSIM_ROOTS)"
        raise ShopsimError(f"'{path}' may not be opened here; folders that may be: {places}.")
