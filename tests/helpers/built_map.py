"""Builds the map's component for a test, which is skipped where that is not possible."""

import pytest

from scripts.build_map import BuildError, build, find_npm


def built_or_skipped(bundle):
    """The folder, with the component in it."""
    if find_npm() is None:
        pytest.skip("needs npm, which is not installed")
    try:
        build(bundle)
    except BuildError as error:
        pytest.skip(f"needs npm's packages: {error}")
    return bundle
