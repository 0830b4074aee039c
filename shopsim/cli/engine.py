"""`--engine ray`: features and neighbour lists are computed by Ray, in processes on one machine or many."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import numpy as np

from shopsim.base.registry import Value
from shopsim.base.work.progress import Progress
from shopsim.base.work.ray_cluster import RayCluster, check_ray
from shopsim.base.work.ray_start import AUTO
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import UsageError
from shopsim.cli.terminal import say
from shopsim.clusterers.lists_by_ray import lists_by_ray
from shopsim.clusterers.nearest_lists import NearestLists
from shopsim.features.batches import Batches
from shopsim.features.rows_by_ray import batches_by_ray
from shopsim.grouping.engine import HERE, Engine

ENGINES = ("here", "ray")


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds `--engine` and `--ray-address`."""
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default=ENGINES[0],
        help="where features and neighbour lists are computed; ray: by Ray, on many machines (default: here)",
    )
    parser.add_argument(
        "--ray-address",
        metavar="ADDRESS",
        help=f"a running Ray cluster: HOST:PORT, or {AUTO} on one of its machines (default: start Ray on this machine)",
    )


@contextmanager
def chosen_engine(args: argparse.Namespace) -> Iterator[Engine]:
    """Gives the engine that the options name. Ray starts when it is needed, and ends with the block.

    Raises UsageError for an address without Ray, and ShopsimError if Ray is not installed.
    """
    if args.engine != "ray":
        if args.ray_address is not None:
            raise UsageError("--ray-address is given without --engine ray.")
        yield HERE
        return
    check_ray()
    with RayCluster(args.ray_address, say) as cluster:
        yield Engine(partial(_batches_of, cluster=cluster), partial(_nearest, cluster=cluster))


def _batches_of(name: str, settings: Mapping[str, Value], cluster: RayCluster) -> Batches:
    return partial(batches_by_ray, name=name, settings=settings, cluster=cluster)


def _nearest(rows: np.ndarray, offsets: np.ndarray, k: int, progress: Progress, cluster: RayCluster) -> NearestLists:
    with ProgressLine("Comparing photos", unit="blocks") as line:
        return lists_by_ray(rows, offsets, k, cluster, line)
