"""What tests of the command line share: how it fails, and the files it is given."""


def sentence(run, *arguments, code=1):
    """The one line on stderr with which a command fails, stdout being empty."""
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    return err.strip().splitlines()[-1]


def written(path, text):
    """The path, with that text in it."""
    path.write_text(text, encoding="utf-8")
    return path
