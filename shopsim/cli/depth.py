"""`--depth`: how much of a network is trained."""

from __future__ import annotations

import argparse

from shopsim.learning.network.depth import DEPTHS, MOST


def add_depth(parser: argparse.ArgumentParser) -> None:
    """One of the names of DEPTHS."""
    told = "; ".join(f"{name}: {depth.told}" for name, depth in DEPTHS.items())
    parser.add_argument(
        "--depth", choices=list(DEPTHS), default=MOST, help=f"with a network, what of it is trained ({told}; {MOST})"
    )
