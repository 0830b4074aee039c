"""Prints lines so that names from elsewhere cannot send commands to the terminal."""

from __future__ import annotations

import re
import sys
from typing import TextIO

# A terminal obeys control characters (its title, colours, the cursor), and writes backwards behind some marks. A line
# end in a name would begin a line that looks like one of ours.
_COMMANDS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def say(line: str, file: TextIO | None = None) -> None:
    """Prints the line, to stderr if no file is given."""
    print(printable(line), file=sys.stderr if file is None else file, flush=True)


def printable(text: str) -> str:
    """Returns the text with each character that a terminal would obey spelled out, as in \\x1b; tabs stay."""
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
