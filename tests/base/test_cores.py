"""How many processors this process may use."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shopsim.base.work.cores import usable_cores

PACKAGE = Path(__file__).parents[2] / "shopsim"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system binds no process to processors")
def test_a_process_bound_to_one_processor_uses_one():
    script = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); "
        "from shopsim.base.work.cores import usable_cores; print(usable_cores())"
    )
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
    assert subprocess.check_output([sys.executable, "-c", script], env=environment).strip() == b"1"


def test_python_says_it_where_it_can(monkeypatch):
    monkeypatch.setattr(os, "process_cpu_count", lambda: 3, raising=False)
    assert usable_cores() == 3
    monkeypatch.setattr(os, "process_cpu_count", lambda: None, raising=False)
    assert usable_cores() == 1


def test_a_system_without_affinity_says_what_the_machine_has(monkeypatch):
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert usable_cores() == 5


def test_nothing_else_counts_processors():
    """Also no pool of the default size, which is the machine's."""
    counts = re.compile(r"cpu_count|sched_getaffinity|n_jobs=-|workers=-|(Thread|Process)PoolExecutor\(\)")
    found = {path.name for path in PACKAGE.rglob("*.py") if counts.search(path.read_text(encoding="utf-8"))}
    assert found == {"cores.py"}
