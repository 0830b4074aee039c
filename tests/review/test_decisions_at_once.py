"""Many processes decide at once, and one of them is killed: no decision that was kept is lost."""

import signal
import subprocess
import sys
from pathlib import Path

from catalog_fixtures import PROJECT
from workspace_cases import asked, names_in

from shopsim.base.paths import home_dir
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.review.decisions import read_decisions

# Decides on photo after photo, each of a model that is named by the process; says each number once it is kept.
DECIDES = """
import sys
from pathlib import Path
from shopsim.catalog.catalog import Catalog
from shopsim.review.decisions import Decision, decide
catalog = Catalog("photos", Path("photos"), "plain", "", ())
for number in range(int(sys.argv[2])):
    decide(catalog, Decision(f"{number:032x}", sys.argv[1], "accepted", "right"))
    print(number, flush=True)
"""


def deciding(model, count):
    command = [sys.executable, "-c", DECIDES, model, str(count)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def kept(model, count):
    """The numbers of the photos that were decided on under a model."""
    images = tuple(CatalogImage(f"{number}.jpg", Path("x"), f"{number:032x}", model) for number in range(count))
    decisions = read_decisions(Catalog("moved", Path("moved"), "plain", "", images))
    return sorted(int(digest, 16) for digest, given in decisions if given == model)


def test_four_processes_lose_nothing_though_a_fifth_is_killed():
    processes = [deciding(model, 200) for model in "abcd"]
    victim = deciding("killed", 100_000)
    told = [victim.stdout.readline() for _ in range(20)]
    victim.send_signal(signal.SIGKILL)
    told += victim.communicate()[0].splitlines()
    assert [process.communicate()[1] or process.returncode for process in processes] == [0] * 4
    assert [kept(model, 200) for model in "abcd"] == [list(range(200))] * 4
    # What it said was kept, is; at most one more was.
    assert len(told) <= len(kept("killed", 1000)) <= len(told) + 1
    assert asked("PRAGMA integrity_check") == "ok"
    assert names_in(home_dir()) == {"shopsim.db", "shopsim.lock"}
