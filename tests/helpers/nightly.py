"""The exhaustive rest: cases that run only with `make test-all`, each with the reason why that is often enough."""


def without_reason(items):
    """The tests that are marked `nightly` and give no reason of at least five words."""
    marks = {item.nodeid: list(item.iter_markers("nightly")) for item in items}
    return [name for name, given in marks.items() if any(not _reason(mark) for mark in given)]


def _reason(mark):
    return len(mark.args) == 1 and isinstance(mark.args[0], str) and len(mark.args[0].split()) >= 5
