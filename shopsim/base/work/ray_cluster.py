"""Ray spreads work over processes and machines. A command connects to a cluster, or starts Ray here and stops it."""

from __future__ import annotations

import importlib.util
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from shopsim.base.errors import ShopsimError
from shopsim.base.work.cores import usable_cores
from shopsim.base.work.ray_folder import new_folder
from shopsim.base.work.ray_start import connect, first_line, silenced, start_here

# In shared memory. What does not fit is written to the disk.
_STORE_BYTES = 2**30


def check_ray() -> None:
    """Raises ShopsimError if Ray is missing."""
    if importlib.util.find_spec("ray") is None:
        raise ShopsimError("The engine 'ray' needs ray; type: pip install ray")


class RayCluster:
    """Connects to Ray, or starts it on this machine, when it is first needed; stops what it started.

    address: HOST:PORT of a cluster, or `auto`; None starts Ray here. tell: is called with a sentence before the start,
    which takes some seconds. n_cpus, store_bytes: of a Ray started here, by default all processors and 1 GB.
    """

    def __init__(
        self,
        address: str | None = None,
        tell: Callable[[str], None] = lambda sentence: None,
        n_cpus: int | None = None,
        store_bytes: int = _STORE_BYTES,
    ) -> None:
        self._address, self._tell = address, tell
        self._n_cpus = usable_cores() if n_cpus is None else n_cpus
        self._store_bytes = store_bytes
        self._folder: Path | None = None
        self._is_up = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns once Ray is ready. Raises ShopsimError if it is missing, does not start, or does not answer."""
        if self._is_up:
            return
        check_ray()
        # From here on there may be something to stop.
        self._is_up = True
        try:
            if self._address is not None:
                self._tell(f"Connecting to Ray at {self._address}.")
                connect(self._address)
            else:
                self._tell("Starting Ray on this machine.")
                self._folder = new_folder()
                start_here(self._n_cpus, self._store_bytes, self._folder)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends all processes of a Ray that was started here, and leaves any other cluster."""
        if not self._is_up:
            return
        import ray

        # Threads of work that was stopped may complain that Ray is gone.
        with silenced():
            ray.shutdown()
        self._is_up = False
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def resources(self) -> tuple[float, float]:
        """Returns the processors and the GPUs of all machines."""
        import ray

        found = ray.cluster_resources()
        return float(found.get("CPU", 1.0)), float(found.get("GPU", 0.0))


def quiet_data() -> Any:
    """Returns the module ray.data without its log lines and progress bars."""
    import ray.data

    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    return ray.data


@contextmanager
def going_on() -> Iterator[None]:
    """Turns what keeps Ray from going on into one sentence; a mistake in the work itself stays what it is."""
    from ray.exceptions import RayError, RayTaskError

    try:
        yield
    except RayTaskError:
        raise
    except RayError as error:
        raise ShopsimError(f"Ray could not finish the work: {first_line(error)}.") from error
