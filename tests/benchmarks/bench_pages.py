"""What the pages of a large catalogue cost: bytes on the WebSocket and the server's processor time, page by page.

.venv/bin/python tests/benchmarks/bench_pages.py FOLDER [--details] [PAGE ...]

FOLDER: a catalogue, for example one that `made_catalogue.py` makes. A page is opened until its results are there, then
once more, and then its threshold is moved STEPS times by one step; the median step is shown. `to the score`: the
server's processor time from the move of the slider until the new ARI is sent.
--details: also the largest messages of each page. SHOPSIM_HOME and SHOPSIM_CACHE: as for the server.
"""

import statistics
import sys
import time
from collections import Counter
from pathlib import Path

from bench_page_start import cpu_seconds, start, wait_for
from visitor import Visitor, Widget

PAGES = {
    "": "Tune",
    "Groups": "Groups",
    "Confusion": "Confusion",
    "Compare": "Compare",
    "Review": "Review",
    "Map": "Map",
    "Learn": "Learn",
    "Catalogs": "Catalogs",
}
STEPS = 8
SLIDER, SCORE = "Similarity threshold", "ARI"
MOST_WAITS = 400


def open_until_ready(visitor: Visitor, page: str) -> float:
    """Opens the page again while it waits for a job; returns the seconds until it is whole."""
    began = time.perf_counter()
    for _ in range(MOST_WAITS):
        visitor.open(page)
        if not any(kind == "progress" for kind, _ in visitor.received):
            break
        time.sleep(0.5)
    return time.perf_counter() - began


def told(received: list[tuple[str, int]]) -> str:
    """The kinds of messages that take the most bytes."""
    sums: Counter[str] = Counter()
    for kind, size in received:
        sums[kind] += size
    return ", ".join(f"{kind} {size / 1000:,.0f} KB" for kind, size in sums.most_common(5))


def slider(visitor: Visitor) -> Widget | None:
    """The threshold, if the page has one."""
    return next((one for one in visitor.widgets.values() if getattr(one.element, "label", "") == SLIDER), None)


def now(widget: Widget) -> float:
    """Where the slider stands: its value is set by the server, or is the default."""
    return (widget.element.value if widget.element.set_value else widget.element.default)[0]


def step(visitor: Visitor, pid: int, opened: float, number: int) -> tuple[float, float, float, int]:
    """One move: processor seconds to the new score and to the end, seconds on the clock to the score, bytes."""
    widget = slider(visitor)
    # Down from where the page opened: each move is a cut that nobody has made before.
    at = round(opened - 0.1 * (number + 1), 1)
    before, began, scored = cpu_seconds(pid), time.perf_counter(), []

    def note(label: str) -> None:
        if label == SCORE:
            scored.append((cpu_seconds(pid) - before, time.perf_counter() - began))

    visitor.on_metric = note
    visitor.move(widget, "double_array_value", [at])
    visitor.on_metric = None
    cost, clock = scored[0] if scored else (float("nan"), float("nan"))
    return cost, cpu_seconds(pid) - before, clock, sum(size for _, size in visitor.received)


def main() -> None:
    """Opens the pages one after the other in one session."""
    folder, details = Path(sys.argv[1]).resolve(), "--details" in sys.argv
    asked = set(sys.argv[2:]) - {"--details"}
    server, url = start({})
    try:
        wait_for(url)
        visitor = Visitor(int(url.rsplit(":", 1)[1]), folder=str(folder), extractor="own_vectors")
        print(
            f"{'page':10} {'ready s':>8} {'again cpu s':>12} {'bytes':>12} | a step: {'to the score':>12} "
            f"{'clock s':>8} {'cpu s':>8} {'bytes':>10}"
        )
        visitor.open()
        for page, title in PAGES.items():
            if asked and title not in asked:
                continue
            ready = open_until_ready(visitor, page)
            before = cpu_seconds(server.pid)
            visitor.open(page)
            again, size = cpu_seconds(server.pid) - before, sum(size for _, size in visitor.received)
            drawn = visitor.received
            start_at = now(slider(visitor)) if slider(visitor) else None
            steps = [] if start_at is None else [step(visitor, server.pid, start_at, number) for number in range(STEPS)]
            middle = [statistics.median(column) for column in zip(*steps, strict=True)] or [float("nan")] * 4
            print(
                f"{title:10} {ready:8.1f} {again:12.2f} {size:12,} |         {middle[0]:12.2f} {middle[2]:8.2f} "
                f"{middle[1]:8.2f} {middle[3]:10,.0f}",
                flush=True,
            )
            if details:
                print(f"    opened: {told(drawn)}")
                print(f"    a step: {told(visitor.received)}")
            if visitor.broken:
                print(f"    {visitor.broken}")
        visitor.close()
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main()
