"""Builds the map's component when a wheel is built, where npm is there; a wheel without it draws a sample."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MapBuildHook(BuildHookInterface):
    """Hatchling finds it by its base class."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Runs before the files of the wheel are collected."""
        sys.path.insert(0, str(Path(self.root) / "scripts"))
        from build_map import BuildError, build

        try:
            build()
        except BuildError as error:
            self.app.display_warning(f"{error} This wheel draws maps of many photos as a sample.")
