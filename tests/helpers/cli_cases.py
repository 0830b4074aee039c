"""What tests of the command line share: how it fails, and the files it is given."""

import re

from catalog_fixtures import PROJECT


def sentence(run, *arguments, code=1):
    """The one line on stderr with which a command fails, stdout being empty."""
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    return err.strip().splitlines()[-1]


def written(path, text):
    """The path, with that text in it."""
    path.write_text(text, encoding="utf-8")
    return path


def documented():
    """Every word of docs/json.md, the names of the fields of `--json` among them."""
    return set(re.findall(r"\w+", (PROJECT / "docs/json.md").read_text(encoding="utf-8")))
