"""The result of a command, and how it is printed."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from shopsim.base.errors import ShopsimError
from shopsim.catalog.catalog import Problem
from shopsim.cli.terminal import say


class UsageError(ShopsimError):
    """The command line itself is wrong: exit code 2."""


@dataclass(frozen=True)
class Result:
    """One result, for programs and for people.

    fields: of the JSON object, as docs/json.md lists them. lines: the same as text.
    problems: files that were left out, each with its reason, and damaged photos that were read all the same.
    """

    fields: Mapping[str, Any]
    lines: Sequence[str]
    problems: Sequence[Problem] = field(default=())

    def show(self, command: str, as_json: bool) -> None:
        """Prints the result to stdout; as text, the problems go to stderr."""
        if as_json:
            problems = [asdict(problem) for problem in self.problems]
            print(to_json({"command": command, **self.fields, "problems": problems}), flush=True)
            return
        for problem in self.problems:
            say(f"{'Left out' if problem.left_out else 'Note on'} '{problem.name}': {problem.reason}")
        for line in self.lines:
            say(line, sys.stdout)


def to_json(fields: Mapping[str, Any]) -> str:
    """Returns one line of ASCII, which passes any pipe; numbers that are not finite become null."""
    return json.dumps(_plain(fields), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
