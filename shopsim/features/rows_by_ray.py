"""Feature rows by Ray Data: tasks decode photos, and a pool of actors has the extractor, anywhere in a cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Value
from shopsim.base.work.ray_cluster import RayCluster, going_on, quiet_data
from shopsim.catalog.remote_path import path_of
from shopsim.features.batches import Batch, Missing, rows_of
from shopsim.features.decoded import decoded, paths_of
from shopsim.features.extractors import Extractor
from shopsim.features.extractors.kept import kept_extractor
from shopsim.features.feature_keys import key_of
from shopsim.features.networks.int8_extractor import Int8Extractor
from shopsim.features.networks.trust import trusting_all

if TYPE_CHECKING:
    import pyarrow as pa

ACTOR_CPUS = 0.5
"""An actor's share of a processor. Actors that ask for whole ones leave none to the tasks that decode for them."""
# Photos per block, of which a stopped run loses some: more of many, since each block costs the driver some time.
_FEWEST_IN_BLOCK, _MOST_BLOCKS = 64, 20_000

# No path has it.
_BETWEEN = b"\0"

_Columns = dict[str, np.ndarray]


def batches_by_ray(
    missing: Missing, extractor: Extractor, name: str, settings: Mapping[str, Value], cluster: RayCluster
) -> Iterator[Batch]:
    """Gives the same rows as `batches_here`; each batch as soon as it is there, in any order.

    name, settings: of the extractor, which each actor builds. A photo must have the same path on all machines. Work of
    a process or machine that dies is done again.
    Raises ShopsimError if Ray cannot start or go on, for a network in int8, and if a machine gives other numbers.
    """
    if isinstance(extractor, Int8Extractor):
        raise ShopsimError(
            "int8 is calibrated on one machine, so it does not go with --engine ray; choose another --precision."
        )
    cluster.start()
    computed = _dataset(missing, extractor, name, settings, cluster)
    # Closed at once where the work is stopped, so that its threads end before Ray does.
    with going_on(), closing(iter(computed.iter_batches(batch_size=None, prefetch_batches=0))) as blocks:
        for block in blocks:
            yield _batch_of(block)


@dataclass(frozen=True)
class Pool:
    """How many actors there are, the GPUs of each, and the processors that each task asks for which decodes for them.

    All actors together leave a task its place, so that none waits for ever.
    """

    n_actors: int
    gpus: int
    reader_cpus: float


def pool_of(extractor: Extractor, n_cpus: float, n_gpus: float) -> Pool:
    """Returns the pool for an extractor: an actor per GPU if it runs on GPUs, else one per two processors."""
    # With the same share as an actor, tasks become part of the actors, which decode one photo after the other.
    reader_cpus = 1.0 if n_cpus >= 2 else ACTOR_CPUS
    most = max(1, int(n_cpus // 2))
    if n_gpus >= 1 and getattr(extractor, "runs_on_gpu", False):
        return Pool(min(int(n_gpus), most), 1, reader_cpus)
    return Pool(most, 0, reader_cpus)


def _dataset(
    missing: Missing, extractor: Extractor, name: str, settings: Mapping[str, Value], cluster: RayCluster
) -> Any:
    data = quiet_data()
    pool = pool_of(extractor, *cluster.resources())
    read = partial(read_photos, size=extractor.image_size)
    photos = data.from_arrow(_tables(missing)).map_batches(
        read, batch_size=extractor.batch_size, num_cpus=pool.reader_cpus, batch_format="numpy"
    )
    return photos.map_batches(
        RowActor,
        fn_constructor_args=(name, dict(settings), key_of(extractor)),
        batch_size=extractor.batch_size,
        compute=data.ActorPoolStrategy(size=pool.n_actors),
        num_cpus=ACTOR_CPUS,
        num_gpus=pool.gpus,
        batch_format="numpy",
    )


def _tables(missing: Missing) -> list[pa.Table]:
    """Returns blocks of digests and of the paths of each, as bytes, since a path need not be valid Unicode."""
    import pyarrow as pa

    digests = list(missing)
    size = max(_FEWEST_IN_BLOCK, -(-len(digests) // _MOST_BLOCKS))
    blocks = (digests[start : start + size] for start in range(0, len(digests), size))
    return [
        pa.table(
            {
                "digest": pa.array(block, pa.string()),
                "paths": pa.array([_as_bytes(paths_of(missing[digest])) for digest in block], pa.binary()),
            }
        )
        for block in blocks
    ]


def _as_bytes(paths: Sequence[Path]) -> bytes:
    return _BETWEEN.join(os.fsencode(path.absolute()) for path in paths)


def _paths_in(text: bytes) -> list[Path]:
    return [path_of(os.fsdecode(path)) for path in text.split(_BETWEEN)]


def read_photos(columns: _Columns, size: tuple[int, int]) -> _Columns:
    """Decodes a batch in a task. Returns digest, pixels (b, height, width, 3) uint8, and why a photo has none."""
    pixels = np.zeros((len(columns["digest"]), *size, 3), np.uint8)
    reasons = np.full(len(pixels), "", object)
    for place, (digest, paths) in enumerate(zip(columns["digest"], columns["paths"], strict=True)):
        got = decoded(str(digest), _paths_in(bytes(paths)), size)
        if isinstance(got, str):
            reasons[place] = got or "cannot be read"
        else:
            pixels[place] = got
    return {"digest": columns["digest"], "pixels": pixels, "reason": reasons}


class RowActor:
    """Has the extractor in a process of Ray; `key` is that of the features of the machine that asks."""

    def __init__(self, name: str, settings: Mapping[str, Value], key: str) -> None:
        self._name, self._settings, self._key = name, settings, key

    def __call__(self, columns: _Columns) -> _Columns:
        """Returns digest, row (b, n_features) float32, why a photo has none, and why the extractor is refused."""
        reasons = columns["reason"]
        try:
            # Not before the first batch: Ray starts an actor again and again if its start fails.
            extractor, refusal = self._extractor(), ""
        except ShopsimError as error:
            extractor, refusal = None, str(error)
        rows = np.zeros((len(reasons), 1 if extractor is None else extractor.n_features), np.float32)
        if extractor is not None:
            good = reasons == ""
            rows[good] = rows_of(extractor, list(columns["pixels"][good]))
        return {
            "digest": columns["digest"],
            "row": rows,
            "reason": reasons,
            "refusal": np.full(len(reasons), refusal, object),
        }

    def _extractor(self) -> Extractor:
        """Raises ShopsimError if it cannot be built here, or gives other numbers than on the machine that asks."""
        # The process that asks has it too, so a person has trusted it.
        with trusting_all():
            extractor = kept_extractor(self._name, self._settings)
        if (key := key_of(extractor)) != self._key:
            raise ShopsimError(
                f"A machine of the cluster computes {self._name} in another way ('{key}', not '{self._key}'); install "
                "the same weights and versions on all of them, or choose --precision float32."
            )
        return extractor


def _batch_of(block: _Columns) -> Batch:
    """Raises ShopsimError where an actor refused its extractor."""
    for refusal in map(str, block["refusal"]):
        if refusal:
            raise ShopsimError(refusal)
    reasons = {str(digest): str(reason) for digest, reason in zip(block["digest"], block["reason"], strict=True)}
    good = np.array([not reason for reason in reasons.values()], bool)
    return Batch(
        [digest for digest, reason in reasons.items() if not reason],
        np.asarray(block["row"], np.float32)[good],
        {digest: reason for digest, reason in reasons.items() if reason},
    )
