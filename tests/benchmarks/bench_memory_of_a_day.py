"""Memory of a server that several people use all day: 3,000 actions of 8 sessions on the demo.

.venv/bin/python tests/benchmarks/bench_memory_of_a_day.py [ACTIONS] [more options for `streamlit run`]

Prints, every 250 actions, the memory of the server, and with the processes it started (PSS: shared pages divided by
those who share them). After the first third, in which all that is kept fills up, the server may grow by LIMIT_MB.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bench_page_start import PROJECT, free_port, wait_for
from visitor import Visitor, Widget

SESSIONS = 8
ACTIONS = 3_000
EVERY = 50
TOLD_EVERY = 250
LIMIT_MB = 30
ADDRESS = {"extractor": "color_shape"}
# By how labels begin: what takes minutes, asks a network or loads one, or takes away what the others look at.
BUTTONS_LEFT_ALONE = (
    *("Add", "Check", "Clear", "Delete", "Fetch", "Forget", "Go on", "Learn", "Load", "Look again", "Remove"),
    *("Start", "Stop", "Try", "Unpack", "Use"),
)
OPTIONS_LEFT_ALONE = (
    *("Affinity", "Another", "EfficientNet", "K-means, number", "MobileNet", "Self-organising", "Trained", "UMAP"),
    "HDBSCAN",
)


def processes_below(pid: int) -> list[int]:
    """The process and all that it started, and those started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # A thread that has just ended.
            found += [one for child in task.read_text().split() for one in processes_below(int(child))]
    return found


def memory_mb(pid: int) -> float:
    """PSS of one process; 0 where it has just ended."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0.0


def measured(pid: int) -> tuple[float, float]:
    """Memory of the server itself, and of it with all processes that it started."""
    return memory_mb(pid), sum(map(memory_mb, processes_below(pid)))


def options(widget: Widget) -> list[str]:
    """What may be chosen."""
    named = [option if isinstance(option, str) else option.content for option in widget.element.options]
    return [option for option in named if not option.startswith(OPTIONS_LEFT_ALONE)]


def move(visitor: Visitor, widget: Widget, chance: random.Random) -> None:
    """Some value that the widget can have."""
    element = widget.element
    if widget.kind == "slider":
        visitor.move(widget, "double_array_value", [chance.uniform(element.min, element.max)])
    elif widget.kind == "number_input":
        high = element.max if element.has_max else element.min + 10
        visitor.move(widget, "double_value", round(chance.uniform(element.min, min(high, element.min + 10))))
    elif widget.kind == "selectbox":
        visitor.move(widget, "string_value", chance.choice(options(widget)))
    elif widget.kind == "button_group":
        visitor.move(widget, "string_array_value", [chance.choice(options(widget))])
    elif widget.kind == "checkbox":
        visitor.move(widget, "bool_value", chance.random() < 0.5)
    else:
        visitor.move(widget, "trigger_value", True)


def may_be_moved(widget: Widget) -> bool:
    element = widget.element
    if element.disabled or element.form_id or element.label in ("Catalogue", "Settings"):
        return False
    if widget.kind == "button":
        return not element.label.startswith(BUTTONS_LEFT_ALONE)
    return widget.kind not in ("selectbox", "button_group") or bool(options(widget))


def act(visitors: list[Visitor], port: int, chance: random.Random) -> str:
    """One action of one visitor, as a day has them; its name."""
    place = chance.randrange(SESSIONS)
    visitor, kind = visitors[place], chance.random()
    if kind < 0.03:
        visitor.close()
        visitors[place] = Visitor(port, **ADDRESS)
        visitors[place].open()
        return "another session"
    movable = [widget for widget in visitor.widgets.values() if may_be_moved(widget)]
    if kind < 0.2 or not movable:
        visitor.open(chance.choice([page for page in visitor.pages if page != "Learn"]))
        return "another page"
    sliders = [widget for widget in movable if widget.kind == "slider"]
    widget = chance.choice(sliders if sliders and kind < 0.5 else movable)
    move(visitor, widget, chance)
    return widget.kind


def day(port: int, actions: int, measure: Callable[[], tuple[float, float]]) -> list[tuple[float, float]]:
    """Memory after every 50 actions."""
    chance, curve, done = random.Random(0), [], Counter()
    visitors = [Visitor(port, **ADDRESS) for _ in range(SESSIONS)]
    while not visitors[0].widgets or not any(widget.kind == "slider" for widget in visitors[0].widgets.values()):
        time.sleep(1)  # The demo is being drawn, and its features extracted.
        visitors[0].open()
    for visitor in visitors[1:]:
        visitor.open()
    for number in range(actions + 1):
        if number % EVERY == 0:
            curve.append(measure())
            if number % TOLD_EVERY == 0:
                server, all_of_it = curve[-1]
                print(f"{number:6,} actions  server {server:6.0f} MB, all {all_of_it:6.0f} MB", flush=True)
        done[act(visitors, port, chance)] += 1
    print(", ".join(f"{count} x {name}" for name, count in done.most_common()))
    broken = [sentence for visitor in visitors for sentence in visitor.broken]
    if broken:
        print(f"{len(broken)} pages broke: {broken[0]}")
    return curve


def main(actions: int, more: list[str]) -> int:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        places = {"SHOPSIM_CACHE": f"{folder}/cache", "SHOPSIM_HOME": f"{folder}/home"}
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        with Path(f"{folder}/log").open("wb") as log:
            server = subprocess.Popen(
                [*command, f"--server.port={port}", *more], cwd=PROJECT, env=os.environ | places, stdout=log, stderr=log
            )
        try:
            wait_for(f"http://localhost:{port}")
            started = time.perf_counter()
            curve = day(port, actions, lambda: measured(server.pid))
        finally:
            server.kill()
            server.wait()
    settled = [server for server, _ in curve[len(curve) // 3 :]]
    third = max(1, len(settled) // 3)
    grown = sum(settled[-third:]) / third - sum(settled[:third]) / third
    print(f"{actions:,} actions in {time.perf_counter() - started:.0f} s; grown by {grown:.1f} MB (limit {LIMIT_MB})")
    print(json.dumps([[round(value) for value in point] for point in curve]))
    return int(grown > LIMIT_MB)


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else ACTIONS
    sys.exit(main(asked, sys.argv[2:]))
