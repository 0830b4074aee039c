"""`runs [list | show NAME | compare A B | remove NAME | rename NAME NEW]`: the kept runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from shopsim.cli.result import Result, UsageError
from shopsim.grouping.runs.changes import KINDS, OF_BEFORE, RunChanges, changes_between
from shopsim.grouping.runs.file import path_of
from shopsim.grouping.runs.kept import find_run, forget, kept_runs, load, rename
from shopsim.grouping.runs.record import About, Run

SUMMARY = "List the kept runs, show or compare them, give one another name, or remove one."
_MOST_LISTED = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("action", nargs="?", choices=list(_ACTIONS), default="list", help="what to do (list)")
    parser.add_argument("names", metavar="NAME", nargs="*", help="names or ids of runs; rename: the run, the new name")


def run(args: argparse.Namespace) -> Result:
    """Carries out the action."""
    act, n_names, form = _ACTIONS[args.action]
    if len(args.names) != n_names:
        raise UsageError(f"'runs {args.action}' got {len(args.names)} names; it takes {form}.")
    result = act(*args.names)
    return Result({"action": args.action, **result.fields}, result.lines)


def run_fields(about: About) -> dict[str, Any]:
    """Returns the fields of one run."""
    return {**asdict(about), "file": str(path_of(about.id))}


def run_line(about: About) -> str:
    """Returns one line about a run."""
    scores = about.scores
    ari = "no labels" if scores.ari is None else f"ARI {scores.ari:.4f}"
    if about.corrections is not None:
        ari = f"{ari}, {about.corrections.n:,} corrections"
        if scores.ari is not None:
            without, n = about.measured.ari, about.corrections.n
            ari = f"ARI {without:.4f} without and {scores.ari:.4f} with {n:,} corrections"
    return (
        f"{about.name}: {about.catalog}, {scores.n_images:,} photos in {scores.n_groups:,} groups, {ari} "
        f"({scores.tuned_on}); kept {about.provenance.kept_at} by {about.provenance.who or 'nobody named'}."
    )


def _list() -> Result:
    found = kept_runs()
    lines = [run_line(about) for about in found] or ["No run is kept; group FOLDER --keep NAME keeps one."]
    return Result({"runs": [run_fields(about) for about in found]}, lines)


def _show(name: str) -> Result:
    about = find_run(name)
    run = load(about)
    photos = zip(run.photos.image_ids, run.photos.digests, run.photos.models, run.groups.tolist(), strict=True)
    fields = {
        "run": run_fields(about),
        "photos": [
            {"image_id": image_id, "digest": digest, "model": model, "group": group}
            for image_id, digest, model, group in photos
        ],
    }
    settings = ", ".join(
        f"{key} {value}" for key, value in asdict(about.settings).items() if value not in (None, "", {})
    )
    versions = ", ".join(f"{package} {version}" for package, version in about.provenance.versions.items())
    return Result(fields, [run_line(about), f"Settings: {settings}.", f"Versions: {versions}."])


def _compare(name_a: str, name_b: str) -> Result:
    a, b = find_run(name_a), find_run(name_b)
    before, after = load(a), load(b)
    found = changes_between(before, after)
    fields = {"a": run_fields(a), "b": run_fields(b), **_change_fields(before, after, found)}
    return Result(fields, [run_line(a), run_line(b), *_change_lines(found)])


def _change_fields(before: Run, after: Run, found: RunChanges) -> dict[str, Any]:
    old, new = before.photos.image_ids, after.photos.image_ids
    groups = {
        kind: [
            {
                "before": change.before,
                "after": change.after,
                "image_ids": [(old if kind in OF_BEFORE else new)[row] for row in change.rows],
            }
            for change in found.groups[kind]
        ]
        for kind in KINDS
    }
    photos = found.photos
    return {
        "n_unchanged": found.n_unchanged,
        "groups": groups,
        "moved": [
            {"image_id": new[to], "before": int(before.groups[origin]), "after": int(after.groups[to])}
            for origin, to in found.moved.tolist()
        ],
        "added": [new[row] for row in photos.added],
        "removed": [old[row] for row in photos.removed],
        "changed": [new[row] for _, row in photos.changed],
        "renamed": [[old[origin], new[to]] for origin, to in photos.renamed.tolist()],
    }


def _change_lines(found: RunChanges) -> list[str]:
    photos = found.photos
    lines = [
        f"Photos: {len(photos.before):,} in both, {len(photos.added):,} new, {len(photos.removed):,} gone, "
        f"{len(photos.changed):,} with other content, {len(photos.renamed):,} with another name.",
        f"Groups: {found.n_unchanged:,} unchanged, "
        + ", ".join(f"{len(found.groups[kind]):,} {kind}" for kind in KINDS)
        + f"; {len(found.moved):,} photos moved.",
    ]
    for kind in KINDS:
        for change in found.groups[kind][:_MOST_LISTED]:
            origin, target = (" + ".join(map(str, side)) or "–" for side in (change.before, change.after))
            lines.append(f"  {kind}: {origin} → {target} ({len(change.rows):,} photos)")
    return lines


def _remove(name: str) -> Result:
    about = find_run(name)
    forget(about)
    return Result({"run": run_fields(about)}, [f"Removed the run '{about.name}'."])


def _rename(name: str, new_name: str) -> Result:
    about = rename(find_run(name), new_name)
    return Result({"run": run_fields(about)}, [f"The run is now called '{about.name}'."])


_ACTIONS: dict[str, tuple[Callable[..., Result], int, str]] = {
    "list": (_list, 0, "none"),
    "show": (_show, 1, "the name of one run"),
    "compare": (_compare, 2, "the names of two runs"),
    "remove": (_remove, 1, "the name of one run"),
    "rename": (_rename, 2, "the name of a run and its new name"),
}
