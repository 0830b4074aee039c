"""Memory of a server that several people use all day: 3,000 actions of 8 sessions on the demo.

.venv/bin/python tests/benchmarks/bench_memory_of_a_day.py [ACTIONS] [more options for `streamlit run`]

Prints, every 250 actions, the memory of the server and of the processes it started (PSS: shared pages divided by
those who share them). After the first third, in which all that is kept fills up, it may grow by LIMIT_MB at most.
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
from pathlib import Path

from bench_page_start import PROJECT, free_port, wait_for
from visitor import Visitor, Widget

SESSIONS = 8
ACTIONS = 3_000
EVERY = 50
TOLD_EVERY = 250
LIMIT_MB = 30
# What takes minutes, asks a network, or takes away what the others look at.
LEFT_ALONE = ("Clear", "Stop", "Start", "Remove", "Forget", "Load", "Learn", "Try", "Add", "Unpack", "Delete", "Go on")
EXTRACTORS = ("Colour and shape", "Color and shape", "Image signature")
SLOW = ("UMAP", "Affinity propagation", "Self-organising map", "K-means, K estimated")


def memory_mb(pid: int) -> float:
    """PSS of a process and of all below it."""
    tasks = Path(f"/proc/{pid}/task")
    children = [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own / 1024 + sum(memory_mb(child) for child in children)


def options(widget: Widget) -> list[str]:
    """What may be chosen, without what is slow."""
    kept = [option for option in widget.element.options if option not in SLOW]
    if widget.element.label == "Feature extractor":
        kept = [option for option in kept if option in EXTRACTORS]
    return kept


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
        visitor.move(widget, "string_array_value", [chance.choice([option.content for option in element.options])])
    elif widget.kind == "checkbox":
        visitor.move(widget, "bool_value", chance.random() < 0.5)
    else:
        visitor.move(widget, "trigger_value", True)


def may_be_moved(widget: Widget) -> bool:
    element = widget.element
    if element.disabled or element.form_id or element.label.startswith(LEFT_ALONE):
        return False
    if widget.kind == "button_group":
        return all(option.content not in SLOW for option in element.options) or element.label == "Map by"
    return widget.kind != "selectbox" or (bool(options(widget)) and element.label not in ("Catalogue", "Settings"))


def act(visitors: list[Visitor], port: int, chance: random.Random) -> str:
    """One action of one visitor, as a day has them; its name."""
    place = chance.randrange(SESSIONS)
    visitor, kind = visitors[place], chance.random()
    if kind < 0.03:
        visitor.close()
        visitors[place] = Visitor(port)
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


def day(port: int, actions: int, measure: Callable[[], float]) -> list[float]:
    """Memory after every 50 actions."""
    chance, curve, done = random.Random(0), [], Counter()
    visitors = [Visitor(port) for _ in range(SESSIONS)]
    while not visitors[0].widgets or not any(widget.kind == "slider" for widget in visitors[0].widgets.values()):
        time.sleep(1)  # The demo is being drawn, and its features extracted.
        visitors[0].open()
    for visitor in visitors[1:]:
        visitor.open()
    for number in range(actions + 1):
        if number % EVERY == 0:
            curve.append(measure())
            if number % TOLD_EVERY == 0:
                print(f"{number:6,} actions  {curve[-1]:7.1f} MB", flush=True)
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
            curve = day(port, actions, lambda: memory_mb(server.pid))
        finally:
            server.kill()
            server.wait()
    settled = curve[len(curve) // 3 :]
    third = max(1, len(settled) // 3)
    grown = sum(settled[-third:]) / third - sum(settled[:third]) / third
    print(f"{actions:,} actions in {time.perf_counter() - started:.0f} s; grown by {grown:.1f} MB (limit {LIMIT_MB})")
    print(json.dumps([round(value) for value in curve]))
    return int(grown > LIMIT_MB)


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else ACTIONS
    sys.exit(main(asked, sys.argv[2:]))
