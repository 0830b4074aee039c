"""Runs every command on three catalogues and keeps what it printed and wrote, to compare it with another version's.

`python tests/helpers/golden.py record OUT` fills a new folder, `... compare OLD NEW` lists every file that differs and
exits with 1 if one does. OUT belongs outside the repository. Times and places on disk are the only things left out.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
DATA = (PROJECT / "../shared/data").resolve()
EXTRACTORS = ("color_shape", "image_signature", "mobilenet_v2")
CLUSTERERS = ("average", "hdbscan", "kmeans")
# How long something took is no result: '3.2 s', '41 ms', '"seconds": 3.2', '12.5 photos/s'.
_TIMES = re.compile(r'"[a-z_]*seconds": [0-9.e-]+|[0-9][0-9.,]* ?(?:ms|s|seconds?|minutes?|photos/s|a second)\b')
_PROGRESS = re.compile(rb"^[^\n]*: [0-9,]+ of [0-9,]+[^\n]*\n?", re.MULTILINE)
_SECONDS = re.compile(rb'"seconds": [0-9.e-]+')
_SECONDS_COLUMN = re.compile(rb",[0-9.]*,[^,\n]*$", re.MULTILINE)


def commands(folder: str, results: str) -> dict[str, list[str]]:
    """What is run on one catalogue, by the name of its outputs; results: their folder, {out}: that of one command."""
    cases: dict[str, list[str]] = {}
    for extractor in EXTRACTORS:
        cases[f"extract-{extractor}"] = ["extract", folder, "--extractor", extractor]
        for clusterer in CLUSTERERS:
            which = ["--extractor", extractor, "--clusterer", clusterer]
            best = [] if clusterer == "kmeans" else ["--threshold", "best"]
            cases[f"group-{extractor}-{clusterer}"] = ["group", folder, *which, *best, "--out", "{out}"]
        cases[f"export-{extractor}"] = ["export", folder, "--extractor", extractor, "--out", "{out}"]
        cases[f"review-{extractor}"] = ["review", folder, "--extractor", extractor, "--out", "{out}"]
    cases["group-strict"] = ["group", folder, "--strict", "--raw", "--no-copies", "--out", "{out}"]
    cases["group-expected"] = ["group", folder, "--expect-photos", "12", "--out", "{out}"]
    files = [f"{results}/export-color_shape/labels_{kind}.txt" for kind in ("true", "pred")]
    cases["evaluate"] = ["evaluate", *files]
    cases["compare"] = [
        "compare",
        folder,
        "--spaces",
        "raw,whitened,blended",
        "--clusterers",
        "average",
        "--out",
        "{out}",
    ]
    cases["tune"] = ["tune", folder, "--budget", "60", "--out", "{out}"]
    cases["tuned-on-itself"] = ["group", folder, "--tuned-on", folder, "--budget", "60", "--out", "{out}"]
    return cases


def record(out: Path) -> None:
    """Run all commands; one folder a case, with `stdout`, `stderr`, `code` and what the command wrote."""
    environment = dict(os.environ, SHOPSIM_MODEL_DIR=str(PROJECT / "../shared/models"), PYTHONPATH=str(PROJECT))
    environment |= {"SHOPSIM_CACHE": str(out / "cache"), "SHOPSIM_HOME": str(out / "home"), "COLUMNS": "120"}
    for name, folder in (("demo", "demo"), ("lego", str(DATA / "lego_minifigs")), ("shoes", str(DATA / "shoe_pairs"))):
        for case, words in commands(folder, str(out / f"of-{name}")).items():
            place = out / f"of-{name}" / case
            place.mkdir(parents=True)
            words = [word.replace("{out}", str(place)) for word in words]
            print(name, case, flush=True)
            command = [sys.executable, "-m", "shopsim", *words, "--json"]
            ran = subprocess.run(command, env=environment, cwd=out, capture_output=True, text=True, check=False)
            (place / "stdout").write_text(_same_everywhere(ran.stdout, out), encoding="utf-8")
            (place / "stderr").write_text(_same_everywhere(ran.stderr.split("\r")[-1], out), encoding="utf-8")
            (place / "code").write_text(f"{ran.returncode}\n", encoding="utf-8")
    for unneeded in ("cache", "home"):
        shutil.rmtree(out / unneeded, ignore_errors=True)


def _same_everywhere(text: str, out: Path) -> str:
    return _TIMES.sub("TIME", text.replace(str(out), "OUT"))


def differences(old: Path, new: Path) -> list[str]:
    """Files that only one of two recordings has, or whose bytes differ."""
    files = {file.relative_to(root) for root in (old, new) for file in root.rglob("*") if file.is_file()}
    return [str(file) for file in sorted(files) if _content(old / file, old) != _content(new / file, new)]


def _content(file: Path, out: Path) -> bytes | None:
    """What of a file must be the same again: no progress, no times, no place; None if it is not there."""
    if not file.is_file():
        return None
    content = file.read_bytes().replace(str(out.resolve()).encode(), b"OUT")
    for changing in (_PROGRESS, _SECONDS, *([_SECONDS_COLUMN] if file.name == "leaderboard.csv" else [])):
        content = changing.sub(b"", content)
    return content


def main() -> int:
    """0 if all is the same or recorded, 1 if a file differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(dest="what", required=True)
    parts.add_parser("record").add_argument("out", type=Path)
    comparing = parts.add_parser("compare")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    asked = parser.parse_args()
    if asked.what == "record":
        record(asked.out.resolve())
        return 0
    found = differences(asked.old, asked.new)
    print("\n".join(found) or "No file differs.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
